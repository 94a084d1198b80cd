//! `devportal template`: what can be done with golden paths beside running them.

mod render;

use anyhow::Result;

use crate::Outcome;
use crate::session::Session;

/// Options of `template`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Subcommand,
}

#[derive(Debug, clap::Subcommand)]
enum Subcommand {
    /// Render one file with values, as Backstage renders it
    Render(render::Args),
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    match &args.action {
        Subcommand::Render(args) => render::run(args, session),
    }
}
