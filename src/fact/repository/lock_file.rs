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
        .or_else(|| manifest::pinned_requirements(home));
    home.say_presence(seen, "lock-file.present", file);
}

/// The lock file of a workspace that a home is a member of: above it, of the same ecosystem.
fn of_workspace<'a>(home: &CodeHome<'a>) -> Option<&'a FileEntry> {
    let manifests = &home.names().manifests;
    let has = |ecosystem: &str| manifests.iter().any(|it| it.ecosystem.name == ecosystem);
    let mut folder = home.folder;
    while !folder.is_empty() {
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        for (name, ecosystem) in LOCK_FILES.iter().filter(|(_, of)| has(of)) {
            // Modules of Go have each their own, whatever lies above.
            if *ecosystem == "go" {
                continue;
            }
            let file = home.code.snapshot.file(join(folder, name).as_bytes());
            if let Some(file) = file.filter(|file| home.is_there(file)) {
                return Some(file);
            }
        }
    }
    None
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
