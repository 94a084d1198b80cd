//! Where the page of an entity is: a path that every file system takes, and no two share.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use crate::model::EntityRef;

/// Longer names are cut; file systems take 255 bytes.
const LONGEST: usize = 120;
/// Names that Windows keeps for devices, whatever their extension ("Naming Files, Paths, and
/// Namespaces").
const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The paths of all pages of entities.
#[derive(Debug)]
pub(super) struct Paths(HashMap<EntityRef, String>);

impl Paths {
    pub(super) fn of<'a>(references: impl Iterator<Item = &'a EntityRef>, extension: &str) -> Self {
        let mut used = HashSet::new();
        let mut paths = HashMap::new();
        for reference in references {
            let stem = file_name(reference);
            let mut path = format!("{stem}.{extension}");
            let mut number = 2;
            // Names that were cut may be alike.
            while !used.insert(path.clone()) {
                path = format!("{stem}={number}.{extension}");
                number += 1;
            }
            paths.insert(reference.clone(), path);
        }
        Self(paths)
    }

    pub(super) fn get(&self, reference: &EntityRef) -> Option<&str> {
        self.0.get(reference).map(String::as_str)
    }
}

/// The path of what is written about an entity, without an extension: `component/default/shop`.
#[must_use]
pub fn file_name(reference: &EntityRef) -> String {
    format!(
        "{}/{}/{}",
        folder_name(reference.kind()),
        folder_name(reference.namespace()),
        encoded(reference.name(), true)
    )
}

/// A name as that of a folder.
pub(super) fn folder_name(name: &str) -> String {
    encoded(name, false)
}

/// References are in lower case already, so two names never differ in case only. What is neither
/// a letter of ASCII, a digit, `-`, `_` nor a point within is its bytes, each as `=2e`.
fn encoded(name: &str, takes_points: bool) -> String {
    let is_reserved = is_reserved(name);
    let mut encoded = String::with_capacity(name.len());
    for (at, byte) in name.bytes().enumerate() {
        let is_inside = at > 0 && at + 1 < name.len();
        let is_kept = match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => true,
            b'.' => takes_points && is_inside,
            _ => false,
        };
        if is_kept && !(is_reserved && at == 0) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "={byte:02x}");
        }
    }
    if encoded.is_empty() {
        return "=".to_owned();
    }
    if encoded.len() > LONGEST {
        encoded.truncate(LONGEST);
        encoded.push('=');
    }
    encoded
}

fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let is_port = |stem: &str| {
        let number = stem
            .strip_prefix("com")
            .or_else(|| stem.strip_prefix("lpt"));
        number
            .is_some_and(|number| number.len() == 1 && number != "0" || number.chars().count() == 1)
    };
    RESERVED.contains(&stem) || is_port(stem)
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use super::{Paths, file_name};
    use crate::model::EntityRef;

    #[test]
    fn names_become_names_that_every_file_system_takes() {
        let name = |name: &str| file_name(&EntityRef::new("Component", "default", name));
        assert_eq!(name("checkout"), "component/default/checkout");
        assert_eq!(name("Web.Shop_2"), "component/default/web.shop_2");
        assert_eq!(name("nul"), "component/default/=6eul");
        assert_eq!(name("con.old"), "component/default/=63on.old");
        assert_eq!(name("com1"), "component/default/=63om1");
        assert_eq!(name("command"), "component/default/command");
        assert_eq!(name("."), "component/default/=2e");
        assert_eq!(name("a."), "component/default/a=2e");
        assert_eq!(name("../../x"), "component/default/=2e.=2f..=2fx");
        assert_eq!(name("größe"), "component/default/gr=c3=b6=c3=9fe");
        assert_eq!(name("a=2e"), "component/default/a=3d2e");
        assert_eq!(name("a\\b:c*"), "component/default/a=5cb=3ac=2a");
    }

    #[test]
    fn no_path_leaves_the_folder_and_no_two_are_the_same() {
        let long = "x".repeat(300);
        let names = [
            "..",
            "/etc/passwd",
            "C:\\x",
            "",
            "a/b",
            "a",
            &long,
            &format!("{long}y"),
        ];
        let references = names.map(|name| EntityRef::new("..", "/", name));
        let paths = Paths::of(references.iter(), "html");
        let mut all: Vec<&str> = references.iter().filter_map(|it| paths.get(it)).collect();
        for path in &all {
            let mut parts = Path::new(path).components();
            assert!(
                parts.all(|part| matches!(part, Component::Normal(_))),
                "{path}"
            );
            assert!(path.len() < 400 && !path.contains(['\\', ':']), "{path}");
        }
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), names.len());
    }
}
