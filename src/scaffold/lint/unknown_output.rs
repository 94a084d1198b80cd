//! Outputs that no earlier step leaves.

use super::Rule;
use super::expression::{Scope, shown};
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, Severity, did_you_mean, register};
use crate::scaffold::actions;

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_UNKNOWN_OUTPUT,
    find,
};

/// Outputs of publishing that only Backstage leaves, because they are not known before the forge
/// was asked.
const LEFT_THERE: [&str; 9] = [
    "commitHash",
    "created",
    "environmentName",
    "mergeRequestId",
    "projectId",
    "projectPath",
    "pullRequestId",
    "pullRequestNumber",
    "repositoryId",
];

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for expression in &subject.expressions {
        for name in &expression.inspection.names {
            let [root, step, rest @ ..] = name.path.as_slice() else {
                continue;
            };
            if root != "steps" {
                continue;
            }
            if let Some((message, help)) = problem(subject, expression.scope, step, rest) {
                let place = subject.place(expression.span);
                let finding = finding(RULE.code, message, shown(&name.path), place).help(help);
                let is_left_there = rest
                    .get(1)
                    .is_some_and(|it| LEFT_THERE.contains(&it.as_str()));
                findings.push(if is_left_there {
                    finding.at_most(Severity::Note)
                } else {
                    finding
                });
            }
        }
    }
    findings
}

/// What is wrong with `steps.STEP.REST`, and what to do about it.
fn problem(
    subject: &Subject<'_>,
    scope: Scope,
    id: &str,
    rest: &[String],
) -> Option<(String, String)> {
    let mut steps = subject.steps.iter();
    let Some(position) = steps.position(|(step, _)| step.id == id) else {
        return Some((format!("there is no step \"{id}\""), no_step(subject, id)));
    };
    if let Scope::Step(own) = scope
        && position >= own
    {
        let when = if position == own {
            "is this one"
        } else {
            "runs later"
        };
        let help = "an expression can only use what earlier steps leave".to_owned();
        return Some((format!("step \"{id}\" {when}"), help));
    }
    let [field, rest @ ..] = rest else {
        return None;
    };
    if field != "output" {
        let help = format!("write \"steps.{id}.output\"");
        return Some((format!("a step has \"output\", and no \"{field}\""), help));
    }
    let output = rest.first()?;
    let (step, _) = subject.steps.get(position)?;
    let action = actions::action(&step.action)?;
    let is_left = |name: &&str| *name == "*" || name == output;
    // A program of the user's configuration comes before nothing: actions here are not replaced.
    if action.outputs.iter().any(is_left) {
        return None;
    }
    let message = format!("\"{}\" leaves no output \"{output}\"", step.action);
    let help = match did_you_mean(output, action.outputs.iter().copied()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None if action.outputs.is_empty() => "it leaves none".to_owned(),
        None if LEFT_THERE.contains(&output.as_str()) => {
            "Backstage leaves it: it is known once the forge was asked".to_owned()
        }
        None => format!("it leaves {}", quoted(action.outputs)),
    };
    Some((message, help))
}

fn no_step(subject: &Subject<'_>, id: &str) -> String {
    let ids = || subject.steps.iter().map(|(step, _)| step.id.as_str());
    let begins = format!("{id}-");
    // `steps.fetch-base.output` subtracts.
    if let Some(whole) = ids().find(|it| it.starts_with(&begins)) {
        return format!("\"-\" subtracts: write \"steps['{whole}']\"");
    }
    match did_you_mean(id, ids()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => "the \"id\" of a step is what \"steps\" knows it by".to_owned(),
    }
}

fn quoted(names: &[&str]) -> String {
    let names = names.iter().map(|name| format!("\"{name}\""));
    names.collect::<Vec<_>>().join(", ")
}
