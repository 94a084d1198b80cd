//! Names that do not exist where they stand.

use super::Rule;
use super::expression::{Scope, shown};
use super::foreign_expression::is_foreign;
use super::rendering::Rendering;
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, did_you_mean, register};

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_UNKNOWN_NAME,
    find,
};

/// What expressions of steps and the output know.
const OF_STEPS: [&str; 6] = [
    "parameters",
    "steps",
    "secrets",
    "user",
    "context",
    "environment",
];
/// What they can call, and what means nothing on purpose.
const ALWAYS_THERE: [&str; 3] = ["always", "failure", "undefined"];

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut findings = of_steps(subject);
    for rendering in &subject.renderings {
        of_files(subject, rendering, &mut findings);
    }
    findings
}

fn of_steps(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for expression in &subject.expressions {
        let has_each = match expression.scope {
            Scope::Step(step) => subject
                .steps
                .get(step)
                .is_some_and(|it| it.0.each.is_some()),
            Scope::Output => false,
        };
        for name in &expression.inspection.names {
            let Some(root) = name.path.first().map(String::as_str) else {
                continue;
            };
            let is_known = OF_STEPS.contains(&root)
                || ALWAYS_THERE.contains(&root)
                || has_each && root == "each";
            if is_known {
                continue;
            }
            let message = format!("there is no name \"{root}\" here");
            let help = if subject.parameter_names().any(|it| it == root) {
                format!("write \"parameters.{}\"", shown(&name.path))
            } else if let Some(id) = step_with_hyphen(subject, root, expression.text) {
                format!("\"-\" subtracts: write \"steps['{id}']\"")
            } else if root == "each" {
                "only steps with \"each\" know it".to_owned()
            } else {
                match did_you_mean(root, OF_STEPS) {
                    Some(meant) => format!("did you mean \"{meant}\"?"),
                    None => "expressions know parameters, steps, secrets and user".to_owned(),
                }
            };
            let place = subject.place(expression.span);
            findings.push(finding(RULE.code, message, shown(&name.path), place).help(help));
        }
    }
    findings
}

/// The step that a name is the end of: `config` in `steps.publish-config.output`.
fn step_with_hyphen<'a>(subject: &Subject<'a>, root: &str, text: &str) -> Option<&'a str> {
    let end = format!("-{root}");
    let mut ids = subject.steps.iter().map(|(step, _)| step.id.as_str());
    ids.find(|id| id.ends_with(&end) && text.contains(&format!("steps.{id}.")))
}

fn of_files(subject: &Subject<'_>, rendering: &Rendering<'_>, findings: &mut Vec<Diagnostic>) {
    let known = rendering.root();
    for file in rendering.files() {
        for (inspection, is_text) in file.inspections() {
            for name in &inspection.names {
                let Some(root) = name.path.first().map(String::as_str) else {
                    continue;
                };
                if root == known || ALWAYS_THERE.contains(&root) || is_foreign(root) {
                    continue;
                }
                let message = format!("there is no name \"{root}\" in files");
                let own = name.path.get(1..).unwrap_or_default();
                let help = if root == "parameters" && !own.is_empty() {
                    let path = shown(own);
                    format!("give it in \"values\" of the step, and write \"{known}.{path}\"")
                } else if is_value(subject, rendering, root) {
                    format!("write \"{known}.{}\"", shown(&name.path))
                } else {
                    match did_you_mean(root, [known]) {
                        Some(meant) => format!("did you mean \"{meant}\"?"),
                        None => format!("files know \"{known}\" alone"),
                    }
                };
                let at = is_text.then_some((name.line, name.column, root.chars().count()));
                let place = file.place(at);
                findings.push(finding(RULE.code, message, shown(&name.path), place).help(help));
            }
        }
    }
}

fn is_value(subject: &Subject<'_>, rendering: &Rendering<'_>, name: &str) -> bool {
    match &rendering.values {
        Some(values) => values.iter().any(|(value, _)| *value == name),
        None => subject.parameter_names().any(|it| it == name),
    }
}
