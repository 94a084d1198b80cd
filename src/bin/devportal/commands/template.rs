//! `devportal template`: golden paths, what they made, and those who write them.

mod answers;
mod lint;
mod list;
mod render;
mod show;
mod status;
mod test;
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
    /// Say what is wrong with templates before anybody runs them
    Lint(lint::Args),
    /// Render one file with values, as Backstage renders it
    Render(render::Args),
    /// Run the cases of a template, and compare what comes out with what must
    Test(test::Args),
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
        TemplateCommand::Lint(args) => lint::run(args, session),
        TemplateCommand::Render(args) => render::run(args, session),
        TemplateCommand::Test(args) => test::run(args, session),
        TemplateCommand::Status(args) => status::run(args, session),
        TemplateCommand::Update(args) => update::run(args, session),
    }
}
