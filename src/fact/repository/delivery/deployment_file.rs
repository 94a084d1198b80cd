//! `deployments/*.jsonl`: what pipelines wrote down, in a home or at the root.
//!
//! A line in the folder of a home is about the entity that it names, else about everything whose
//! home that is. A line at the root of a repository with several homes is about the entity that
//! it names, or about what is at home at the root. The catalog repository is not asked: what is
//! written there is the ledger.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::super::{CodeHome, CodeRepository};
use crate::diagnostic::{Diagnostic, register};
use crate::fact::DeploymentEvent;
use crate::model::{Entity, EntityRef, Place, Span};
use crate::yaml;

const FOLDER: &str = "deployments";
const EXTENSION: &str = ".jsonl";

/// What the files of a repository say about deployments.
#[derive(Debug, Default)]
pub(in crate::fact::repository) struct DeploymentFiles {
    /// In the order of their times.
    lines: Vec<DeploymentLine>,
}

/// A line of such a file.
#[derive(Debug)]
pub(super) struct DeploymentLine {
    pub(super) event: DeploymentEvent,
    /// The folder of the home.
    folder: String,
    /// The file, relative to the repository, and the number of the line.
    pub(super) path: String,
    pub(super) line: u32,
}

impl DeploymentFiles {
    pub(in crate::fact::repository) fn read(code: &CodeRepository<'_>) -> (Self, Vec<Diagnostic>) {
        let (mut files, mut problems) = (Self::default(), Vec::new());
        let folders: BTreeSet<&str> = code.folders.iter().copied().chain([""]).collect();
        for file in code.snapshot.files() {
            let Ok(path) = std::str::from_utf8(&file.path) else {
                continue;
            };
            let Some(folder) = home_of_file(path).filter(|folder| folders.contains(folder)) else {
                continue;
            };
            match code.snapshot.read(&file.path) {
                Ok(bytes) => {
                    let text = yaml::decode(&bytes).0;
                    problems.extend(files.add(code, folder, path, &text));
                }
                Err(error) => {
                    let message = format!("\"{path}\" {error}");
                    problems.push(problem(code, path, None, message).hiding());
                }
            }
        }
        // The sort is stable: events of one second stay in the order of the files.
        files.lines.sort_by_key(|line| line.event.at);
        (files, problems)
    }

    /// Adds the lines of a file; those that are broken are counted, and the first one is named.
    fn add(
        &mut self,
        code: &CodeRepository<'_>,
        folder: &str,
        path: &str,
        text: &str,
    ) -> Option<Diagnostic> {
        let mut broken = 0;
        let mut first: Option<(u32, String)> = None;
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            match DeploymentEvent::parse(line) {
                Ok(event) => self.lines.push(DeploymentLine {
                    event,
                    folder: folder.to_owned(),
                    path: path.to_owned(),
                    line: number,
                }),
                Err(reason) => {
                    broken += 1;
                    first.get_or_insert((number, reason));
                }
            }
        }
        let (number, reason) = first?;
        let mut message = format!("line {number} of \"{path}\" is no deployment: {reason}");
        if broken > 1 {
            // Writing to a String cannot fail.
            let _ = write!(message, "; {} more lines are none either", broken - 1);
        }
        Some(problem(code, path, Some(number), message))
    }

    /// What is said about an entity up to the moment, the oldest first.
    pub(super) fn of<'a>(
        &'a self,
        home: &CodeHome<'_>,
        entity: &Entity,
    ) -> impl Iterator<Item = &'a DeploymentLine> {
        let is_only_home = home.code.folders.len() == 1;
        let (folder, now) = (home.folder, home.code.now);
        let reference = entity.reference();
        self.lines.iter().filter(move |line| {
            let in_home = line.folder == folder;
            let is_near = in_home || line.folder.is_empty();
            let is_meant = match &line.event.entity {
                Some(named) => names(named, reference),
                None => in_home || is_only_home,
            };
            is_near && is_meant && line.event.at <= now
        })
    }
}

/// The folder above `deployments` of a file there.
fn home_of_file(path: &str) -> Option<&str> {
    let (folder, name) = path.rsplit_once('/')?;
    if !name.ends_with(EXTENSION) {
        return None;
    }
    let home = folder.strip_suffix(FOLDER)?;
    if home.is_empty() {
        Some(home)
    } else {
        home.strip_suffix('/')
    }
}

/// Whether a text as people write it means an entity: a name alone is that of a component.
fn names(text: &str, reference: &EntityRef) -> bool {
    let named = EntityRef::parse(text.trim(), Some("component"), "default");
    named.is_ok_and(|named| named == *reference)
}

fn problem(
    code: &CodeRepository<'_>,
    path: &str,
    line: Option<u32>,
    message: String,
) -> Diagnostic {
    let file = code.repository.file(path.as_bytes());
    let place = match line {
        Some(line) => Place::span(
            file,
            Span {
                line,
                column: 1,
                end_line: line,
                end_column: 1,
            },
        ),
        None => Place::file(file),
    };
    Diagnostic::new(&register::DEPLOYMENT_EVENT, message)
        .help("write one JSON object a line, with \"at\" and perhaps \"environment\", \"version\", \"commit\" and \"status\"")
        .subject(path)
        .at(place)
}
