//! `roadiehq:utils:fs:append`: adds a text to the end of a file, which is made where there is none.

use serde::Deserialize;

use super::{Action, Needs};
use crate::scaffold::{Call, Entry, Outputs, StepError, input};

pub(super) static ACTION: Action = Action {
    name: "roadiehq:utils:fs:append",
    summary: "adds a text to the end of a file",
    needs: Needs::Nothing,
    outputs: &["path"],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    path: String,
    content: String,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let path = input::path_below_root(&input.path)?;
    let old = match call.tree.get(&path) {
        Some(Entry::File { bytes, .. }) => bytes.as_slice(),
        Some(_) => return Err(StepError::new(format!("\"{path}\" is no file"))),
        None => &[],
    };
    let bytes = [old, input.content.as_bytes()].concat();
    let outputs = super::path_output(&path);
    call.log.push(format!("added to \"{path}\""));
    call.tree.write(path, bytes)?;
    Ok(outputs)
}
