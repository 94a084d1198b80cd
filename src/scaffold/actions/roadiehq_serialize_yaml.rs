//! `roadiehq:utils:serialize:yaml`: a value as YAML.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::{Action, Needs};
use crate::scaffold::yaml_text::{self, YamlOptions};
use crate::scaffold::{Call, Outputs, StepError};

pub(super) static ACTION: Action = Action {
    name: "roadiehq:utils:serialize:yaml",
    summary: "a value as YAML",
    needs: Needs::Nothing,
    outputs: &["serialized"],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    data: Map<String, Value>,
    options: Option<YamlOptions>,
    /// Roadie's action takes it and does nothing with it.
    #[serde(rename = "replacer")]
    _replacer: Option<IgnoredAny>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let options = input.options.unwrap_or_default();
    options.tell_ignored(&mut call.log.lines);
    let text = yaml_text::to_yaml(&Value::Object(input.data), options.indent()?)?;
    Ok(Outputs::from_iter([("serialized".to_owned(), text.into())]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{fails, succeeds};

    #[test]
    fn roadie_serializes() {
        let data = json!({"b": 1, "a": {"b": [true]}});
        for (name, input, text) in [
            (
                "json",
                json!({ "data": data }),
                "{\"b\":1,\"a\":{\"b\":[true]}}",
            ),
            (
                "json",
                json!({"data": data, "replacer": ["a"], "space": " "}),
                "{\n \"a\": {}\n}",
            ),
            (
                "json",
                json!({"data": data, "replacer": []}),
                "{\"b\":1,\"a\":{\"b\":[true]}}",
            ),
            (
                "yaml",
                json!({"data": data, "replacer": ["a"]}),
                "b: 1\na:\n  b:\n    - true\n",
            ),
            (
                "yaml",
                json!({"data": data, "options": {"indent": 4, "lineWidth": 0}}),
                "b: 1\na:\n    b:\n        - true\n",
            ),
        ] {
            let name = format!("roadiehq:utils:serialize:{name}");
            succeeds(&name, &input, &[], &[], &json!({ "serialized": text }));
        }
        fails(
            "roadiehq:utils:serialize:yaml",
            &json!({"data": data, "options": {"indent": 0}}),
            &[],
            "YAML cannot be indented by 0: 1 to 16 spaces are possible",
        );
        fails(
            "roadiehq:utils:serialize:json",
            &json!({"data": [1]}),
            &[],
            "input \"data\" must be a mapping, and is a list",
        );
    }
}
