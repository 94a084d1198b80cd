//! Which entities a result is about.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::combination::fold;
use super::validation::{Validation, bounded};
use super::{Amount, ImportProblem, Imported, ImportedResult, Subject};
use crate::catalog::{Catalog, EntityId, Homes};
use crate::fact::{Observation, Register};
use crate::model::{EntityRef, RefParts};

/// Finds the entities that results are about.
pub struct Attribution<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// Its homes.
    pub homes: &'a Homes,
    /// What every fact means.
    pub register: &'a Register,
    /// The entity that the command or the configuration names.
    pub entity: Option<EntityRef>,
    /// The repository in which the file lies, and its path there.
    pub file: Option<(&'a str, &'a str)>,
}

/// What became of the results of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributedResults {
    /// Those that are about an entity, in the order of entities and names. Hand them to
    /// [`combine`](super::combine), with those of all other files of the run.
    pub attributed: Vec<Attributed>,
    /// Those that are about no entity of the catalog, in the order of what they are about.
    pub unattributed: Vec<Unattributed>,
    /// What was left out, in the file and here, and why.
    pub problems: Vec<ImportProblem>,
}

/// A result and the entity that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Attributed {
    /// The entity.
    pub entity: EntityRef,
    /// What is said of it.
    pub observation: Observation,
    /// Whether it is said of other entities with the same home, too.
    pub is_shared: bool,
    /// What it adds to what others say.
    pub(super) amount: Amount,
}

/// Results that are about no entity of the catalog.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unattributed {
    /// What they are about. Of paths it is the folder that holds them all.
    pub subject: Subject,
    /// How many there are.
    pub results: usize,
}

/// Where actions of GitHub that run in a container find the repository, whatever it is called.
const CONTAINER_CHECKOUT: &str = "/github/workspace/";

/// The values of an annotation, and who has them.
type ByValue<'a> = HashMap<&'a str, Vec<EntityId>>;

/// What is looked up of the whole catalog, once a file and only when it is asked for.
#[derive(Default)]
struct Lookup<'a> {
    annotations: HashMap<&'static str, ByValue<'a>>,
    /// The names of all entities, in lower case.
    names: OnceCell<HashSet<&'a str>>,
}

