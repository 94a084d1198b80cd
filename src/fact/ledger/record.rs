//! Recording a run: what changed, what is gone, and a line that renews the rest.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::append::LockedLedger;
use super::entities::LedgerEntities;
use super::line::{RunLine, ValueLine, push_run, push_value};
use super::location::{LedgerFile, LedgerLocation, is_source_name};
use super::reading::{self, Key, Newest, Question, ReadLine};
use super::run::is_meant;
use super::{lifetime, writer};
use crate::catalog::Catalog;
use crate::fact::{FactSelection, Observation, Register};
use crate::model::{Entity, EntityRef};

/// A run holds at least so long where it saw nothing that says how long.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);
/// A run that was limited to more entities says which ones it left out, when that is shorter.
const MANY_ENTITIES: usize = 50;

/// What a source was asked about.
#[derive(Clone, Copy, Debug)]
pub enum Asked<'a> {
    /// Everything: what it did not mention is not there.
    Everything,
    /// These entities.
    Entities(&'a BTreeSet<EntityRef>),
}

/// A run of a source.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The name of the source: `pagerduty`, `trivy`.
    pub source: &'a str,
    /// What was asked for, as the user wrote it.
    pub query: Option<&'a str>,
    /// When it was asked, or when the report that was read was written.
    pub at: Timestamp,
    /// The entities that it was asked about.
    pub asked: Asked<'a>,
    /// The names of the facts that it was limited to, perhaps with `*` at their ends; `None` for
    /// all that the source gives.
    pub facts: Option<&'a [&'a str]>,
    /// Whether everything that was asked was answered.
    pub is_complete: bool,
    /// Where it is not complete: the entities about which something is missing. Empty when that is
    /// not known; then nothing is renewed but what arrived.
    pub unanswered: &'a BTreeSet<EntityRef>,
}

/// A run to record.
pub struct RecordRequest<'a> {
    /// Where.
    pub location: &'a LedgerLocation,
    /// Who writes (`--writer`, `DEVPORTAL_WRITER`); without it a name of this work tree and its
    /// branch.
    pub writer: Option<&'a str>,
    /// What every fact means.
    pub register: &'a Register,
    /// The entities, and what they were called.
    pub catalog: &'a Catalog,
    /// Now: the day of the file.
    pub now: Timestamp,
    /// The run.
    pub run: Run<'a>,
    /// What was observed of which entity.
    pub observations: Vec<(EntityRef, Observation)>,
    /// Whether nothing is written.
    pub is_dry_run: bool,
}

/// What was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The file, below the folder of the ledger: `snyk/2026-11/01-main-3f9a2c1b.jsonl`.
    pub file: String,
    /// Values that are new or changed.
    pub changed: usize,
    /// Values that were seen again and not written.
    pub unchanged: usize,
    /// Values that were there and are not any more.
    pub gone: usize,
    /// Values of facts that are shown and not kept.
    pub not_kept: usize,
    /// Observations that are no facts (name, type, time), and why; each reason once.
    pub refused: Vec<String>,
}

/// Records a run: writes the values that changed, null for what a complete run does not see any
/// more, and a line that renews what it covered.
///
/// # Errors
/// When the source or the writer cannot be named so, or the ledger cannot be locked or written. What
/// was there before is still there.
pub fn record(mut request: RecordRequest<'_>) -> Result<Recorded> {
    let observations = std::mem::take(&mut request.observations);
    let source = request.run.source;
    if !is_source_name(source) {
        bail!("\"{source}\" cannot name a source: use lower case, digits and \"-\", at most 64");
    }
    let ledger = if request.is_dry_run {
        None
    } else {
        Some(LockedLedger::open(request.location)?)
    };
    let writer = match (&ledger, request.writer) {
        (None, None) => "nobody".to_owned(),
        (_, given) => writer::name(request.location, given)?,
    };
    let day = TimeZone::UTC.to_datetime(request.now).date();
    let file = LedgerFile::new(source, day, &writer);
    let known = known(&request);
    let at = in_seconds(request.run.at.min(request.now));
    let mut recording = Recording::new(&request, known, at);
    recording.take_observations(observations, request.register);
    let lines = recording.lines(&request, &writer);
    let lines = lines.map_err(|reason| anyhow!("a line cannot be written: {reason}"))?;
    if let Some(ledger) = ledger {
        ledger.append(&file, &lines)?;
    }
    Ok(Recorded {
        file: file.path,
        ..recording.recorded
    })
}

/// What the ledger knows of a source at the time of a run.
fn known(request: &RecordRequest<'_>) -> Newest {
    let entities = LedgerEntities::new(request.catalog, None).with_others();
    let question = Question {
        entities: &entities,
        register: request.register,
        selection: &FactSelection::All,
        now: request.run.at.min(request.now),
        is_present: false,
        is_whole: true,
    };
    let listing = request.location.list_written(Some(request.run.source));
    reading::newest(request.location, &listing, &question).0
}

