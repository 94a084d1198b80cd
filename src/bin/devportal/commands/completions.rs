//! `devportal completions`: what makes a shell complete commands, options and names.

use anyhow::{Context, Result};
use clap::ValueEnum;
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Zsh};

use crate::Outcome;
use crate::completion;
use crate::session::Session;

/// Options of `completions`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

/// Bash takes the part after a `:` for a word of its own, and would complete `owner:pay` to
/// `owner:owner:payments`.
const BASH_BEGINNING: &str = "COMP_WORDBREAKS=${COMP_WORDBREAKS//:}\n";

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let completer: &dyn EnvCompleter = match args.shell {
        Shell::Bash => &Bash,
        Shell::Elvish => &Elvish,
        Shell::Fish => &Fish,
        Shell::Powershell => &Powershell,
        Shell::Zsh => &Zsh,
    };
    let out = session.stdout();
    if matches!(args.shell, Shell::Bash) {
        out.write_all(BASH_BEGINNING.as_bytes())
            .context("cannot write output")?;
    }
    let (name, mut script) = ("devportal", Vec::new());
    completer
        .write_registration(completion::VARIABLE, name, name, name, &mut script)
        .context("cannot make the script")?;
    out.write_all(&script).context("cannot write output")?;
    Ok(Outcome::Fine)
}
