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
const PATHS: [&str; 3] = ["targetPath", "sourcePath", "workingDirectory"];
/// How the actions begin whose paths these are; others may mean paths of a forge.
const ACTIONS: [&str; 5] = ["fetch:", "fs:", "publish:", "run:", "workspace:"];

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (step, (declared, _)) in subject.steps.iter().enumerate() {
        let action = declared.action.as_str();
        if !ACTIONS.iter().any(|start| action.starts_with(start)) {
            continue;
        }
        for name in PATHS {
            if let Some(node) = subject.input(step, name)
                && let Some(refusal) = refusal(node)
            {
                findings.push(refused(subject, name, node, &refusal));
            }
        }
        findings.extend(of_source(subject, step));
    }
    findings.extend(of_files(subject));
    findings
}

fn refusal(node: Node<'_>) -> Option<PathRefusal> {
    TargetPath::of_input(&with_letters(node.as_str()?)?).err()
}

fn refused(subject: &Subject<'_>, name: &str, node: Node<'_>, refusal: &PathRefusal) -> Diagnostic {
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
    let refused = subject.files().filter_map(|file| {
        let path = with_letters(&file.target)?;
        let refusal = TargetPath::new(&path).err()?;
        let message = format!("the path \"{}\" {}", file.path, refusal.reason);
        let finding = finding(RULE.code, message, &file.path, file.place(None));
        Some(finding.help("give the file a name that every system takes"))
    });
    refused.collect()
}
