//! `devportal template answers`: asks a template's questions, and prints the answers.

use anyhow::Result;
use clap_complete::engine::ArgValueCompleter;

use crate::Outcome;
use crate::completion;
use crate::prompt;
use crate::scaffolding::catalog::references;
use crate::scaffolding::given::GivenArgs;
use crate::session::Session;

/// Options of `template answers`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The template: a name, or the path of a folder or of its template.yaml
    #[arg(value_name = "NAME|PATH", add = ArgValueCompleter::new(completion::template))]
    template: String,
    #[command(flatten)]
    given: GivenArgs,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(&["yaml", "json"])?;
    let given = args.given.given(session)?;
    let source = session.template(&args.template, None, false)?;
    let manifest = source.manifest()?;
    let scan = session.scan()?;
    let answered = prompt::ask(session, manifest, &given, &|filter| {
        references(&scan, filter)
    })?;
    let answers = answered.without_secrets();
    match format {
        "json" => session.write_json(&answers)?,
        _ => session.write_yaml(&answers)?,
    }
    Ok(Outcome::Fine)
}
