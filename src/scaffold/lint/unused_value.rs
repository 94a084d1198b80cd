//! Values that no file uses.

use std::collections::HashSet;

use super::Rule;
use super::rendering::{RenderedContent, Rendering};
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, register};

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_UNUSED_VALUE,
    find,
};

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for rendering in subject.renderings.iter().filter(|it| it.renders) {
        let (Some(values), Some(used)) = (&rendering.values, used(rendering)) else {
            continue;
        };
        for (name, span) in values {
            let Some(span) = span.filter(|_| !used.contains(name)) else {
                continue;
            };
            let message = format!("no file uses the value \"{name}\"");
            let place = subject.place(span);
            let finding = finding(RULE.code, message, *name, place);
            findings.push(finding.help("use it in a file, or take it out"));
        }
    }
    findings
}

/// The values that the files use; `None` where that is not known.
fn used<'a>(rendering: &'a Rendering<'_>) -> Option<HashSet<&'a str>> {
    let files = rendering.files.as_ref().ok()?;
    let root = rendering.root();
    let mut used = HashSet::new();
    for file in files {
        if matches!(file.content, RenderedContent::TooLarge(_)) {
            return None;
        }
        for (inspection, _) in file.inspections() {
            if inspection.error.is_some() {
                return None;
            }
            for name in &inspection.names {
                match name.path.as_slice() {
                    [first] if first == root => return None,
                    [first, name, ..] if first == root => {
                        used.insert(name.as_str());
                    }
                    _ => {}
                }
            }
        }
    }
    Some(used)
}
