//! Actions that are not known here.

use super::Rule;
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, Severity, did_you_mean, register};
use crate::model::Node;
use crate::scaffold::actions::{self, ACTIONS};

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_UNKNOWN_ACTION,
    find,
};

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (step, node) in &subject.steps {
        let name = step.action.as_str();
        let has_program = subject.programs.iter().any(|(action, _)| action == name);
        if has_program || actions::action(name).is_some() {
            continue;
        }
        let span = node.get("action").map_or(step.span, Node::span);
        let message = format!("the action \"{name}\" is not known here");
        let finding = finding(RULE.code, message, name, subject.place(span));
        let meant = did_you_mean(name, ACTIONS.iter().map(|action| action.name));
        findings.push(match meant {
            Some(meant) => finding.help(format!("did you mean \"{meant}\"?")),
            None => finding
                .at_most(Severity::Note)
                .help("\"actions\" of your configuration can name a program for it"),
        });
    }
    findings
}
