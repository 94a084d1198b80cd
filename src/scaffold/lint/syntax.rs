//! Expressions and statements that cannot be read.

use super::Rule;
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, register};
use crate::model::Place;
use crate::template::TemplateError;

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_SYNTAX,
    find,
};

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for expression in &subject.expressions {
        if let Some(error) = &expression.inspection.error {
            findings.push(mistake(error, subject.place(expression.span)));
        }
    }
    for file in subject.files() {
        for (inspection, is_text) in file.inspections() {
            if let Some(error) = &inspection.error {
                let at = is_text.then_some((error.line, error.column.unwrap_or(1), 1));
                findings.push(mistake(error, file.place(at)));
            }
        }
    }
    findings
}

fn mistake(error: &TemplateError, place: Place) -> Diagnostic {
    let message = error.message.clone();
    let finding = finding(RULE.code, message.clone(), message, place);
    match &error.help {
        Some(help) => finding.help(help),
        None => finding,
    }
}
