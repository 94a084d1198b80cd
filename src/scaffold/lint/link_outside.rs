//! Links that lead out of what the template makes.

use super::Rule;
use super::literal::with_letters;
use super::rendering::RenderedContent;
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, register};
use crate::scaffold::{TargetPath, link};

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_LINK_OUTSIDE,
    find,
};

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for rendering in &subject.renderings {
        let target = subject.input(rendering.step, "targetPath");
        let target = target.and_then(|node| with_letters(node.as_str()?));
        let folder = target.and_then(|target| TargetPath::of_input(&target).ok()?);
        for file in rendering.files() {
            let RenderedContent::Link(leads_to) = &file.content else {
                continue;
            };
            let Some(name) = with_letters(&file.target) else {
                continue;
            };
            let Ok(path) = TargetPath::join(folder.as_ref(), &name) else {
                continue;
            };
            if let Err(error) = link::refuse_outside(&path, leads_to) {
                let help = "put the file itself there, or link to one below the destination";
                let place = file.place(None);
                findings.push(finding(RULE.code, error.message, leads_to, place).help(help));
            }
        }
    }
    findings
}
