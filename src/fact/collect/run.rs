//! Asking all sources: at the same time, with an order that does not depend on it, and no longer
//! than the run may take.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

use super::observed::{Observed, Observing};
use super::{
    Answer, AskContext, CollectError, CollectErrorKind, Collected, CollectedSource, Failure,
    Source, Target, TargetRequest,
};
use crate::catalog::{Catalog, EntityId};
use crate::config::{Setting, SourceSettings};
use crate::fact::Register;

/// How many requests a host gets at the same time.
const MOST_AT_ONCE: usize = 8;
/// After so many targets in a row without any answer, nobody is expected to be there.
const MOST_WITHOUT_ANSWER: usize = 8;
/// How far back is asked where nobody says so.
pub const USUAL_DAYS: i64 = 30;

/// What is collected.
pub struct CollectRequest<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// The entities that are asked about.
    pub entities: &'a [EntityId],
    /// What facts mean.
    pub register: &'a Register,
    /// What the organisation wants of the sources, by their names.
    pub settings: &'a BTreeMap<String, Setting<SourceSettings>>,
    /// The environments of the organisation, the default first.
    pub environments: &'a [String],
    /// The sources, ready to be asked.
    pub sources: &'a [Box<dyn Source + 'a>],
    /// The moment of the run.
    pub now: Timestamp,
    /// From when on things are asked for; 30 days before now where it is not said.
    pub since: Option<Timestamp>,
    /// When the run has taken long enough.
    pub until: Option<Instant>,
}

/// Who watches a run.
pub trait Progress: Sync {
    /// A source has so many targets.
    fn began(&self, source: &str, targets: usize);
    /// One of them is done with.
    fn answered(&self, source: &str);
}

/// Nobody watches.
impl Progress for () {
    fn began(&self, _source: &str, _targets: usize) {}
    fn answered(&self, _source: &str) {}
}

/// The targets of each source, in the order of the sources; nothing is asked.
#[must_use]
pub fn targets(request: &CollectRequest<'_>) -> Vec<Vec<Target>> {
    let sources = request.sources.iter();
    sources
        .map(|source| source.targets(&request.of(source.as_ref())))
        .collect()
}

/// Asks all sources for everything. What arrived is kept, whatever else failed.
#[must_use]
pub fn run(request: &CollectRequest<'_>, progress: &dyn Progress) -> Collected {
    let targets = targets(request);
    let work: Vec<Work<'_>> = request
        .sources
        .iter()
        .zip(&targets)
        .map(|(source, targets)| Work::new(source.as_ref(), targets))
        .collect();
    let mut by_host: BTreeMap<String, Vec<&Work<'_>>> = BTreeMap::new();
    for work in &work {
        progress.began(work.source.name(), work.targets.len());
        by_host.entry(work.source.host()).or_default().push(work);
    }
    std::thread::scope(|scope| {
        for works in by_host.values() {
            scope.spawn(|| ask_host(request, works, progress));
        }
    });
    let sources = work.into_iter();
    Collected {
        sources: sources.map(|work| work.collected(request)).collect(),
    }
}

/// Asks one host for everything, with a bounded number of requests at a time.
fn ask_host(request: &CollectRequest<'_>, works: &[&Work<'_>], progress: &dyn Progress) {
    let most = works.iter().map(|work| work.targets.len()).sum::<usize>();
    // The first target of each source is asked alone: a token that is not accepted, and a host
    // that is not there, are found out with one request.
    for work in works {
        work.ask_next(request, progress, true);
    }
    std::thread::scope(|scope| {
        for _ in 0..MOST_AT_ONCE.min(most) {
            scope.spawn(|| {
                for work in works {
                    while work.ask_next(request, progress, false) {}
                }
            });
        }
    });
}

/// A source and what became of its targets.
struct Work<'a> {
    source: &'a dyn Source,
    targets: &'a [Target],
    next: AtomicUsize,
    without_answer: AtomicUsize,
    is_stopped: AtomicBool,
    /// In the order of the targets; nothing for those that were not asked.
    answers: Vec<Mutex<Option<Answer>>>,
}

impl<'a> Work<'a> {
    fn new(source: &'a dyn Source, targets: &'a [Target]) -> Self {
        Self {
            source,
            targets,
            next: AtomicUsize::new(0),
            without_answer: AtomicUsize::new(0),
            is_stopped: AtomicBool::new(false),
            answers: targets.iter().map(|_| Mutex::new(None)).collect(),
        }
    }

