//! `roadiehq:utils:json:merge`: merges values into a JSON file, which is made where there is none.

use serde::Deserialize;
use serde_json::Value;

use super::roadiehq_merge::{Content, merged};
use super::{Action, Needs};
use crate::scaffold::value_merge::Lists;
use crate::scaffold::{Call, Outputs, StepError, input, json_text, structured_text};

pub(super) static ACTION: Action = Action {
    name: "roadiehq:utils:json:merge",
    summary: "merges values into a JSON file",
    needs: Needs::Nothing,
    outputs: &["path"],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    path: String,
    content: Content,
    merge_arrays: Option<bool>,
    match_file_indent: Option<bool>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let path = input::path_below_root(&input.path)?;
    let text = if call.tree.contains(&path) {
        Some(call.tree.text(&path)?)
    } else {
        None
    };
    let old = match text {
        Some(text) => structured_text::read_json(&format!("\"{path}\""), text)?,
        None => Value::Null,
    };
    let content = input.content.read(structured_text::read_json)?;
    let indent = text
        .filter(|_| input.match_file_indent.unwrap_or(false))
        .and_then(first_indent)
        .map_or_else(|| json_text::INDENT.to_owned(), |width| " ".repeat(width));
    let lists = Lists::of_input(input.merge_arrays);
    let new = merged(&path, old, content, lists)?;
    let written = json_text::to_json(&new, &indent)?;
    let outputs = super::path_output(&path);
    call.log.push(format!("merged into \"{path}\""));
    call.tree.write(path, written.into_bytes())?;
    Ok(outputs)
}

/// By how many characters the first line that is indented is.
fn first_indent(text: &str) -> Option<usize> {
    let indents = text
        .lines()
        .map(|line| line.len() - line.trim_start_matches([' ', '\t']).len());
    let mut indents = indents.filter(|indent| *indent > 0);
    indents.next()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{fails, succeeds};

    #[test]
    fn roadie_merges() {
        let json_merge = "roadiehq:utils:json:merge";
        for (input, before, after) in [
            (
                json!({"content": {"b": [2]}}),
                "{\"a\":1,\"b\":[1]}",
                "{\n  \"a\": 1,\n  \"b\": [\n    2\n  ]\n}",
            ),
            (
                json!({"content": "{\"b\": [2]}", "mergeArrays": true, "matchFileIndent": true}),
                "{\n    \"b\": [1]}",
                "{\n    \"b\": [\n        1,\n        2\n    ]\n}",
            ),
        ] {
            for name in [json_merge, "roadiehq:utils:merge"] {
                let mut input = input.clone();
                input["path"] = "x.json".into();
                if name != json_merge && input["matchFileIndent"] == true {
                    continue;
                }
                let path = json!({"path": "x.json"});
                succeeds(
                    name,
                    &input,
                    &[("x.json", before)],
                    &[("x.json", after)],
                    &path,
                );
            }
        }
        let one = json!({"path": "x.json", "content": {"a": 1}});
        let path = json!({"path": "x.json"});
        succeeds(
            json_merge,
            &one,
            &[],
            &[("x.json", "{\n  \"a\": 1\n}")],
            &path,
        );
        fails(
            "roadiehq:utils:merge",
            &one,
            &[],
            "there is no file \"x.json\"",
        );
        fails(
            json_merge,
            &one,
            &[("x.json", "[1]")],
            "\"x.json\" has no mapping to merge into",
        );
    }
}