impl Attribution<'_> {
    /// The results with their entities, and those that have none.
    ///
    /// An entity that was named has everything that is said of the file and of code. It does not
    /// have what is said of other things by name.
    #[must_use]
    pub fn attribute(&self, imported: Imported) -> AttributedResults {
        let mut by_subject: BTreeMap<Subject, Vec<ImportedResult>> = BTreeMap::new();
        let validation = Validation::new(self.register);
        let mut problems = imported.problems;
        for result in imported.results {
            match validation.validate(result) {
                Ok(result) => by_subject
                    .entry(result.subject.clone())
                    .or_default()
                    .push(result),
                Err(problem) => problems.push(problem),
            }
        }
        let mut lookup = Lookup::default();
        let (mut attributed, mut lost) = (Vec::new(), Vec::new());
        for (subject, results) in by_subject {
            let entities = self.entities(&subject, &mut lookup);
            if entities.is_empty() {
                lost.push((subject, results));
                continue;
            }
            let is_shared = entities.len() > 1 && is_of_code(&subject);
            for entity in &entities {
                let of_entity = results.iter().map(|result| Attributed {
                    entity: entity.clone(),
                    observation: observation(result, imported.observed_at),
                    is_shared,
                    amount: result.amount.clone(),
                });
                attributed.extend(of_entity);
            }
        }
        let is_any_attributed = !attributed.is_empty();
        AttributedResults {
            attributed: fold(attributed),
            unattributed: unattributed(lost, is_any_attributed),
            problems: bounded(problems),
        }
    }

    fn entities<'b>(&'b self, subject: &Subject, lookup: &mut Lookup<'b>) -> Vec<EntityRef> {
        if let Some(entity) = self.entity.as_ref().filter(|_| is_of_code(subject)) {
            return vec![entity.clone()];
        }
        let references = |ids: &[EntityId]| {
            let references = ids.iter().map(|id| self.catalog.entity(*id).reference());
            references.cloned().collect::<Vec<EntityRef>>()
        };
        match subject {
            Subject::File => references(self.home_of_file().0),
            Subject::Path(path) => references(self.holding(path)),
            Subject::Repository(repository, path) => {
                references(self.holding_in(repository, path.trim_start_matches("./")))
            }
            Subject::Entity(text) => self.named(text, lookup).into_iter().collect(),
            Subject::Annotation {
                annotation,
                value,
                or_name,
            } => {
                let by_value = lookup
                    .annotations
                    .entry(*annotation)
                    .or_insert_with(|| self.with_annotation(annotation));
                if let Some(ids) = by_value.get(value.as_str()) {
                    return references(ids);
                }
                let name = or_name.as_deref();
                let named = name.and_then(|name| {
                    self.named(name, lookup)
                        .or_else(|| self.named(&as_entity_name(name), lookup))
                });
                // Who has another value is known by that, whatever it is called.
                let has_none = |reference: &EntityRef| {
                    let entity = self.catalog.get(reference);
                    entity.is_some_and(|entity| entity.annotation(annotation).is_none())
                };
                named.into_iter().filter(has_none).collect()
            }
        }
    }

    /// The entity that a text means.
    fn named<'b>(&'b self, text: &str, lookup: &Lookup<'b>) -> Option<EntityRef> {
        if let Some(reference) = EntityRef::parse(text, Some("component"), "default").ok()
            && self.catalog.id(&reference).is_some()
        {
            return Some(reference);
        }
        // Resolving looks at every entity, and a file may name a million things that are none.
        let text = text.trim();
        let name = RefParts::parse(text).ok()?.name.to_lowercase();
        let names = lookup.names.get_or_init(|| {
            let entities = self.catalog.entities().iter();
            entities.map(|entity| entity.reference().name()).collect()
        });
        if !names.contains(name.as_str()) {
            return None;
        }
        let resolution = self.catalog.resolve(text, &[]).ok()??;
        Some(resolution.entity.reference().clone())
    }

    /// The entities in whose home the file is, and that folder.
    fn home_of_file(&self) -> (&[EntityId], String) {
        let Some((repository, path)) = self.file else {
            return (&[], String::new());
        };
        let own = self.homes.holding(repository, path);
        (own, self.folder(own))
    }

    /// The folder of the home that entities share.
    fn folder(&self, inhabitants: &[EntityId]) -> String {
        let home = inhabitants
            .first()
            .and_then(|id| self.catalog.home(self.catalog.entity(*id)));
        home.map_or_else(String::new, |home| home.folder)
    }

    /// The entities whose home holds a path that the file names. Tools write paths relative to
    /// where they ran: that is the root of the repository, or the home of the file.
    fn holding(&self, path: &str) -> &[EntityId] {
        let Some((repository, _)) = self.file else {
            return &[];
        };
        let (own, own_folder) = self.home_of_file();
        let path = path.replace('\\', "/");
        let path = path.strip_prefix(CONTAINER_CHECKOUT).unwrap_or(&path);
        if let Some(absolute) = as_absolute(path) {
            let name = repository.rsplit('/').next().unwrap_or(repository);
            let slashes = absolute
                .match_indices('/')
                .map(|(at, _)| &absolute[at + 1..]);
            let inside = slashes.filter_map(|rest| rest.strip_prefix(name)?.strip_prefix('/'));
            let mut held = inside.map(|path| self.homes.holding(repository, path));
            let deep = held.find(|held| !held.is_empty() && !self.folder(held).is_empty());
            return deep.unwrap_or(own);
        }
        let path = path.trim_start_matches("./");
        if path.split('/').any(|part| part == "..") {
            return own;
        }
        let held = self.homes.holding(repository, path);
        let is_deep = !held.is_empty() && !self.folder(held).is_empty();
        if is_deep || own_folder.is_empty() {
            held
        } else {
            own
        }
    }

    /// The entities whose home in a repository holds a path.
    fn holding_in(&self, repository: &str, path: &str) -> &[EntityId] {
        let is_own = |(own, _): (&str, &str)| own.eq_ignore_ascii_case(repository);
        if self.file.is_some_and(is_own) {
            return if path.is_empty() {
                self.home_of_file().0
            } else {
                self.holding(path)
            };
        }
        let known = self.catalog.repositories();
        if known.contains_key(repository) {
            return self.homes.holding(repository, path);
        }
        // Forges do not tell names by their case.
        let other = known
            .keys()
            .find(|known| known.eq_ignore_ascii_case(repository));
        other.map_or(&[], |repository| self.homes.holding(repository, path))
    }

    /// Everybody by the values of an annotation, which may be several with commas between them.
    fn with_annotation(&self, annotation: &str) -> ByValue<'_> {
        let mut by_value: ByValue<'_> = HashMap::new();
        for id in self.catalog.ids() {
            let values = self.catalog.entity(id).annotation(annotation);
            let values = values.unwrap_or_default().split(',').map(str::trim);
            for value in values.filter(|value| !value.is_empty()) {
                let ids = by_value.entry(value).or_default();
                if ids.last() != Some(&id) {
                    ids.push(id);
                }
            }
        }
        by_value
    }
}

