//! `devportal facts import`: reads what files of tools say, and keeps it in the ledger.

mod answer;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap_complete::engine::ArgValueCompleter;
use devportal::catalog::Homes;
use devportal::diagnostic::did_you_mean;
use devportal::fact::import::{
    Attributed, Attribution, FORMATS, IMPORT_LIMIT, ImportFile, ImportFormat, combine,
};
use devportal::fact::ledger::{self, Asked, LedgerLocation, RecordRequest, Run};
use devportal::fact::{Dimensions, Observation, Register};
use devportal::model::EntityRef;
use devportal::repo::read_plain;
use devportal::scan::Scan;

use answer::{Answer, ProblemRow, UnattributedRow};

use super::location;
use crate::session::{Session, without_dots};
use crate::{Outcome, completion, environment};

/// What stands for standard input.
const STANDARD_INPUT: &str = "-";

/// Options of `facts import`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "--format names the format of the files; without it each file is asked what it \
                  looks like. --json prints the answer as JSON."
)]
pub(crate) struct Args {
    /// The files; "-" is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The entity that the files are about, where they do not say it
    #[arg(long, value_name = "REF", add = ArgValueCompleter::new(completion::entity))]
    entity: Option<String>,
    /// Show what would be kept, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Who writes; without it, a name of this clone, work tree and branch
    #[arg(long, value_name = "NAME")]
    writer: Option<String>,
}

/// What was read of all files.
#[derive(Default)]
struct Reading {
    by_format: BTreeMap<usize, Vec<Attributed>>,
    unattributed: Vec<UnattributedRow>,
    problems: Vec<ProblemRow>,
    /// The formats of files that could not be read, of which nobody knows what they would say.
    is_incomplete: bool,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let named = format_of_files(session)?;
    let is_json = session.globals().json;
    let scan = session.scan()?;
    let entity = match &args.entity {
        None => None,
        Some(text) => match session.entity(&scan, text, &[])? {
            Some(id) => Some(scan.catalog.entity(id).reference().clone()),
            None => return Ok(session.outcome_of_nothing(&scan)),
        },
    };
    let register = Session::register(&scan);
    let mut reading = Reading::default();
    let homes = scan.catalog.homes();
    let sources = Sources {
        scan: &scan,
        homes: &homes,
        register: &register,
        entity,
        named,
        base: session.base()?,
    };
    for file in &args.files {
        reading.read(file, &sources, session);
    }
    let location = location(session, &scan)?;
    let mut answer = Answer {
        schema: "devportal.facts-import/v1",
        complete: !reading.is_incomplete,
        dry_run: args.dry_run,
        runs: Vec::new(),
        values: Vec::new(),
        unattributed: reading.unattributed,
        problems: reading.problems,
    };
    let recording = Recording {
        args,
        scan: &scan,
        register: &register,
        location: &location,
        is_complete: answer.complete,
    };
    for (index, attributed) in reading.by_format {
        if let Some(format) = FORMATS.get(index) {
            recording.record(format, attributed, &mut answer, session)?;
        }
    }
    answer::write(session, &answer, is_json)?;
    Ok(answer::outcome(&answer))
}

/// The format that `--format` names; `--json` is about the answer.
fn format_of_files(session: &Session) -> Result<Option<usize>> {
    let Some(name) = session.globals().format.as_deref() else {
        return Ok(None);
    };
    let found = FORMATS.iter().position(|format| format.name == name);
    if found.is_some() {
        return Ok(found);
    }
    let names = FORMATS.iter().map(|format| format.name);
    let help = did_you_mean(name, names.clone()).map_or_else(
        || format!("use {}", names.collect::<Vec<_>>().join(", ")),
        |meant| format!("did you mean \"{meant}\"?"),
    );
    bail!("there is no format \"{name}\" of files: {help}");
}

/// What it takes to find out what a file is about.
struct Sources<'a> {
    scan: &'a Scan,
    homes: &'a Homes,
    register: &'a Register,
    entity: Option<EntityRef>,
    named: Option<usize>,
    base: PathBuf,
}

impl Reading {
    fn read(&mut self, file: &Path, sources: &Sources<'_>, session: &Session) {
        let shown = file.to_string_lossy().into_owned();
        let unread = |message: String, line| ProblemRow {
            file: shown.clone(),
            line,
            message,
            help: None,
            unread: true,
        };
        let bytes = match bytes(file, &sources.base) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.is_incomplete = true;
                return self.problems.push(unread(error.to_string(), None));
            }
        };
        let import = ImportFile {
            path: &shown,
            bytes: &bytes,
            now: session.now(),
        };
        let mut formats = FORMATS.iter();
        let guessed = || formats.position(|format| (format.recognises)(&import));
        let Some(index) = sources.named.or_else(guessed) else {
            self.is_incomplete = true;
            let mut problem = unread("looks like no format that is known".to_owned(), None);
            problem.help = Some("name it with --format".to_owned());
            return self.problems.push(problem);
        };
        let Some(format) = FORMATS.get(index) else {
            return;
        };
        let imported = match (format.read)(&import) {
            Ok(imported) => imported,
            Err(error) => {
                self.is_incomplete = true;
                return self.problems.push(unread(error.message, error.line));
            }
        };
        let place = sources.place(file);
        let attribution = Attribution {
            catalog: &sources.scan.catalog,
            homes: sources.homes,
            register: sources.register,
            entity: sources.entity.clone(),
            file: place
                .as_ref()
                .map(|(repository, path)| (&**repository, &**path)),
        };
        let results = attribution.attribute(imported);
        self.by_format
            .entry(index)
            .or_default()
            .extend(results.attributed);
        let lost = results.unattributed.into_iter();
        self.unattributed.extend(lost.map(|lost| UnattributedRow {
            file: shown.clone(),
            subject: lost.subject.to_string(),
            results: lost.results,
        }));
        let problems = results.problems.into_iter();
        self.problems.extend(problems.map(|problem| ProblemRow {
            file: shown.clone(),
            line: problem.line,
            message: problem.message,
            help: problem.help,
            unread: false,
        }));
    }
}

