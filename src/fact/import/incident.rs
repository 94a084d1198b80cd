//! What a list of incidents says of a service.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::document::counted;
use super::result::is_past;
use super::{Amount, ImportFile, Imported, ImportedResult, Subject};
use crate::fact::Dimensions;

/// The facts that incidents give.
pub(super) const GIVES: &[&str] = &[
    "incident.open",
    "incidents.30d",
    "incident.last",
    "incident.time-to-resolve",
];

/// The days that "the last 30 days" are.
const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An incident.
#[derive(Clone, Debug)]
pub(super) struct Incident {
    pub(super) subject: Subject,
    pub(super) environment: Option<String>,
    pub(super) began: Timestamp,
    /// When it was resolved; open without.
    pub(super) ended: Option<Timestamp>,
}

/// What is counted of one subject in one environment.
#[derive(Default)]
struct Incidents {
    open: u64,
    recent: u64,
    last: Option<Timestamp>,
    hours: f64,
    resolved: u64,
}

/// Says what a list of incidents tells of every service in it.
pub(super) fn say(
    incidents: impl IntoIterator<Item = Incident>,
    file: &ImportFile<'_>,
    imported: &mut Imported,
) {
    let mut counts: BTreeMap<(Subject, Dimensions), Incidents> = BTreeMap::new();
    let (mut backwards, mut future) = (0_u64, 0_u64);
    for incident in incidents {
        if !is_past(incident.began, file.now) {
            future += 1;
            continue;
        }
        let environment = incident.environment.map(|it| ("environment", it));
        let dimensions: Dimensions = environment.into_iter().collect();
        let count = counts.entry((incident.subject, dimensions)).or_default();
        let is_recent = |at: Timestamp| file.now.duration_since(at) <= RECENT;
        count.recent += u64::from(is_recent(incident.began));
        count.last = count.last.max(Some(incident.began));
        match incident.ended {
            None => count.open += 1,
            Some(ended) if ended < incident.began => backwards += 1,
            Some(ended) if is_recent(ended) => {
                count.hours += ended.duration_since(incident.began).as_secs_f64() / 3600.0;
                count.resolved += 1;
            }
            Some(_) => {}
        }
    }
    for ((subject, dimensions), count) in counts {
        let mut add = |name, amount| {
            imported.results.push(ImportedResult {
                dimensions: dimensions.clone(),
                ..ImportedResult::new(subject.clone(), name, amount)
            });
        };
        add("incident.open", Amount::count(count.open));
        add("incidents.30d", Amount::count(count.recent));
        if let Some(last) = count.last {
            add("incident.last", Amount::Latest(last));
        }
        let Amount::Count(resolved) = Amount::count(count.resolved) else {
            continue;
        };
        let mean = Amount::Mean {
            total: count.hours,
            count: resolved,
        };
        add("incident.time-to-resolve", mean);
    }
    if backwards > 0 {
        let (one, many) = (
            "incident ended before it began",
            "incidents ended before they began",
        );
        imported.problem(counted(backwards, one, many));
    }
    if future > 0 {
        let (one, many) = (
            "incident begins in the future",
            "incidents begin in the future",
        );
        imported.problem(counted(future, one, many));
    }
}
