//! `devportal template`: golden paths, what they made, and those who write them.

mod answers;
mod list;
mod render;
mod show;
mod status;
mod update;

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
    /// Ask a template's questions, and print the answers
    Answers(answers::Args),
    /// Render one file with values, as Backstage renders it
    Render(render::Args),
    /// Say how far repositories are behind the templates that made them
    Status(status::Args),
    /// Merge what a template changed since into the repositories that it made
    Update(update::Args),
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    match &args.command {
        TemplateCommand::List(args) => list::run(args, session),
        TemplateCommand::Show(args) => show::run(args, session),
        TemplateCommand::Answers(args) => answers::run(args, session),
        TemplateCommand::Render(args) => render::run(args, session),
        TemplateCommand::Status(args) => status::run(args, session),
        TemplateCommand::Update(args) => update::run(args, session),
    }
}
