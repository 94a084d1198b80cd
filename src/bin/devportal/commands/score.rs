//! `devportal score`: how mature entities are, by scorecards.

mod changes;
mod explanation;
mod level_text;
mod overview;
mod selection;
mod set_up;

use anyhow::Result;
use clap_complete::engine::ArgValueCompleter;
use devportal::catalog::EntityId;
use devportal::fact::Facts;
use devportal::maturity::{EntityResult, Scorecard, ScorecardResult};
use devportal::scan::Scan;

use crate::Outcome;
use crate::completion;
use crate::session::Session;

use selection::{Chosen, Selected};

/// What `--format` takes.
const FORMATS: &[&str] = &["human", "json", "jsonl", "yaml", "csv", "markdown", "name"];

/// Options of `score`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// An entity to explain, or a query for the entities to score; all without one
    #[arg(value_name = "REF|QUERY", add = ArgValueCompleter::new(completion::query))]
    query: Vec<String>,
    /// Only this scorecard, also one that is a draft; may be given more than once
    #[arg(long, value_name = "NAME")]
    scorecard: Vec<String>,
    /// Say what has changed since then: a date or a revision
    #[arg(long, value_name = "DATE|REV")]
    since: Option<String>,
}

/// What was found out about entities.
struct Scored<'a> {
    scan: &'a Scan,
    facts: &'a Facts,
    results: Vec<ScorecardResult<'a>>,
    /// The entities that were asked about.
    entities: Vec<EntityId>,
    complete: bool,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(FORMATS)?;
    let scan = session.scan()?;
    let chosen = match Chosen::read(args, &scan, session)? {
        Ok(chosen) => chosen,
        Err(outcome) => return Ok(outcome),
    };
    let Some(selected) = chosen.look_up(&scan, session)? else {
        return Ok(session.outcome_of_nothing(&scan));
    };
    let Selected {
        facts,
        entities,
        is_page,
    } = selected;
    let results = session.evaluate(&scan, &facts, &chosen.scorecards, &entities);
    let scored = Scored {
        scan: &scan,
        facts: &facts,
        results,
        entities,
        complete: session.is_complete(&scan),
    };
    let outcome = session.outcome_of_answer(&scan);
    let is_about_something = chosen.tell_empty(&scored, session);
    let since = args.since.as_deref();
    let changes =
        since.map(|since| changes::Changes::since(since, &chosen.scorecards, &scored, session));
    let changes = changes.transpose()?;
    if is_page {
        explanation::write(&scored, format, session)?;
    } else {
        overview::write(&scored, changes.as_ref(), format, session)?;
    }
    Ok(match outcome {
        Outcome::Fine if !is_about_something => Outcome::Findings,
        outcome => outcome,
    })
}

impl<'a> Scored<'a> {
    /// What became of an entity in each scorecard that is about it.
    fn of(&self, id: EntityId) -> impl Iterator<Item = (&'a Scorecard, &EntityResult)> {
        self.results.iter().filter_map(move |card| {
            let place = card.entities.binary_search_by_key(&id, |it| it.entity);
            let result = card.entities.get(place.ok()?)?;
            Some((card.scorecard, result))
        })
    }
}
