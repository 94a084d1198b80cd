//! `devportal facts`: what is known, what it means, and the ledger that keeps it.

mod collect;
mod compact;
mod import;
mod list;
mod show;

use anyhow::{Context, Result};
use devportal::diagnostic::Diagnostic;
use devportal::fact::ledger::LedgerLocation;
use devportal::output;
use devportal::scan::Scan;

use crate::Outcome;
use crate::session::Session;

/// Problems that are told one by one.
const MOST_PROBLEMS: usize = 5;

/// Options of `facts`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: FactsCommand,
}

#[derive(Debug, clap::Subcommand)]
enum FactsCommand {
    /// List the facts there are: what they mean, who gives them, how long they hold
    List(list::Args),
    /// Show every fact of an entity, of all sources, with its age; or how it came to be
    Show(show::Args),
    /// Ask APIs and programs for facts, and keep what they say
    Collect(collect::Args),
    /// Read what files of tools say, and keep it in the ledger
    Import(import::Args),
    /// Make old months of the ledger smaller: a value a day
    Compact(compact::Args),
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    match &args.command {
        FactsCommand::List(args) => list::run(args, session),
        FactsCommand::Show(args) => show::run(args, session),
        FactsCommand::Collect(args) => collect::run(args, session),
        FactsCommand::Import(args) => import::run(args, session),
        FactsCommand::Compact(args) => compact::run(args, session),
    }
}

/// Where the ledger of the workspace lies, for those who write to it. Says so where nothing that
/// is written there can be committed.
pub(crate) fn location(session: &Session, scan: &Scan) -> Result<LedgerLocation> {
    let location = LedgerLocation::of(&scan.repositories, &scan.config)
        .context("there is no repository and no folder here that could hold the ledger")?;
    if !location.is_in_git() {
        session.hint(&format!(
            "\"{}\" is not in Git: nobody else has what is written there",
            location.folder().display()
        ));
    }
    Ok(location)
}

/// The outcome of an answer made of facts, with a hint for each thing that is wrong with them.
pub(super) fn outcome(session: &Session, scan: &Scan, problems: &[Diagnostic]) -> Outcome {
    for problem in problems.iter().take(MOST_PROBLEMS) {
        session.hint(&output::diagnostic_line(problem));
    }
    if let Some(more) = problems.len().checked_sub(MOST_PROBLEMS + 1) {
        session.hint(&format!("and {} more", more + 1));
    }
    let hides = problems.iter().any(|problem| problem.hides_something);
    match session.outcome_of_answer(scan) {
        Outcome::Fine if hides => {
            session.hint("what could not be read could change this answer");
            Outcome::Incomplete
        }
        outcome => outcome,
    }
}
