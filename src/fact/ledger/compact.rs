//! Making old files smaller: of each fact the last value of a day stays, and of the runs of a day
//! those that no later one stands for.
//!
//! What is known at the end of any day is the same as before. A line that a run of another writer
//! renewed before it was overwritten stays, too, and so does what cannot be read.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use anyhow::Result;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::append::LockedLedger;
use super::line::{Line, LineDimensions, RunLine, ValueLine};
use super::location::{LARGEST_FILE, LedgerFile, LedgerLocation};
use crate::diagnostic::Diagnostic;
use crate::repo::FolderListing;

/// So many later lines are looked at for one that stands for a line.
const MOST_LATER: usize = 1000;

/// What is made smaller.
pub struct CompactRequest<'a> {
    /// Where.
    pub location: &'a LedgerLocation,
    /// Files of earlier days are made smaller.
    pub before: Date,
    /// Whether nothing is written.
    pub is_dry_run: bool,
}

/// What was made smaller.
#[derive(Debug, Default)]
pub struct Compacted {
    /// Files that were looked at.
    pub files: usize,
    /// Files that were written anew.
    pub written: usize,
    /// Lines that are not there any more.
    pub lines: usize,
    /// Bytes of the files that were written anew, before.
    pub bytes_before: u64,
    /// Bytes of these files now.
    pub bytes_after: u64,
    /// What could not be read, and stays as it is.
    pub problems: Vec<Diagnostic>,
}

/// Makes old files smaller.
///
/// # Errors
/// When the ledger cannot be locked, or a file cannot be written; each file is as it was, or as it
/// shall be.
pub fn compact(request: &CompactRequest<'_>) -> Result<Compacted> {
    let location = request.location;
    let mut done = Compacted::default();
    // A folder is not made only to find nothing in it.
    if location.list_written(None).files().is_empty() {
        return Ok(done);
    }
    let ledger = if request.is_dry_run {
        None
    } else {
        Some(LockedLedger::open(location)?)
    };
    let listing = location.list_written(None);
    done.problems = location.problems(&listing);
    let mut by_source: BTreeMap<Arc<str>, Vec<LedgerFile>> = BTreeMap::new();
    for file in listing.files() {
        if let Some(file) = LedgerFile::of(&file.path) {
            by_source
                .entry(Arc::clone(&file.source))
                .or_default()
                .push(file);
        }
    }
    for files in by_source.values() {
        if files.iter().any(|file| file.day < request.before) {
            compact_source(request, &listing, files, ledger.as_ref(), &mut done)?;
        }
    }
    Ok(done)
}

fn compact_source(
    request: &CompactRequest<'_>,
    listing: &FolderListing,
    files: &[LedgerFile],
    ledger: Option<&LockedLedger>,
    done: &mut Compacted,
) -> Result<()> {
    let known = KnownOfOthers::of(listing, files);
    for file in files.iter().filter(|file| file.day < request.before) {
        let bytes = match listing.read(&file.path, LARGEST_FILE) {
            Ok(bytes) => bytes,
            Err(error) => {
                let problem = request.location.unreadable(&file.path, &error.to_string());
                done.problems.push(problem);
                continue;
            }
        };
        done.files += 1;
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let kept = kept(&lines, &known.times_of_others(file));
        let smaller: Vec<u8> = kept.iter().flat_map(|line| line.iter().copied()).collect();
        if smaller.len() == bytes.len() {
            continue;
        }
        if let Some(ledger) = ledger {
            ledger.replace(file, &smaller)?;
        }
        done.written += 1;
        done.lines += lines.len() - kept.len();
        done.bytes_before += bytes.len() as u64;
        done.bytes_after += smaller.len() as u64;
    }
    Ok(())
}

/// Up to when runs knew the lines of other writers, by the writer of the run.
struct KnownOfOthers(BTreeMap<Arc<str>, BTreeSet<Timestamp>>);

impl KnownOfOthers {
    fn of(listing: &FolderListing, files: &[LedgerFile]) -> Self {
        let mut known: BTreeMap<Arc<str>, BTreeSet<Timestamp>> = BTreeMap::new();
        for file in files {
            let Ok(bytes) = listing.read(&file.path, LARGEST_FILE) else {
                continue;
            };
            for line in bytes.split(|byte| *byte == b'\n') {
                if line.starts_with(b"{\"run\"")
                    && let Some(Line::Run(run)) = parsed(line)
                    && let Some(after) = run.after
                {
                    known
                        .entry(Arc::clone(&file.writer))
                        .or_default()
                        .insert(after);
                }
            }
        }
        Self(known)
    }

