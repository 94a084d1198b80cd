//! Steps that fetch what is not there, or not in sight.

use super::Rule;
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, register};

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_MISSING_SOURCE,
    find: |subject| find(subject, false),
};

pub(super) static UNREAD: Rule = Rule {
    code: &register::TEMPLATE_SOURCE_UNREAD,
    find: |subject| find(subject, true),
};

fn find(subject: &Subject<'_>, elsewhere: bool) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for rendering in &subject.renderings {
        let Err(error) = &rendering.files else {
            continue;
        };
        let url = rendering.url.text();
        let is_elsewhere = url.contains("://") || url.starts_with("git@");
        let leads_out = url.starts_with(['/', '\\'])
            || !is_elsewhere && subject.manifest.file.sibling(url).is_none();
        if is_elsewhere != elsewhere || leads_out {
            continue;
        }
        let place = subject.place(rendering.url.span());
        findings.push(if elsewhere {
            let message = format!("\"{url}\" was not looked at");
            let finding = finding(UNREAD.code, message, url, place).hiding();
            finding.help("clone it into the workspace, or pass --fetch")
        } else {
            let finding = finding(RULE.code, error.message.clone(), url, place);
            finding.help("\"url\" is a path relative to the file of the template")
        });
    }
    findings
}