    /// Asks for the next target; whether there was one.
    fn ask_next(
        &self,
        request: &CollectRequest<'_>,
        progress: &dyn Progress,
        is_first: bool,
    ) -> bool {
        let is_over = request.until.is_some_and(|until| Instant::now() >= until);
        if is_over || self.is_stopped.load(Ordering::Relaxed) {
            return false;
        }
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        let (Some(target), Some(slot)) = (self.targets.get(at), self.answers.get(at)) else {
            return false;
        };
        let answer = self
            .source
            .ask(target, &request.context(self.source.name()));
        self.consider(&answer, is_first);
        if let Ok(mut slot) = slot.lock() {
            *slot = Some(answer);
        }
        progress.answered(self.source.name());
        true
    }

    /// Stops asking where it leads to nothing.
    fn consider(&self, answer: &Answer, is_first: bool) {
        let is_any = |kind| answer.errors.iter().any(|error| error.kind == kind);
        if is_any(CollectErrorKind::NeedsCredential) {
            self.is_stopped.store(true, Ordering::Relaxed);
        }
        if !is_any(CollectErrorKind::Unreachable) {
            self.without_answer.store(0, Ordering::Relaxed);
            return;
        }
        let without = self.without_answer.fetch_add(1, Ordering::Relaxed) + 1;
        if is_first || without >= MOST_WITHOUT_ANSWER {
            self.is_stopped.store(true, Ordering::Relaxed);
        }
    }

    fn collected(self, request: &CollectRequest<'_>) -> CollectedSource {
        let answers = self.answers.into_iter();
        let answers = answers.map(|slot| slot.into_inner().unwrap_or_default());
        let answers = self.targets.iter().zip(answers);
        let observing = Observing {
            register: request.register,
            source: self.source,
            now: request.now,
        };
        let mut collected = CollectedSource {
            name: self.source.name().to_owned(),
            targets: self.targets.len(),
            asked: 0,
            facts: Vec::new(),
            failures: Vec::new(),
            not_offered: Vec::new(),
            asked_about: BTreeSet::new(),
            unanswered: BTreeSet::new(),
        };
        for (target, answer) in answers {
            collected
                .asked_about
                .extend(target.entities.iter().cloned());
            let Some(answer) = answer else {
                collected.unanswered.extend(target.entities.iter().cloned());
                continue;
            };
            collected.asked += 1;
            let Observed { facts, errors } = observing.observed(target, answer);
            collected.facts.extend(facts);
            let failures = errors.into_iter().map(|error| Failure {
                target: target.label.clone(),
                entities: target.entities.clone(),
                error,
            });
            let (not_offered, failures): (Vec<Failure>, Vec<Failure>) =
                failures.partition(|it| it.error.kind == CollectErrorKind::NotOffered);
            if !failures.is_empty() {
                collected.unanswered.extend(target.entities.iter().cloned());
            }
            collected.not_offered.extend(not_offered);
            collected.failures.extend(failures);
        }
        collected.say_what_was_not_asked(request);
        collected
    }
}

impl CollectedSource {
    /// Out of time is a failure of its own; what else ends a run early has said so.
    fn say_what_was_not_asked(&mut self, request: &CollectRequest<'_>) {
        let left = self.targets - self.asked;
        let is_over = request.until.is_some_and(|until| Instant::now() >= until);
        if left > 0 && is_over {
            self.failures.push(Failure {
                target: format!("{left} more"),
                entities: Vec::new(),
                error: CollectError::out_of_time(),
            });
        }
    }
}

impl<'a> CollectRequest<'a> {
    /// What the targets of a source are made of.
    #[must_use]
    pub fn of(&self, source: &dyn Source) -> TargetRequest<'a> {
        TargetRequest {
            catalog: self.catalog,
            entities: self.entities,
            settings: self.settings_of(source.name()),
            environments: self.environments,
        }
    }

    fn settings_of(&self, source: &str) -> &'a SourceSettings {
        static NONE: SourceSettings = SourceSettings {
            queries: BTreeMap::new(),
        };
        let settings = self.settings.get(source);
        settings.map_or(&NONE, |setting| &setting.value)
    }

    fn context(&self, source: &str) -> AskContext<'a> {
        let usual = SignedDuration::from_hours(USUAL_DAYS * 24);
        let usual = self.now.checked_sub(usual).unwrap_or(self.now);
        AskContext {
            now: self.now,
            since: self.since.unwrap_or(usual),
            settings: self.settings_of(source),
        }
    }
}
