//! What keeps entities from a level: findings for CI, and an exit code.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use devportal::catalog::EntityId;
use devportal::diagnostic::{Diagnostic, Severity, did_you_mean, register};
use devportal::maturity::{Outcome, Rule, RuleResult, Scorecard};
use devportal::model::{EntityRef, Moment};
use devportal::output::{Checked, FINDINGS_FORMATS, Findings};
use devportal::scan::SourceTexts;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use super::{Args, Scored, level_text};
use crate::maturity::{Maturity, State};
use crate::session::Session;

/// Formats of findings.
pub(super) const FORMATS: [&str; 3] = ["sarif", "junit", "github"];

/// What is asked of entities.
pub(super) struct Gate<'a> {
    /// The level to reach, as an index, by scorecard; nothing where only findings are wanted.
    levels: HashMap<&'a EntityRef, usize>,
    is_asked: bool,
    is_strict: bool,
    /// What became of rules at the revision that is compared with.
    before: Option<Before>,
}

/// The outcomes of rules at another moment, by entity, scorecard and rule.
struct Before(HashMap<(EntityRef, EntityRef, String), Outcome>);

/// A rule that keeps an entity from a level.
pub(super) struct Failure<'a> {
    entity: EntityId,
    scorecard: &'a Scorecard,
    rule: &'a Rule,
    outcome: Outcome,
    problem: Option<String>,
    /// Whether it makes the run fail.
    counts: bool,
}

/// The same for machines.
#[derive(Serialize)]
pub(super) struct FailureRecord<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    scorecard: &'a str,
    rule: &'a str,
    level: &'a str,
    outcome: Outcome,
    /// Whether it makes the run fail.
    counts: bool,
    fix: Option<&'a str>,
    path: &'a str,
    line: u32,
}

impl<'a> Gate<'a> {
    /// What the command line asks for; nothing when it asks for nothing.
    pub(super) fn read(
        args: &Args,
        scorecards: &'a [Scorecard],
        format: &str,
        session: &mut Session,
    ) -> Result<Option<Self>> {
        let wants_findings = FORMATS.contains(&format);
        if args.fail_under.is_none() && args.only_changed.is_none() && !wants_findings {
            return Ok(None);
        }
        let before = args.only_changed.as_deref();
        Ok(Some(Self {
            levels: levels(args.fail_under.as_deref(), scorecards, session)?,
            is_asked: args.fail_under.is_some(),
            is_strict: args.strict,
            before: before
                .map(|revision| Before::read(revision, &args.scorecard, session))
                .transpose()?,
        }))
    }

