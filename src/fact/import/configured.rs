//! Files of tools that a `devportal.yaml` names: `imports`.
//!
//! They are read at the moment that is looked at, and kept nowhere. A repository speaks for the
//! entities that are at home in it or described by it, the organisation's file for all.

use std::collections::HashSet;
use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher};
use jiff::Timestamp;
use rayon::prelude::*;

use super::document::counted;
use super::{
    Attributed, AttributedResults, Attribution, FORMATS, IMPORT_LIMIT, ImportError, ImportFile,
    ImportFormat, combine,
};
use crate::catalog::Homes;
use crate::config::{Import, Setting};
use crate::diagnostic::{Diagnostic, did_you_mean, register};
use crate::fact::{Fact, FactRequest, Register, TimeToLive};
use crate::model::{Entity, EntityRef, Place, Span};
use crate::repo::{FileKind, LastChange, ReadError, Repository, Snapshot, SnapshotRequest};

/// Files that one pattern may name.
const MOST_FILES: usize = 2_000;
/// Things of one file that are about nothing in the catalog and told one by one.
const MOST_TOLD: usize = 5;

/// What the configuration of a repository imports.
struct Imports<'a> {
    repository: &'a Repository,
    setting: &'a Setting<Vec<Import>>,
    /// Whether it is the organisation's, and speaks for all entities.
    is_of_organisation: bool,
}

/// One import, understood.
struct Wanted<'a> {
    import: &'a Import,
    format: &'static ImportFormat,
    pattern: GlobMatcher,
    entity: Option<EntityRef>,
}

/// Reads imports of one repository.
struct Importer<'a> {
    request: &'a FactRequest<'a>,
    register: &'a Register,
    homes: &'a Homes,
    imports: &'a Imports<'a>,
    problems: Vec<Diagnostic>,
}

/// Facts of the files that configurations name.
pub(in crate::fact) fn read_configured(
    request: &FactRequest<'_>,
    register: &Register,
) -> (Vec<Fact>, Vec<Diagnostic>) {
    let all = imports(request);
    if all.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let homes = request.catalog.homes();
    let asked = request.entities.only().map(|ids| {
        let entities = ids.iter().map(|id| request.catalog.entity(*id));
        let references = entities.map(Entity::reference);
        references.collect::<HashSet<&EntityRef>>()
    });
    let read: Vec<(Vec<Fact>, Vec<Diagnostic>)> = all
        .par_iter()
        .map(|imports| {
            let importer = Importer {
                request,
                register,
                homes: &homes,
                imports,
                problems: Vec::new(),
            };
            importer.read()
        })
        .collect();
    let (mut facts, mut problems) = (Vec::new(), Vec::new());
    for (found, said) in read {
        let is_asked = |fact: &Fact| {
            let asked = asked.as_ref();
            asked.is_none_or(|asked| asked.contains(&fact.entity))
        };
        facts.extend(found.into_iter().filter(is_asked));
        problems.extend(said);
    }
    (facts, problems)
}

/// The imports of all repositories, in their order.
fn imports<'a>(request: &FactRequest<'a>) -> Vec<Imports<'a>> {
    let config = request.config;
    let organisation = config.organisation().facts.imports.as_ref();
    let all = request.repositories.iter().filter_map(|repository| {
        let is_in =
            |setting: &&Setting<_>| setting.origin.file.repository() == &*repository.identity;
        let own = config.repository(&repository.identity);
        let own = own.and_then(|settings| settings.facts.imports.as_ref());
        let of_organisation = organisation.filter(is_in);
        Some(Imports {
            repository,
            setting: of_organisation.or(own)?,
            is_of_organisation: of_organisation.is_some(),
        })
    });
    all.collect()
}

