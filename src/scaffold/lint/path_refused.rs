//! Paths that lead out, or that no system takes.

use super::Rule;
use super::literal::{plain, with_letters};
use super::subject::{Subject, finding};
use crate::diagnostic::{Diagnostic, register};
use crate::model::Node;
use crate::scaffold::{PathRefusal, TargetPath};

pub(super) static RULE: Rule = Rule {
    code: &register::TEMPLATE_PATH_REFUSED,
    find,
};

/// Inputs of actions that are paths below the destination.
const PATHS: [&str; 4] = ["targetPath", "sourcePath", "workingDirectory", "catalogInfoPath"];

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for step in 0..subject.steps.len() {
        for name in PATHS {
            // `catalogInfoPath` may begin with a `/`.
            let trimmed = |text: &str| match name {
                "catalogInfoPath" => text.trim_start_matches('/').to_owned(),
                _ => text.to_owned(),
            };
            if let Some(node) = subject.input(step, name)
                && let Some(refusal) = refusal(node, trimmed)
            {
                findings.push(refused(subject, name, node, &refusal));
            }
        }
        findings.extend(of_source(subject, step));
    }
    findings.extend(of_files(subject));
    findings
}

fn refusal(node: Node<'_>, trimmed: impl Fn(&str) -> String) -> Option<PathRefusal> {
    let path = trimmed(&with_letters(node.as_str()?)?);
    TargetPath::of_input(&path).err()
}

fn refused(
    subject: &Subject<'_>,
    name: &str,
    node: Node<'_>,
    refusal: &PathRefusal,
) -> Diagnostic {
    let path = node.text();
    let message = format!("{name} \"{path}\" {}", refusal.reason);
    let finding = finding(RULE.code, message, path, subject.place(node.span()));
    finding.help("a template writes only below its destination")
}

/// A `url` beside the template that leads out of its repository.
fn of_source(subject: &Subject<'_>, step: usize) -> Option<Diagnostic> {
    let (declared, _) = subject.steps.get(step)?;
    if !declared.action.starts_with("fetch:") {
        return None;
    }
    let node = subject.input(step, "url")?;
    let url = plain(node.as_str()?)?;
    if url.contains("://") || url.starts_with("git@") {
        return None;
    }
    let file = &subject.manifest.file;
    if !url.starts_with(['/', '\\']) && file.sibling(url).is_some() {
        return None;
    }
    let message = format!("url \"{url}\" leads out of the template's repository");
    let finding = finding(RULE.code, message, url, subject.place(node.span()));
    Some(finding.help("a template reads only from its own repository, relative to its file"))
}

/// Files whose names are refused, whatever the values are.
fn of_files(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let files = subject.renderings.iter().flat_map(|it| it.files());
    let refused = files.filter_map(|file| {
        let path = with_letters(&file.target)?;
        let refusal = TargetPath::new(&path).err()?;
        let message = format!("the path \"{}\" {}", file.path, refusal.reason);
        let finding = finding(RULE.code, message, &file.path, file.place(None));
        Some(finding.help("give the file a name that every system takes"))
    });
    refused.collect()
}