/// Lines have whole seconds.
fn in_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// A value that was observed.
struct Observed {
    value: serde_json::Value,
    at: Timestamp,
    evidence: Option<String>,
}

/// A run while it is recorded.
struct Recording<'a> {
    run: Run<'a>,
    at: Timestamp,
    known: Newest,
    observed: BTreeMap<Key, Observed>,
    recorded: Recorded,
}

impl<'a> Recording<'a> {
    const fn new(request: &RecordRequest<'a>, known: Newest, at: Timestamp) -> Self {
        Self {
            run: request.run,
            at,
            known,
            observed: BTreeMap::new(),
            recorded: Recorded {
                file: String::new(),
                changed: 0,
                unchanged: 0,
                gone: 0,
                not_kept: 0,
                refused: Vec::new(),
            },
        }
    }

    fn take_observations(
        &mut self,
        observations: Vec<(EntityRef, Observation)>,
        register: &Register,
    ) {
        let source: Arc<str> = Arc::from(self.run.source);
        let mut entities: HashMap<EntityRef, Arc<EntityRef>> = HashMap::new();
        let mut refused = BTreeSet::new();
        for (entity, observation) in observations {
            let Observation {
                name,
                dimensions,
                value,
                observed_at,
                evidence,
            } = observation;
            let Some(declaration) = register.declaration(&name) else {
                refused.insert(format!("there is no fact \"{name}\""));
                continue;
            };
            if !declaration.is_kept {
                self.recorded.not_kept += 1;
                continue;
            }
            if declaration.age_of.is_some() {
                refused.insert(format!("\"{name}\" is counted, and not observed"));
                continue;
            }
            if !declaration.value_type.fits(&value) {
                let wanted = declaration.value_type.name();
                refused.insert(format!("a value of \"{name}\" is no {wanted}"));
                continue;
            }
            let at = observed_at.map_or(self.at, in_seconds);
            if at > self.at {
                refused.insert(format!(
                    "\"{name}\" was observed in the future, which counts as now"
                ));
            }
            let shared = entities.entry(entity);
            let entity = shared.or_insert_with_key(|entity| Arc::new(entity.clone()));
            let key = Key {
                entity: Arc::clone(entity),
                name: Arc::from(name),
                dimensions,
                source: Arc::clone(&source),
            };
            let observed = Observed {
                value,
                at: at.min(self.at),
                evidence,
            };
            // The newest of several; of those of one time the last.
            let known = self.observed.get(&key);
            if known.is_none_or(|known| known.at <= observed.at) {
                self.observed.insert(key, observed);
            }
        }
        self.recorded.refused = refused.into_iter().collect();
    }

    /// Whether a run of these facts is about a key.
    fn asks(&self, key: &Key) -> bool {
        let is_asked = match self.run.asked {
            Asked::Everything => true,
            Asked::Entities(entities) => entities.contains(&*key.entity),
        };
        let facts = self.run.facts;
        let is_named = |facts: &[&str]| facts.iter().any(|fact| is_meant(&key.name, fact));
        is_asked && facts.is_none_or(is_named)
    }

    /// Values of the ledger that were there, and that this run asked for and did not see.
    fn missed(&self) -> Vec<Key> {
        let known = self.known.lines.iter();
        let missed = known.filter(|(key, line)| {
            !line.value.is_null() && self.asks(key) && !self.observed.contains_key(*key)
        });
        let mut missed: Vec<Key> = missed.map(|(key, _)| key.clone()).collect();
        missed.sort();
        missed
    }

    /// The lines of the run.
    fn lines(&mut self, request: &RecordRequest<'_>, writer: &str) -> Result<String, String> {
        let missed = self.missed();
        let unanswered = self.unanswered(&missed);
        let is_renewed = |key: &Key| match &unanswered {
            Some(unanswered) => self.asks(key) && !unanswered.contains(&key.entity),
            None => false,
        };
        let mut text = String::new();
        let mut recorded = self.recorded.clone();
        for (key, observed) in &self.observed {
            let is_same = self.known.lines.get(key).is_some_and(|known| {
                known.value == observed.value
                    && known.evidence.as_deref() == observed.evidence.as_deref()
            });
            let is_nothing = observed.value.is_null() && !self.known.lines.contains_key(key);
            if is_nothing || (is_same && is_renewed(key)) {
                recorded.unchanged += 1;
                continue;
            }
            recorded.changed += usize::from(!is_same);
            recorded.unchanged += usize::from(is_same);
            push_value(&mut text, &value_line(key, observed))?;
        }
        if self.run.is_complete {
            let gone = Observed {
                value: serde_json::Value::Null,
                at: self.at,
                evidence: None,
            };
            recorded.gone = missed.len();
            for key in &missed {
                push_value(&mut text, &value_line(key, &gone))?;
            }
        }
        let facts = self.run.facts;
        let (entities, except) = self.covered(unanswered.as_ref(), request.catalog);
        let run = RunLine {
            query: self.run.query.map(str::to_owned),
            at: self.at,
            complete: self.run.is_complete,
            until: self.until(request.register),
            values: self.observed.len() as u64,
            after: self.newest_of_others(writer),
            entities,
            except,
            facts: facts.map(|facts| facts.iter().map(|fact| Cow::Borrowed(*fact)).collect()),
        };
        push_run(&mut text, run)?;
        self.recorded = recorded;
        Ok(text)
    }

