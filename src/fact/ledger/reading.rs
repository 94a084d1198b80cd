//! From files to lines: what of a ledger a question needs.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;
use serde_json::Value;

use super::entities::LedgerEntities;
use super::line::{self, Line, ValueLine};
use super::location::{LARGEST_FILE, LedgerFile, LedgerLocation};
use super::problem::{Complaint, Complaints};
use super::run::{ReadRun, is_meant};
use crate::diagnostic::Diagnostic;
use crate::fact::{Dimensions, FactSelection, Register, ValueType};
use crate::repo::FolderListing;

/// Clocks of other machines may be so much ahead.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(5);
/// The most lines of a file that are read.
const MOST_LINES: usize = 4_000_000;

/// What is asked of a ledger.
pub(super) struct Question<'a> {
    pub(super) entities: &'a LedgerEntities,
    pub(super) register: &'a Register,
    pub(super) selection: &'a FactSelection,
    /// Later lines do not count.
    pub(super) now: Timestamp,
    /// Whether later lines are strange, because it is the present that is asked about.
    pub(super) is_present: bool,
    /// Whether every entity is asked about, so that others are worth a word.
    pub(super) is_whole: bool,
}

/// What tells values from each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) entity: Arc<crate::model::EntityRef>,
    pub(super) name: Arc<str>,
    pub(super) dimensions: Dimensions,
    pub(super) source: Arc<str>,
}

/// Where a line is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LinePlace {
    pub(super) file: Arc<LedgerFile>,
    pub(super) line: u32,
}

/// A value that was read.
#[derive(Clone, Debug)]
pub(super) struct ReadLine {
    pub(super) at: Timestamp,
    /// Whether it has the present name of its entity.
    pub(super) is_present_name: bool,
    pub(super) place: LinePlace,
    pub(super) value: Value,
    pub(super) evidence: Option<Arc<str>>,
}

impl ReadLine {
    /// What is newer comes later; of one time there is an order, too.
    pub(super) fn order(&self) -> (Timestamp, bool, &LinePlace) {
        (self.at, self.is_present_name, &self.place)
    }
}

/// The newest line of each key, and all runs.
#[derive(Default)]
pub(super) struct Newest {
    pub(super) lines: HashMap<Key, ReadLine>,
    pub(super) runs: Vec<ReadRun>,
    pub(super) complaints: Complaints,
}

impl Newest {
    fn add(&mut self, key: Key, line: ReadLine) {
        match self.lines.entry(key) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(line);
            }
            std::collections::hash_map::Entry::Occupied(mut entry) => {
                if line.order() > entry.get().order() {
                    entry.insert(line);
                }
            }
        }
    }

    fn and(mut self, other: Self) -> Self {
        let (mut all, other_lines) = if self.lines.len() < other.lines.len() {
            let lines = std::mem::take(&mut self.lines);
            let larger = Self {
                lines: other.lines,
                ..self
            };
            (larger, lines)
        } else {
            (self, other.lines)
        };
        for (key, line) in other_lines {
            all.add(key, line);
        }
        all.runs.extend(other.runs);
        all.complaints.extend(other.complaints);
        all
    }
}

/// The files of a listing, and what of it cannot be read.
pub(super) fn files(
    location: &LedgerLocation,
    listing: &FolderListing,
) -> (Vec<Arc<LedgerFile>>, Vec<Diagnostic>) {
    let files = listing.files().iter();
    let files = files.filter_map(|file| LedgerFile::of(&file.path).map(Arc::new));
    (files.collect(), location.problems(listing))
}

/// Reads the newest lines of all files.
pub(super) fn newest(
    location: &LedgerLocation,
    listing: &FolderListing,
    question: &Question<'_>,
) -> (Newest, Vec<Diagnostic>) {
    let (files, mut problems) = files(location, listing);
    let read = files
        .par_iter()
        .fold(
            || (Newest::default(), Vec::new()),
            |(mut newest, mut problems), file| {
                match listing.read(&file.path, LARGEST_FILE) {
                    Ok(bytes) => {
                        let mut reading = FileReading::new(file, question);
                        let lines = &mut newest;
                        reading.read(&bytes, &mut |key, line| lines.add(key, line));
                        newest.runs.append(&mut reading.runs);
                        newest.complaints.extend(reading.complaints);
                    }
                    Err(error) => {
                        problems.push(location.unreadable(&file.path, &error.to_string()));
                    }
                }
                (newest, problems)
            },
        )
        .reduce(
            || (Newest::default(), Vec::new()),
            |(newest, mut problems), (other, more)| {
                problems.extend(more);
                (newest.and(other), problems)
            },
        );
    let (newest, unreadable) = read;
    problems.extend(unreadable);
    (newest, problems)
}

/// All lines of some keys, in their order.
pub(super) fn lines_of(
    listing: &FolderListing,
    question: &Question<'_>,
    is_asked: &(dyn Fn(&Key) -> bool + Sync),
) -> BTreeMap<Key, Vec<ReadLine>> {
    let files: Vec<Arc<LedgerFile>> = listing
        .files()
        .iter()
        .filter_map(|file| LedgerFile::of(&file.path).map(Arc::new))
        .collect();
    let read: Vec<Vec<(Key, ReadLine)>> = files
        .par_iter()
        .map(|file| {
            let mut lines = Vec::new();
            if let Ok(bytes) = listing.read(&file.path, LARGEST_FILE) {
                FileReading::new(file, question).read(&bytes, &mut |key, line| {
                    if is_asked(&key) {
                        lines.push((key, line));
                    }
                });
            }
            lines
        })
        .collect();
    let mut by_key: BTreeMap<Key, Vec<ReadLine>> = BTreeMap::new();
    for (key, line) in read.into_iter().flatten() {
        by_key.entry(key).or_default().push(line);
    }
    for lines in by_key.values_mut() {
        lines.sort_by(|a, b| a.order().cmp(&b.order()));
    }
    by_key
}

