//! What is wrong with a template, said before anybody runs it.
//!
//! A template is taken apart once, into a `Subject`: what it asks, the expressions of its
//! steps, and the files that it renders. Rules look at that and at nothing else, one file each.

mod copy_without_render;
mod expression;
mod file_too_large;
mod foreign_expression;
mod link_outside;
mod literal;
mod missing_source;
mod parameter;
mod path_clash;
mod path_refused;
mod rendering;
mod subject;
mod syntax;
mod template_differs;
#[cfg(test)]
mod tests;
mod unknown_action;
mod unknown_name;
mod unknown_output;
mod unknown_parameter;
mod unknown_value;
mod unused_parameter;
mod unused_value;

use std::collections::HashSet;

use super::{Manifest, Sources};
use crate::diagnostic::{Code, Diagnostic};

use subject::Subject;

/// A rule: a code, and how it is found.
#[derive(Debug)]
pub struct Rule {
    /// Its code.
    pub code: &'static Code,
    find: fn(&Subject<'_>) -> Vec<Diagnostic>,
}

/// All rules, in the order of their names.
pub static RULES: &[&Rule] = &[
    &copy_without_render::RULE,
    &file_too_large::RULE,
    &foreign_expression::RULE,
    &link_outside::RULE,
    &missing_source::RULE,
    &missing_source::UNREAD,
    &path_clash::RULE,
    &path_refused::RULE,
    &syntax::RULE,
    &template_differs::RULE,
    &unknown_action::RULE,
    &unknown_name::RULE,
    &unknown_output::RULE,
    &unknown_parameter::RULE,
    &unknown_value::RULE,
    &unused_parameter::RULE,
    &unused_value::RULE,
];

/// What a template is looked at with.
#[derive(Clone, Copy)]
pub struct LintRequest<'a> {
    /// The template.
    pub manifest: &'a Manifest,
    /// Where its files come from.
    pub sources: &'a dyn Sources,
    /// Actions of the user's configuration, which have a program.
    pub programs: &'a [(String, Vec<String>)],
}

/// What is wrong with a template, in the order of its files.
#[must_use]
pub fn lint(request: &LintRequest<'_>) -> Vec<Diagnostic> {
    let manifest = request.manifest;
    let mut findings = manifest.warnings.clone();
    if let Some(subject) = Subject::new(request) {
        findings.extend(RULES.iter().flat_map(|rule| (rule.find)(&subject)));
    }
    for finding in &mut findings {
        finding.entity = Some(manifest.reference());
    }
    findings.sort_by(|one, other| one.order().cmp(&other.order()));
    // Several steps may render one file.
    let mut told = HashSet::new();
    findings.retain(|finding| {
        let key = (
            finding.code.name,
            finding.place.clone(),
            finding.message.clone(),
        );
        told.insert(key)
    });
    findings
}