impl Importer<'_> {
    fn read(mut self) -> (Vec<Fact>, Vec<Diagnostic>) {
        let imports = &self.imports.setting.value;
        let wanted: Vec<Wanted<'_>> = imports
            .iter()
            .filter_map(|import| self.wanted(import))
            .collect();
        let is_needed = |wanted: &Wanted<'_>| {
            let selection = &self.request.selection;
            selection.wants_any(wanted.format.gives)
        };
        let wanted: Vec<Wanted<'_>> = wanted.into_iter().filter(is_needed).collect();
        if wanted.is_empty() {
            return (Vec::new(), self.problems);
        }
        let is_named = |path: &[u8]| {
            let path = String::from_utf8_lossy(path);
            wanted.iter().any(|it| it.pattern.is_match(&*path))
        };
        let snapshot = self.imports.repository.snapshot(&SnapshotRequest {
            moment: self.request.moment,
            untracked: &is_named,
            untracked_at_root: &[],
        });
        let mut facts = Vec::new();
        for format in FORMATS {
            let mut attributed = Vec::new();
            let of_format = wanted.iter().filter(|it| it.format.name == format.name);
            for wanted in of_format {
                attributed.extend(self.files(wanted, &snapshot));
            }
            let combined = combine(attributed).into_iter();
            facts.extend(combined.map(|result| self.fact(format, result)));
        }
        (facts, self.problems)
    }

    /// Understands an import, or says what is wrong with it.
    fn wanted<'b>(&mut self, import: &'b Import) -> Option<Wanted<'b>> {
        let Some(format) = ImportFormat::named(&import.format) else {
            let names = FORMATS.iter().map(|format| format.name);
            let help = did_you_mean(&import.format, names.clone()).map_or_else(
                || format!("formats are {}", names.collect::<Vec<&str>>().join(", ")),
                |meant| format!("did you mean \"{meant}\"?"),
            );
            let message = format!("there is no format \"{}\" of files", import.format);
            self.mistake(import, message, help);
            return None;
        };
        let pattern = GlobBuilder::new(&import.files)
            .literal_separator(true)
            .build();
        let Ok(pattern) = pattern else {
            let message = format!("\"{}\" is no pattern of paths", import.files);
            self.mistake(import, message, "write it as reports/**/*.xml".to_owned());
            return None;
        };
        let entity = match &import.entity {
            None => None,
            Some(text) => {
                let resolved = self.request.catalog.resolve(text, &[]).ok().flatten();
                let Some(resolved) = resolved else {
                    let message = format!("\"{text}\" is no entity of the catalog");
                    let help = "write a reference, as component:payments-api".to_owned();
                    self.mistake(import, message, help);
                    return None;
                };
                Some(resolved.entity.reference().clone())
            }
        };
        Some(Wanted {
            import,
            format,
            pattern: pattern.compile_matcher(),
            entity,
        })
    }

    /// What the files of an import say.
    fn files(&mut self, wanted: &Wanted<'_>, snapshot: &Snapshot) -> Vec<Attributed> {
        let files = snapshot.files().iter();
        let paths = files.filter_map(|file| {
            let path = std::str::from_utf8(&file.path).ok()?;
            (file.kind == FileKind::File && wanted.pattern.is_match(path)).then_some(path)
        });
        let paths: Vec<&str> = paths.take(MOST_FILES + 1).collect();
        let pattern = &wanted.import.files;
        if paths.is_empty() {
            let message = format!("\"{pattern}\" names no file of the repository");
            let help = "patterns are relative to the root of the repository; commit the files";
            self.problem(
                self.imports.setting.origin.clone(),
                message,
                Some(help),
                pattern,
            );
        }
        let mut attributed = Vec::new();
        for path in paths.iter().take(MOST_FILES) {
            attributed.extend(self.file(wanted, path, snapshot));
        }
        if paths.len() > MOST_FILES {
            let message = format!("\"{pattern}\" names more than {MOST_FILES} files");
            let help = "the first ones are read; write a narrower pattern";
            self.problem(
                self.imports.setting.origin.clone(),
                message,
                Some(help),
                pattern,
            );
        }
        attributed
    }

    fn file(&mut self, wanted: &Wanted<'_>, path: &str, snapshot: &Snapshot) -> Vec<Attributed> {
        let repository = self.imports.repository;
        let place = Place::file(repository.file(path.as_bytes()));
        let bytes = match snapshot.read_up_to(path.as_bytes(), IMPORT_LIMIT) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = format!("the file {error}");
                let mut problem = unread(place, message, path);
                problem.hides_something |= error == ReadError::NotInSight;
                self.problems.push(problem);
                return Vec::new();
            }
        };
        let read = (wanted.format.read)(&ImportFile {
            path,
            bytes: &bytes,
            now: self.request.now,
        });
        let mut imported = match read {
            Ok(imported) => imported,
            Err(ImportError { message, line }) => {
                let message = format!("this is not {}: {message}", wanted.format.name);
                let problem = unread(on_line(place, line), message, path);
                self.problems.push(problem);
                return Vec::new();
            }
        };
        imported.observed_at = imported.observed_at.or_else(|| self.changed(path));
        let attribution = Attribution {
            catalog: self.request.catalog,
            homes: self.homes,
            register: self.register,
            entity: wanted.entity.clone(),
            file: Some((&repository.identity, path)),
        };
        let results = attribution.attribute(imported);
        self.tell(&results, &place, path);
        let mut attributed = self.of_its_own(results.attributed, place.clone(), path);
        for result in &mut attributed {
            let evidence = &mut result.observation.evidence;
            evidence.get_or_insert_with(|| place.file.path().to_owned());
        }
        attributed
    }

    /// When the file got its content, where that is committed.
    fn changed(&self, path: &str) -> Option<Timestamp> {
        let repository = self.imports.repository;
        match repository.last_change(path, self.request.moment) {
            LastChange::Committed(change) => {
                let at = Timestamp::from_second(change.seconds).ok()?;
                Some(at.min(self.request.now))
            }
            LastChange::Uncommitted | LastChange::Unknown(_) => None,
        }
    }

    /// Says what a file has that is about nothing, or cannot be.
    fn tell(&mut self, results: &AttributedResults, place: &Place, path: &str) {
        for problem in &results.problems {
            let place = on_line(place.clone(), problem.line);
            let help = problem.help.as_deref();
            self.problem(place, problem.message.clone(), help, path);
        }
        let unattributed = &results.unattributed;
        for lost in unattributed.iter().take(MOST_TOLD) {
            let message = format!("what is said of {} is about no entity", lost.subject);
            let help = "annotate the entity, or name it with \"entity\" beside the pattern";
            self.problem(place.clone(), message, Some(help), path);
        }
        if let Some(more) = unattributed
            .len()
            .checked_sub(MOST_TOLD)
            .filter(|it| *it > 0)
        {
            let message = format!("what is said of {more} further things is about no entity");
            self.problem(place.clone(), message, None, path);
        }
    }

    /// What a repository may say: of the entities that are at home in it or described by it.
    fn of_its_own(
        &mut self,
        attributed: Vec<Attributed>,
        place: Place,
        path: &str,
    ) -> Vec<Attributed> {
        if self.imports.is_of_organisation {
            return attributed;
        }
        let identity = &*self.imports.repository.identity;
        let catalog = self.request.catalog;
        let is_own = |result: &Attributed| {
            catalog.get(&result.entity).is_some_and(|entity| {
                let is_described = entity.source().file.repository() == identity;
                let home = catalog.home(entity);
                is_described || home.is_some_and(|home| &*home.repository == identity)
            })
        };
        let before = attributed.len();
        let foreign = attributed.iter().find(|result| !is_own(result));
        let foreign = foreign.map(|result| result.entity.to_string());
        let own: Vec<Attributed> = attributed.into_iter().filter(is_own).collect();
        if let Some(foreign) = foreign {
            let left_out = counted(before - own.len(), "fact is", "facts are");
            let message =
                format!("\"{foreign}\" belongs to another repository; {left_out} left out");
            let help = "let the organisation's devportal.yaml import the file";
            self.problem(place, message, Some(help), path);
        }
        own
    }

    fn fact(&self, format: &ImportFormat, result: Attributed) -> Fact {
        let observation = result.observation;
        let observed_at = observation.observed_at.unwrap_or(self.request.now);
        let declaration = self.register.declaration(&observation.name);
        let valid_until = match declaration.map(|it| it.time_to_live) {
            Some(TimeToLive::Lasting(time)) => observed_at.checked_add(time).ok(),
            Some(TimeToLive::State) | None => None,
        };
        Fact {
            entity: result.entity,
            name: Arc::from(observation.name),
            dimensions: observation.dimensions,
            value: observation.value,
            observed_at,
            valid_until,
            source: Arc::from(format.source),
            evidence: observation.evidence.map(Arc::from),
            is_shared: result.is_shared,
        }
    }

    /// A mistake in the configuration.
    fn mistake(&mut self, import: &Import, message: String, help: String) {
        let mistake = Diagnostic::new(&register::CONFIGURATION, message)
            .help(help)
            .subject(import.files.as_str())
            .at(self.imports.setting.origin.clone());
        self.problems.push(mistake);
    }

    fn problem(&mut self, place: Place, message: String, help: Option<&str>, subject: &str) {
        let problem = unread(place, message, subject);
        self.problems.push(match help {
            Some(help) => problem.help(help),
            None => problem,
        });
    }
}

fn unread(place: Place, message: String, subject: &str) -> Diagnostic {
    Diagnostic::new(&register::IMPORT_UNREAD, message)
        .subject(subject)
        .at(place)
}

fn on_line(place: Place, line: Option<u32>) -> Place {
    match line {
        Some(line) => Place::span(place.file, Span::on_line(line, 1, 0)),
        None => place,
    }
}
