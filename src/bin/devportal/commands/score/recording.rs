//! Levels, kept in the ledger.

use std::collections::BTreeSet;

use anyhow::Result;
use devportal::fact::Observation;
use devportal::fact::ledger::{self, Asked, RecordRequest, Run};
use devportal::maturity::{EntityResult, Outcome, Scorecard};
use devportal::model::EntityRef;
use serde_json::Value;

use super::{Scored, level_text};
use crate::commands::facts::location;
use crate::environment;
use crate::session::Session;

/// The name of the source in the ledger.
const SOURCE: &str = "scorecards";
/// What is kept where no level was reached.
const NO_LEVEL: &str = "none";

/// Writes what became of everything into the ledger.
pub(super) fn record(scored: &Scored<'_>, session: &Session) -> Result<()> {
    let location = location(session, scored.scan)?;
    let mut observations: Vec<(EntityRef, Observation)> = Vec::new();
    for id in &scored.entities {
        let reference = scored.scan.catalog.entity(*id).reference();
        for (scorecard, result) in scored.of(*id) {
            let observed = observed(scorecard, result).into_iter();
            observations.extend(observed.map(|it| (reference.clone(), it)));
        }
    }
    let now = session.now();
    let writer = environment::writer();
    let recorded = ledger::record(RecordRequest {
        location: &location,
        writer: writer.as_deref(),
        register: scored.facts.register(),
        catalog: &scored.scan.catalog,
        now,
        run: Run {
            source: SOURCE,
            query: None,
            at: now,
            asked: Asked::Everything,
            facts: None,
            is_complete: scored.complete,
            unanswered: &BTreeSet::new(),
        },
        observations,
        is_dry_run: false,
    })?;
    for refused in &recorded.refused {
        session.hint(refused);
    }
    session.hint(&format!(
        "{}/{}: {} changed, {} as before, {} gone",
        location.folder().display(),
        recorded.file,
        recorded.changed,
        recorded.unchanged,
        recorded.gone
    ));
    Ok(())
}

/// What is kept of an entity in a scorecard.
fn observed(scorecard: &Scorecard, result: &EntityResult) -> Vec<Observation> {
    let ids = |outcome: Outcome| {
        let rules = scorecard.rules.iter().zip(&result.rules);
        let rules = rules.filter(|(_, result)| result.outcome == outcome);
        rules.map(|(rule, _)| rule.id.as_str()).collect::<Value>()
    };
    let level = level_text::name(scorecard, result.standing).unwrap_or(NO_LEVEL);
    let mut observed = vec![
        Observation::new("score.level", level),
        Observation::new("score.failed", ids(Outcome::Failed)),
        Observation::new("score.unknown", ids(Outcome::Unknown)),
    ];
    let percent = result.standing.percent.map(level_text::exact_percent);
    observed.extend(percent.map(|percent| Observation::new("score.percent", percent)));
    let name = scorecard.reference.name();
    for observation in &mut observed {
        let dimensions = std::mem::take(&mut observation.dimensions);
        observation.dimensions = dimensions.with("scorecard", name);
    }
    observed
}
