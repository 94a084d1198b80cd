//! Many answers: a line each.

use devportal::diagnostic::Severity;
use devportal::model::EntityRef;
use devportal::view::{Block, Column, Role, Table, Text, View};

use super::answer::{Answer, RuleRecord};

pub(super) fn view(answers: &[Answer<'_>]) -> View {
    let table = Table {
        columns: vec![
            Column::fixed("path"),
            Column::fixed("owner"),
            Column::flexible("entity"),
            Column::fixed("rule"),
            Column::flexible("reviewers"),
        ],
        rows: answers.iter().map(row).collect(),
    };
    View {
        blocks: vec![Block::Table(table)],
    }
}

fn row(answer: &Answer<'_>) -> Vec<Text> {
    let short = |reference: &EntityRef| reference.short();
    let subject = match (&answer.path, answer.reference) {
        (Some(path), _) => path.clone(),
        (None, reference) => reference.map(short).unwrap_or_default(),
    };
    let owner = answer.owner.as_ref().map(short);
    let owner = owner.map_or_else(
        || Text::new("nobody", Role::Bad(Severity::Warning)),
        Text::plain,
    );
    let entity = match answer.entities.as_slice() {
        [] => String::new(),
        [one] => one.short(),
        [first, others @ ..] => format!("{} +{}", first.short(), others.len()),
    };
    let reviewers = answer.rules.iter().map(RuleRecord::reviewers);
    let reviewers = reviewers.collect::<Vec<_>>().join("; ");
    // Before the names, because a narrow terminal cuts what stands last.
    let warning = match answer.agree {
        Some(false) => "differs: ",
        _ => "",
    };
    vec![
        Text::new(subject, Role::Name),
        owner,
        Text::plain(entity),
        Text::new(places(&answer.rules), Role::Faint),
        Text::new(warning, Role::Bad(Severity::Warning)).then(reviewers, Role::Plain),
    ]
}

/// `CODEOWNERS:3,14`: the rules of one answer are all of one file.
fn places(rules: &[RuleRecord<'_>]) -> String {
    let lines: Vec<String> = rules.iter().map(|rule| rule.line.to_string()).collect();
    let file = rules.first().map(|rule| format!("{}:", rule.path));
    format!("{}{}", file.unwrap_or_default(), lines.join(","))
}

impl RuleRecord<'_> {
    /// Who must approve, and in GitLab's file how many of them.
    pub(super) fn reviewers(&self) -> String {
        let owners = if self.owners.is_empty() {
            "nobody".to_owned()
        } else {
            self.owners.join(" ")
        };
        match self.section {
            Some(section) => format!("[{section}] {owners}{}", self.approval()),
            None => owners,
        }
    }

    fn approval(&self) -> String {
        match (self.optional, self.approvals) {
            (true, _) => ", optional".to_owned(),
            (false, Some(number)) if number > 1 => format!(", {number} approvals"),
            _ => String::new(),
        }
    }
}
