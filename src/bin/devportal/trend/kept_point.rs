//! Points of trends that were found out before, under everything that they depend on.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use devportal::cache::{self, Cache};
use devportal::diagnostic::Diagnostic;
use devportal::fact::ledger;
use devportal::fact::{AskedEntities, FactRequest, FactSelection};
use devportal::maturity::{Campaign, CampaignPoint, Scorecard, ScorecardPoint, TrendRules};
use devportal::model::EntityRef;
use devportal::repo::{Layout, Repository, past_keys};
use devportal::scan::Scan;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Replay;
use super::days::PastDay;
use crate::session::Session;

/// The kind of these entries in the cache.
const CACHE_KIND: &str = "trend";
/// Changes with what the bytes mean, and with how they are found out.
const VERSION: &str = "trend/2";

/// Where points are kept that were found out before.
pub(super) struct KeptPoints {
    cache: Cache,
    rules: TrendRules,
    /// For each day what everything of it depends on; `None` where that is not certain.
    keys: Vec<Option<String>>,
}

/// A point as it is kept.
#[derive(Serialize, Deserialize)]
struct KeptPoint<T> {
    /// Whether something could not be read, and never can.
    is_partial: bool,
    /// Nothing where there were no such rules then.
    point: Option<T>,
}

impl KeptPoints {
    /// Finds out what some days depend on: the version of the program, the day, the configuration
    /// of the workspace; of every repository its name, its place, its commit of that day and its
    /// tags; and all that the ledger said until then.
    pub(super) fn of(
        session: &Session,
        scan: &Scan,
        repositories: &[Repository],
        days: &[PastDay],
        rules: TrendRules,
    ) -> Self {
        let cache = session.cache();
        let keys = match cache.folder() {
            Some(_) if !days.is_empty() => keys(session, scan, repositories, days),
            _ => None,
        };
        Self {
            cache,
            rules,
            keys: keys.unwrap_or_else(|| vec![None; days.len()]),
        }
    }

    /// Takes what is kept of a day where there is no point yet; the rules whose points are still
    /// to be found out.
    pub(super) fn take<R: DatedRules>(
        &self,
        place: usize,
        day: &PastDay,
        all: &[R],
        points: &mut [Option<R::Point>],
        is_partial: &mut bool,
    ) -> Vec<R> {
        let mut wanted = Vec::new();
        for (rules, point) in all.iter().zip(points) {
            if point.is_some() || !rules.had_begun(&day.day) {
                continue;
            }
            match self.get::<R>(place, rules) {
                Some(kept) => {
                    *is_partial |= kept.is_partial;
                    *point = kept.point;
                }
                None => wanted.push(rules.clone()),
            }
        }
        wanted
    }

    /// Fills in the points that a replay found out, and keeps them.
    pub(super) fn fill<R: DatedRules>(
        &self,
        place: usize,
        all: &[R],
        points: &mut [Option<R::Point>],
        (wanted, found): (&[R], &[R::Point]),
        replay: &Replay,
    ) {
        for rules in wanted {
            let own = found.iter().find(|it| R::is_of(it) == rules.reference());
            let kept = KeptPoint {
                is_partial: replay.is_partial,
                point: own.cloned(),
            };
            if replay.is_for_ever
                && let (Some(key), Ok(bytes)) = (self.key(place, rules), serde_json::to_vec(&kept))
            {
                self.cache.put(CACHE_KIND, &key, &bytes);
            }
            for (it, point) in all.iter().zip(points.iter_mut()) {
                if it.reference() == rules.reference() {
                    point.clone_from(&kept.point);
                }
            }
        }
    }

    fn get<R: DatedRules>(&self, place: usize, rules: &R) -> Option<KeptPoint<R::Point>> {
        let bytes = self.cache.get(CACHE_KIND, &self.key(place, rules)?)?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Why something could not be kept.
    pub(super) fn problem(&self) -> Option<&str> {
        self.cache.problem()
    }

    fn key<R: DatedRules>(&self, place: usize, rules: &R) -> Option<String> {
        let of_day = self.keys.get(place)?.as_deref()?;
        let as_read = match self.rules {
            TrendRules::Now => cache::digest(&rules.basis()),
            // They are in the commits of that day, or come with the program.
            TrendRules::Then => "then".to_owned(),
        };
        let name = rules.reference();
        Some(format!("{VERSION}\n{of_day}\n{name}\n{as_read}"))
    }
}

/// Rules that have points.
pub(super) trait DatedRules: Clone {
    /// What became of them.
    type Point: Clone + Serialize + DeserializeOwned;

