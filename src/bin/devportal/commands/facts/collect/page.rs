//! What a run of `facts collect` shows.

use std::collections::BTreeMap;

use anyhow::Result;
use devportal::diagnostic::Severity;
use devportal::fact::collect::{CollectErrorKind, Collected, CollectedSource, Failure};
use devportal::fact::{Dimensions, Fact, Register};
use devportal::model::EntityRef;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;
use serde_json::Value;

use crate::Outcome;
use crate::asking::{Asked, Prepared, Verdict};
use crate::collecting::Refusal;
use crate::session::Session;

use super::keeping::Kept;

/// Targets that are named below a failure that they share.
const MOST_NAMED: usize = 3;

/// What is shown, as machines read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    schema: &'static str,
    complete: bool,
    sources: Vec<SourceRow>,
    #[serde(skip)]
    needs_trust: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SourceRow {
    source: String,
    targets: usize,
    asked: usize,
    complete: bool,
    /// Why it was not asked at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
    #[serde(skip)]
    help: Option<String>,
    /// What would be asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    would_ask: Vec<TargetRow>,
    facts: Vec<FactRow>,
    failures: Vec<FailureRow>,
    /// What is off at the source; nothing is missing.
    not_offered: Vec<FailureRow>,
    /// Where it was written; nothing where it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<Kept>,
}

#[derive(Serialize)]
struct TargetRow {
    target: String,
    entities: Vec<EntityRef>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FactRow {
    #[serde(rename = "ref")]
    reference: EntityRef,
    fact: String,
    dimensions: Dimensions,
    value: Value,
    observed_at: String,
    valid_until: Option<String>,
    evidence: Option<String>,
}

#[derive(Serialize)]
struct FailureRow {
    target: String,
    entities: Vec<EntityRef>,
    kind: &'static str,
    message: String,
}

impl Page {
    /// What would be asked.
    pub(super) fn of_targets(prepared: &[Prepared<'_>]) -> Self {
        let rows = prepared.iter().map(|it| {
            let targets = it.targets.iter().map(|target| TargetRow {
                target: target.label.clone(),
                entities: target.entities.clone(),
            });
            let refusal = it.source.as_ref().err();
            SourceRow {
                would_ask: targets.collect(),
                ..SourceRow::of(it.name, it.targets.len(), refusal)
            }
        });
        Self {
            schema: "devportal.facts-collect/v1",
            complete: true,
            sources: rows.collect(),
            needs_trust: false,
        }
    }

    /// What was asked, and answered.
    pub(super) fn of_answers(
        collected: &Collected,
        asked: &[Asked],
        mut kept: BTreeMap<String, Kept>,
        register: &Register,
    ) -> Self {
        let mut answers = collected.sources.iter();
        let rows = asked.iter().map(|it| {
            let row = SourceRow::of(&it.name, it.targets, it.refusal.as_ref());
            match &it.refusal {
                Some(_) => row,
                None => answers.next().map_or(row, |answer| SourceRow {
                    kept: kept.remove(&answer.name),
                    ..SourceRow::answered(answer, register)
                }),
            }
        });
        let rows = rows.collect();
        let verdict = Verdict::of(collected, asked);
        Self {
            schema: "devportal.facts-collect/v1",
            complete: verdict.is_complete,
            sources: rows,
            needs_trust: verdict.needs_trust,
        }
    }

    pub(super) fn write(&self, format: &str, session: &mut Session) -> Result<()> {
        match format {
            "json" => session.write_json(self),
            "yaml" => session.write_yaml(&serde_json::to_value(self)?),
            format => session.write_view(&self.view(), format),
        }
    }

    /// How the run ends, with a hint for what can be done.
    pub(super) fn outcome(&self, session: &Session) -> Outcome {
        for row in &self.sources {
            if let (Some(refusal), Some(help)) = (&row.refusal, &row.help) {
                session.hint(&format!("{} is not asked, {refusal}: {help}", row.source));
            }
        }
        if self.sources.is_empty() {
            session.hint("no entity here has an annotation of a source");
            return Outcome::Findings;
        }
        if self.needs_trust {
            Outcome::NeedsTrust
        } else if self.complete {
            Outcome::Fine
        } else {
            session.hint("what is missing stays unknown, or what it was before");
            Outcome::Incomplete
        }
    }

    fn view(&self) -> View {
        let mut view = View::new();
        if self.sources.is_empty() {
            return view;
        }
        view.push(Block::Table(self.table()));
        let kept = self.sources.iter().filter_map(|row| row.kept.as_ref());
        let kept: Vec<Text> = kept.map(Kept::line).collect();
        if !kept.is_empty() {
            view.push(Block::Heading(Text::plain("Written to")));
            view.push(Block::List(kept));
        }
        for row in &self.sources {
            let lines = row.lines();
            if !lines.is_empty() {
                view.push(Block::Heading(Text::new(&row.source, Role::Name)));
                view.push(Block::List(lines));
            }
        }
        view
    }

    fn table(&self) -> Table {
        let rows = self.sources.iter().map(SourceRow::cells);
        Table {
            columns: vec![
                Column::fixed("source"),
                Column::numeric("targets"),
                Column::numeric("asked"),
                Column::numeric("facts"),
                Column::numeric("failures"),
                Column::fixed("state"),
            ],
            rows: rows.collect(),
        }
    }
}

impl SourceRow {
    fn of(name: &str, targets: usize, refusal: Option<&Refusal>) -> Self {
        Self {
            source: name.to_owned(),
            targets,
            asked: 0,
            complete: refusal.is_none(),
            refusal: refusal.map(|refusal| refusal.message.clone()),
            help: refusal.map(|refusal| refusal.help.clone()),
            would_ask: Vec::new(),
            facts: Vec::new(),
            failures: Vec::new(),
            not_offered: Vec::new(),
            kept: None,
        }
    }

