//! The files of cases, read.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Case, CaseSettings, EXPECTED};
use crate::model::{Node, Tree};
use crate::scaffold::lock::LOCK_PATH;
use crate::scaffold::{Entry, SourceEntry, TargetPath};
use crate::yaml;

const ANSWERS: &str = "answers.yaml";
const SETTINGS: &str = "case.yaml";

/// The cases of the files below `tests`, in the order of their names; or what is wrong with one.
#[must_use]
pub fn read(files: Vec<SourceEntry>) -> Vec<(String, Result<Case, String>)> {
    let mut folders: BTreeMap<String, Vec<SourceEntry>> = BTreeMap::new();
    for file in files {
        if let Some((name, inside)) = file.path.split_once('/') {
            let (name, path) = (name.to_owned(), inside.to_owned());
            let content = file.content;
            folders
                .entry(name)
                .or_default()
                .push(SourceEntry { path, content });
        }
    }
    let cases = folders.into_iter().filter(|(_, files)| is_case(files));
    cases
        .map(|(name, files)| (name.clone(), case(name, files)))
        .collect()
}

/// Other things may lie in a folder of that name.
fn is_case(files: &[SourceEntry]) -> bool {
    files.iter().any(|file| {
        let first = file.path.split('/').next();
        file.path == ANSWERS || file.path == SETTINGS || first == Some(EXPECTED)
    })
}

fn case(name: String, files: Vec<SourceEntry>) -> Result<Case, String> {
    let mut case = Case {
        name,
        answers: Value::Object(serde_json::Map::new()),
        expected: None,
        settings: CaseSettings::default(),
    };
    for file in files {
        match file.path.as_str() {
            ANSWERS => case.answers = document(&file)?,
            SETTINGS => case.settings = settings(&file)?,
            EXPECTED => {
                case.expected.get_or_insert_default();
            }
            path => {
                let Some(path) = path.strip_prefix("expected/") else {
                    continue;
                };
                let expected = case.expected.get_or_insert_default();
                if path != LOCK_PATH && !matches!(file.content, Entry::EmptyFolder) {
                    let path = TargetPath::new(path).map_err(|it| it.to_string())?;
                    let put = expected.put(path, file.content);
                    put.map_err(|error| error.message)?;
                }
            }
        }
    }
    Ok(case)
}

fn document(file: &SourceEntry) -> Result<Value, String> {
    with_root(file, |root| Ok(root.to_json()))
}

fn settings<T: DeserializeOwned>(file: &SourceEntry) -> Result<T, String> {
    with_root(file, |root| {
        yaml::from_node(root).map_err(|error| format!("line {error}"))
    })
}

/// Does something with the document of a file.
fn with_root<T>(
    file: &SourceEntry,
    read: impl FnOnce(Node<'_>) -> Result<T, String>,
) -> Result<T, String> {
    let path = &file.path;
    let bytes = file.content.bytes();
    let bytes = bytes.ok_or_else(|| format!("\"{path}\" is no regular file"))?;
    let documents = yaml::parse(&yaml::decode(bytes).0);
    let [document] = documents.as_slice() else {
        return Err(format!("\"{path}\" is not one document"));
    };
    if let Some(problem) = document.problems.iter().find(|_| !document.is_valid()) {
        let (line, message) = (problem.span.line, &problem.message);
        return Err(format!("\"{path}\" line {line}: {message}"));
    }
    let root = document.tree.as_ref().and_then(Tree::root);
    let root = root.ok_or_else(|| format!("\"{path}\" is empty"))?;
    read(root).map_err(|reason| format!("\"{path}\" {reason}"))
}
