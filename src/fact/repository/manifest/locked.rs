//! The versions that lock files pin.

use std::collections::HashMap;

use super::version::{compare, version};

/// The most entries of a lock file.
const MOST: usize = 100_000;

/// The versions that a lock file pins.
#[derive(Debug, Default)]
pub(super) struct Locked(HashMap<String, Vec<String>>);

impl Locked {
    /// A lock file made of `[[package]]` with a `name` and a `version` each, one on a line:
    /// `Cargo.lock`, `poetry.lock`, `uv.lock`, `pdm.lock`.
    pub(super) fn of_packages(text: &str) -> Self {
        let mut locked = Self::default();
        let mut name: Option<&str> = None;
        for line in text.lines() {
            if line.starts_with('[') {
                name = None;
            } else if let Some(value) = quoted(line, "name") {
                name = Some(value);
            } else if let Some(value) = quoted(line, "version")
                && let Some(name) = name.take()
            {
                locked.add(name, value);
            }
        }
        locked
    }

    /// `gradle.lockfile`: `group:artifact:version=configurations`.
    pub(super) fn of_gradle(text: &str) -> Self {
        let mut locked = Self::default();
        for line in text.lines() {
            let pin = line.split('=').next().unwrap_or_default();
            if let Some((name, version)) = pin.rsplit_once(':') {
                locked.add(name, version);
            }
        }
        locked
    }

    /// `package-lock.json`: by the folder of each package in version 2 and 3, by its name in 1.
    pub(super) fn of_npm(text: &str) -> Self {
        #[derive(serde::Deserialize)]
        struct Package {
            version: Option<String>,
        }
        #[derive(serde::Deserialize)]
        struct LockFile {
            #[serde(default)]
            packages: HashMap<String, Package>,
            #[serde(default)]
            dependencies: HashMap<String, Package>,
        }
        let mut locked = Self::default();
        let Ok(file) = serde_json::from_str::<LockFile>(text) else {
            return locked;
        };
        let of_first = file.dependencies.into_iter();
        let of_first = of_first.map(|(name, package)| (format!("node_modules/{name}"), package));
        let packages: Vec<(String, Package)> = if file.packages.is_empty() {
            of_first.collect()
        } else {
            file.packages.into_iter().collect()
        };
        for (path, package) in packages {
            if let Some(version) = package.version {
                locked.add(&path, &version);
            }
        }
        locked
    }

    /// `yarn.lock`, of the first version and of Berry: by `name@range`.
    pub(super) fn of_yarn(text: &str) -> Self {
        let mut locked = Self::default();
        let mut keys: Vec<String> = Vec::new();
        for line in text.lines() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            if !line.starts_with(' ') {
                let names = line.trim_end_matches(':').split(',');
                let names = names.map(|name| name.trim().trim_matches('"'));
                keys = names.map(|name| name.replacen("@npm:", "@", 1)).collect();
            } else if let Some(value) = line.strip_prefix("  version") {
                let value = value.trim_start_matches(':').trim().trim_matches('"');
                for key in keys.drain(..) {
                    locked.add(&key, value);
                }
            }
        }
        locked
    }

    /// `pnpm-lock.yaml`: by `importer#name`, where an importer is the folder of a manifest.
    pub(super) fn of_pnpm(text: &str) -> Self {
        const OBJECTS: [&str; 3] = ["dependencies", "devDependencies", "optionalDependencies"];
        let mut locked = Self::default();
        let (mut base, mut is_object) = (0, false);
        let (mut importer, mut name) = (String::from("."), String::new());
        for line in text.lines() {
            let content = line.trim_start();
            let Some((key, value)) = content.rsplit_once(':').filter(|_| !content.is_empty())
            else {
                continue;
            };
            let (key, value) = (key.trim_matches(['"', '\'']), value.trim());
            let indentation = line.len() - content.len();
            if indentation == 0 {
                base = if key == "importers" { 4 } else { 0 };
                is_object = OBJECTS.contains(&key);
            } else if base == 4 && indentation == 2 {
                key.clone_into(&mut importer);
                is_object = false;
            } else if base == 4 && indentation == 4 {
                is_object = OBJECTS.contains(&key);
            } else if is_object && indentation == base + 2 {
                key.clone_into(&mut name);
            }
            let is_version = indentation == base + 4 && key == "version";
            let is_short = indentation == base + 2 && !value.is_empty();
            if is_object && (is_version || is_short) {
                // What stands behind the version says with which others it is used.
                let pinned = value.split(['(', '_']).next().unwrap_or(value);
                locked.add(
                    &format!("{importer}#{name}"),
                    pinned.trim_matches(['"', '\'']),
                );
            }
        }
        locked
    }

    fn add(&mut self, name: &str, pinned: &str) {
        if self.0.len() >= MOST {
            return;
        }
        if let Some(version) = version(pinned) {
            self.0.entry(name.to_owned()).or_default().push(version);
        }
    }

    /// What is pinned under exactly that key.
    pub(super) fn exact(&self, key: &str) -> Option<String> {
        self.0.get(key)?.first().cloned()
    }

    /// What is pinned of a package; of several, the one that a requirement most likely means.
    pub(super) fn version(&self, name: &str, requirement: Option<&str>) -> Option<String> {
        let pinned = self.0.get(name)?;
        if let [only] = pinned.as_slice() {
            return Some(only.clone());
        }
        let lowest = requirement.and_then(super::version::lowest)?;
        let significant = |version: &str| {
            let mut parts = version.split('.');
            let first = parts.next().unwrap_or_default().to_owned();
            let second = parts.next().unwrap_or_default().to_owned();
            if first == "0" {
                (first, second)
            } else {
                (first, String::new())
            }
        };
        let line = significant(&lowest);
        let fitting = pinned
            .iter()
            .filter(|version| significant(version) == line && compare(version, &lowest).is_ge());
        fitting.max_by(|a, b| compare(a, b)).cloned()
    }
}

