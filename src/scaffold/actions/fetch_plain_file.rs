//! `fetch:plain:file`: copies one file as it is.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Action, Needs};
use crate::scaffold::{Call, Entry, Outputs, StepError, input};

pub(super) static ACTION: Action = Action {
    name: "fetch:plain:file",
    summary: "copies one file as it is",
    needs: Needs::Nothing,
    outputs: &[],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    url: String,
    target_path: String,
    /// Sources know by themselves how they are read.
    #[serde(rename = "token")]
    _token: Option<IgnoredAny>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let path = input::path_below_root(&input.target_path)?;
    let source = call.world.sources.file(&input.url)?;
    match source.content {
        // A link means something only in the folder that it was made for.
        Entry::Link { target } => Err(StepError::new(format!(
            "\"{}\" is a link to \"{target}\", and no file",
            input.url
        ))
        .help("name the file that it points to")),
        Entry::EmptyFolder => Err(StepError::new(format!(
            "\"{}\" is a folder, and no file",
            input.url
        ))
        .help("\"fetch:plain\" copies folders")),
        Entry::File { bytes, executable } => {
            call.log.push(format!("copied \"{path}\""));
            call.tree.put(path, Entry::File { bytes, executable })?;
            Ok(Outputs::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{fails, succeeds};

    #[test]
    fn fetch_plain_file_copies_one_file() {
        succeeds(
            "fetch:plain:file",
            &json!({"url": "./run", "targetPath": "bin/x"}),
            &[],
            &[("bin/x", "*#!")],
            &json!({}),
        );
        fails(
            "fetch:plain:file",
            &json!({"url": "./run"}),
            &[],
            "the input has no \"targetPath\"",
        );
        fails(
            "fetch:plain:file",
            &json!({"url": "./run", "targetPath": "./"}),
            &[],
            "path \"./\" is the root",
        );
    }
}
