//! `devportal score`: how mature entities are, by scorecards.

mod case_run;
mod changes;
mod draft;
pub(super) mod explained_fact;
pub(super) mod explanation;
mod gate;
mod groups;
mod overview;
mod recording;
mod selection;
mod set_up;
mod simulation;
mod trend;
mod trend_page;

use std::mem::ManuallyDrop;

use anyhow::Result;
use clap_complete::engine::ArgValueCompleter;
use devportal::catalog::EntityId;
use devportal::fact::Facts;
use devportal::maturity::{EntityResult, Scorecard, ScorecardResult};
pub(super) use devportal::report::level_text;
use devportal::scan::Scan;
use devportal::view::View;

use crate::Outcome;
use crate::completion;
use crate::session::Session;
use crate::step_summary::StepSummary;

use changes::Changes;
use gate::{Failure, FailureRecord, Gate};
use groups::Grouping;
use selection::{Chosen, Selected};

/// What `--format` takes.
const FORMATS: &[&str] = &[
    "human", "json", "jsonl", "yaml", "csv", "markdown", "name", "sarif", "junit", "github",
];

/// Options of `score`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Option<Action>,
    /// An entity to explain, or a query for the entities to score; all without one
    #[arg(value_name = "REF|QUERY", add = ArgValueCompleter::new(completion::query))]
    query: Vec<String>,
    /// Only this scorecard, also one that is a draft; may be given more than once
    #[arg(long, value_name = "NAME")]
    scorecard: Vec<String>,
    /// A row for each owner, system, domain or type
    #[arg(long, value_name = "FIELD")]
    by: Option<Grouping>,
    /// Fail when failed rules keep an entity under this level
    #[arg(long, value_name = "LEVEL")]
    fail_under: Option<String>,
    /// Fail for what is unknown, too
    #[arg(long)]
    strict: bool,
    /// Only rules that passed, or were not asked, at that revision
    #[arg(long, value_name = "REV")]
    only_changed: Option<String>,
    /// Say what has changed since then: a date or a revision
    #[arg(long, value_name = "DATE|REV")]
    since: Option<String>,
    /// Write levels, percentages and failed rules of everything into the ledger
    #[arg(long, conflicts_with_all = ["query", "scorecard", "by", "fail_under", "only_changed", "since"])]
    record: bool,
    /// Add the page to the summary of a step of GitHub Actions
    #[arg(long)]
    step_summary: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Try the cases of scorecards: made-up entities and facts, and what is expected of them
    Test(case_run::Args),
    /// Say how many entities would have passed the rules of a draft, and when
    Simulate(simulation::Args),
    /// Show levels over time: recorded then, or replayed now from what the repositories were
    Trend(trend::Args),
}

impl Args {
    /// What is asked about some entities and scorecards.
    fn about(query: &[String], scorecard: &[String]) -> Self {
        Self {
            action: None,
            query: query.to_vec(),
            scorecard: scorecard.to_vec(),
            by: None,
            fail_under: None,
            strict: false,
            only_changed: None,
            since: None,
            record: false,
            step_summary: false,
        }
    }
}

/// What was found out about entities.
pub(super) struct Scored<'a> {
    pub(super) scan: &'a Scan,
    pub(super) facts: &'a Facts,
    pub(super) results: Vec<ScorecardResult<'a>>,
    /// The entities that were asked about.
    pub(super) entities: Vec<EntityId>,
    pub(super) complete: bool,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    match &args.action {
        None => score(args, session),
        Some(Action::Test(args)) => case_run::run(args, session),
        Some(Action::Simulate(args)) => simulation::run(args, session),
        Some(Action::Trend(args)) => trend::run(args, session),
    }
}

fn score(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(FORMATS)?;
    let summary = StepSummary::when(args.step_summary)?;
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
    let scored = ManuallyDrop::new(Scored {
        scan: &scan,
        facts: &facts,
        results,
        entities,
        complete: session.is_complete(&scan),
    });
    let outcome = session.outcome_of_answer(&scan);
    let is_about_something = chosen.tell_empty(&scored, session);
    if args.record {
        recording::record(&scored, session)?;
    }
    let since = args.since.as_deref();
    let changes = since.map(|since| Changes::since(since, &chosen.scorecards, &scored, session));
    let changes = changes.transpose()?;
    let gate = Gate::read(args, &chosen.scorecards, format, session)?;
    let failures = gate.map(|gate| gate.failures(&scored));
    let counts = |failures: &Vec<Failure<'_>>| failures.iter().any(Failure::counts);
    let fails = failures.as_ref().is_some_and(counts);
    let beside = Beside { changes, failures };
    if let Some(summary) = summary {
        let page = match (args.by, is_page) {
            (Some(by), _) => groups::page(by, &scored, &beside),
            (None, true) => explanation::page(&scored, &beside),
            (None, false) => overview::page(&scored, &beside),
        };
        summary.append_view(&page, session)?;
    }
    match (args.by, is_page) {
        _ if gate::FORMATS.contains(&format) => {
            let failures = beside.failures.as_deref().unwrap_or_default();
            gate::write(failures, &scored, format, session)?;
        }
        (Some(by), _) => groups::write(by, &scored, &beside, format, session)?,
        (None, true) => explanation::write(&scored, &beside, format, session)?,
        (None, false) => overview::write(&scored, &beside, format, session)?,
    }
    Ok(match outcome {
        _ if fails => Outcome::Findings,
        Outcome::Fine if !is_about_something => Outcome::Findings,
        outcome => outcome,
    })
}

/// What is said beside the levels, where it was asked for.
struct Beside<'a> {
    changes: Option<Changes<'a>>,
    failures: Option<Vec<Failure<'a>>>,
}

impl Beside<'_> {
    /// Adds it for people.
    fn push(&self, scored: &Scored<'_>, view: &mut View) {
        if let Some(changes) = &self.changes {
            changes.push(view);
        }
        if let Some(failures) = &self.failures {
            gate::push(failures, scored, view);
        }
    }

    /// What keeps entities from a level, for machines.
    fn failure_records<'a>(&'a self, scored: &'a Scored<'_>) -> Option<Vec<FailureRecord<'a>>> {
        let failures = self.failures.as_ref()?.iter();
        Some(failures.map(|failure| failure.record(scored)).collect())
    }
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