/// What a name means in this file.
#[derive(Clone)]
enum NamedFact {
    Declared(Arc<str>, ValueType),
    Unknown,
    NotAsked,
}

/// A file while it is read.
struct FileReading<'a> {
    file: &'a Arc<LedgerFile>,
    question: &'a Question<'a>,
    names: HashMap<Box<str>, NamedFact>,
    wanted: Option<&'a BTreeSet<String>>,
    runs: Vec<ReadRun>,
    complaints: Complaints,
}

type Sink<'a> = &'a mut dyn FnMut(Key, ReadLine);

impl<'a> FileReading<'a> {
    fn new(file: &'a Arc<LedgerFile>, question: &'a Question<'a>) -> Self {
        Self {
            file,
            question,
            names: HashMap::new(),
            wanted: match question.selection {
                FactSelection::All => None,
                FactSelection::Names(names) => Some(names),
            },
            runs: Vec::new(),
            complaints: Complaints::default(),
        }
    }

    fn read(&mut self, bytes: &[u8], sink: Sink<'_>) {
        let mut number = 0;
        let is_torn = !bytes.is_empty() && !bytes.ends_with(b"\n");
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                for line in text.lines() {
                    number += 1;
                    if !self.read_line(line, number, sink) {
                        break;
                    }
                }
            }
            // One bad byte does not hide the other lines.
            Err(_) => {
                for line in bytes.split(|byte| *byte == b'\n') {
                    number += 1;
                    match std::str::from_utf8(line) {
                        Ok(text) => {
                            if !self.read_line(text, number, sink) {
                                break;
                            }
                        }
                        Err(_) => self.complain(number, Complaint::Line("is not UTF-8")),
                    }
                }
            }
        }
        if is_torn {
            self.complain(number, Complaint::Torn);
        }
    }

    fn complain(&mut self, number: u32, complaint: Complaint<'_>) {
        let place = LinePlace {
            file: Arc::clone(self.file),
            line: number,
        };
        self.complaints.add(complaint, place);
    }

    /// Reads a line; whether more of the file is read.
    fn read_line(&mut self, text: &str, number: u32, sink: Sink<'_>) -> bool {
        if number as usize > MOST_LINES {
            self.complain(number, Complaint::TooManyLines);
            return false;
        }
        if text.is_empty() {
            return true;
        }
        // Most lines are about something else: they are told by their beginning.
        if let Some((entity, fact)) = line::head(text)
            && ((!self.question.is_whole && !self.question.entities.takes(entity))
                || !self.wants(fact))
        {
            return true;
        }
        match Line::parse(text) {
            Ok(Line::Value(line)) => self.take(line, number, sink),
            Ok(Line::Run(run)) => {
                if self.is_in_time(run.at, number) {
                    let run = ReadRun::new(&run, self.file, self.question.entities);
                    self.runs.push(run);
                }
            }
            Err(reason) => self.complain(number, Complaint::Line(&reason)),
        }
        true
    }

    fn wants(&self, fact: &str) -> bool {
        self.wanted.is_none_or(|names| {
            names.contains(fact)
                || names
                    .iter()
                    .any(|name| name.ends_with('*') && is_meant(fact, name))
        })
    }

    fn is_in_time(&mut self, at: Timestamp, number: u32) -> bool {
        let now = self.question.now;
        let is_strange = self.question.is_present
            && at > now.saturating_add(CLOCKS_DIFFER).unwrap_or(Timestamp::MAX);
        if is_strange {
            self.complain(number, Complaint::FromTheFuture);
        }
        at <= now
    }

    fn named(&mut self, fact: &str) -> NamedFact {
        if let Some(known) = self.names.get(fact) {
            return known.clone();
        }
        let named = match self.question.register.declaration(fact) {
            _ if !self.wants(fact) => NamedFact::NotAsked,
            Some(declared) => NamedFact::Declared(Arc::from(fact), declared.value_type),
            None => NamedFact::Unknown,
        };
        self.names.insert(Box::from(fact), named.clone());
        named
    }

    fn take(&mut self, line: ValueLine<'_>, number: u32, sink: Sink<'_>) {
        let Some(entity) = self.question.entities.get(line.entity) else {
            if self.question.is_whole {
                self.complain(number, Complaint::UnknownEntity(line.entity));
            }
            return;
        };
        let (name, value_type) = match self.named(line.fact) {
            NamedFact::Declared(name, value_type) => (name, value_type),
            NamedFact::Unknown => return self.complain(number, Complaint::UnknownFact(line.fact)),
            NamedFact::NotAsked => return,
        };
        if !value_type.fits(&line.value) {
            return self.complain(number, Complaint::WrongType(line.fact, value_type.name()));
        }
        if !self.is_in_time(line.at, number) {
            return;
        }
        let key = Key {
            entity: entity.reference,
            name,
            dimensions: line.dimensions.into_iter().flatten().collect(),
            source: Arc::clone(&self.file.source),
        };
        let read = ReadLine {
            at: line.at,
            is_present_name: entity.is_present_name,
            place: LinePlace {
                file: Arc::clone(self.file),
                line: number,
            },
            value: line.value,
            evidence: line.evidence.map(|text| Arc::from(&*text)),
        };
        sink(key, read);
    }
}
