//! `fs:readdir`: lists what is in folders.
//!
//! `fullPath` is the path from the root, like `path`: the files are nowhere else yet.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Action, Needs};
use crate::scaffold::{Call, Entry, Outputs, StepError, TargetPath, WorkTree};

pub(super) static ACTION: Action = Action {
    name: "fs:readdir",
    summary: "lists the files and folders of folders",
    needs: Needs::Nothing,
    outputs: &["files", "folders"],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    paths: Vec<String>,
    recursive: Option<bool>,
}

/// What is listed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listed {
    File,
    Folder,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for path in &input.paths {
        if path.is_empty() {
            return Err(
                StepError::new("input \"paths\" has an empty path").help("\".\" is everything")
            );
        }
        let folder = TargetPath::of_input(path)?;
        let listed = listed(call.tree, folder.as_ref(), input.recursive.unwrap_or(false))?;
        for (path, kind) in listed {
            match kind {
                Listed::File => files.push(described(path)),
                Listed::Folder => folders.push(described(path)),
            }
        }
    }
    let outputs = [("files", files), ("folders", folders)];
    Ok(outputs
        .into_iter()
        .map(|(name, list)| (name.to_owned(), Value::Array(list)))
        .collect())
}

fn described(path: &str) -> Value {
    let name = path.rsplit('/').next().unwrap_or(path);
    json!({"name": name, "path": path, "fullPath": path})
}

/// What is in a folder, and with `recursive` in the folders of it, in byte order of the paths.
fn listed<'tree>(
    tree: &'tree WorkTree,
    folder: Option<&TargetPath>,
    recursive: bool,
) -> Result<BTreeMap<&'tree str, Listed>, StepError> {
    if let Some(path) = folder {
        match tree.get(path) {
            Some(Entry::EmptyFolder) => return Ok(BTreeMap::new()),
            Some(_) => return Err(StepError::new(format!("\"{path}\" is no folder"))),
            None if !tree.is_folder(path) => {
                return Err(StepError::new(format!("there is no folder \"{path}\"")));
            }
            None => {}
        }
    }
    let above = folder.map_or(0, |folder| folder.as_str().len() + 1);
    let is_listed = |path: &str| recursive || !path[above..].contains('/');
    let mut listed = BTreeMap::new();
    for (path, entry) in tree.below(folder) {
        for inside in path.folders().filter(|folder| folder.len() > above) {
            if is_listed(inside) {
                listed.insert(inside, Listed::Folder);
            }
        }
        if is_listed(path.as_str()) {
            let kind = if *entry == Entry::EmptyFolder {
                Listed::Folder
            } else {
                Listed::File
            };
            listed.insert(path.as_str(), kind);
        }
    }
    Ok(listed)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::{Files, fails, succeeds};

    #[test]
    fn fs_readdir_lists_files_and_folders() {
        let before: Files<'_> = &[("a/b/c", "x"), ("a/d", "x"), ("a/e", "/"), ("f", "-> a/d")];
        let described = |path: &str| {
            let name = path.rsplit('/').next();
            json!({"name": name, "path": path, "fullPath": path})
        };
        let list = |paths: &[&str]| paths.iter().map(|path| described(path)).collect::<Value>();
        for (input, files, folders) in [
            (json!({"paths": ["."]}), list(&["f"]), list(&["a"])),
            (
                json!({"paths": ["a/"]}),
                list(&["a/d"]),
                list(&["a/b", "a/e"]),
            ),
            (
                json!({"paths": ["./a/b", "a/e", "."], "recursive": true}),
                list(&["a/b/c", "a/b/c", "a/d", "f"]),
                list(&["a", "a/b", "a/e"]),
            ),
        ] {
            let outputs = json!({"files": files, "folders": folders});
            succeeds("fs:readdir", &input, before, before, &outputs);
        }
        for (path, message) in [
            ("z", "there is no folder \"z\""),
            ("a/d", "\"a/d\" is no folder"),
            ("", "input \"paths\" has an empty path"),
        ] {
            fails("fs:readdir", &json!({"paths": [path]}), before, message);
        }
    }
}
