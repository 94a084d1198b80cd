//! The old name of `copyWithoutTemplating`.

use super::Rule;
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, register};

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_COPY_WITHOUT_RENDER,
    find,
};

const OLD_NAME: &str = "copyWithoutRender";

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (step, node) in &subject.steps {
        let input = node.get("input");
        let Some((key, _)) = input.and_then(|input| input.entry(OLD_NAME)) else {
            continue;
        };
        if !step.action.starts_with("fetch:template") {
            continue;
        }
        let message = format!("\"{OLD_NAME}\" does nothing");
        let place = subject.place(key.span());
        let finding = finding(RULE.code, message, &step.id, place);
        findings.push(finding.help("write \"copyWithoutTemplating\""));
    }
    findings
}