    /// The rules that keep entities from the levels, in the order of entities and rules.
    pub(super) fn failures(&self, scored: &Scored<'a>) -> Vec<Failure<'a>> {
        let mut failures = Vec::new();
        for id in &scored.entities {
            for (scorecard, result) in scored.of(*id) {
                let Some(level) = self.levels.get(&scorecard.reference) else {
                    continue;
                };
                let rules = scorecard.rules.iter().zip(&result.rules);
                let rules = rules.filter(|(rule, result)| {
                    rule.level <= *level && self.is_meant(scored, *id, scorecard, rule, result)
                });
                failures.extend(rules.map(|(rule, result)| Failure {
                    entity: *id,
                    scorecard,
                    rule,
                    outcome: result.outcome,
                    problem: result.problem.clone(),
                    counts: self.is_asked,
                }));
            }
        }
        failures
    }

    fn is_meant(
        &self,
        scored: &Scored<'_>,
        id: EntityId,
        scorecard: &Scorecard,
        rule: &Rule,
        result: &RuleResult,
    ) -> bool {
        let holds_back = match result.outcome {
            Outcome::Failed => true,
            Outcome::Unknown => self.is_strict,
            _ => false,
        };
        let entity = scored.scan.catalog.entity(id).reference();
        let before = self.before.as_ref();
        holds_back && before.is_none_or(|before| before.is_new(entity, scorecard, rule))
    }
}

/// The level of that name in each scorecard that has it; the last one of each where none is asked
/// for.
fn levels<'a>(
    name: Option<&str>,
    scorecards: &'a [Scorecard],
    session: &Session,
) -> Result<HashMap<&'a EntityRef, usize>> {
    let mut levels = HashMap::new();
    let mut without: Vec<&str> = Vec::new();
    for scorecard in scorecards {
        let index = match name {
            None => scorecard.levels.len().checked_sub(1),
            Some(name) => {
                let mut levels = scorecard.levels.iter();
                levels.position(|level| level.name.eq_ignore_ascii_case(name))
            }
        };
        match index {
            Some(index) => drop(levels.insert(&scorecard.reference, index)),
            None => without.push(scorecard.reference.name()),
        }
    }
    if let Some(name) = name
        && levels.is_empty()
    {
        let all = scorecards.iter().flat_map(|scorecard| &scorecard.levels);
        let mut known: Vec<&str> = Vec::new();
        for level in all {
            if !known.contains(&level.name.as_str()) {
                known.push(&level.name);
            }
        }
        match did_you_mean(name, known.iter().copied()) {
            Some(meant) => bail!("there is no level \"{name}\"; did you mean \"{meant}\"?"),
            None => bail!(
                "there is no level \"{name}\"; levels are {}",
                known.join(", ")
            ),
        }
    }
    if !without.is_empty() {
        session.hint(&format!(
            "without that level, and not asked: {}",
            without.join(", ")
        ));
    }
    Ok(levels)
}

impl Before {
    /// What became of the rules of a revision, by its own scorecards.
    fn read(revision: &str, names: &[String], session: &mut Session) -> Result<Self> {
        let moment = Moment::parse(revision);
        let scan = session.scan_at(&moment)?;
        let maturity = Maturity::read(&scan);
        let all = maturity.scorecards.into_iter();
        let scorecards: Vec<Scorecard> = all
            .filter(|scorecard| names.is_empty() || super::selection::is_one_of(scorecard, names))
            .collect();
        let cards: Vec<&Scorecard> = scorecards.iter().collect();
        let gathered = session.facts_of_rules(&moment, &scan, &cards, None);
        let facts = gathered.facts;
        let state = State {
            moment,
            scan,
            facts,
        };
        let catalog = &state.scan.catalog;
        if catalog.entities().is_empty() {
            session.hint(&format!("there were no entities at \"{revision}\""));
        }
        let entities: Vec<EntityId> = catalog.ids().collect();
        let mut outcomes = HashMap::new();
        for card in Session::evaluate_state(&state, &scorecards, &entities) {
            for result in &card.entities {
                let rules = card.scorecard.rules.iter().zip(&result.rules);
                for (rule, rule_result) in rules {
                    let key = (
                        catalog.entity(result.entity).reference().clone(),
                        card.scorecard.reference.clone(),
                        rule.id.clone(),
                    );
                    outcomes.insert(key, rule_result.outcome);
                }
            }
        }
        Ok(Self(outcomes))
    }

    /// Whether a rule passed then, or was not asked of this entity.
    fn is_new(&self, entity: &EntityRef, scorecard: &Scorecard, rule: &Rule) -> bool {
        let key = (entity.clone(), scorecard.reference.clone(), rule.id.clone());
        matches!(
            self.0.get(&key),
            None | Some(Outcome::Passed | Outcome::NotApplicable)
        )
    }
}

