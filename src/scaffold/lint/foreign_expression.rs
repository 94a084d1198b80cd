//! Expressions of other programs, above all of workflows.

use super::Rule;
use super::rendering::{RenderedContent, Rendering};
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, register};
use crate::template::{Dialect, UsedName};

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_FOREIGN_EXPRESSION,
    find,
};

/// What expressions of workflows begin with.
const ROOTS: [&str; 20] = [
    "github",
    "secrets",
    "matrix",
    "env",
    "runner",
    "needs",
    "inputs",
    "vars",
    "job",
    "jobs",
    "steps",
    "strategy",
    "gitea",
    "forge",
    "hashFiles",
    "toJSON",
    "fromJSON",
    "contains",
    "startsWith",
    "format",
];

/// Whether a name is one of workflows.
pub(super) fn is_foreign(root: &str) -> bool {
    ROOTS.contains(&root)
}

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let renderings = subject.renderings.iter();
    let rendered = renderings.filter(|rendering| rendering.dialect == Dialect::Backstage);
    let mut findings = Vec::new();
    for file in rendered.flat_map(Rendering::files) {
        let RenderedContent::Text(inspection) = &file.content else {
            continue;
        };
        let is_ours = |name: &&UsedName| name.path.first().is_some_and(|it| is_foreign(it));
        let mut names = inspection.names.iter().filter(is_ours);
        let Some(first) = names.next() else {
            continue;
        };
        let path = first.path.join(".");
        let others = match names.count() {
            0 => String::new(),
            1 => ", and one more like it,".to_owned(),
            more => format!(", and {more} more like it,"),
        };
        let message = format!("\"{path}\"{others} would be replaced by nothing");
        let help = "put it between {% raw %} and {% endraw %}, or the file under \"copyWithoutTemplating\"";
        let place = file.place(Some((first.line, first.column, path.chars().count())));
        findings.push(finding(RULE.code, message, path, place).help(help));
    }
    findings
}
