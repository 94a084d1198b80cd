//! `.devportal/template.lock.yaml`: what a repository was made from, so that it can be brought up
//! to date with its template.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{Entry, StepError, TargetPath, WorkTree};
use crate::model::Tree;

/// Where the lock lies in a repository.
pub const LOCK_PATH: &str = ".devportal/template.lock.yaml";
/// The form of the file.
const SCHEMA: &str = "devportal.template-lock/v1";

const HEADER: &str = "# Which template made this repository, and with which answers.\n\
    # \"devportal template update\" reads it; commit it, and do not edit it.\n";

/// What a repository was made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lock {
    /// The form of the file.
    pub schema: String,
    /// The template.
    pub template: LockedTemplate,
    /// The answers to its parameters, without secrets.
    pub answers: Map<String, Value>,
    /// What the template wrote: path → hash of the content.
    pub files: BTreeMap<String, String>,
}

/// The template of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LockedTemplate {
    /// Its name.
    pub name: String,
    /// Where it comes from.
    pub source: LockedSource,
    /// The repository, as `host/owner/name`, or its URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The path of its `template.yaml` there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The commit that was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Of a template of the binary, the version of the binary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Whether the template had changes that were not committed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub modified: bool,
}

/// Where a template comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LockedSource {
    /// From the binary.
    Binary,
    /// From a folder, of a repository where the lock names one.
    Folder,
    /// From a Git URL.
    Git,
}

impl Lock {
    /// The lock of the files of a tree.
    #[must_use]
    pub fn new(template: LockedTemplate, answers: Map<String, Value>, tree: &WorkTree) -> Self {
        let files = tree
            .below(None)
            .filter(|(path, _)| path.as_str() != LOCK_PATH)
            .filter_map(|(path, entry)| Some((path.to_string(), hash(entry)?)));
        Self {
            schema: SCHEMA.to_owned(),
            template,
            answers,
            files: files.collect(),
        }
    }

    /// Reads a lock.
    ///
    /// # Errors
    /// When the text is none.
    pub fn read(text: &str) -> Result<Self, StepError> {
        let documents = crate::yaml::parse(text);
        let document = documents
            .first()
            .ok_or_else(|| StepError::new("the lock is empty"))?;
        if let Some(problem) = document.problems.first() {
            let line = problem.span.line;
            return Err(StepError::new(format!("line {line}: {}", problem.message)));
        }
        let root = document.tree.as_ref().and_then(Tree::root);
        let root = root.ok_or_else(|| StepError::new("the lock is empty"))?;
        let lock: Self = crate::yaml::from_node(root)
            .map_err(|error| StepError::new(format!("line {}: {error}", error.span.line)))?;
        if lock.schema != SCHEMA {
            return Err(StepError::new(format!(
                "its schema is \"{}\", and this devportal knows \"{SCHEMA}\"",
                lock.schema
            )));
        }
        Ok(lock)
    }

    /// Puts the lock into its place in a tree.
    ///
    /// # Errors
    /// When something else is there, or the lock cannot be written as YAML.
    pub fn put(&self, tree: &mut WorkTree) -> Result<(), StepError> {
        let text = serde_saphyr::to_string(self)
            .map_err(|error| StepError::new(format!("the lock cannot be written: {error}")))?;
        let entry = Entry::File {
            bytes: format!("{HEADER}{text}").into_bytes(),
            executable: false,
        };
        tree.put(TargetPath::new(LOCK_PATH)?, entry)
    }
}

/// The hash of the content of a file or link; an empty folder has none.
#[must_use]
pub fn hash(entry: &Entry) -> Option<String> {
    match entry {
        Entry::File { bytes, .. } => Some(hash_bytes(bytes)),
        Entry::Link { target } => Some(hash_bytes(target.as_bytes())),
        Entry::EmptyFolder => None,
    }
}

/// The hash of bytes, as it stands in a lock.
#[must_use]
pub fn hash_bytes(bytes: &[u8]) -> String {
    let mut text = "sha256:".to_owned();
    for byte in Sha256::digest(bytes) {
        let digits = [byte >> 4, byte & 0xf].map(u32::from);
        text.extend(digits.iter().filter_map(|it| char::from_digit(*it, 16)));
    }
    text
}
