//! `roadiehq:utils:fs:replace`: replaces texts in files.

use std::borrow::Cow;

use serde::Deserialize;

use super::{Action, Needs, fs_delete};
use crate::scaffold::regular_expression::Search;
use crate::scaffold::{Call, Entry, Outputs, StepError, TargetPath};

/// The most bytes that a file may have after it.
const MOST_BYTES: usize = 16 << 20;

pub(super) static ACTION: Action = Action {
    name: "roadiehq:utils:fs:replace",
    summary: "replaces texts in files",
    needs: Needs::Nothing,
    outputs: &[],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    files: Vec<Replacement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Replacement {
    #[serde(default)]
    file: String,
    #[serde(default)]
    find: String,
    #[serde(default)]
    replace_with: String,
    match_regex: Option<bool>,
    include_dot_files: Option<bool>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    fs_delete::refuse_too_many(input.files.len())?;
    for (index, file) in input.files.iter().enumerate() {
        let required = [
            ("file", &file.file),
            ("find", &file.find),
            ("replaceWith", &file.replace_with),
        ];
        if let Some((name, _)) = required.iter().find(|(_, text)| text.is_empty()) {
            return Err(
                StepError::new(format!("input \"files[{index}]\" has no \"{name}\""))
                    .help("an empty text is none, as in Roadie's action"),
            );
        }
        replace(call, file)?;
    }
    Ok(Outputs::new())
}

fn replace(call: &mut Call<'_>, file: &Replacement) -> Result<(), StepError> {
    let search = if file.match_regex.unwrap_or(false) {
        Search::expression(&file.find)?
    } else {
        Search::text(&file.find)?
    };
    let meant = meant(call, file)?;
    if meant.is_empty() {
        call.log.push(format!("there is no file \"{}\"", file.file));
        return Ok(());
    }
    for path in meant {
        let Ok(text) = call.tree.text(&path) else {
            call.log.push(format!("left \"{path}\": it is no text"));
            continue;
        };
        let replaced = search.replace_all(text, &file.replace_with, MOST_BYTES);
        let replaced = replaced.ok_or_else(|| {
            StepError::new(format!(
                "\"{path}\" would have more than {} MiB",
                MOST_BYTES >> 20
            ))
        })?;
        if let Cow::Owned(text) = replaced {
            call.log.push(format!("replaced in \"{path}\""));
            call.tree.write(path, text.into_bytes())?;
        }
    }
    Ok(())
}

/// The files that a pattern means: hidden ones only when it names them, or all are wanted.
fn meant(call: &Call<'_>, file: &Replacement) -> Result<Vec<TargetPath>, StepError> {
    let pattern = fs_delete::pattern_inside(&file.file)?;
    let with_hidden = file.include_dot_files.unwrap_or(false);
    let files = call.tree.below(None).filter(|(path, entry)| {
        matches!(entry, Entry::File { .. })
            && pattern.matches_file(path.as_str())
            && (with_hidden || pattern.names_hidden_parts(path.as_str()))
    });
    Ok(files.map(|(path, _)| path.clone()).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::{Files, fails, run};

    #[test]
    fn roadie_replaces_texts() {
        let replace = "roadiehq:utils:fs:replace";
        let before: Files<'_> = &[(".a.txt", "x.x"), ("b.txt", "*x.x x-x"), ("c/d.txt", "y")];
        let files = |file: &Value| json!({ "files": [file] });
        for (input, changed) in [
            (
                json!({"file": "*.txt", "find": "x.x", "replaceWith": "[$&]"}),
                [("b.txt", "*[x.x] x-x"), (".a.txt", "x.x")],
            ),
            (
                json!({"file": "**/*.txt", "find": "(x).x", "replaceWith": "$1", "matchRegex": true, "includeDotFiles": true}),
                [("b.txt", "*x x"), (".a.txt", "x")],
            ),
            (
                json!({"file": "./.a.txt", "find": "x", "replaceWith": "z"}),
                [("b.txt", "*x.x x-x"), (".a.txt", "z.z")],
            ),
            (
                json!({"file": "missing", "find": "x", "replaceWith": "z"}),
                [("b.txt", "*x.x x-x"), (".a.txt", "x.x")],
            ),
        ] {
            let ended = run(replace, &files(&input), before);
            ended.result.expect("it replaces");
            for (path, text) in changed {
                assert_eq!(ended.after[path], text, "{input}");
            }
        }
        for (input, message) in [
            (
                json!({"file": "b.txt", "find": "x", "replaceWith": ""}),
                "input \"files[0]\" has no \"replaceWith\"",
            ),
            (
                json!({"file": "../b.txt", "find": "x", "replaceWith": "y"}),
                "path \"../b.txt\" leads out of its folder",
            ),
            (
                json!({"file": "b.txt", "find": "(", "replaceWith": "y", "matchRegex": true}),
                "the regular expression \"(\" cannot be used: unclosed group",
            ),
            (
                json!({"file": "b.txt", "find": "x", "replaceWith": "y".repeat(8 << 20)}),
                "\"b.txt\" would have more than 16 MiB",
            ),
        ] {
            fails(replace, &files(&input), before, message);
        }
    }
}
