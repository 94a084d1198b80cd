//! `devportal badge`: a badge for a README.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap_complete::engine::ArgValueCompleter;
use devportal::catalog::EntityId;
use devportal::diagnostic::did_you_mean;
use devportal::output::{self, BADGE_FORMATS};
use devportal::report::badge;
use devportal::scan::Scan;
use devportal::view::Badge;

use crate::Outcome;
use crate::completion;
use crate::maturity::Maturity;
use crate::session::Session;
use crate::write_file::write_atomically;

/// Options of `badge`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The entity: its name, or kind:namespace/name
    #[arg(value_name = "REF", add = ArgValueCompleter::new(completion::entity))]
    reference: String,
    /// Tell its level in this scorecard
    #[arg(long, value_name = "NAME", conflicts_with = "owner")]
    scorecard: Option<String>,
    /// Tell its owner
    #[arg(long)]
    owner: bool,
    /// Write into this file
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let names: Vec<&str> = BADGE_FORMATS.iter().map(|format| format.name).collect();
    let format = session.format(&names)?;
    let format = BADGE_FORMATS.iter().find(|known| known.name == format);
    let format = format.context("no format of badges")?;
    let scan = session.scan()?;
    let Some(id) = session.entity(&scan, &args.reference, &[])? else {
        return Ok(session.outcome_of_nothing(&scan));
    };
    let badge = match (&args.scorecard, args.owner) {
        (None, true) => badge::of_owner(&scan.catalog, id),
        (Some(name), _) => match of_scorecard(name, id, &scan, session)? {
            Some(badge) => badge,
            None => return Ok(Outcome::Failure),
        },
        (None, false) => bail!(
            "what should it tell? use --owner, or --scorecard with one of {}",
            known(&Maturity::read(&scan)).join(", ")
        ),
    };
    match &args.output {
        Some(path) => {
            let mut content = Vec::new();
            (format.write)(&badge, &mut content)?;
            write_atomically(&session.base()?.join(path), &content)?;
        }
        None => (format.write)(&badge, session.stdout()).context("cannot write output")?,
    }
    Ok(session.outcome_of_answer(&scan))
}

/// The level in a scorecard; nothing where there are mistakes in it, which are told.
fn of_scorecard(name: &str, id: EntityId, scan: &Scan, session: &Session) -> Result<Option<Badge>> {
    let mut maturity = Maturity::read(scan);
    let wanted = maturity
        .scorecards
        .iter()
        .position(|it| it.reference.name() == name);
    let Some(wanted) = wanted else {
        let known = known(&maturity);
        let help = did_you_mean(name, known.iter().copied()).map_or_else(
            || format!("there are {}", known.join(", ")),
            |meant| format!("did you mean \"{meant}\"?"),
        );
        bail!("there is no scorecard \"{name}\": {help}");
    };
    let scorecard = maturity.scorecards.swap_remove(wanted);
    let mistakes = maturity.mistakes(|entity| *entity == scorecard.reference);
    let mistakes: Vec<String> = mistakes.map(output::diagnostic_line).collect();
    if !mistakes.is_empty() {
        for mistake in mistakes {
            session.hint(&mistake);
        }
        return Ok(None);
    }
    let moment = session.moment();
    let gathered = session.facts_of_rules(&moment, scan, &[&scorecard], None);
    session.keep_unread(&gathered.problems);
    let scorecards = [scorecard];
    // What nobody has is not measured, which one entity alone cannot tell; but the facts of all
    // are there, and only this one is evaluated.
    let results = session.evaluate(scan, &gathered.facts, &scorecards, &[id]);
    let result = results.iter().flat_map(|result| &result.entities).next();
    let [scorecard] = &scorecards;
    Ok(Some(match result {
        Some(result) => badge::of_level(scorecard, result.standing),
        None => badge::not_about(scorecard),
    }))
}

fn known(maturity: &Maturity) -> Vec<&str> {
    let scorecards = maturity.scorecards.iter();
    scorecards
        .map(|scorecard| scorecard.reference.name())
        .collect()
}
