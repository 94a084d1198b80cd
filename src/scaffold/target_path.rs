//! Paths that a template may write to.

use std::fmt;

/// The most bytes that a file system takes for a name.
const LONGEST_NAME: usize = 255;
/// The most bytes of a path that every system takes, with room for the destination.
const LONGEST_PATH: usize = 3072;

/// Names that Windows takes for devices, with any extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// A path below the destination: relative, with `/`, and such that every system has one file for
/// it, inside of the destination and outside of Git's own data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TargetPath(String);

/// Why a path may not be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathRefusal {
    /// The path, as it was asked for.
    pub path: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl TargetPath {
    /// A path as it came out of a template, taken as it is.
    ///
    /// # Errors
    /// When it may not be written to.
    pub fn new(path: &str) -> Result<Self, PathRefusal> {
        let refuse = |reason| PathRefusal {
            path: path.to_owned(),
            reason,
        };
        if path.is_empty() {
            return Err(refuse("is empty"));
        }
        if path.starts_with('/') {
            return Err(refuse("is absolute"));
        }
        if path.len() > LONGEST_PATH {
            return Err(refuse("is longer than a path can be"));
        }
        match path.split('/').find_map(refusal_of_name) {
            Some(reason) => Err(refuse(reason)),
            None => Ok(Self(path.to_owned())),
        }
    }

    /// A path of a step's input, in which `.` and `/` at the end may stand as people write them;
    /// `None` for the root itself.
    ///
    /// # Errors
    /// When it may not be written to.
    pub fn of_input(path: &str) -> Result<Option<Self>, PathRefusal> {
        if path.starts_with('/') {
            return Self::new(path).map(Some);
        }
        let parts = path
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".");
        let clean = parts.collect::<Vec<_>>().join("/");
        if clean.is_empty() {
            return Ok(None);
        }
        Self::new(&clean).map(Some).map_err(|refusal| PathRefusal {
            path: path.to_owned(),
            ..refusal
        })
    }

    /// A path below this one.
    ///
    /// # Errors
    /// When it may not be written to.
    pub fn join(folder: Option<&Self>, path: &str) -> Result<Self, PathRefusal> {
        match folder {
            None => Self::new(path),
            Some(_) if path.is_empty() || path.starts_with('/') => Self::new(path),
            Some(folder) => Self::new(&format!("{}/{path}", folder.0)),
        }
    }

    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folders that it lies in, outermost first.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.0.match_indices('/').map(|(at, _)| &self.0[..at])
    }
}

/// What is wrong with one name of a path.
fn refusal_of_name(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return Some("has an empty name in it");
    }
    if name == "." || name == ".." {
        return Some("leads out of its folder");
    }
    if name.len() > LONGEST_NAME {
        return Some("has a name of more than 255 bytes");
    }
    if name.chars().any(char::is_control) {
        return Some("has a control character in it");
    }
    if name.contains(['\\', ':']) {
        return Some("has a character that separates paths on other systems");
    }
    if name.ends_with(['.', ' ']) {
        return Some("has a name that ends with a dot or a space, which other systems drop");
    }
    if is_git_data(name) {
        return Some("is Git's own data");
    }
    is_device(name).then_some("has the name of a device on other systems")
}

/// Whether a file system may take a name for `.git`: some ignore case, some a few characters.
fn is_git_data(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_graphic).collect();
    plain.eq_ignore_ascii_case(".git") || plain.eq_ignore_ascii_case("git~1")
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let stem = stem.to_ascii_lowercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device).is_some_and(|rest| {
            rest.chars().count() == 1
                && rest.contains([
                    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '¹', '²', '³',
                ])
        })
    };
    DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

impl fmt::Display for TargetPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PathRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "path \"{}\" {}", self.path, self.reason)
    }
}

impl std::error::Error for PathRefusal {}

#[cfg(test)]
mod tests {
    use super::TargetPath;

    #[test]
    fn ordinary_paths_are_taken() {
        for path in [
            "README.md",
            ".github/workflows/ci.yml",
            "src/a b.rs",
            ".gitignore",
            "com/x",
            "a..b",
        ] {
            assert!(TargetPath::new(path).is_ok(), "{path}");
        }
        assert_eq!(TargetPath::of_input("./"), Ok(None));
        let clean = TargetPath::of_input("./a//b/")
            .expect("a path")
            .expect("no root");
        assert_eq!(clean.as_str(), "a/b");
    }

    #[test]
    fn what_leads_elsewhere_is_refused() {
        let long = "x".repeat(300);
        for path in [
            "",
            "/etc",
            "../x",
            "a/../../x",
            ".",
            "a/./b",
            "a//b",
            "a/",
            "C:\\x",
            "NUL",
            "nul.txt",
            "com1",
            "x:ads",
            "dot.",
            "space ",
            ".git/config",
            "a/.GIT/x",
            "git~1",
            ".git\u{200c}/x",
            "a\nb",
            "a\0b",
            long.as_str(),
        ] {
            assert!(TargetPath::new(path).is_err(), "{path:?}");
        }
        assert!(TargetPath::of_input("../x").is_err());
        assert!(TargetPath::of_input("/x").is_err());
    }
}
