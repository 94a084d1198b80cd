//! Manifests: language, version, and the dependencies that they declare.
//!
//! Each ecosystem is a file and a line of [`ECOSYSTEMS`]. Nothing of a build is executed: what
//! only a build knows is unknown. Where a lock file pins a declared dependency, its version
//! counts; else the lowest that the manifest allows.

mod cargo;
mod go;
mod gradle;
mod gradle_catalog;
mod line_starts;
mod locked;
mod maven;
mod npm;
mod other_language;
mod pom;
mod python;
mod python_requirement;
mod toml_file;
mod version;
mod xml_tree;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::file_names::ManifestFile;
use super::home::join;
use super::{CodeHome, Look, RepositorySource, Seen};
use crate::diagnostic::{Diagnostic, register};
use crate::fact::Observation;
use crate::model::{Place, Span};
use crate::repo::{FileEntry, ReadError};

use line_starts::LineStarts;
use locked::Locked;

pub(super) const SOURCE: RepositorySource = RepositorySource {
    name: "manifest",
    gives: &[
        "language",
        "languages",
        "manifest.version",
        "dependency.count",
        "dependency.*",
    ],
    look: Look::AtHome(look),
};

/// The most dependencies of a home that are told.
const MOST_DEPENDENCIES: usize = 5_000;
/// The longest name of a dependency.
const LONGEST_NAME: usize = 256;

/// An ecosystem of packages, with manifests of its own.
#[derive(Debug)]
pub(super) struct Ecosystem {
    pub(super) name: &'static str,
    /// Which manifest of one folder speaks for it: the lowest. Many have a `package.json` only for
    /// their tools.
    pub(super) rank: u8,
    /// By the folder in the home, and the name.
    is_manifest: fn(&str, &str) -> bool,
    read: fn(&Reading<'_, '_>) -> Result<Manifest, Broken>,
}

/// All ecosystems, in the order of their ranks.
static ECOSYSTEMS: &[&Ecosystem] = &[
    &cargo::ECOSYSTEM,
    &go::ECOSYSTEM,
    &maven::ECOSYSTEM,
    &gradle::ECOSYSTEM,
    &gradle_catalog::ECOSYSTEM,
    &python::ECOSYSTEM,
    &other_language::ECOSYSTEM,
    &npm::ECOSYSTEM,
];

/// What a manifest says.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    language: Option<&'static str>,
    version: Option<String>,
    version_line: Option<u32>,
    dependencies: Vec<Dependency>,
    /// Whether dependencies of its kind are read at all.
    knows_dependencies: bool,
}

/// A dependency that a manifest declares.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Dependency {
    name: String,
    /// Another name by which people know it: `group:artifact`.
    full_name: Option<String>,
    version: Option<String>,
    line: Option<u32>,
}

/// Why a manifest cannot be read.
#[derive(Debug)]
pub(super) struct Broken {
    message: String,
    line: Option<u32>,
}

/// A manifest while it is read.
struct Reading<'h, 'a> {
    home: &'h CodeHome<'a>,
    /// Its path in the repository.
    path: &'h str,
    text: &'h str,
    wants_dependencies: bool,
}

/// What was read of a repository that more than one manifest needs.
#[derive(Debug, Default)]
pub(super) struct SharedManifests {
    cargo_workspaces: RefCell<HashMap<String, Option<Rc<cargo::Workspace>>>>,
    poms: RefCell<HashMap<String, Option<Rc<pom::Pom>>>>,
    catalogs: RefCell<HashMap<String, Option<Rc<gradle_catalog::VersionCatalog>>>>,
    locked: RefCell<HashMap<String, Option<Rc<Locked>>>>,
}

