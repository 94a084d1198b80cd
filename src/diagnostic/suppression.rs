//! Comments that ask not to report something: `# devportal: ignore CODE`.

use std::collections::{BTreeMap, BTreeSet};

use super::Diagnostic;

/// What the comments of files ask not to report.
///
/// At the end of a line, a comment is about that line; on a line of its own, about the next one;
/// with `ignore-file`, about the whole file. Several codes are separated by commas or spaces.
#[derive(Clone, Debug, Default)]
pub struct Suppressions(BTreeMap<String, BTreeMap<Option<u32>, BTreeSet<String>>>);

/// The codes of a comment, and its line; `None` for the whole file.
type Suppression = (Option<u32>, BTreeSet<String>);

/// What every such comment contains.
const MARK: &str = "devportal: ignore";

impl Suppressions {
    /// Reads the comments of a file.
    #[must_use]
    pub fn parse(path: &str, text: &str) -> Self {
        let mut all = Self::default();
        if text.contains(MARK) {
            let found = all.0.entry(path.to_owned()).or_default();
            let comments = (1..).zip(text.lines());
            for (line, codes) in comments.filter_map(|(line, text)| of_line(line, text)) {
                found.entry(line).or_default().extend(codes);
            }
        }
        all
    }

    /// Adds those of other files.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Whether a comment asks not to report this.
    #[must_use]
    pub fn covers(&self, diagnostic: &Diagnostic) -> bool {
        let Some(place) = &diagnostic.place else {
            return false;
        };
        let Some(found) = self.0.get(place.file.path()) else {
            return false;
        };
        let line = place.span.map(|span| span.line);
        let mut codes = [found.get(&None), found.get(&line)].into_iter().flatten();
        codes.any(|codes| codes.contains(diagnostic.code.name))
    }
}

fn of_line(line: u32, text: &str) -> Option<Suppression> {
    let start = text.find(MARK)?;
    let before = text[..start].trim_end().strip_suffix('#')?;
    let rest = &text[start + MARK.len()..];
    let (whole_file, codes) = match rest.strip_prefix("-file") {
        Some(codes) => (true, codes),
        None => (false, rest),
    };
    let line = if before.trim().is_empty() {
        line + 1
    } else {
        line
    };
    let codes = codes
        .split([',', ' ', '\t'])
        .filter(|code| !code.is_empty())
        .map(str::to_owned)
        .collect();
    Some(((!whole_file).then_some(line), codes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_about_their_line_the_next_line_or_the_file() {
        let text = "owner: x # devportal: ignore a\n# devportal: ignore b, c\nname: y\n# devportal: ignore-file d\n";
        let found = &Suppressions::parse("f", text).0["f"];
        let lines: Vec<_> = found.keys().copied().collect();
        assert_eq!(lines, [None, Some(1), Some(3)]);
        assert!(found[&Some(3)].iter().eq(["b", "c"]));
    }
}
