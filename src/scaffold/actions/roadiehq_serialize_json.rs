//! `roadiehq:utils:serialize:json`: a value as JSON.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Action, Needs};
use crate::scaffold::{Call, Outputs, StepError, json_text};

pub(super) static ACTION: Action = Action {
    name: "roadiehq:utils:serialize:json",
    summary: "a value as JSON",
    needs: Needs::Nothing,
    outputs: &["serialized"],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    data: Map<String, Value>,
    replacer: Option<Vec<String>>,
    /// What a level is indented with, as text: `"2"` is the digit.
    space: Option<String>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let mut data = Value::Object(input.data);
    if let Some(keys) = input.replacer.filter(|keys| !keys.is_empty()) {
        data = json_text::with_keys(&data, &keys);
    }
    let text = json_text::to_json(&data, input.space.as_deref().unwrap_or_default())?;
    Ok(Outputs::from_iter([("serialized".to_owned(), text.into())]))
}