    fn answered(answer: &CollectedSource, register: &Register) -> Self {
        // Who is on call is shown where somebody asks for it, and not written into files.
        let is_kept = |fact: &&Fact| {
            register
                .declaration(&fact.name)
                .is_some_and(|it| it.is_kept)
        };
        Self {
            asked: answer.asked,
            complete: answer.is_complete(),
            facts: answer
                .facts
                .iter()
                .filter(is_kept)
                .map(FactRow::of)
                .collect(),
            failures: answer.failures.iter().map(FailureRow::of).collect(),
            not_offered: answer.not_offered.iter().map(FailureRow::of).collect(),
            ..Self::of(&answer.name, answer.targets, None)
        }
    }

    fn cells(&self) -> Vec<Text> {
        let (state, role) = match (&self.refusal, self.complete) {
            (Some(_), _) => ("not asked", Role::Bad(Severity::Warning)),
            (None, false) => ("partial", Role::Bad(Severity::Error)),
            (None, true) if !self.would_ask.is_empty() => ("would be asked", Role::Faint),
            (None, true) if self.targets == 0 => ("nothing to ask", Role::Faint),
            (None, true) => ("complete", Role::Good),
        };
        vec![
            Text::new(&self.source, Role::Name),
            Text::plain(self.targets.to_string()),
            Text::plain(self.asked.to_string()),
            Text::plain(self.facts.len().to_string()),
            Text::plain(self.failures.len().to_string()),
            Text::new(state, role),
        ]
    }

    /// What would be asked, or what failed, and what is not there to be asked.
    fn lines(&self) -> Vec<Text> {
        let targets = self.would_ask.iter().map(|it| Text::plain(&it.target));
        let failures = FailureRow::lines(&self.failures, Role::Bad(Severity::Error));
        let not_offered = FailureRow::lines(&self.not_offered, Role::Faint);
        targets.chain(failures).chain(not_offered).collect()
    }
}

impl FactRow {
    fn of(fact: &Fact) -> Self {
        Self {
            reference: fact.entity.clone(),
            fact: fact.name.to_string(),
            dimensions: fact.dimensions.clone(),
            value: fact.value.clone(),
            observed_at: fact.observed_at.to_string(),
            valid_until: fact.valid_until.map(|until| until.to_string()),
            evidence: fact.evidence.as_deref().map(str::to_owned),
        }
    }
}

impl FailureRow {
    /// Targets of which the same is said share a line.
    fn lines(failures: &[Self], role: Role) -> Vec<Text> {
        let mut by_message: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for failure in failures {
            let targets = by_message.entry(&failure.message).or_default();
            targets.push(&failure.target);
        }
        let lines = by_message.into_iter().map(|(message, targets)| {
            let count = targets.len().min(MOST_NAMED);
            let mut names = targets[..count].join(", ");
            if targets.len() > count {
                names = format!("{names} and {} more", targets.len() - count);
            }
            Text::new(format!("{names}: "), Role::Plain).then(message, role)
        });
        lines.collect()
    }

    fn of(failure: &Failure) -> Self {
        let kind = match failure.error.kind {
            CollectErrorKind::NeedsCredential => "needs-credential",
            CollectErrorKind::Forbidden => "forbidden",
            CollectErrorKind::NotFound => "not-found",
            CollectErrorKind::NotOffered => "not-offered",
            CollectErrorKind::Unreachable => "unreachable",
            CollectErrorKind::Failed => "failed",
        };
        Self {
            target: failure.target.clone(),
            entities: failure.entities.clone(),
            kind,
            message: failure.error.message.clone(),
        }
    }
}
