//! `package.json` (<https://docs.npmjs.com/cli/configuring-npm/package-json>).

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::locked::Locked;
use super::version::lowest;
use super::{Broken, Dependency, Ecosystem, Manifest, Reading};

pub(super) static ECOSYSTEM: Ecosystem = Ecosystem {
    name: "npm",
    rank: 9,
    is_manifest: |_, name| name == "package.json",
    read,
};

/// The objects of dependencies. `peerDependencies` are installed by somebody else, in a version
/// of theirs.
const OBJECTS: [&str; 3] = ["dependencies", "devDependencies", "optionalDependencies"];

fn read(reading: &Reading<'_, '_>) -> Result<Manifest, Broken> {
    let root: Map<String, Value> = serde_json::from_str(reading.text).map_err(|error| Broken {
        message: error.to_string(),
        line: u32::try_from(error.line()).ok(),
    })?;
    let text = |name: &str| root.get(name).and_then(Value::as_str);
    let objects = || {
        let objects = OBJECTS.iter();
        objects.filter_map(|name| Some((*name, root.get(*name)?.as_object()?)))
    };
    let is_typed = objects().any(|(_, object)| object.contains_key("typescript"))
        || reading.has_beside("tsconfig.json");
    let mut manifest = Manifest::of(if is_typed { "typescript" } else { "javascript" });
    let lines = KeyLines::of(reading.text);
    manifest.version = text("version").and_then(lowest);
    manifest.version_line = lines.line("", "version");
    if !reading.wants_dependencies {
        return Ok(manifest);
    }
    let lock = Pins::of(reading);
    for (section, object) in objects() {
        for (name, requirement) in object {
            let requirement = requirement.as_str().unwrap_or_default();
            let (package, requirement) = alias(name, requirement);
            let version = lock
                .version(reading, name, requirement)
                .or_else(|| lowest(requirement));
            let mut dependency = Dependency::new(package.to_owned(), version, 0);
            dependency.line = lines.line(section, name);
            manifest.dependencies.push(dependency);
        }
    }
    Ok(manifest)
}

/// The package and requirement behind `npm:package@range` and `workspace:range`.
fn alias<'text>(name: &'text str, requirement: &'text str) -> (&'text str, &'text str) {
    if let Some(target) = requirement.strip_prefix("npm:") {
        return match target.rsplit_once('@') {
            Some((package, range)) if !package.is_empty() => (package, range),
            _ => (target, ""),
        };
    }
    let requirement = requirement
        .strip_prefix("workspace:")
        .unwrap_or(requirement);
    (name, requirement)
}

/// What the lock file of a package manager pins.
enum Pins {
    Npm(std::rc::Rc<Locked>, String),
    Pnpm(std::rc::Rc<Locked>, String),
    Yarn(std::rc::Rc<Locked>),
    None,
}

impl Pins {
    fn of(reading: &Reading<'_, '_>) -> Self {
        const OF_NPM: [&str; 2] = ["package-lock.json", "npm-shrinkwrap.json"];
        if let Some((locked, folder)) = reading.locked_with_folder(&OF_NPM, Locked::of_npm) {
            return Self::Npm(locked, folder);
        }
        let pnpm = reading.locked_with_folder(&["pnpm-lock.yaml"], Locked::of_pnpm);
        if let Some((locked, folder)) = pnpm {
            return Self::Pnpm(locked, folder);
        }
        let yarn = reading.locked(&["yarn.lock"], Locked::of_yarn);
        yarn.map_or(Self::None, Self::Yarn)
    }

    /// The version that is pinned for a dependency of the manifest.
    fn version(&self, reading: &Reading<'_, '_>, name: &str, requirement: &str) -> Option<String> {
        match self {
            Self::None => None,
            Self::Yarn(locked) => locked.exact(&format!("{name}@{requirement}")),
            Self::Pnpm(locked, folder) => {
                let importer = match inside(reading, folder) {
                    "" => ".",
                    folder => folder,
                };
                locked.exact(&format!("{importer}#{name}"))
            }
            Self::Npm(locked, folder) => {
                // Packages are looked for as Node does: here, then in each folder above.
                let mut inside = inside(reading, folder);
                loop {
                    let package = super::join(inside, &format!("node_modules/{name}"));
                    if let Some(version) = locked.exact(&package) {
                        return Some(version);
                    }
                    if inside.is_empty() {
                        return None;
                    }
                    inside = inside.rsplit_once('/').map_or("", |(above, _)| above);
                }
            }
        }
    }
}

/// The folder of a manifest below that of its lock file.
fn inside<'h>(reading: &Reading<'h, '_>, folder: &str) -> &'h str {
    let start = super::super::home::prefix(folder).len();
    reading.folder().get(start..).unwrap_or_default()
}

/// The lines of keys, as they stand in files that are laid out as npm does it.
struct KeyLines<'text>(HashMap<(&'text str, &'text str), u32>);

impl<'text> KeyLines<'text> {
    fn of(text: &'text str) -> Self {
        let mut lines = HashMap::new();
        let mut section = "";
        for (line, number) in text.lines().zip(1..) {
            let Some((key, rest)) = line.trim_start().strip_prefix('"').and_then(|rest| {
                let (key, rest) = rest.split_once('"')?;
                Some((key, rest.trim_start().strip_prefix(':')?.trim()))
            }) else {
                if line.trim_start().starts_with('}') {
                    section = "";
                }
                continue;
            };
            lines.entry((section, key)).or_insert(number);
            if OBJECTS.contains(&key) && rest == "{" {
                section = OBJECTS
                    .iter()
                    .find(|known| **known == key)
                    .copied()
                    .unwrap_or("");
            } else if rest.ends_with('{') && section.is_empty() {
                section = "other";
            }
        }
        Self(lines)
    }

    fn line(&self, section: &str, key: &str) -> Option<u32> {
        self.0.get(&(section, key)).copied()
    }
}
