//! `fetch:plain`: copies a folder as it is.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Action, Needs};
use crate::scaffold::{Call, Outputs, StepError, TargetPath, fetched};

pub(super) static ACTION: Action = Action {
    name: "fetch:plain",
    summary: "copies a folder as it is",
    needs: Needs::Nothing,
    outputs: &[],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    url: String,
    target_path: Option<String>,
    /// Sources know by themselves how they are read.
    #[serde(rename = "token")]
    _token: Option<IgnoredAny>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let folder = TargetPath::of_input(input.target_path.as_deref().unwrap_or("."))?;
    let entries = fetched::read_folder(call.world.sources, &input.url)?;
    call.log.push(format!("copied \"{}\"", input.url));
    fetched::put_below(call.tree, folder.as_ref(), entries)?;
    Ok(Outputs::new())
}