fn look(home: &CodeHome<'_>, seen: &mut Seen) {
    let wants_dependencies = home.wants("dependency.*");
    let mut all = Dependencies::default();
    let mut languages = BTreeSet::new();
    let (mut language, mut version) = (None, None);
    let mut is_complete = home.is_in_sight();
    for file in &home.names().manifests {
        let manifest = match read(home, file, wants_dependencies) {
            Ok(Some(manifest)) => manifest,
            Ok(None) => continue,
            Err(problem) => {
                is_complete = false;
                seen.problems.push(*problem);
                continue;
            }
        };
        let evidence = |line| home.evidence(&file.file.path, line);
        if let Some(own) = manifest.language {
            languages.insert(own);
            language.get_or_insert_with(|| (own, evidence(None)));
        }
        if let Some(own) = manifest.version {
            version.get_or_insert_with(|| (own, evidence(manifest.version_line)));
        }
        if manifest.knows_dependencies {
            all.add(file.file, manifest.dependencies);
        }
    }
    let mut say = |name: Cow<'static, str>, value: serde_json::Value, evidence: String| {
        seen.add(Observation::new(name, value).evidence(evidence));
    };
    if let Some((language, evidence)) = language {
        say("language".into(), language.into(), evidence.clone());
        let languages: Vec<&str> = languages.into_iter().collect();
        say("languages".into(), languages.into(), evidence);
    }
    if let Some((version, evidence)) = version {
        say("manifest.version".into(), version.into(), evidence);
    }
    if wants_dependencies && let Some(first) = all.first {
        if is_complete {
            let count = all.names.len();
            say(
                "dependency.count".into(),
                count.into(),
                home.evidence(&first.path, None),
            );
        }
        for (name, (version, file, line)) in all.versions {
            let name = format!("dependency.{name}");
            say(name.into(), version.into(), home.evidence(&file.path, line));
        }
    }
}

/// The dependencies of all manifests of a home.
#[derive(Default)]
struct Dependencies<'a> {
    /// The first manifest that was looked at.
    first: Option<&'a FileEntry>,
    names: BTreeSet<String>,
    /// The lowest version of each, because it is the one that matters, and where it stands.
    versions: BTreeMap<String, (String, &'a FileEntry, Option<u32>)>,
}

impl<'a> Dependencies<'a> {
    fn add(&mut self, file: &'a FileEntry, dependencies: Vec<Dependency>) {
        self.first.get_or_insert(file);
        for dependency in dependencies {
            let has_room = self.names.len() < MOST_DEPENDENCIES;
            if !is_name(&dependency.name) || !(has_room || self.names.contains(&dependency.name)) {
                continue;
            }
            let Dependency {
                name,
                full_name,
                version,
                line,
            } = dependency;
            self.names
                .insert(full_name.clone().unwrap_or_else(|| name.clone()));
            let Some(version) = version else {
                continue;
            };
            for name in full_name
                .filter(|name| is_name(name))
                .into_iter()
                .chain([name])
            {
                let known = self.versions.get(&name);
                if known.is_none_or(|(known, ..)| version::compare(&version, known).is_lt()) {
                    self.versions.insert(name, (version.clone(), file, line));
                }
            }
        }
    }
}

fn is_name(name: &str) -> bool {
    let is_sign = |c: char| c.is_alphanumeric() || "@/._-:+~".contains(c);
    !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(is_sign)
}

/// Reads a manifest; nothing when it is not there, or not one yet (a template that makes some).
///
/// # Errors
/// When it cannot be read, with the problem.
fn read(
    home: &CodeHome<'_>,
    manifest: &ManifestFile<'_>,
    wants_dependencies: bool,
) -> Result<Option<Manifest>, Box<Diagnostic>> {
    let path = &manifest.file.path;
    let shown = CodeHome::shown(path);
    let text = match home.text(path) {
        Ok(text) => text,
        Err(ReadError::Missing) => return Ok(None),
        Err(error) => {
            let message = format!("\"{shown}\" {error}");
            let problem = Diagnostic::new(&register::MANIFEST, message)
                .subject(&*shown)
                .at(home.place(path));
            let is_hidden = matches!(error, ReadError::NotInSight | ReadError::Failed(_));
            return Err(Box::new(if is_hidden { problem.hiding() } else { problem }));
        }
    };
    let reading = Reading {
        home,
        path: &shown,
        text: &text,
        wants_dependencies,
    };
    match (manifest.ecosystem.read)(&reading) {
        Ok(manifest) => Ok(Some(manifest)),
        // What a template fills in later is no manifest yet.
        Err(_) if text.contains("{{") || text.contains("{%") => Ok(None),
        Err(broken) => {
            let file = home.code.repository.file(path);
            let place = match broken.line {
                Some(line) => Place::span(file, Span::on_line(line, 1, 0)),
                None => Place::file(file),
            };
            let message = broken.message.lines().next().unwrap_or_default();
            let message = format!("\"{shown}\" cannot be read: {message}");
            Err(Box::new(
                Diagnostic::new(&register::MANIFEST, message)
                    .help("correct it; until then its dependencies are not known")
                    .subject(&*shown)
                    .at(place),
            ))
        }
    }
}