    /// The entities about which something is missing; `None` when it could be any.
    fn unanswered(&self, missed: &[Key]) -> Option<BTreeSet<Arc<EntityRef>>> {
        if self.run.is_complete {
            return Some(BTreeSet::new());
        }
        if self.run.unanswered.is_empty() {
            return None;
        }
        // What an incomplete run does not see is neither gone nor renewed.
        let missed = missed.iter().map(|key| Arc::clone(&key.entity));
        let unanswered = self.run.unanswered.iter().cloned().map(Arc::new);
        Some(missed.chain(unanswered).collect())
    }

    /// `entities` and `except` of the line of the run.
    fn covered(
        &self,
        unanswered: Option<&BTreeSet<Arc<EntityRef>>>,
        catalog: &Catalog,
    ) -> (Option<Names<'static>>, Option<Names<'static>>) {
        let Some(unanswered) = unanswered else {
            return (Some(Vec::new()), None);
        };
        match self.run.asked {
            Asked::Everything if unanswered.is_empty() => (None, None),
            Asked::Everything => (None, Some(names(unanswered.iter().map(|it| &**it)))),
            Asked::Entities(asked) => {
                // Only those of which there is something to renew.
                let seen = self.observed.keys();
                let known = self.known.lines.iter();
                let known = known.filter(|(_, line)| !line.value.is_null());
                let with_values: BTreeSet<&EntityRef> = known
                    .map(|(key, _)| key)
                    .chain(seen)
                    .map(|key| &*key.entity)
                    .collect();
                let is_covered =
                    |entity: &EntityRef| asked.contains(entity) && !unanswered.contains(entity);
                let (covered, left): (Vec<&EntityRef>, Vec<&EntityRef>) =
                    with_values.iter().partition(|entity| is_covered(entity));
                let of_catalog = catalog.entities().iter().map(Entity::reference);
                let left: BTreeSet<&EntityRef> = of_catalog
                    .filter(|entity| !is_covered(entity))
                    .chain(left)
                    .collect();
                if covered.len() > MANY_ENTITIES && left.len() < covered.len() {
                    return (None, Some(names(left.into_iter())));
                }
                (Some(names(covered.into_iter())), None)
            }
        }
    }

    /// Until when what the run saw holds at most.
    fn until(&self, register: &Register) -> Timestamp {
        let known = self.known.lines.keys().filter(|key| self.asks(key));
        let names: BTreeSet<&str> = self
            .observed
            .keys()
            .chain(known)
            .map(|key| &*key.name)
            .collect();
        let longest = names.into_iter().map(|name| lifetime(register, name)).max();
        let longest = longest.unwrap_or(A_DAY);
        self.at.saturating_add(longest).unwrap_or(Timestamp::MAX)
    }

    /// When others wrote last, as far as this run knows.
    fn newest_of_others(&self, writer: &str) -> Option<Timestamp> {
        let is_other = |line: &&ReadLine| &*line.place.file.writer != writer;
        let lines = self
            .known
            .lines
            .values()
            .filter(is_other)
            .map(|line| line.at);
        let runs = self.known.runs.iter().filter(|run| &*run.writer != writer);
        lines.chain(runs.map(|run| run.at)).max()
    }
}

type Names<'a> = Vec<Cow<'a, str>>;

fn names<'a>(entities: impl Iterator<Item = &'a EntityRef>) -> Names<'static> {
    entities
        .map(|entity| Cow::Owned(entity.as_str().to_owned()))
        .collect()
}

fn value_line<'a>(key: &'a Key, observed: &'a Observed) -> ValueLine<'a> {
    let dimensions = key.dimensions.iter();
    let dimensions = dimensions.map(|(name, value)| (Cow::Borrowed(name), Cow::Borrowed(value)));
    ValueLine {
        entity: key.entity.as_str(),
        fact: &key.name,
        dimensions: (!key.dimensions.is_empty()).then(|| dimensions.collect()),
        value: observed.value.clone(),
        at: observed.at,
        evidence: observed.evidence.as_deref().map(Cow::Borrowed),
    }
}
