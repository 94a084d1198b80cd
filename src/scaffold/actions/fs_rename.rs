//! `fs:rename`: moves files and folders.

use serde::Deserialize;

use super::{Action, Needs};
use crate::scaffold::{
    Call, Entry, Outputs, StepError, TargetPath, WorkTree, input, refuse_outside,
};

pub(super) static ACTION: Action = Action {
    name: "fs:rename",
    summary: "renames files and folders",
    needs: Needs::Nothing,
    outputs: &[],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    files: Vec<File>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    from: String,
    to: String,
    overwrite: Option<bool>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    for file in input.files {
        let from = input::path_below_root(&file.from)?;
        let to = input::path_below_root(&file.to)?;
        rename(call.tree, &from, &to, file.overwrite.unwrap_or(false))?;
        call.log.push(format!("renamed \"{from}\" to \"{to}\""));
    }
    Ok(Outputs::new())
}

fn rename(
    tree: &mut WorkTree,
    from: &TargetPath,
    to: &TargetPath,
    overwrite: bool,
) -> Result<(), StepError> {
    let refuse = |reason: String| {
        StepError::new(format!(
            "\"{from}\" cannot be renamed to \"{to}\": {reason}"
        ))
    };
    if !tree.contains(from) {
        return Err(refuse(format!("there is no \"{from}\"")));
    }
    if from == to {
        return Err(refuse("that is its name already".to_owned()));
    }
    if to.folders().any(|folder| folder == from.as_str()) {
        return Err(refuse("it would be inside of itself".to_owned()));
    }
    if from.folders().any(|folder| folder == to.as_str()) {
        return Err(refuse(format!("it is in \"{to}\"")));
    }
    if tree.contains(to) {
        if !overwrite {
            return Err(refuse(format!("there is \"{to}\" already"))
                .help("\"overwrite: true\" replaces it"));
        }
        if is_folder(tree, from) != is_folder(tree, to) {
            return Err(refuse("one is a file, and one is a folder".to_owned()));
        }
    }
    let moved = moved(tree, from, to)?;
    tree.remove(to);
    tree.remove(from);
    for (path, entry) in moved {
        tree.put(path, entry)?;
    }
    Ok(())
}

fn is_folder(tree: &WorkTree, path: &TargetPath) -> bool {
    tree.is_folder(path) || tree.get(path) == Some(&Entry::EmptyFolder)
}

/// What lies at a path and below it, at its new place.
fn moved(
    tree: &WorkTree,
    from: &TargetPath,
    to: &TargetPath,
) -> Result<Vec<(TargetPath, Entry)>, StepError> {
    let itself = tree.get(from).map(|entry| (from, entry));
    let all = itself.into_iter().chain(tree.below(Some(from)));
    let moved = all.map(|(path, entry)| {
        let rest = &path.as_str()[from.as_str().len()..];
        let path = TargetPath::new(&format!("{to}{rest}"))?;
        if let Entry::Link { target } = entry {
            // What stayed inside from where it was may lead out from where it will be.
            refuse_outside(&path, target)?;
        }
        Ok((path, entry.clone()))
    });
    moved.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{Files, fails, succeeds};

    #[test]
    fn fs_rename_moves_files_and_folders() {
        let files = |from: &str, to: &str| json!({"files": [{"from": from, "to": to}]});
        let before: Files<'_> = &[("a/b", "*1"), ("a/c/d", "2"), ("e", "3"), ("ab", "4")];
        succeeds(
            "fs:rename",
            &files("a", "x/y"),
            before,
            &[("ab", "4"), ("e", "3"), ("x/y/b", "*1"), ("x/y/c/d", "2")],
            &json!({}),
        );
        succeeds(
            "fs:rename",
            &json!({"files": [{"from": "e", "to": "ab", "overwrite": true}, {"from": "ab", "to": "AB"}]}),
            before,
            &[("AB", "3"), ("a/b", "*1"), ("a/c/d", "2")],
            &json!({}),
        );
        succeeds(
            "fs:rename",
            &json!({"files": [{"from": "new", "to": "a", "overwrite": true}]}),
            &[("a/gone", "1"), ("new/x", "2")],
            &[("a/x", "2")],
            &json!({}),
        );
        for (input, message) in [
            (
                files("z", "y"),
                "\"z\" cannot be renamed to \"y\": there is no \"z\"",
            ),
            (
                files("e", "ab"),
                "\"e\" cannot be renamed to \"ab\": there is \"ab\" already",
            ),
            (
                files("a", "a"),
                "\"a\" cannot be renamed to \"a\": that is its name already",
            ),
            (
                files("a", "a/x"),
                "\"a\" cannot be renamed to \"a/x\": it would be inside of itself",
            ),
            (
                files("a/b", "a"),
                "\"a/b\" cannot be renamed to \"a\": it is in \"a\"",
            ),
            (files(".", "x"), "path \".\" is the root"),
            (
                json!({"files": [{"from": "e", "to": "a", "overwrite": true}]}),
                "\"e\" cannot be renamed to \"a\": one is a file, and one is a folder",
            ),
            (
                json!({"files": [{"from": "e"}]}),
                "input \"files[0]\" has no \"to\"",
            ),
        ] {
            fails("fs:rename", &input, before, message);
        }
    }

    #[test]
    fn fs_rename_keeps_links_inside() {
        let move_up = json!({"files": [{"from": "a/b", "to": "b"}]});
        fails(
            "fs:rename",
            &move_up,
            &[("a/b/link", "-> ../../x"), ("x", "")],
            "link \"b/link\" points to \"../../x\", which leads out of its folder",
        );
        succeeds(
            "fs:rename",
            &move_up,
            &[("a/b/link", "-> ../x")],
            &[("b/link", "-> ../x")],
            &json!({}),
        );
    }
}
