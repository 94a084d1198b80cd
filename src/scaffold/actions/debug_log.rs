//! `debug:log`: tells whoever runs the template something.

use serde::Deserialize;

use super::{Action, Needs};
use crate::scaffold::{Call, Outputs, StepError, TargetPath, WorkTree};

/// The most bytes of files that one step tells.
const MOST_CONTENTS: usize = 256 << 10;

pub(super) static ACTION: Action = Action {
    name: "debug:log",
    summary: "logs a message, and the files so far",
    needs: Needs::Nothing,
    outputs: &[],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    message: Option<String>,
    list_workspace: Option<ListWorkspace>,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "must be true, false, \"with-filenames\" or \"with-contents\""
)]
enum ListWorkspace {
    Whether(bool),
    With(With),
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum With {
    WithFilenames,
    WithContents,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let message = input.message.unwrap_or_default();
    for line in message.lines() {
        call.log.notice(line);
    }
    match input.list_workspace {
        None | Some(ListWorkspace::Whether(false)) => {}
        Some(ListWorkspace::With(With::WithContents)) => {
            log_contents(call.tree, &mut call.log.lines);
        }
        Some(_) => {
            call.log.push("files:".to_owned());
            let paths = call.tree.below(None).map(|(path, _)| path);
            call.log.lines.extend(paths.map(|path| format!("  {path}")));
        }
    }
    Ok(Outputs::new())
}

fn log_contents(tree: &WorkTree, log: &mut Vec<String>) {
    let mut room = MOST_CONTENTS;
    for (path, _) in tree.below(None) {
        log.push(format!("{path}:"));
        match text_within(tree, path, room) {
            Ok(text) => {
                room -= text.len();
                log.extend(text.lines().map(|line| format!("  {line}")));
            }
            Err(reason) => log.push(format!("  ({reason})")),
        }
    }
}

/// The text of a file, or why it is not told.
fn text_within<'tree>(
    tree: &'tree WorkTree,
    path: &TargetPath,
    room: usize,
) -> Result<&'tree str, &'static str> {
    let bytes = tree.get(path).and_then(|entry| entry.bytes());
    let bytes = bytes.ok_or("no file")?;
    if bytes.len() > room {
        return Err("too long to be told");
    }
    std::str::from_utf8(bytes).map_err(|_| "no text")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{Files, fails, run};

    #[test]
    fn debug_log_tells_messages_and_files() {
        let big = "x".repeat(300 << 10);
        let before: Files<'_> = &[("a/b", "1\n2\n"), ("big", &big), ("c", "-> a/b")];
        for (input, log) in [
            (json!({"message": "one\ntwo"}), vec!["one", "two"]),
            (json!({"listWorkspace": false}), vec![]),
            (
                json!({"message": "x", "listWorkspace": true}),
                vec!["x", "files:", "  a/b", "  big", "  c"],
            ),
            (
                json!({"listWorkspace": "with-filenames"}),
                vec!["files:", "  a/b", "  big", "  c"],
            ),
            (
                json!({"listWorkspace": "with-contents"}),
                vec![
                    "a/b:",
                    "  1",
                    "  2",
                    "big:",
                    "  (too long to be told)",
                    "c:",
                    "  (no file)",
                ],
            ),
        ] {
            let ended = run("debug:log", &input, before);
            ended.result.expect("it logs");
            assert_eq!(ended.log, log, "{input}");
        }
        fails(
            "debug:log",
            &json!({"listWorkspace": "all"}),
            &[],
            "input \"listWorkspace\" must be true, false, \"with-filenames\" or \"with-contents\"",
        );
    }
}
