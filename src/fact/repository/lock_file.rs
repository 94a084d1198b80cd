//! Whether the versions of dependencies are locked.

use super::home::join;
use super::manifest;
use super::{CodeHome, Look, RepositorySource, Seen};
use crate::repo::FileEntry;

pub(super) const SOURCE: RepositorySource = RepositorySource {
    name: "lock-file",
    gives: &["lock-file.present"],
    look: Look::AtHome(look),
};

/// Lock files, and the manifests whose dependencies they lock.
const LOCK_FILES: &[(&str, &str)] = &[
    ("Cargo.lock", "cargo"),
    ("Cartfile.resolved", ""),
    ("Gemfile.lock", ""),
    ("Manifest.toml", ""),
    ("Package.resolved", ""),
    ("Pipfile.lock", "python"),
    ("Podfile.lock", ""),
    ("buildscript-gradle.lockfile", "gradle"),
    ("bun.lock", "npm"),
    ("bun.lockb", "npm"),
    ("composer.lock", ""),
    ("conda-lock.yml", "python"),
    ("deno.lock", ""),
    ("flake.lock", ""),
    ("go.sum", "go"),
    ("gradle.lockfile", "gradle"),
    ("mix.lock", ""),
    ("npm-shrinkwrap.json", "npm"),
    ("package-lock.json", "npm"),
    ("packages.lock.json", ""),
    ("pdm.lock", "python"),
    ("pixi.lock", "python"),
    ("pnpm-lock.yaml", "npm"),
    ("poetry.lock", "python"),
    ("pubspec.lock", ""),
    ("pylock.toml", "python"),
    ("rebar.lock", ""),
    ("stack.yaml.lock", ""),
    ("uv.lock", "python"),
    ("yarn.lock", "npm"),
];

/// Whether that is the name of a lock file.
pub(super) fn is_lock_file(name: &str) -> bool {
    ecosystem(name).is_some()
}

/// The ecosystem of a lock file; empty where its manifests are not read.
fn ecosystem(name: &str) -> Option<&'static str> {
    let at = LOCK_FILES
        .binary_search_by(|(known, _)| (*known).cmp(name))
        .ok()?;
    Some(LOCK_FILES[at].1)
}

fn look(home: &CodeHome<'_>, seen: &mut Seen) {
    let own = home.names().lock_files.iter().copied();
    let file = own
        .clone()
        .find(|file| home.is_there(file))
        .or_else(|| of_workspace(home))
        .or_else(|| of_go_module(home))
        .or_else(|| manifest::pinned_requirements(home));
    home.say_presence(seen, "lock-file.present", file);
}

/// The lock file of a workspace that a home is a member of: above it, of the same ecosystem.
fn of_workspace<'a>(home: &CodeHome<'a>) -> Option<&'a FileEntry> {
    for folder in folders_above(home) {
        // Modules of Go have each their own, whatever lies above.
        let locks = LOCK_FILES
            .iter()
            .filter(|(_, ecosystem)| *ecosystem != "go");
        for (name, _) in locks.filter(|(_, ecosystem)| has_manifest(home, ecosystem)) {
            let file = file_at(home, folder, name);
            if file.is_some() {
                return file;
            }
        }
    }
    None
}

/// The lock file of the module that a package of Go is a part of: a program below `cmd/` has none
/// of its own.
fn of_go_module<'a>(home: &CodeHome<'a>) -> Option<&'a FileEntry> {
    let is_go = |file: &FileEntry| file.name().ends_with(b".go");
    if !home.names().manifests.is_empty() || !home.own_files().any(is_go) {
        return None;
    }
    let mut folders = folders_above(home);
    let module = folders.find(|folder| file_at(home, folder, "go.mod").is_some())?;
    file_at(home, module, "go.sum")
}

/// Whether a home has a manifest of an ecosystem.
fn has_manifest(home: &CodeHome<'_>, ecosystem: &str) -> bool {
    let mut manifests = home.names().manifests.iter();
    manifests.any(|manifest| manifest.ecosystem.name == ecosystem)
}

/// The folders above a home, the nearest first, the root last.
fn folders_above<'a>(home: &CodeHome<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let above = |folder: &&'a str| match folder.rsplit_once('/') {
        Some((above, _)) => Some(above),
        None if folder.is_empty() => None,
        None => Some(""),
    };
    std::iter::successors(Some(home.folder), above).skip(1)
}

fn file_at<'a>(home: &CodeHome<'a>, folder: &str, name: &str) -> Option<&'a FileEntry> {
    let file = home.code.snapshot.file(join(folder, name).as_bytes());
    file.filter(|file| home.is_there(file))
}

#[cfg(test)]
mod tests {
    use super::{LOCK_FILES, is_lock_file};

    #[test]
    fn every_lock_file_is_known_by_name() {
        assert!(LOCK_FILES.is_sorted());
        assert!(LOCK_FILES.iter().all(|(name, _)| is_lock_file(name)));
        assert!(!is_lock_file("blocks.txt"));
    }
}
