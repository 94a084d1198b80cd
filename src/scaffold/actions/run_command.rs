//! `run:command`: a program in the folder of the new files, with `--trust` and never through a
//! shell.

use serde::Deserialize;

use super::{Action, Needs};
use crate::scaffold::{Call, Invocation, Outputs, ProgramEnd, StepError, TargetPath};

pub(super) static ACTION: Action = Action {
    name: "run:command",
    summary: "run a program",
    needs: Needs::Trust,
    outputs: &["stdout"],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    command: Command,
    #[serde(default, alias = "arguments")]
    args: Vec<String>,
    working_directory: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Command {
    Line(String),
    Words(Vec<String>),
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let words = match input.command {
        // Split at blanks and nothing else: there are no quotes and no variables here. What may
        // have a blank in it belongs into `args`.
        Command::Line(line) => line.split_whitespace().map(str::to_owned).collect(),
        Command::Words(words) => words,
    };
    let mut words = words.into_iter().chain(input.args);
    let program = words
        .next()
        .filter(|program| !program.is_empty())
        .ok_or_else(|| StepError::new("input \"command\" names no program"))?;
    let folder = input.working_directory.as_deref().unwrap_or("./");
    let invocation = Invocation {
        program,
        arguments: words.collect(),
        folder: TargetPath::of_input(folder)?,
        input: None,
    };
    match call.world.programs.run(&invocation, call.tree)? {
        ProgramEnd::Ran { stdout } => {
            call.log.push(format!("ran {}", invocation.shown()));
            Ok(Outputs::from_iter([("stdout".to_owned(), stdout.into())]))
        }
        ProgramEnd::Planned => {
            call.log.push(format!("will run {}", invocation.shown()));
            Ok(Outputs::new())
        }
    }
}
