//! `gradle/libs.versions.toml`: the version catalog of a Gradle build
//! (<https://docs.gradle.org/current/userguide/version_catalogs.html>).

use std::collections::HashMap;
use std::rc::Rc;

use super::toml_file::{Table, TomlFile, Value, at, str_at, table_at};
use super::version::lowest;
use super::{Broken, Dependency, Ecosystem, Manifest, Reading};

pub(super) static ECOSYSTEM: Ecosystem = Ecosystem {
    name: "gradle",
    rank: 4,
    is_manifest: |_, name| name.ends_with(".versions.toml"),
    read,
};

/// The libraries and plug-ins that build files may name.
#[derive(Debug, Default)]
pub(super) struct VersionCatalog {
    /// By their accessors, in which every separator is a dot.
    libraries: HashMap<String, Dependency>,
    plugins: HashMap<String, Dependency>,
    bundles: HashMap<String, Vec<String>>,
}

/// A catalog declares what its build uses, wherever in the build.
fn read(reading: &Reading<'_, '_>) -> Result<Manifest, Broken> {
    let catalog = VersionCatalog::parse(reading.text)?;
    let mut dependencies: Vec<Dependency> = catalog.libraries.into_values().collect();
    dependencies.extend(catalog.plugins.into_values());
    dependencies.sort_by(|a, b| (a.line, &a.name).cmp(&(b.line, &b.name)));
    Ok(Manifest {
        dependencies,
        knows_dependencies: true,
        ..Manifest::default()
    })
}

impl VersionCatalog {
    /// The catalog of the build that a file belongs to.
    pub(super) fn of(reading: &Reading<'_, '_>) -> Option<Rc<Self>> {
        let folders = std::iter::once(reading.folder()).chain(reading.folders_above());
        let mut paths = folders.map(|folder| super::join(folder, "gradle/libs.versions.toml"));
        paths.find_map(|path| {
            let known = &reading.home.code.manifests.catalogs;
            if let Some(known) = known.borrow().get(&path) {
                return known.clone();
            }
            let text = reading.read(&path);
            let catalog = text.and_then(|text| Self::parse(&text).ok()).map(Rc::new);
            known.borrow_mut().insert(path, catalog.clone());
            catalog
        })
    }

    fn parse(text: &str) -> Result<Self, Broken> {
        let file = TomlFile::parse(text)?;
        let root = file.root();
        let versions = table_at(root, &["versions"]);
        let mut catalog = Self::default();
        for (alias, value) in table_at(root, &["libraries"]).into_iter().flatten() {
            let line = file.line(&alias.span());
            if let Some(library) = library(value.get_ref(), versions, line) {
                catalog.libraries.insert(accessor(alias.get_ref()), library);
            }
        }
        for (alias, value) in table_at(root, &["plugins"]).into_iter().flatten() {
            let line = file.line(&alias.span());
            let value = value.get_ref();
            let plugin = match value.as_str() {
                Some(text) => text
                    .rsplit_once(':')
                    .map(|(id, version)| Dependency::new(id.to_owned(), lowest(version), line)),
                None => value.as_table().and_then(|table| {
                    let id = str_at(table, &["id"])?;
                    Some(Dependency::new(
                        id.to_owned(),
                        version(table, versions),
                        line,
                    ))
                }),
            };
            if let Some(plugin) = plugin {
                catalog.plugins.insert(accessor(alias.get_ref()), plugin);
            }
        }
        for (alias, value) in table_at(root, &["bundles"]).into_iter().flatten() {
            let list = value.get_ref().as_array();
            let names = list.into_iter().flat_map(|list| list.iter());
            let names = names.filter_map(|name| name.get_ref().as_str().map(accessor));
            catalog
                .bundles
                .insert(accessor(alias.get_ref()), names.collect());
        }
        Ok(catalog)
    }

    /// What an accessor behind `libs.` means: `junit.jupiter`, `bundles.test`, `plugins.boot`.
    pub(super) fn get(&self, name: &str) -> Vec<Dependency> {
        if let Some(plugin) = name.strip_prefix("plugins.") {
            return self.plugins.get(plugin).cloned().into_iter().collect();
        }
        if let Some(bundle) = name.strip_prefix("bundles.") {
            let names = self.bundles.get(bundle).into_iter().flatten();
            let libraries = names.filter_map(|name| self.libraries.get(name).cloned());
            return libraries.collect();
        }
        self.libraries.get(name).cloned().into_iter().collect()
    }
}

/// An alias as build files write it.
fn accessor(alias: &str) -> String {
    alias.replace(['-', '_'], ".")
}

/// A library: `"group:artifact:version"`, or a table.
fn library(value: &Value<'_>, versions: Option<&Table<'_>>, line: u32) -> Option<Dependency> {
    if let Some(text) = value.as_str() {
        let mut parts = text.split(':');
        let (group, artifact) = (parts.next()?, parts.next()?);
        let version = parts.next().and_then(lowest);
        return Some(Dependency::of_java(group, artifact, version, line));
    }
    let table = value.as_table()?;
    let (group, artifact) = match str_at(table, &["module"]) {
        Some(module) => module.split_once(':')?,
        None => (str_at(table, &["group"])?, str_at(table, &["name"])?),
    };
    Some(Dependency::of_java(
        group,
        artifact,
        version(table, versions),
        line,
    ))
}

/// The version of a table: written there, or a reference to one of `[versions]`.
fn version(table: &Table<'_>, versions: Option<&Table<'_>>) -> Option<String> {
    let value = at(table, &["version"])?.get_ref();
    let reference = value.as_table().and_then(|table| str_at(table, &["ref"]));
    let value = match reference {
        Some(name) => at(versions?, &[name])?.get_ref(),
        None => value,
    };
    rich_version(value)
}

/// A version, or the strictest of what a table says about it.
fn rich_version(value: &Value<'_>) -> Option<String> {
    if let Some(text) = value.as_str() {
        return lowest(text);
    }
    let table = value.as_table()?;
    let keys = ["strictly", "require", "prefer"];
    keys.iter().find_map(|key| lowest(str_at(table, &[key])?))
}
