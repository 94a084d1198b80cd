//! Requirements of Python as PEP 508 has them, and files of them as pip reads them.

use super::Dependency;
use super::version::lowest;

/// The longest line that is one.
const LONGEST: usize = 16 << 10;

/// A requirement: a name, and which versions of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Requirement<'text> {
    pub(super) name: &'text str,
    /// Empty when any version will do, or when it lies at an address.
    pub(super) versions: &'text str,
}

impl<'text> Requirement<'text> {
    /// Reads `name[extra]>=1.2,<2; python_version < "3.12"`.
    pub(super) fn parse(text: &'text str) -> Option<Self> {
        let text = text.split(';').next().unwrap_or(text).trim();
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c)));
        let (name, rest) = text.split_at(end.unwrap_or(text.len()));
        let starts = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !starts || text.len() > LONGEST {
            return None;
        }
        let rest = rest.trim_start();
        let rest = match rest.strip_prefix('[') {
            Some(extras) => extras.split_once(']')?.1.trim_start(),
            None => rest,
        };
        let rest = rest.trim_start_matches('(').trim_end_matches(')').trim();
        let versions = if rest.starts_with('@') { "" } else { rest };
        let is_versions = versions.is_empty() || versions.starts_with(['=', '<', '>', '~', '!']);
        is_versions.then_some(Self { name, versions })
    }

    /// The dependency, by its normalized name (PEP 503).
    pub(super) fn dependency(&self, line: u32) -> Dependency {
        Dependency::new(normalized(self.name), lowest(self.versions), line)
    }
}

/// A name of a package as the index writes it: `Flask_SQLAlchemy` is `flask-sqlalchemy`.
pub(super) fn normalized(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let parts = lower.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<&str>>().join("-")
}

/// The requirements of a file of pip, with their lines. Other files that it names count by
/// themselves, and options say nothing.
pub(super) fn of_file(text: &str) -> Vec<(String, u32)> {
    let mut requirements = Vec::new();
    let mut pending = String::new();
    let mut first = 1;
    for (line, number) in text.lines().zip(1..) {
        if pending.is_empty() {
            first = number;
        }
        let code = if line.trim_start().starts_with('#') {
            ""
        } else {
            line.split(" #").next().unwrap_or(line)
        };
        if let Some(code) = code.trim_end().strip_suffix('\\') {
            if pending.len() < LONGEST {
                pending.push_str(code);
                pending.push(' ');
            }
            continue;
        }
        pending.push_str(code);
        let whole = std::mem::take(&mut pending);
        let whole = whole.split(" --").next().unwrap_or(&whole).trim();
        if !whole.is_empty() && !whole.starts_with('-') {
            requirements.push((whole.to_owned(), first));
        }
    }
    requirements
}

/// Whether every requirement of a file is pinned to one version.
pub(super) fn are_pinned(text: &str) -> bool {
    let requirements = of_file(text);
    let is_pinned = |text: &str| {
        Requirement::parse(text).is_some_and(|requirement| {
            let versions = requirement.versions;
            versions.starts_with("==") && !versions.contains(['*', ','])
        })
    };
    !requirements.is_empty() && requirements.iter().all(|(text, _)| is_pinned(text))
}

#[cfg(test)]
mod tests {
    use super::{Requirement, are_pinned, normalized, of_file};

    #[test]
    fn requirements_are_read_with_their_lines() {
        let text = "# pinned\n-r base.txt\nFlask[async]>=2.0,<3 ; python_version < \"3.12\"\n\
                    requests==2.31.0 \\\n    --hash=sha256:abc \\\n    --hash=sha256:def\n\
                    -e ./local\nurllib3 # any\nmine @ https://example.com/mine.whl\n";
        let found: Vec<(String, String, u32)> = of_file(text)
            .iter()
            .filter_map(|(text, line)| {
                let requirement = Requirement::parse(text)?;
                Some((
                    requirement.name.to_owned(),
                    requirement.versions.to_owned(),
                    *line,
                ))
            })
            .collect();
        let expected = [
            ("Flask", ">=2.0,<3", 3),
            ("requests", "==2.31.0", 4),
            ("urllib3", "", 8),
            ("mine", "", 9),
        ];
        let expected =
            expected.map(|(name, versions, line)| (name.to_owned(), versions.to_owned(), line));
        assert_eq!(found, expected);
        assert_eq!(normalized("Flask__SQL.Alchemy"), "flask-sql-alchemy");
        assert_eq!(Requirement::parse("./folder"), None);
        assert_eq!(Requirement::parse("git+https://x"), None);
    }

    #[test]
    fn all_must_be_pinned_to_be_locked() {
        assert!(are_pinned("a==1\nb==2.0 --hash=sha256:x\n"));
        for text in ["", "a==1\nb>=2\n", "a==1.*\n", "a\n"] {
            assert!(!are_pinned(text), "{text}");
        }
    }
}