    fn times_of_others(&self, file: &LedgerFile) -> BTreeSet<Timestamp> {
        let others = self.0.iter().filter(|(writer, _)| **writer != file.writer);
        others
            .flat_map(|(_, times)| times.iter().copied())
            .collect()
    }
}

fn parsed(line: &[u8]) -> Option<Line<'_>> {
    let text = std::str::from_utf8(line).ok()?;
    Line::parse(text.trim_end_matches(['\n', '\r'])).ok()
}

/// What tells values of a day from each other.
type DayKey<'a> = (&'a str, &'a str, Option<LineDimensions<'a>>, Date);

/// The lines that stay, in their order.
fn kept<'a>(lines: &[&'a [u8]], known_times: &BTreeSet<Timestamp>) -> Vec<&'a [u8]> {
    let mut values: HashMap<DayKey<'_>, Vec<(usize, Timestamp, Value)>> = HashMap::new();
    let mut runs: Vec<(usize, RunLine<'_>)> = Vec::new();
    let mut dropped = BTreeSet::new();
    for (number, line) in lines.iter().enumerate() {
        match parsed(line) {
            Some(Line::Value(line)) => {
                let ValueLine {
                    entity,
                    fact,
                    dimensions,
                    value,
                    at,
                    ..
                } = line;
                let key = (entity, fact, dimensions, day(at));
                values.entry(key).or_default().push((number, at, value));
            }
            Some(Line::Run(run)) => runs.push((number, run)),
            None if line.iter().all(u8::is_ascii_whitespace) => {
                dropped.insert(number);
            }
            None => {}
        }
    }
    for of_day in values.values_mut() {
        of_day.sort_by_key(|(number, at, _)| (*at, *number));
        for (index, (number, at, value)) in of_day.iter().enumerate() {
            let mut later = of_day.iter().skip(index + 1).take(MOST_LATER);
            let is_replaced = later.any(|(_, later, other)| {
                stands_for(other, value) && known_times.range(at..later).next().is_none()
            });
            if is_replaced {
                dropped.insert(*number);
            }
        }
    }
    runs.sort_by_key(|(number, run)| (run.at, *number));
    for (index, (number, run)) in runs.iter().enumerate() {
        let mut later = runs.iter().skip(index + 1).take(MOST_LATER);
        if later.any(|(_, later)| renews_all_of(later, run)) {
            dropped.insert(*number);
        }
    }
    let kept = lines.iter().enumerate();
    let kept = kept.filter(|(number, _)| !dropped.contains(number));
    kept.map(|(_, line)| *line).collect()
}

fn day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

/// Whether a value is of the type of a fact whenever the other one is, so that a reader who takes
/// the other takes this one.
fn stands_for(later: &Value, earlier: &Value) -> bool {
    let is_time = |text: &str| text.parse::<Timestamp>().is_ok();
    let is_list = |items: &[Value]| items.iter().all(Value::is_string);
    match (later, earlier) {
        (Value::Null, _)
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Number(_), Value::Number(_)) => true,
        (Value::String(later), Value::String(earlier)) => is_time(later) || !is_time(earlier),
        (Value::Array(later), Value::Array(earlier)) => is_list(later) || !is_list(earlier),
        _ => false,
    }
}

/// Whether a later run of the same writer and day renews everything that an earlier one did, for
/// as long, knowing as much.
fn renews_all_of(later: &RunLine<'_>, earlier: &RunLine<'_>) -> bool {
    let covers_facts = match (&later.facts, &earlier.facts) {
        (None, _) => true,
        (Some(later), Some(earlier)) => earlier.iter().all(|fact| later.contains(fact)),
        (Some(_), None) => false,
    };
    let is_in = |some: &[Cow<'_, str>], all: &[Cow<'_, str>]| {
        let all: BTreeSet<&str> = all.iter().map(|name| &**name).collect();
        some.iter().all(|name| all.contains(&**name))
    };
    let covers_entities = match (&later.entities, &earlier.entities) {
        (Some(later), Some(earlier)) => is_in(earlier, later),
        (Some(_), None) => false,
        (None, entities) => {
            let later = later.except.as_deref().unwrap_or_default();
            let earlier = earlier.except.as_deref().unwrap_or_default();
            later.is_empty() || entities.is_none() && is_in(later, earlier)
        }
    };
    day(later.at) == day(earlier.at)
        && later.until >= earlier.until
        && later.after >= earlier.after
        && covers_facts
        && covers_entities
}