    /// What they are called.
    fn reference(&self) -> &EntityRef;

    /// Everything of them that their points depend on.
    fn basis(&self) -> String;

    /// Whether they were about something on a day.
    fn had_begun(&self, day: &str) -> bool;

    /// Whose point it is.
    fn is_of(point: &Self::Point) -> &EntityRef;
}

impl DatedRules for Scorecard {
    type Point = ScorecardPoint;

    fn reference(&self) -> &EntityRef {
        &self.reference
    }

    fn basis(&self) -> String {
        self.basis()
    }

    fn had_begun(&self, _: &str) -> bool {
        true
    }

    fn is_of(point: &Self::Point) -> &EntityRef {
        &point.scorecard
    }
}

impl DatedRules for Campaign {
    type Point = CampaignPoint;

    fn reference(&self) -> &EntityRef {
        &self.reference
    }

    fn basis(&self) -> String {
        self.basis()
    }

    fn had_begun(&self, day: &str) -> bool {
        *self.start <= *day
    }

    fn is_of(point: &Self::Point) -> &EntityRef {
        &point.campaign
    }
}

fn keys(
    session: &Session,
    scan: &Scan,
    repositories: &[Repository],
    days: &[PastDay],
) -> Option<Vec<Option<String>>> {
    let workspace = session.workspace().ok()?;
    let configuration = workspace.configuration_text().unwrap_or_default();
    let times: Vec<Timestamp> = days.iter().map(|day| day.time).collect();
    let ledger = ledger::digests_until(
        &FactRequest {
            catalog: &scan.catalog,
            repositories: &scan.repositories,
            config: &scan.config,
            moment: &session.moment(),
            now: session.now(),
            selection: FactSelection::none(),
            entities: AskedEntities::All,
            cache: &Cache::disabled(),
        },
        &times,
    )?;
    let seconds: Vec<i64> = times.iter().map(|time| time.as_second()).collect();
    let keys = past_keys(repositories, &seconds);
    let plain = PlainFolders::of(scan);
    let key = |(place, ledger): (usize, &String)| {
        let mut all = format!("{configuration:?}\n");
        for (repository, keys) in repositories.iter().zip(&keys) {
            let own = keys.get(place)?.as_deref()?;
            let (identity, folder) = (&repository.identity, &repository.folder);
            // Writing to a String cannot fail.
            let kind = plain.key(repository);
            let _ = writeln!(all, "{identity:?} {folder:?} {kind} {own:?}");
        }
        let version = env!("CARGO_PKG_VERSION");
        let time = times.get(place)?;
        let all = cache::digest(&all);
        Some(format!("{version}\n{time}\n{ledger}\n{all}"))
    };
    Some(ledger.iter().enumerate().map(key).collect())
}

/// Folders without Git, whose past is not known.
pub(super) struct PlainFolders<'a> {
    /// Those that have descriptors today.
    described: BTreeSet<&'a str>,
    /// Those that have none: nothing of them is missed.
    others: BTreeSet<&'a str>,
}

impl<'a> PlainFolders<'a> {
    pub(super) fn of(scan: &'a Scan) -> Self {
        let documents = scan.documents.iter();
        let with_documents: BTreeSet<&str> = documents
            .map(|document| document.file.repository())
            .collect();
        let repositories = scan.repositories.iter();
        let plain = repositories.filter(|it| it.layout == Layout::Folder);
        let plain = plain.map(|it| &*it.identity);
        let (described, others) = plain.partition(|it| with_documents.contains(it));
        Self { described, others }
    }

    /// Whether a problem hides something of a day.
    pub(super) fn hides(&self, problem: &Diagnostic) -> bool {
        let of_other = repository(problem).is_some_and(|it| self.others.contains(it));
        problem.hides_something && !of_other
    }

    /// Whether what a problem hides can never be seen.
    pub(super) fn is_for_ever(&self, problem: &Diagnostic) -> bool {
        repository(problem).is_some_and(|it| self.described.contains(it))
    }

    fn key(&self, repository: &Repository) -> &'static str {
        if self.described.contains(&*repository.identity) {
            "described"
        } else {
            "other"
        }
    }
}

fn repository(problem: &Diagnostic) -> Option<&str> {
    let place = problem.place.as_ref()?;
    Some(place.file.repository())
}
