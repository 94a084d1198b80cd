//! `Cargo.toml`, of packages and workspaces
//! (<https://doc.rust-lang.org/cargo/reference/manifest.html>).

use std::collections::HashMap;
use std::rc::Rc;

use super::locked::Locked;
use super::toml_file::{Table, TomlFile, Value, at, is_true, str_at, table_at};
use super::version::lowest;
use super::{Broken, Dependency, Ecosystem, Manifest, Reading};

pub(super) static ECOSYSTEM: Ecosystem = Ecosystem {
    name: "cargo",
    rank: 0,
    is_manifest: |_, name| name == "Cargo.toml",
    read,
};

/// The tables of dependencies.
const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// What members of a workspace inherit.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    version: Option<String>,
    /// The package, and the requirement where there is one, by name.
    dependencies: HashMap<String, (String, Option<String>)>,
}

fn read(reading: &Reading<'_, '_>) -> Result<Manifest, Broken> {
    let file = TomlFile::parse(reading.text)?;
    let root = file.root();
    let workspace = || workspace_of(reading, root);
    let (version, version_line) = match at(root, &["package", "version"]) {
        Some(value) if value.get_ref().is_str() => (
            value.get_ref().as_str().and_then(lowest),
            Some(file.line(&value.span())),
        ),
        Some(value) => (
            workspace().and_then(|workspace| workspace.version.clone()),
            Some(file.line(&value.span())),
        ),
        None => match at(root, &["workspace", "package", "version"]) {
            Some(value) => (
                value.get_ref().as_str().and_then(lowest),
                Some(file.line(&value.span())),
            ),
            None => (None, None),
        },
    };
    let mut manifest = Manifest::of("rust");
    manifest.version = version;
    manifest.version_line = version_line;
    if reading.wants_dependencies {
        let mut tables: Vec<&Table<'_>> = TABLES
            .iter()
            .filter_map(|name| table_at(root, &[name]))
            .collect();
        for (_, target) in table_at(root, &["target"]).into_iter().flatten() {
            let target = target.get_ref().as_table();
            let of_target = TABLES.iter().filter_map(|name| table_at(target?, &[name]));
            tables.extend(of_target);
        }
        let workspace = workspace();
        let locked = reading.locked(&["Cargo.lock"], Locked::of_packages);
        for (name, value) in tables.into_iter().flatten() {
            let known = workspace.as_deref();
            let (package, requirement) = dependency(name.get_ref(), value.get_ref(), known);
            let requirement = requirement.as_deref();
            let version = locked
                .as_ref()
                .and_then(|locked| locked.version(&package, requirement))
                .or_else(|| requirement.and_then(lowest));
            let line = file.line(&name.span());
            manifest
                .dependencies
                .push(Dependency::new(package, version, line));
        }
    }
    Ok(manifest)
}

/// The package that an entry of a table means, and which versions of it.
fn dependency(
    name: &str,
    value: &Value<'_>,
    workspace: Option<&Workspace>,
) -> (String, Option<String>) {
    let plain = |requirement: Option<&str>| (name.to_owned(), requirement.map(str::to_owned));
    let Some(table) = value.as_table() else {
        return plain(value.as_str());
    };
    if is_true(table, &["workspace"]) {
        let inherited = workspace.and_then(|workspace| workspace.dependencies.get(name));
        return inherited.cloned().unwrap_or_else(|| plain(None));
    }
    let package = str_at(table, &["package"]).unwrap_or(name);
    let requirement = str_at(table, &["version"]);
    (package.to_owned(), requirement.map(str::to_owned))
}

/// The workspace that a manifest is a member of: its own, else the nearest above it.
fn workspace_of(reading: &Reading<'_, '_>, root: &Table<'_>) -> Option<Rc<Workspace>> {
    if let Some(workspace) = Workspace::of(root) {
        return Some(Rc::new(workspace));
    }
    reading.folders_above().find_map(|folder| {
        let path = super::join(folder, "Cargo.toml");
        let known = &reading.home.code.manifests.cargo_workspaces;
        if let Some(known) = known.borrow().get(&path) {
            return known.clone();
        }
        let text = reading.read(&path);
        let file = text.as_deref().and_then(|text| TomlFile::parse(text).ok());
        let workspace = file.and_then(|file| Workspace::of(file.root()).map(Rc::new));
        known.borrow_mut().insert(path, workspace.clone());
        workspace
    })
}

impl Workspace {
    fn of(root: &Table<'_>) -> Option<Self> {
        let workspace = table_at(root, &["workspace"])?;
        let dependencies = table_at(workspace, &["dependencies"]);
        Some(Self {
            version: str_at(workspace, &["package", "version"]).and_then(lowest),
            dependencies: dependencies
                .into_iter()
                .flatten()
                .map(|(name, value)| {
                    let name = name.get_ref();
                    (name.to_string(), dependency(name, value.get_ref(), None))
                })
                .collect(),
        })
    }
}
