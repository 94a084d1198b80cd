//! `devportal campaign`: what is to be done for which entities until when, and how far it is.

mod burn_down;
mod evaluation;
mod list;
mod record;
mod show;
mod state_text;
mod status;

use anyhow::Result;

use crate::Outcome;
use crate::session::Session;

/// Options of `campaign`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List campaigns: whose they are, their days, and how far they are
    List(list::Args),
    /// Show a campaign: why and how, its milestones, and where each entity stands
    Show(show::Args),
    /// Say what is done and what is left, by team, as it goes into a team channel
    Status(status::Args),
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    match &args.action {
        Action::List(args) => list::run(args, session),
        Action::Show(args) => show::run(args, session),
        Action::Status(args) => status::run(args, session),
    }
}
