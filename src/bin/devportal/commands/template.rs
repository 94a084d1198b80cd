//! `devportal template`: golden paths, and those who write them.

mod answers;
mod list;
mod show;

use anyhow::Result;

use crate::Outcome;
use crate::session::Session;

/// Options of `template`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: TemplateCommand,
}

#[derive(Debug, clap::Subcommand)]
enum TemplateCommand {
    /// List the templates of devportal and of the workspace
    List(list::Args),
    /// Show what a template asks, does and leaves behind
    Show(show::Args),
    /// Ask what a template asks, and print the answers for --answers
    Answers(answers::Args),
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    match &args.command {
        TemplateCommand::List(args) => list::run(args, session),
        TemplateCommand::Show(args) => show::run(args, session),
        TemplateCommand::Answers(args) => answers::run(args, session),
    }
}
