//! Values that the step does not give.

use std::collections::HashSet;

use super::Rule;
use super::rendering::{RenderedFile, Rendering};
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, Severity, did_you_mean, register};

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_UNKNOWN_VALUE,
    find,
};

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for rendering in subject.renderings.iter().filter(|it| it.renders) {
        let Some(values) = &rendering.values else {
            continue;
        };
        let given: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
        for file in rendering.files() {
            of_file(subject, rendering, &given, file, &mut findings);
        }
    }
    findings
}

fn of_file(
    subject: &Subject<'_>,
    rendering: &Rendering<'_>,
    given: &[&str],
    file: &RenderedFile,
    findings: &mut Vec<Diagnostic>,
) {
    let root = rendering.root();
    let asked_for = asked_for(file, root);
    let mut told = HashSet::new();
    for (inspection, is_text) in file.inspections() {
        for used in &inspection.names {
            let [first, name, ..] = used.path.as_slice() else {
                continue;
            };
            if first != root || given.contains(&name.as_str()) || !told.insert(name) {
                continue;
            }
            let step = subject.steps.get(rendering.step);
            let id = step.map_or("", |(step, _)| step.id.as_str());
            let message = format!("step \"{id}\" gives no value \"{name}\"");
            let path = format!("{root}.{name}");
            let at = is_text.then(|| (used.line, used.column, path.chars().count()));
            let finding = finding(RULE.code, message, &path, file.place(at));
            let meant = did_you_mean(name, given.iter().copied());
            let is_asked_for = asked_for.contains(name.as_str());
            // Files that several templates share ask what they are given.
            let may_be_meant = used.is_conditional || is_asked_for && meant.is_none();
            let finding = finding.help(match meant {
                Some(meant) => format!("did you mean \"{root}.{meant}\"?"),
                None => "add it to \"values\" of the step, or take it out".to_owned(),
            });
            findings.push(if may_be_meant {
                finding.at_most(Severity::Note)
            } else {
                finding
            });
        }
    }
}

/// The values that a file asks for in a condition, or hands to a filter such as `default`.
fn asked_for<'a>(file: &'a RenderedFile, root: &str) -> HashSet<&'a str> {
    let names = file
        .inspections()
        .flat_map(|(inspection, _)| &inspection.names);
    let asked = names.filter(|name| !name.is_printed);
    let asked = asked.filter_map(|name| match name.path.as_slice() {
        [first, name, ..] if first == root => Some(name.as_str()),
        _ => None,
    });
    asked.collect()
}
