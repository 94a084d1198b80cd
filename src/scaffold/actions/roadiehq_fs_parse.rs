//! `roadiehq:utils:fs:parse`: reads a file, as text or as what it says.

use serde::Deserialize;
use serde_json::Value;

use super::{Action, Needs};
use crate::scaffold::{Call, Outputs, StepError, input, structured_text};

pub(super) static ACTION: Action = Action {
    name: "roadiehq:utils:fs:parse",
    summary: "reads a file: its text, or what it says as YAML or JSON",
    needs: Needs::Nothing,
    outputs: &["content"],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    path: String,
    parser: Option<Parser>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Parser {
    Yaml,
    Json,
    Multiyaml,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let path = input::path_below_root(&input.path)?;
    let text = call.tree.text(&path)?;
    let what = format!("\"{path}\"");
    let content = match input.parser {
        None => Value::String(text.to_owned()),
        Some(Parser::Yaml) => structured_text::read_yaml(&what, text)?,
        Some(Parser::Json) => structured_text::read_json(&what, text)?,
        Some(Parser::Multiyaml) => Value::Array(structured_text::read_yaml_documents(&what, text)?),
    };
    Ok(Outputs::from_iter([("content".to_owned(), content)]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{Files, fails, run, succeeds};

    #[test]
    fn roadie_parses_files() {
        let before: Files<'_> = &[
            ("bad", "a: [\n"),
            ("many", "a: 1\n---\nb: yes\n"),
            ("one", "b: {\"c\": [1, 2.5]}\na: null\n"),
            ("json", "{\"b\": 1, \"a\": {}}"),
        ];
        for (path, parser, content) in [
            ("one", json!(null), json!("b: {\"c\": [1, 2.5]}\na: null\n")),
            (
                "one",
                json!("yaml"),
                json!({"b": {"c": [1, 2.5]}, "a": null}),
            ),
            ("json", json!("json"), json!({"b": 1, "a": {}})),
            ("many", json!("multiyaml"), json!([{"a": 1}, {"b": "yes"}])),
        ] {
            let input = json!({"path": path, "parser": parser});
            let outputs = json!({ "content": content });
            succeeds("roadiehq:utils:fs:parse", &input, before, before, &outputs);
        }
        for (path, parser, message) in [
            (
                "many",
                "yaml",
                "\"many\" has 2 documents, and one was expected",
            ),
            ("one", "json", "\"one\" is no JSON, from line 1 column 1 on"),
            ("missing", "json", "there is no file \"missing\""),
            ("one", "toml", "input \"parser\" cannot be \"toml\""),
        ] {
            let input = json!({"path": path, "parser": parser});
            fails("roadiehq:utils:fs:parse", &input, before, message);
        }
        let bad = json!({"path": "bad", "parser": "yaml"});
        let error = run("roadiehq:utils:fs:parse", &bad, before).result;
        let error = error.expect_err("no YAML");
        assert!(
            error.message.starts_with("\"bad\" is no YAML, in line "),
            "{error}"
        );
    }
}
