//! What was observed, kept as lines of JSON in Git.
//!
//! `facts/SOURCE/YYYY-MM/DD-WRITER.jsonl`: no two writers share a file, so nothing conflicts when
//! branches are merged. A value is written when it changes, as
//! `{"entity":"component:default/payments","fact":"vulnerability.high","value":3,"at":"…"}`, with
//! `dimensions` and `evidence` where there are any. A run ends with a line of its own that renews
//! everything it covered, and what a complete run does not see any more becomes null:
//! `{"run":{"query":"…","at":"…","complete":true,"until":"…"}}`.
//!
//! What a line of a run covers: all entities and facts of its source; with `entities` only those,
//! with `except` all but those, with `facts` only those facts. It renews what its writer knew: its
//! own lines, and those of other writers up to `after`. A renewed value holds for the time to live
//! of its declaration, and not longer than `until`.
//!
//! At a moment, the lines up to then count, and those are the lines of the present ledger: what is
//! known today about that moment. A revision has the ledger of its commit.
//!
//! Measured for 10,000 components with 20 facts each, of which 2 % change a day, over a year
//! (`tests/it/ledger/volume.rs`): 1,825 files with 1.66 million lines and 213 MB, of which Git
//! makes 16 MB.

mod append;
mod compact;
mod entities;
mod history;
mod line;
mod location;
mod past;
mod problem;
mod reading;
mod record;
mod run;
mod writer;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::{Fact, FactRequest, Register, TimeToLive};
use crate::diagnostic::Diagnostic;
use crate::model::Moment;
use crate::repo::FolderListing;

pub use compact::{CompactRequest, Compacted, compact};
pub use entities::RENAMED_FROM;
pub use history::{HistoryEntry, history};
pub use location::{LedgerLocation, is_source_name};
pub use past::{digests_until, of_source_at};
pub use record::{Asked, RecordRequest, Recorded, Run, record};
pub use writer::is_writer_name;

use entities::LedgerEntities;
use reading::{Key, Newest, Question, ReadLine};
use run::{ReadRun, Renewals};

/// The folder of the ledger, in the catalog repository or, without one, in the workspace.
pub const FOLDER: &str = "facts";

/// How long a fact holds whose declaration ties it to the state of a repository, when it comes
/// from elsewhere.
const HOLDS_WITHOUT_STATE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What the ledger says at the moment of a request.
pub(super) fn read(request: &FactRequest<'_>) -> (Vec<Fact>, Vec<Diagnostic>) {
    let Some(location) = LedgerLocation::of(request.repositories, request.config) else {
        return (Vec::new(), Vec::new());
    };
    let listing = location.list(request.moment, None);
    if listing.files().is_empty() {
        return (Vec::new(), location.problems(&listing));
    }
    let (declared, _) = Register::declared(&request.config.organisation().facts);
    let register = Register::with(declared);
    let entities = LedgerEntities::new(request.catalog, request.entities.only());
    let question = Question {
        entities: &entities,
        register: &register,
        selection: &request.selection,
        now: request.now,
        is_present: !matches!(request.moment, Moment::Time(_)),
        is_whole: request.entities.only().is_none(),
    };
    let (newest, mut problems) = reading::newest(&location, &listing, &question);
    problems.extend(newest.complaints.diagnostics(&location));
    (facts(newest, &listing, &question), problems)
}

/// The facts of the newest lines, as runs renewed them.
fn facts(newest: Newest, listing: &FolderListing, question: &Question<'_>) -> Vec<Fact> {
    let renewals = Renewals::new(newest.runs, newest.lines.keys());
    let mut contested = BTreeSet::new();
    let mut facts = Vec::with_capacity(newest.lines.len());
    for (key, line) in newest.lines {
        let last = renewals.covering(&key).next().cloned();
        match last {
            Some(run) if run.knew(&line) => facts.push(fact(key, line, Some(&run), question)),
            Some(run) if run.at > line.at => {
                contested.insert(key);
            }
            _ => facts.push(fact(key, line, None, question)),
        }
    }
    if !contested.is_empty() {
        let lines = reading::lines_of(listing, question, &|key| contested.contains(key));
        for (key, lines) in lines {
            let (line, run) = confirmed(&key, &lines, &renewals);
            if let Some(line) = line {
                facts.push(fact(key, line.clone(), run, question));
            }
        }
    }
    facts
}

/// The line that holds of those that different writers wrote: the one that was seen last. A run
/// saw the newest line that it knew.
fn confirmed<'a>(
    key: &Key,
    lines: &'a [ReadLine],
    renewals: &'a Renewals,
) -> (Option<&'a ReadLine>, Option<&'a ReadRun>) {
    let newest = lines.last();
    for run in renewals.covering(key) {
        if newest.is_some_and(|newest| newest.at >= run.at && !run.knew(newest)) {
            break;
        }
        if let Some(line) = lines.iter().rev().find(|line| run.knew(line)) {
            return (Some(line), Some(run));
        }
    }
    (newest, None)
}

fn fact(key: Key, line: ReadLine, run: Option<&ReadRun>, question: &Question<'_>) -> Fact {
    let observed_at = run.map_or(line.at, |run| run.at.max(line.at));
    let holds = lifetime(question.register, &key.name);
    let by_itself = observed_at.saturating_add(holds).unwrap_or(Timestamp::MAX);
    Fact {
        entity: (*key.entity).clone(),
        name: key.name,
        dimensions: key.dimensions,
        value: line.value,
        observed_at,
        valid_until: Some(run.map_or(by_itself, |run| run.until.min(by_itself))),
        source: key.source,
        evidence: line.evidence,
        is_shared: false,
    }
}

/// How long an observation holds.
fn lifetime(register: &Register, name: &str) -> SignedDuration {
    match register.declaration(name).map(|it| it.time_to_live) {
        Some(TimeToLive::Lasting(time)) => time,
        Some(TimeToLive::State) | None => HOLDS_WITHOUT_STATE,
    }
}
