//! The program: reads the command line, runs one command, and turns its outcome into an exit code.

mod age;
mod asking;
mod commands;
mod collecting;
mod columns;
mod completion;
mod deferred;
mod entity_page;
mod environment;
mod fact_column;
mod facts;
mod golden_paths;
mod hang_up;
mod help;
mod listing;
mod maturity;
mod page_folder;
mod pager;
mod picker;
mod progress;
mod prompt;
mod reference;
mod refresh;
mod scaffolding;
mod selection;
mod session;
mod stdout;
mod step_summary;
mod template_source;
mod token_command;
mod trend;
mod write_file;

use std::ffi::OsString;
use std::io::Write;
use std::mem::ManuallyDrop;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser};
use clap_complete::CompleteEnv;

use commands::Command;
use deferred::without_unused_options;
use session::{Globals, Session};

/// A developer portal in one binary: who owns what, what depends on what, what is wrong.
#[derive(Debug, Parser)]
#[command(
    name = "devportal",
    version,
    max_term_width = 100,
    disable_help_subcommand = true
)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// How a run ended. The numbers are the exit codes that scripts rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything is fine.
    Fine = 0,
    /// There are findings at or above the threshold, or nothing was found.
    Findings = 1,
    /// The command line is wrong, or something failed.
    Failure = 2,
    /// What could not be read could change this answer.
    Incomplete = 3,
    /// Somebody has to trust it, or to let us in.
    NeedsTrust = 4,
    /// The user interrupted it.
    Interrupted = 130,
}

fn main() -> ExitCode {
    // Answers a shell that asks for candidates, and then ends.
    CompleteEnv::with_factory(help::command_line)
        .var(completion::VARIABLE)
        .complete();
    let outcome = match parse() {
        Ok(cli) => run(cli),
        Err(error) => refuse(&error),
    };
    ExitCode::from(outcome as u8)
}

fn parse() -> Result<Cli, clap::Error> {
    let color = environment::color_choice_of_help();
    let arguments = std::env::args_os().map(selection::with_negation_spelled_out);
    let arguments: Vec<OsString> = arguments.collect();
    let parse_with = |command: clap::Command| {
        // Taking all commands apart would take longer than parsing does.
        let mut command = ManuallyDrop::new(command.color(color));
        command.try_get_matches_from_mut(&arguments)
    };
    // Groups, examples and the options of other commands are made only for those who read them:
    // most runs need no help.
    let matches = parse_with(without_unused_options(Cli::command))
        .or_else(|_| parse_with(help::command_line()))?;
    Cli::from_arg_matches(&matches)
}

/// Prints help and version, or says what is wrong with the command line.
fn refuse(error: &clap::Error) -> Outcome {
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    // Nothing is left to be told to anybody when this cannot be printed. What was typed, or
    // pasted, is shown as it is only when all of it can be seen.
    let text = error.render().to_string();
    let safe = devportal::output::safe_lines(&text);
    let _ = if is_help || safe == text {
        error.print()
    } else {
        std::io::stderr().write_all(safe.as_bytes())
    };
    if is_help {
        Outcome::Fine
    } else {
        Outcome::Failure
    }
}

fn run(cli: Cli) -> Outcome {
    let mut session = Session::new(cli.globals);
    let result = commands::run(cli.command, &mut session);
    let result = result.and_then(|outcome| session.finish().map(|()| outcome));
    match result {
        Ok(outcome) => outcome,
        Err(error) if stdout::is_closed_pipe(&error) => Outcome::Fine,
        Err(error) if error.is::<prompt::Interrupted>() => Outcome::Interrupted,
        Err(error) => {
            report(&error);
            Outcome::Failure
        }
    }
}

fn report(error: &anyhow::Error) {
    let mut text = format!("error: {error}");
    for cause in error.chain().skip(1) {
        text.extend(["\n  because: ", &cause.to_string()]);
    }
    let _ = writeln!(
        std::io::stderr(),
        "{}",
        devportal::output::safe_lines(&text)
    );
}
