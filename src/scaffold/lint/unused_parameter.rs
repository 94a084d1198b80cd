//! Parameters that nothing uses.

use std::collections::HashSet;

use super::Rule;
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, register};

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_UNUSED_PARAMETER,
    find,
};

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut used = HashSet::new();
    for expression in &subject.expressions {
        // What cannot be read may use anything.
        if expression.inspection.error.is_some() {
            used.extend(
                subject
                    .parameter_names()
                    .filter(|it| expression.text.contains(it)),
            );
        }
        for name in &expression.inspection.names {
            match name.path.as_slice() {
                [root] if root == "parameters" => return Vec::new(),
                [root, name, ..] if root == "parameters" || root == "secrets" => {
                    used.insert(name.as_str());
                }
                _ => {}
            }
        }
    }
    let parameters = subject.parameters.iter();
    let unused = parameters.filter(|it| !it.is_used_by_pages && !used.contains(it.name));
    let findings = unused.map(|parameter| {
        let name = parameter.name;
        let message = format!("nothing uses the parameter \"{name}\"");
        let place = subject.place(parameter.span);
        finding(RULE.code, message, name, place).help("use it in a step, or take it out")
    });
    findings.collect()
}