/// Whether a result is about code, and not about something that it names.
const fn is_of_code(subject: &Subject) -> bool {
    matches!(
        subject,
        Subject::File | Subject::Path(_) | Subject::Repository(..)
    )
}

fn observation(result: &ImportedResult, of_file: Option<jiff::Timestamp>) -> Observation {
    Observation {
        name: result.name.to_string().into(),
        dimensions: result.dimensions.clone(),
        value: result.amount.to_value().unwrap_or_default(),
        observed_at: result.observed_at.or(of_file),
        evidence: result.evidence.clone(),
    }
}

/// What is reported: not that nothing was found in a file whose other results have entities, and
/// all paths at once.
fn unattributed(
    lost: Vec<(Subject, Vec<ImportedResult>)>,
    is_any_attributed: bool,
) -> Vec<Unattributed> {
    let mut reported = Vec::new();
    let mut paths: Option<(String, usize)> = None;
    for (subject, results) in lost {
        let is_nothing = results.iter().all(|result| result.amount.is_nothing());
        let results = results.len();
        match subject {
            Subject::File if is_any_attributed && is_nothing => {}
            Subject::Path(path) => {
                let (folder, before) = match paths {
                    None => (path, 0),
                    Some((folder, before)) => (common_folder(&folder, &path).to_owned(), before),
                };
                paths = Some((folder, before + results));
            }
            subject => reported.push(Unattributed { subject, results }),
        }
    }
    reported.extend(paths.map(|(folder, results)| Unattributed {
        subject: Subject::Path(folder),
        results,
    }));
    reported.sort();
    reported
}

/// The folder that holds two paths.
fn common_folder<'a>(a: &'a str, b: &str) -> &'a str {
    if b == a || b.strip_prefix(a).is_some_and(|rest| rest.starts_with('/')) {
        return a;
    }
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let same = a.get(..same).unwrap_or_default();
    same.rfind('/').map_or("", |at| &same[..at])
}

/// A path of a machine, from its root: `/builds/shop/src`, `C:/work/shop/src`.
fn as_absolute(path: &str) -> Option<&str> {
    let rest = match path.as_bytes() {
        [drive, b':', ..] if drive.is_ascii_alphabetic() => path.get(2..)?,
        _ => path,
    };
    rest.starts_with('/').then_some(rest)
}

/// A name as people write it in the shape of an entity's: `Payments API` is `payments-api`.
fn as_entity_name(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '.' && c != '_');
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-")
}