impl Sources<'_> {
    /// The repository in which a file lies, and its path there.
    fn place(&self, file: &Path) -> Option<(String, String)> {
        let absolute = without_dots(&self.base.join(file));
        let absolute = absolute.canonicalize().unwrap_or(absolute);
        let roots = self.scan.repositories.iter();
        let inside = roots.filter_map(|repository| {
            let root = repository.root.canonicalize().ok()?;
            let path = absolute.strip_prefix(&root).ok()?;
            let path = path.to_string_lossy().replace('\\', "/");
            Some((
                root.components().count(),
                repository.identity.to_string(),
                path,
            ))
        });
        let (_, repository, path) = inside.max_by_key(|(depth, _, _)| *depth)?;
        Some((repository, path))
    }
}

fn bytes(file: &Path, base: &Path) -> Result<Vec<u8>> {
    if file == Path::new(STANDARD_INPUT) {
        let mut bytes = Vec::new();
        let input = std::io::stdin().lock();
        input.take(IMPORT_LIMIT + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > IMPORT_LIMIT {
            bail!("has more than the {} MiB that are read", IMPORT_LIMIT >> 20);
        }
        return Ok(bytes);
    }
    Ok(read_plain(&base.join(file), IMPORT_LIMIT)?)
}

/// How runs are recorded.
struct Recording<'a> {
    args: &'a Args,
    scan: &'a Scan,
    register: &'a Register,
    location: &'a LedgerLocation,
    is_complete: bool,
}

impl Recording<'_> {
    /// Records what all files of a format say: a run about the entities that they speak of.
    fn record(
        &self,
        format: &'static ImportFormat,
        attributed: Vec<Attributed>,
        answer: &mut Answer,
        session: &Session,
    ) -> Result<()> {
        let entities: BTreeSet<EntityRef> = attributed.iter().map(|it| it.entity.clone()).collect();
        // A scan that failed says neither that something is there nor that it is not.
        let said = attributed.iter().map(what).collect::<BTreeSet<_>>();
        let combined = combine(attributed);
        let known = combined.iter().map(what).collect();
        let unanswered = said.difference(&known).map(|(entity, ..)| entity.clone());
        let unanswered: BTreeSet<EntityRef> = unanswered.collect();
        let combined = combined.into_iter();
        let observations: Vec<(EntityRef, Observation)> =
            combined.map(|it| (it.entity, it.observation)).collect();
        if observations.is_empty() {
            return Ok(());
        }
        let arrived: BTreeSet<&str> = observations.iter().map(|it| &*it.1.name).collect();
        let arrived: Vec<&str> = arrived.into_iter().collect();
        // A file of any facts says nothing of those that it does not name.
        let facts = if format.gives.contains(&"*") {
            arrived.as_slice()
        } else {
            format.gives
        };
        let now = session.now();
        let times = observations.iter().map(|it| it.1.observed_at);
        let written_at = times.collect::<Option<Vec<_>>>();
        let given = self.args.writer.clone().or_else(environment::writer);
        let recorded = ledger::record(RecordRequest {
            location: self.location,
            writer: given.as_deref(),
            register: self.register,
            catalog: &self.scan.catalog,
            now,
            run: Run {
                source: format.source,
                query: None,
                at: written_at
                    .and_then(|times| times.into_iter().max())
                    .unwrap_or(now),
                asked: Asked::Entities(&entities),
                facts: Some(facts),
                is_complete: self.is_complete && unanswered.is_empty(),
                unanswered: &unanswered,
            },
            observations: observations.clone(),
            is_dry_run: self.args.dry_run,
        })
        .context("nothing was kept")?;
        let written = self.location.folder().join(&recorded.file);
        let file = session.workspace()?.relative(&written);
        answer.take(format, &recorded, file, entities.len(), observations);
        Ok(())
    }
}

/// Of what something is said, whatever it is.
fn what(attributed: &Attributed) -> (EntityRef, String, Dimensions) {
    let Observation {
        name, dimensions, ..
    } = &attributed.observation;
    (
        attributed.entity.clone(),
        name.to_string(),
        dimensions.clone(),
    )
}