/// The text of `key = "text"`.
fn quoted<'line>(line: &'line str, key: &str) -> Option<&'line str> {
    let rest = line.strip_prefix(key)?.trim_start().strip_prefix('=')?;
    rest.trim().strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::Locked;

    #[test]
    fn of_several_versions_the_fitting_one_counts() {
        let text = "[[package]]\nname = \"rand\"\nversion = \"0.8.5\"\n\n[[package]]\nname = \
                    \"rand\"\nversion = \"0.9.1\"\n\n[metadata]\nversion = \"1\"\n";
        let locked = Locked::of_packages(text);
        assert_eq!(
            locked.version("rand", Some("0.9")).as_deref(),
            Some("0.9.1")
        );
        assert_eq!(
            locked.version("rand", Some("0.8.1")).as_deref(),
            Some("0.8.5")
        );
        assert_eq!(locked.version("rand", Some("1")), None);
        assert_eq!(locked.version("serde", None), None);
    }

    #[test]
    fn pnpm_pins_by_folder_of_the_manifest() {
        let text = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    devDependencies:\n      \
                    '@types/node':\n        specifier: ^20\n        version: 20.1.0\n\n  \
                    packages/app:\n    dependencies:\n      react:\n        specifier: ^18\n        \
                    version: 18.2.0(x@1.0.0)\n\npackages:\n\n  react@18.2.0:\n    version: 1\n";
        let locked = Locked::of_pnpm(text);
        assert_eq!(locked.exact(".#@types/node").as_deref(), Some("20.1.0"));
        assert_eq!(
            locked.exact("packages/app#react").as_deref(),
            Some("18.2.0")
        );
        let locked = Locked::of_pnpm("dependencies:\n  react: 18.2.0_x@1.0.0\n");
        assert_eq!(locked.exact(".#react").as_deref(), Some("18.2.0"));
    }

    #[test]
    fn both_formats_of_yarn_are_read() {
        for text in [
            "# yarn lockfile v1\n\n\"@babel/core@^7.0.0\", \"@babel/core@^7.1.0\":\n  version \
             \"7.24.0\"\n  resolved \"https://x\"\n",
            "\"@babel/core@npm:^7.0.0, @babel/core@npm:^7.1.0\":\n  version: 7.24.0\n",
        ] {
            let locked = Locked::of_yarn(text);
            let version = locked.exact("@babel/core@^7.0.0");
            assert_eq!(version.as_deref(), Some("7.24.0"), "{text}");
        }
    }
}