impl Failure<'_> {
    /// Whether it makes the run fail.
    pub(super) const fn counts(&self) -> bool {
        self.counts
    }

    fn level(&self) -> &str {
        let level = self.scorecard.levels.get(self.rule.level);
        level.map_or("", |level| level.shown())
    }

    /// The same as a finding at the descriptor of the entity.
    fn finding(&self, scored: &Scored<'_>) -> Diagnostic {
        let entity = scored.scan.catalog.entity(self.entity);
        let unknown = match self.outcome {
            Outcome::Unknown => " is not known",
            _ => "",
        };
        let message = format!(
            "\"{}\"{unknown} ({} of {})",
            self.rule.title,
            self.level(),
            self.scorecard.title
        );
        let subject = format!("{}/{}", self.scorecard.reference.name(), self.rule.id);
        let finding = Diagnostic::new(&register::SCORECARD_RULE, message)
            .entity(entity.reference())
            .subject(subject)
            .at(entity.place());
        let severity = if self.counts {
            Severity::Error
        } else {
            finding.severity
        };
        let help = self.rule.fix.clone();
        Diagnostic {
            help: help.or_else(|| self.problem.clone()),
            severity,
            ..finding
        }
    }

    /// For machines.
    pub(super) fn record<'a>(&'a self, scored: &'a Scored<'_>) -> FailureRecord<'a> {
        let entity = scored.scan.catalog.entity(self.entity);
        let level = self.scorecard.levels.get(self.rule.level);
        FailureRecord {
            reference: entity.reference(),
            scorecard: self.scorecard.reference.name(),
            rule: &self.rule.id,
            level: level.map_or("", |level| &level.name),
            outcome: self.outcome,
            counts: self.counts,
            fix: self.rule.fix.as_deref(),
            path: entity.source().file.path(),
            line: entity.source().line,
        }
    }
}

/// For people, below the levels.
pub(super) fn push(failures: &[Failure<'_>], scored: &Scored<'_>, view: &mut View) {
    if scored.results.iter().all(|card| card.entities.is_empty()) {
        return;
    }
    view.push(Block::Heading(Text::plain("What is to be done")));
    if failures.is_empty() {
        view.push(Block::Paragraph(Text::new("nothing", Role::Good)));
        return;
    }
    let rows = failures.iter().map(|failure| {
        let entity = scored.scan.catalog.entity(failure.entity).reference();
        let result = match failure.outcome {
            Outcome::Unknown => Text::new("unknown", Role::Bad(Severity::Warning)),
            _ => Text::new("failed", Role::Bad(Severity::Error)),
        };
        vec![
            Text::new(entity.short(), Role::Name),
            Text::plain(&failure.scorecard.title),
            level_text::level(failure.scorecard.levels.get(failure.rule.level)),
            result,
            Text::plain(&failure.rule.title),
            Text::plain(failure.rule.fix.clone().unwrap_or_default()),
        ]
    });
    view.push(Block::Table(Table {
        columns: vec![
            Column::fixed("entity"),
            Column::flexible("scorecard"),
            Column::fixed("level"),
            Column::fixed("result"),
            Column::flexible("rule"),
            Column::flexible("fix"),
        ],
        rows: rows.collect(),
    }));
}

/// Writes failures as `check` writes findings.
pub(super) fn write(
    failures: &[Failure<'_>],
    scored: &Scored<'_>,
    format: &str,
    session: &mut Session,
) -> Result<()> {
    let mut diagnostics: Vec<Diagnostic> = failures.iter().map(|it| it.finding(scored)).collect();
    diagnostics.sort_by(|a, b| a.order().cmp(&b.order()));
    let moment = session.moment();
    let source = SourceTexts::new(scored.scan, &moment);
    let entities = scored.entities.iter();
    let findings = Findings {
        checked: Checked::Scorecards,
        diagnostics: &diagnostics,
        complete: scored.complete,
        repositories: scored.scan.repositories.len(),
        documents: scored.scan.documents.len(),
        entities: entities
            .filter(|id| scored.of(**id).next().is_some())
            .count(),
        accepted: 0,
        all: true,
        source: &|file| source.text(file),
    };
    let mut formats = FINDINGS_FORMATS.iter();
    let found = formats.find(|known| known.name == format);
    let write = found.context("no format of findings")?.write;
    let terminal = session.terminal().clone();
    write(&findings, &terminal, session.stdout()).context("cannot write output")
}
