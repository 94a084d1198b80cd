//! `roadiehq:utils:fs:write`: writes a text to a file.

use serde::Deserialize;

use super::{Action, Needs};
use crate::scaffold::{Call, Outputs, StepError, input, json_text};

pub(super) static ACTION: Action = Action {
    name: "roadiehq:utils:fs:write",
    summary: "writes a text to a file",
    needs: Needs::Nothing,
    outputs: &["path"],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    path: String,
    content: String,
    preserve_formatting: Option<bool>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let path = input::path_below_root(&input.path)?;
    let mut text = input.content;
    // JSON is set in lines anew; what is no JSON stays as it is.
    if input.preserve_formatting.unwrap_or(false)
        && let Ok(value) = serde_json::from_str(&text)
    {
        text = json_text::to_json(&value, json_text::INDENT)?;
    }
    let outputs = super::path_output(&path);
    call.log.push(format!("wrote \"{path}\""));
    call.tree.write(path, text.into_bytes())?;
    Ok(outputs)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{fails, succeeds};

    #[test]
    fn roadie_writes_and_appends() {
        let path = json!({"path": "a/b"});
        let write = "roadiehq:utils:fs:write";
        succeeds(
            write,
            &json!({"path": "./a/b", "content": "new\n"}),
            &[("a/b", "*old")],
            &[("a/b", "*new\n")],
            &path,
        );
        succeeds(
            write,
            &json!({"path": "a/b", "content": "{\"x\":[1,2.0]}", "preserveFormatting": true}),
            &[],
            &[("a/b", "{\n  \"x\": [\n    1,\n    2\n  ]\n}")],
            &path,
        );
        succeeds(
            write,
            &json!({"path": "a/b", "content": "{no json", "preserveFormatting": true}),
            &[],
            &[("a/b", "{no json")],
            &path,
        );
        fails(
            write,
            &json!({"path": "a/b", "content": {}}),
            &[],
            "input \"content\" must be a text, and is a mapping",
        );
        let append = "roadiehq:utils:fs:append";
        let more = json!({"path": "a/b", "content": "more"});
        succeeds(
            append,
            &more,
            &[("a/b", "*old\n")],
            &[("a/b", "*old\nmore")],
            &path,
        );
        succeeds(append, &more, &[], &[("a/b", "more")], &path);
        fails(append, &more, &[("a/b", "-> c")], "\"a/b\" is no file");
    }
}
