//! What would cure most: the subjects that many findings share.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::view::{Role, Text};

/// Cures that are named.
const SHOWN: usize = 3;
/// Findings that a cure must be good for.
const WORTHWHILE: usize = 3;

/// The cures that are good for several findings, the best first.
pub(super) fn cures(findings: &[Diagnostic]) -> Vec<Text> {
    let mut by_subject: BTreeMap<(&str, &str), Vec<&Diagnostic>> = BTreeMap::new();
    for finding in findings
        .iter()
        .filter(|finding| !finding.subject.is_empty())
    {
        by_subject
            .entry((finding.code.name, &finding.subject))
            .or_default()
            .push(finding);
    }
    let mut cures: Vec<_> = by_subject
        .into_values()
        .filter(|findings| findings.len() >= WORTHWHILE)
        .collect();
    cures.sort_by_key(|findings| Reverse(findings.len()));
    cures
        .iter()
        .take(SHOWN)
        .map(|findings| sentence(findings))
        .collect()
}

fn sentence(findings: &[&Diagnostic]) -> Text {
    let Some(first) = findings.first() else {
        return Text::default();
    };
    let sentence = Text::plain(format!(
        "{} findings of {} are about ",
        findings.len(),
        first.code.name
    ))
    .then(format!("\"{}\"", first.subject), Role::Name);
    // Only a remedy that holds for all of them is one for all of them.
    match first.help.as_ref().filter(|help| {
        findings
            .iter()
            .all(|finding| finding.help.as_ref() == Some(help))
    }) {
        Some(help) => sentence.then(format!(": {help}"), Role::Plain),
        None => sentence,
    }
}