/// The first `requirements.txt` of a home whose every requirement is pinned to one version.
pub(super) fn pinned_requirements<'a>(home: &CodeHome<'a>) -> Option<&'a FileEntry> {
    let manifests = home.names().manifests.iter();
    let files = manifests.map(|manifest| manifest.file);
    let mut files = files.filter(|file| python::is_requirements(file.name()));
    files.find(|file| {
        let text = home.text(&file.path);
        text.is_ok_and(|text| python_requirement::are_pinned(&text))
    })
}

impl Ecosystem {
    /// The ecosystem of a manifest, by the folder in the home and the name.
    pub(super) fn of(folder: &str, name: &str) -> Option<&'static Self> {
        let mut all = ECOSYSTEMS.iter().copied();
        all.find(|ecosystem| (ecosystem.is_manifest)(folder, name))
    }
}

impl Manifest {
    /// A manifest of a language, whose dependencies are read.
    fn of(language: &'static str) -> Self {
        Self {
            language: Some(language),
            knows_dependencies: true,
            ..Self::default()
        }
    }
}

impl Dependency {
    fn new(name: String, version: Option<String>, line: u32) -> Self {
        Self {
            name,
            full_name: None,
            version,
            line: Some(line),
        }
    }

    /// A dependency of Java, which is known by its artifact alone and with its group.
    fn of_java(group: &str, artifact: &str, version: Option<String>, line: u32) -> Self {
        Self {
            full_name: Some(format!("{group}:{artifact}")),
            ..Self::new(artifact.to_owned(), version, line)
        }
    }
}

impl Broken {
    fn new(message: &str) -> Self {
        Self {
            message: message.to_owned(),
            line: None,
        }
    }
}

impl<'h> Reading<'h, '_> {
    /// The folder of the manifest in the repository.
    fn folder(&self) -> &'h str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The folders above that of the manifest, the nearest first.
    fn folders_above(&self) -> impl Iterator<Item = &'h str> + use<'h> {
        let above = |folder: &&'h str| {
            let folder = *folder;
            (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
        };
        std::iter::successors(Some(self.folder()), above).skip(1)
    }

    /// Whether a file lies in the folder of the manifest.
    fn has_beside(&self, name: &str) -> bool {
        let path = join(self.folder(), name);
        self.home.code.snapshot.file(path.as_bytes()).is_some()
    }

    /// The text of another file of the repository.
    fn read(&self, path: &str) -> Option<String> {
        self.home.code.snapshot.file(path.as_bytes())?;
        self.home.text(path.as_bytes()).ok()
    }

    /// What the nearest lock file of one of these names pins: beside the manifest, else above it.
    fn locked(&self, names: &[&str], parse: fn(&str) -> Locked) -> Option<Rc<Locked>> {
        let (locked, _) = self.locked_with_folder(names, parse)?;
        Some(locked)
    }

    /// The same with the folder of the lock file.
    fn locked_with_folder(
        &self,
        names: &[&str],
        parse: fn(&str) -> Locked,
    ) -> Option<(Rc<Locked>, String)> {
        std::iter::once(self.folder())
            .chain(self.folders_above())
            .find_map(|folder| {
                names
                    .iter()
                    .find_map(|name| {
                        let path = join(folder, name);
                        self.home.code.snapshot.file(path.as_bytes())?;
                        let known = &self.home.code.manifests.locked;
                        if let Some(known) = known.borrow().get(&path) {
                            return known.clone();
                        }
                        let text = self.read(&path);
                        let locked = text.as_deref().map(|text| Rc::new(parse(text)));
                        known.borrow_mut().insert(path, locked.clone());
                        locked
                    })
                    .map(|locked| (locked, folder.to_owned()))
            })
    }
}
