//! Constructs that do something else in Backstage.

use super::Rule;
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, register};
use crate::model::Place;
use crate::template::Difference;

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_DIFFERS,
    find,
};

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for expression in &subject.expressions {
        let place = subject.place(expression.span);
        let differences = expression.inspection.differences.iter();
        findings.extend(differences.map(|it| differs(it, place.clone())));
    }
    for file in subject.files() {
        for (inspection, is_text) in file.inspections() {
            for difference in &inspection.differences {
                let at = is_text.then_some((difference.line, difference.column, 1));
                findings.push(differs(difference, file.place(at)));
            }
        }
    }
    findings
}

fn differs(difference: &Difference, place: Place) -> Diagnostic {
    let message = difference.message.clone();
    let finding = finding(RULE.code, message.clone(), message, place);
    match &difference.help {
        Some(help) => finding.help(help),
        None => finding,
    }
}
