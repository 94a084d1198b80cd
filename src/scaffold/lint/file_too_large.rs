//! Files with expressions that are too large to be rendered.

use super::Rule;
use super::rendering::RenderedContent;
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, register};
use crate::scaffold::rendering::LARGEST_TEMPLATE;

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_FILE_TOO_LARGE,
    find,
};

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let large = subject.files().filter_map(|file| {
        let RenderedContent::TooLarge(bytes) = file.content else {
            return None;
        };
        let (kib, most) = (bytes >> 10, LARGEST_TEMPLATE >> 10);
        let message = format!("{kib} KiB with expressions are copied without rendering");
        let finding = finding(RULE.code, message, &file.path, file.place(None));
        Some(finding.help(format!(
            "files up to {most} KiB are rendered; \"copyWithoutTemplating\" says that this one need not be"
        )))
    });
    large.collect()
}
