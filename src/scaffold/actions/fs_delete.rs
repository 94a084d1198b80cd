//! `fs:delete`: takes files and folders away.

use serde::Deserialize;

use super::{Action, Needs};
use crate::scaffold::globs::{MOST_PATTERNS, PathPattern};
use crate::scaffold::{Call, Outputs, StepError, TargetPath, input};

pub(super) static ACTION: Action = Action {
    name: "fs:delete",
    summary: "deletes files and folders, by path or pattern",
    needs: Needs::Nothing,
    outputs: &[],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    files: Vec<String>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    refuse_too_many(input.files.len())?;
    // All of them are looked at before the first is deleted.
    let patterns = input.files.iter().map(|file| pattern_inside(file));
    let patterns: Vec<PathPattern> = patterns.collect::<Result<_, _>>()?;
    for (file, pattern) in input.files.iter().zip(patterns) {
        let meant: Vec<TargetPath> = call
            .tree
            .below(None)
            .filter(|(path, _)| pattern.matches(path.as_str()))
            .map(|(path, _)| path.clone())
            .collect();
        if meant.is_empty() {
            call.log.push(format!("nothing to delete at \"{file}\""));
        }
        for path in &meant {
            call.tree.remove(path);
            call.log.push(format!("deleted \"{path}\""));
        }
    }
    Ok(Outputs::new())
}

/// Refuses a list of patterns that would be compared with every file for very long.
pub(super) fn refuse_too_many(patterns: usize) -> Result<(), StepError> {
    if patterns > MOST_PATTERNS {
        return Err(StepError::new(format!(
            "input \"files\" has more than {MOST_PATTERNS} items"
        )));
    }
    Ok(())
}

/// A pattern that stays below the root, and is not the root itself.
pub(super) fn pattern_inside(file: &str) -> Result<PathPattern, StepError> {
    // What a wildcard can stand for is no question here: it never stands for `/` or `..`.
    let names = file.split('/').map(|name| match name {
        "" | "." | ".." => name,
        _ => "x",
    });
    input::path_below_root(&names.collect::<Vec<_>>().join("/")).map_err(|_| {
        let reason = match file {
            _ if file.starts_with('/') => "is absolute",
            _ if file.split('/').any(|name| name == "..") => "leads out of its folder",
            _ => "is everything",
        };
        StepError::new(format!("path \"{file}\" {reason}"))
            .help("name files or folders below the root, or a pattern such as \"docs/**\"")
    })?;
    // A `/` at the end says nothing here: a folder is deleted with or without it.
    PathPattern::new(file.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{Files, fails, run};

    #[test]
    fn fs_delete_takes_paths_folders_and_patterns() {
        let before: Files<'_> = &[
            (".env", "x"),
            ("a/b.txt", "x"),
            ("a/c/d.txt", "x"),
            ("app/[slug].ts", "x"),
            ("e.txt", "x"),
            ("empty", "/"),
            ("link", "-> e.txt"),
        ];
        let all: Vec<&str> = before.iter().map(|(path, _)| *path).collect();
        for (files, left) in [
            (
                json!(["a"]),
                vec![".env", "app/[slug].ts", "e.txt", "empty", "link"],
            ),
            (
                json!(["./a/", "empty/", "link"]),
                vec![".env", "app/[slug].ts", "e.txt"],
            ),
            (
                json!(["**/*.txt"]),
                vec![".env", "app/[slug].ts", "empty", "link"],
            ),
            (json!(["*"]), vec!["a/b.txt", "a/c/d.txt", "app/[slug].ts"]),
            (
                json!(["app/[slug].ts"]),
                vec![".env", "a/b.txt", "a/c/d.txt", "e.txt", "empty", "link"],
            ),
            (json!(["missing", "b/**"]), all.clone()),
            (json!([]), all.clone()),
        ] {
            let ended = run("fs:delete", &json!({ "files": files }), before);
            ended.result.expect("it deletes");
            assert_eq!(ended.after.keys().collect::<Vec<_>>(), left, "{files}");
        }
        let ended = run("fs:delete", &json!({"files": ["missing"]}), before);
        assert_eq!(ended.log, ["nothing to delete at \"missing\""]);
        fails(
            "fs:delete",
            &json!({"files": "a"}),
            before,
            "input \"files\" must be a list, and is a text",
        );
    }

    /// D16.
    #[test]
    fn fs_delete_never_takes_the_root_or_what_is_outside() {
        for (path, reason) in [
            ("/", "is absolute"),
            ("/etc", "is absolute"),
            (".", "is everything"),
            ("./", "is everything"),
            ("", "is everything"),
            ("..", "leads out of its folder"),
            ("../*", "leads out of its folder"),
            ("a/../..", "leads out of its folder"),
        ] {
            fails(
                "fs:delete",
                // Nothing of the list is deleted when one of it is refused.
                &json!({"files": ["a", path]}),
                &[("a", "x"), ("b", "x")],
                &format!("path \"{path}\" {reason}"),
            );
        }
    }
}
