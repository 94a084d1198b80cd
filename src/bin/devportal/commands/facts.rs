//! `devportal facts`: what is known of entities beside their descriptors.

mod collect;

use anyhow::Result;

use crate::Outcome;
use crate::session::Session;

/// Options of `facts`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: FactsCommand,
}

#[derive(Debug, clap::Subcommand)]
enum FactsCommand {
    /// Ask APIs and programs for facts, and keep what they say
    Collect(collect::Args),
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    match &args.command {
        FactsCommand::Collect(args) => collect::run(args, session),
    }
}
