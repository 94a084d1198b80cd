//! Files of one step that become one.

use std::collections::HashMap;

use super::Rule;
use super::literal::{normalised, plain};
use super::rendering::{RenderedFile, Rendering};
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, register};

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_PATH_CLASH,
    find,
};

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for rendering in &subject.renderings {
        one_path(rendering, &mut findings);
        one_spelling(rendering, &mut findings);
    }
    findings
}

/// Files that are certainly written to one path.
fn one_path(rendering: &Rendering<'_>, findings: &mut Vec<Diagnostic>) {
    let mut first: HashMap<String, &RenderedFile> = HashMap::new();
    for file in rendering.files() {
        let Some(path) = normalised(&file.target) else {
            continue;
        };
        if let Some(other) = first.get(&path) {
            let message = format!("\"{}\" and \"{}\" become one file", other.path, file.path);
            findings.push(clash(message, file, other));
        } else {
            first.insert(path, file);
        }
    }
}

/// Paths that some systems take for one.
fn one_spelling(rendering: &Rendering<'_>, findings: &mut Vec<Diagnostic>) {
    let mut spelled: HashMap<String, (&str, &RenderedFile)> = HashMap::new();
    for file in rendering.files() {
        let Some(path) = plain(&file.target) else {
            continue;
        };
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        for part in folders.chain([path]) {
            let (first, other) = *spelled.entry(part.to_lowercase()).or_insert((part, file));
            if first != part {
                let message =
                    format!("\"{first}\" and \"{part}\" are one on systems that ignore case");
                findings.push(clash(message, file, other));
                break;
            }
        }
    }
}

fn clash(message: String, file: &RenderedFile, other: &RenderedFile) -> Diagnostic {
    let finding = finding(RULE.code, message, &file.path, file.place(None));
    let finding = finding.related(other.place(None), "the other one");
    finding.help("rename one of them")
}
