//! Parameters that no page asks for.

use super::Rule;
use super::expression::shown;
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, did_you_mean, register};

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_UNKNOWN_PARAMETER,
    find,
};

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for expression in &subject.expressions {
        for name in &expression.inspection.names {
            let [root, parameter, ..] = name.path.as_slice() else {
                continue;
            };
            if root != "parameters" || subject.parameter_names().any(|it| it == parameter) {
                continue;
            }
            let message = format!("no page asks for \"{parameter}\"");
            let place = subject.place(expression.span);
            let finding = finding(RULE.code, message, shown(&name.path), place);
            let meant = did_you_mean(parameter, subject.parameter_names());
            findings.push(match meant {
                Some(meant) => finding.help(format!("did you mean \"parameters.{meant}\"?")),
                None => finding.help("add it to \"spec.parameters\", or take it out"),
            });
        }
    }
    findings
}
