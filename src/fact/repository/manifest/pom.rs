//! The parts of a `pom.xml` that others need, too: its properties, parent and managed versions
//! (<https://maven.apache.org/ref/current/maven-model/maven.html>).
//!
use std::collections::HashMap;
use std::rc::Rc;

use super::xml_tree::{Element, XmlTree};
use super::{Broken, Reading};
use crate::fact::repository::file_names::ending;

/// How many poms may be each the parent of the one before.
const MOST_PARENTS: usize = 8;
/// How deep properties may be made of properties, and how long what comes out may be.
const MOST_LEVELS: usize = 8;
const LONGEST: usize = 512;

/// What a pom says.
#[derive(Debug, Default)]
pub(super) struct Pom {
    group: Option<String>,
    artifact: Option<String>,
    pub(super) version: Option<String>,
    pub(super) version_line: Option<u32>,
    pub(super) parent: Option<Coordinates>,
    /// Where the parent lies, relative to the folder; empty for nowhere in this repository.
    parent_path: String,
    properties: HashMap<String, String>,
    managed: HashMap<(String, String), String>,
    pub(super) dependencies: Vec<Coordinates>,
}

/// A package of Maven as it is written, with properties in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Coordinates {
    pub(super) group: String,
    pub(super) artifact: String,
    pub(super) version: Option<String>,
    pub(super) line: u32,
}

/// A pom and its parents in the repository, the nearest first.
pub(super) struct Inheritance(pub(super) Vec<Rc<Pom>>);

impl Pom {
    pub(super) fn parse(text: &str) -> Result<Self, Broken> {
        let tree = XmlTree::parse(text)?;
        let project = tree.root().filter(|root| root.name() == "project");
        let project = project.ok_or_else(|| Broken::new("it is no \"project\""))?;
        let mut pom = Self {
            group: project.text_of("groupId"),
            artifact: project.text_of("artifactId"),
            version: project.text_of("version"),
            version_line: project.child("version").map(Element::line),
            parent: project.child("parent").map(Coordinates::of),
            parent_path: project
                .child("parent")
                .and_then(|parent| parent.child("relativePath"))
                .map_or("../pom.xml", Element::text)
                .to_owned(),
            ..Self::default()
        };
        pom.add(project);
        let profiles = project.child("profiles");
        for profile in profiles.into_iter().flat_map(Element::children) {
            pom.add(profile);
        }
        Ok(pom)
    }

    /// Adds what a project or a profile declares.
    fn add(&mut self, element: Element<'_>) {
        let properties = element.child("properties");
        for property in properties.into_iter().flat_map(Element::children) {
            let entry = self.properties.entry(property.name().to_owned());
            entry.or_insert_with(|| property.text().to_owned());
        }
        let managed = element.child("dependencyManagement");
        let managed = managed.and_then(|managed| managed.child("dependencies"));
        for dependency in managed.into_iter().flat_map(Element::children) {
            let found = Coordinates::of(dependency);
            if let Some(version) = found.version {
                let key = (found.group, found.artifact);
                self.managed.entry(key).or_insert(version);
            }
        }
        let declared = element.child("dependencies");
        let declared = declared.into_iter().flat_map(Element::children);
        let declared = declared.filter(|it| it.name() == "dependency");
        self.dependencies.extend(declared.map(Coordinates::of));
    }
}

impl Coordinates {
    fn of(element: Element<'_>) -> Self {
        Self {
            group: element.text_of("groupId").unwrap_or_default(),
            artifact: element.text_of("artifactId").unwrap_or_default(),
            version: element.text_of("version"),
            line: element.child("version").unwrap_or(element).line(),
        }
    }
}

impl Inheritance {
    /// A pom and its parents, as far as they are in the repository.
    pub(super) fn of(reading: &Reading<'_, '_>, pom: Pom) -> Self {
        let mut poms = vec![Rc::new(pom)];
        let mut folder = reading.folder().to_owned();
        while poms.len() <= MOST_PARENTS
            && let Some((parent, parent_folder)) = parent_of(reading, &poms, &folder)
        {
            poms.push(parent);
            folder = parent_folder;
        }
        Self(poms)
    }

    /// Whether the parent of the first is in the repository.
    pub(super) fn has_parent(&self) -> bool {
        self.0.len() > 1
    }

    /// A text with its properties replaced; nothing when one of them is not known.
    pub(super) fn resolve(&self, text: &str) -> Option<String> {
        self.resolve_within(text, 0)
    }

    fn resolve_within(&self, text: &str, level: usize) -> Option<String> {
        if level > MOST_LEVELS {
            return None;
        }
        let mut resolved = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}')?;
            resolved.push_str(before);
            resolved.push_str(&self.resolve_within(&self.property(name)?, level + 1)?);
            if resolved.len() > LONGEST {
                return None;
            }
            rest = after;
        }
        resolved.push_str(rest);
        (resolved.len() <= LONGEST).then_some(resolved)
    }

    fn property(&self, name: &str) -> Option<String> {
        let first = self.0.first()?;
        let name = name
            .strip_prefix("pom.")
            .map_or_else(|| name.to_owned(), |name| format!("project.{name}"));
        let parent = first.parent.as_ref();
        match name.as_str() {
            "project.version" | "version" => first
                .version
                .clone()
                .or_else(|| parent.and_then(|parent| parent.version.clone())),
            "project.groupId" | "groupId" => first
                .group
                .clone()
                .or_else(|| parent.map(|parent| parent.group.clone())),
            "project.artifactId" | "artifactId" => first.artifact.clone(),
            "project.parent.version" | "parent.version" => parent?.version.clone(),
            "project.parent.groupId" => Some(parent?.group.clone()),
            _ => self
                .0
                .iter()
                .find_map(|pom| pom.properties.get(&name).cloned()),
        }
    }

    /// The version that is managed for a package.
    pub(super) fn managed(&self, group: &str, artifact: &str) -> Option<String> {
        self.0.iter().find_map(|pom| {
            let key = (group.to_owned(), artifact.to_owned());
            if let Some(version) = pom.managed.get(&key) {
                return Some(version.clone());
            }
            // A managed package may itself be written with properties.
            let mut written = pom
                .managed
                .iter()
                .filter(|((group, _), _)| group.contains("${"));
            written
                .find(|((of, name), _)| {
                    name == artifact && self.resolve(of).as_deref() == Some(group)
                })
                .map(|(_, version)| version.clone())
        })
    }
}

/// The parent of the last pom, when it is the file that the repository has there.
fn parent_of(
    reading: &Reading<'_, '_>,
    poms: &[Rc<Pom>],
    folder: &str,
) -> Option<(Rc<Pom>, String)> {
    let child = poms.last()?;
    let wanted = child.parent.as_ref()?;
    if child.parent_path.is_empty() {
        return None;
    }
    let file = reading
        .home
        .code
        .repository
        .file(super::join(folder, "pom.xml").as_bytes());
    let mut path = file.sibling(&child.parent_path)?;
    if ending(&path) != "xml" {
        path = super::join(&path, "pom.xml");
    }
    let known = &reading.home.code.manifests.poms;
    let found = known.borrow().get(&path).cloned();
    let parent = found.unwrap_or_else(|| {
        let pom = reading.read(&path).and_then(|text| Pom::parse(&text).ok());
        let pom = pom.map(Rc::new);
        known.borrow_mut().insert(path.clone(), pom.clone());
        pom
    })?;
    let is_it = parent.artifact.as_deref() == Some(wanted.artifact.as_str());
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    is_it.then(|| (parent, folder.to_owned()))
}
