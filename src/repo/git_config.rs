//! Git's configuration files, read without libgit2: it would follow an `[include]` of a scanned
//! repository to any file of the machine, and wait for ever at a named pipe.

use std::path::{Path, PathBuf};

use super::layout::read_small;

/// A line of a configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setting<'text> {
    /// The name in the brackets, as in `remote "origin"`.
    pub(super) section: &'text str,
    pub(super) key: &'text str,
    pub(super) value: &'text str,
}

impl<'text> Setting<'text> {
    /// The name in quotes of a section of that type.
    pub(super) fn subsection(&self, name: &str) -> Option<&'text str> {
        let (section, subsection) = self.section.split_once(' ')?;
        section
            .eq_ignore_ascii_case(name)
            .then(|| subsection.trim().trim_matches('"'))
    }

    pub(super) fn has_key(&self, name: &str) -> bool {
        self.key.eq_ignore_ascii_case(name)
    }
}

/// The settings of a file in its order; what is no setting is left out.
pub(super) fn settings(text: &str) -> impl Iterator<Item = Setting<'_>> {
    let mut section = "";
    text.lines().filter_map(move |line| {
        let mut line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            let (name, rest) = header.split_once(']').unwrap_or((header, ""));
            (section, line) = (name.trim(), rest);
        }
        let (key, value) = line.split_once('=')?;
        Some(Setting {
            section,
            key: key.trim(),
            value: value.trim().trim_matches('"'),
        })
    })
}

/// Whether a file includes, directly or not, something that is no file of ordinary size.
pub(super) fn includes_no_file(config: &Path) -> bool {
    const MOST: usize = 64;
    let mut open: Vec<PathBuf> = vec![config.to_path_buf()];
    for _ in 0..MOST {
        let Some(file) = open.pop() else { return false };
        let Some(text) = read_small(&file) else {
            if file.exists() {
                return true;
            }
            continue;
        };
        let folder = file.parent().unwrap_or(&file);
        let includes = settings(&text).filter(|setting| is_include(setting.section));
        let paths = includes.filter(|setting| setting.has_key("path"));
        // What lies in the user's home is not the repository's doing.
        let paths = paths.filter(|setting| !setting.value.starts_with('~'));
        open.extend(paths.map(|setting| folder.join(setting.value)));
    }
    true
}

fn is_include(section: &str) -> bool {
    let name = section.split(' ').next().unwrap_or(section);
    name.eq_ignore_ascii_case("include") || name.eq_ignore_ascii_case("includeif")
}

#[cfg(test)]
mod tests {
    use super::{Setting, settings};

    #[test]
    fn settings_have_their_sections() {
        let text =
            "x\n[core]\n\tbare = no\n[Remote \"origin\"] url = a=b\n\tfetch = \"+x\"\n[broken\n";
        let found: Vec<_> = settings(text)
            .map(
                |Setting {
                     section,
                     key,
                     value,
                 }| (section, key, value),
            )
            .collect();
        assert_eq!(
            found,
            [
                ("core", "bare", "no"),
                ("Remote \"origin\"", "url", "a=b"),
                ("Remote \"origin\"", "fetch", "+x"),
            ]
        );
        let origin = settings(text).nth(1).map(|it| it.subsection("remote"));
        assert_eq!(origin, Some(Some("origin")));
    }
}
