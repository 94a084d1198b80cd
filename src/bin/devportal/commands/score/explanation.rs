//! The page of an entity: each rule, what became of it, on which fact, and how to fix it.

use anyhow::Result;
use devportal::catalog::EntityId;
use devportal::diagnostic::Severity;
use devportal::fact::set_up_commands;
use devportal::maturity::{
    EntityResult, Exemption, Outcome, Rule, RuleResult, Scorecard, Standing,
};
use devportal::model::EntityRef;
use devportal::query::{DocumentedEntities, QueryContext};
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use super::changes::{ChangeRecord, Changes};
use super::explained_fact::ExplainedFact;
use super::gate::FailureRecord;
use super::{Beside, Scored, level_text};
use crate::session::Session;

/// The answer in one object: `devportal.score-entity/v1`.
#[derive(Serialize)]
struct Page<'a> {
    schema: &'static str,
    complete: bool,
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    scorecards: Vec<Card<'a>>,
    /// What has changed; only with `--since`.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<ChangeRecord<'a>>,
    /// What keeps it from a level; only with `--fail-under` and `--only-changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    under: Option<Vec<FailureRecord<'a>>>,
}

/// What became of the entity in a scorecard.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Card<'a> {
    scorecard: &'a str,
    title: &'a str,
    /// The name of the level that it has reached; `null` for none.
    level: Option<&'a str>,
    percent: Option<f64>,
    /// The name of the level that comes next; `null` at the last one.
    next_level: Option<&'a str>,
    /// The ids of the rules that keep it from the next level: all of them must pass, and no others.
    steps: Vec<&'a str>,
    rules: Vec<ExplainedRule<'a>>,
    #[serde(skip)]
    source: (&'a Scorecard, Standing),
}

/// What became of a rule, and why.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::commands) struct ExplainedRule<'a> {
    id: &'a str,
    title: &'a str,
    level: &'a str,
    pub(in crate::commands) outcome: Outcome,
    require: &'a str,
    why: Option<&'a str>,
    fix: Option<&'a str>,
    link: Option<&'a str>,
    /// What it was decided on.
    pub(in crate::commands) facts: Vec<ExplainedFact<'a>>,
    /// Where that is written which it looks at beside facts.
    pub(in crate::commands) places: Vec<PlaceRecord<'a>>,
    /// Why it cannot be evaluated for this entity, where it cannot.
    pub(in crate::commands) problem: Option<&'a str>,
    pub(in crate::commands) exemption: Option<ExemptionRecord<'a>>,
    /// An exemption that counts no more.
    pub(in crate::commands) ended_exemption: Option<ExemptionRecord<'a>>,
    /// Commands that set up what gives the facts that nobody has.
    pub(in crate::commands) set_up: Vec<String>,
    #[serde(skip)]
    waits_for_owners: bool,
    #[serde(skip)]
    rule: &'a Rule,
}

/// Where a value is written that a rule looks at.
#[derive(Serialize, PartialEq)]
pub(in crate::commands) struct PlaceRecord<'a> {
    /// What is looked at: `entity.description`, `owner.members`.
    value: &'a str,
    path: String,
    line: u32,
}

#[derive(Serialize)]
pub(in crate::commands) struct ExemptionRecord<'a> {
    reason: &'a str,
    approver: &'a str,
    until: &'a str,
}

/// Writes the page of the entity that was asked about.
pub(super) fn write(
    scored: &Scored<'_>,
    beside: &Beside<'_>,
    format: &str,
    session: &mut Session,
) -> Result<()> {
    let Some(id) = scored.entities.first().copied() else {
        return Ok(());
    };
    let page = Page::new(scored, beside, id);
    match format {
        "json" => session.write_json(&page),
        "jsonl" => session.write_json_line(&page),
        "yaml" => session.write_yaml(&serde_json::to_value(&page)?),
        "name" => {
            let shown = devportal::output::safe(page.reference.as_str()).into_owned();
            Ok(writeln!(session.stdout(), "{shown}")?)
        }
        format => session.write_view(&self::page(scored, beside), format),
    }
}

/// The explanation for people.
pub(super) fn page(scored: &Scored<'_>, beside: &Beside<'_>) -> View {
    let first = scored.entities.first().copied();
    let explained = first.map(|id| view(&Page::new(scored, beside, id), scored, id));
    let mut view = explained.unwrap_or_default();
    beside.push(scored, &mut view);
    view
}

impl<'a> Page<'a> {
    fn new(scored: &'a Scored<'_>, beside: &'a Beside<'_>, id: EntityId) -> Self {
        let cards = scored.of(id);
        Self {
            schema: "devportal.score-entity/v1",
            complete: scored.complete,
            reference: scored.scan.catalog.entity(id).reference(),
            scorecards: cards
                .map(|(scorecard, result)| Card::new(scorecard, result, scored, id))
                .collect(),
            changes: beside.changes.as_ref().map(Changes::record),
            under: beside.failure_records(scored),
        }
    }
}

impl<'a> Card<'a> {
    fn new(
        scorecard: &'a Scorecard,
        result: &'a EntityResult,
        scored: &'a Scored<'_>,
        id: EntityId,
    ) -> Self {
        let next = scorecard.next_level(result.standing);
        let steps = scorecard.steps(result);
        let rules = scorecard.rules.iter().zip(&result.rules);
        Self {
            scorecard: scorecard.reference.name(),
            title: &scorecard.title,
            level: level_text::name(scorecard, result.standing),
            percent: result.standing.percent.map(level_text::exact_percent),
            next_level: next.map(|level| level.name.as_str()),
            steps: steps.iter().map(|rule| rule.id.as_str()).collect(),
            rules: rules
                .map(|(rule, result)| ExplainedRule::new(scorecard, rule, result, scored, id))
                .collect(),
            source: (scorecard, result.standing),
        }
    }
}

impl<'a> ExplainedRule<'a> {
    pub(in crate::commands) fn new(
        scorecard: &'a Scorecard,
        rule: &'a Rule,
        result: &'a RuleResult,
        scored: &'a Scored<'_>,
        id: EntityId,
    ) -> Self {
        let reference = scored.scan.catalog.entity(id).reference();
        let facts = rule.require.facts.iter();
        let exemption = result.exemption.and_then(|at| scorecard.exemptions.get(at));
        let level = scorecard.levels.get(rule.level);
        let register = scored.facts.register();
        Self {
            id: &rule.id,
            title: &rule.title,
            level: level.map_or("", |level| &level.name),
            outcome: result.outcome,
            require: &rule.require.text,
            why: rule.why.as_deref(),
            fix: rule.fix.as_deref(),
            link: rule.link.as_deref(),
            facts: match result.outcome {
                Outcome::NotApplicable => Vec::new(),
                _ => facts
                    .map(|selector| ExplainedFact::new(scored.facts, reference, selector))
                    .collect(),
            },
            places: match result.outcome {
                Outcome::NotApplicable => Vec::new(),
                _ => places(rule, scored, id),
            },
            problem: result.problem.as_deref(),
            exemption: exemption.map(ExemptionRecord::of),
            ended_exemption: match result.outcome {
                Outcome::Failed | Outcome::Unknown => ended(scorecard, rule, scored, id),
                _ => None,
            },
            set_up: match result.outcome {
                Outcome::NotMeasured => set_up_commands(&result.unknown, register),
                _ => Vec::new(),
            },
            waits_for_owners: level_text::waits_for_owners(&result.unknown),
            rule,
        }
    }
}

/// An exemption of the entity that has ended.
fn ended<'a>(
    scorecard: &'a Scorecard,
    rule: &Rule,
    scored: &Scored<'_>,
    id: EntityId,
) -> Option<ExemptionRecord<'a>> {
    let now = scored.facts.now().as_second();
    let context = QueryContext {
        catalog: &scored.scan.catalog,
        user: None,
        documented: &DocumentedEntities::default,
        facts: Some(scored.facts),
    };
    let is_meant = |exemption: &Exemption| {
        let entities = exemption.entities.evaluate(&context);
        entities.is_ok_and(|entities| entities.contains(&id))
    };
    let mut exemptions = scorecard.exemptions.iter();
    exemptions
        .find(|it| !it.counts(now) && it.covers(&rule.id) && is_meant(it))
        .map(ExemptionRecord::of)
}

/// Where that is written which a rule looks at beside facts: the field itself where it is there,
/// else the descriptor that could have it.
fn places<'a>(rule: &'a Rule, scored: &Scored<'_>, id: EntityId) -> Vec<PlaceRecord<'a>> {
    let catalog = &scored.scan.catalog;
    let place = |value: &str| -> Option<(String, u32)> {
        let (name, field) = value.split_once('.').unwrap_or((value, ""));
        let entity = match name {
            "owner" => catalog.get(catalog.owner(id)?.reference)?,
            _ => catalog.entity(id),
        };
        let node = match (name, field) {
            ("entity", "spec") => None,
            ("entity", field) => {
                let metadata = entity.metadata().and_then(|it| it.get(field));
                metadata.or_else(|| entity.spec_field(field))
            }
            ("owner", "members") => entity.spec_field("members"),
            ("owner", "contact" | "emails") => entity.spec_field("profile"),
            ("relations", field) => entity.spec_field(field),
            ("dependencies" | "below", _) => entity.spec_field("dependsOn"),
            _ => None,
        };
        let line = node.map_or(entity.source().line, |node| node.span().line);
        Some((entity.source().file.path().to_owned(), line))
    };
    let mut places: Vec<PlaceRecord<'_>> = Vec::new();
    for value in rule.require.values() {
        if let Some((path, line)) = place(value) {
            places.push(PlaceRecord { value, path, line });
        }
    }
    places
}

impl<'a> ExemptionRecord<'a> {
    fn of(exemption: &'a Exemption) -> Self {
        Self {
            reason: &exemption.reason,
            approver: &exemption.approver,
            until: &exemption.until,
        }
    }
}

fn view(page: &Page<'_>, scored: &Scored<'_>, id: EntityId) -> View {
    let entity = scored.scan.catalog.entity(id);
    let name = entity.title().unwrap_or_else(|| entity.name());
    let mut view = View::new();
    let reference = format!("  {}", page.reference.short());
    view.push(Block::Heading(
        Text::new(name, Role::Name).then(reference, Role::Faint),
    ));
    for card in &page.scorecards {
        push_card(card, &mut view);
    }
    view
}

fn push_card(card: &Card<'_>, view: &mut View) {
    let (scorecard, standing) = card.source;
    let mut heading = Text::new(format!("{}  ", card.title), Role::Name);
    let standing = level_text::standing(scorecard, standing);
    heading = heading.joined(standing);
    view.push(Block::Heading(heading));
    let rows = card.rules.iter().map(|rule| {
        let level = scorecard.levels.get(rule.rule.level);
        vec![
            outcome(rule.outcome),
            level_text::level(level),
            Text::plain(rule.title),
            because(rule),
        ]
    });
    view.push(Block::Table(Table {
        columns: vec![
            Column::fixed("result"),
            Column::fixed("level"),
            Column::flexible("rule"),
            Column::flexible("because"),
        ],
        rows: rows.collect(),
    }));
    push_steps(card, view);
}

fn push_steps(card: &Card<'_>, view: &mut View) {
    let (scorecard, standing) = card.source;
    let Some(next) = scorecard.next_level(standing) else {
        return;
    };
    let title = format!("To reach {}:", next.shown());
    let steps = card
        .rules
        .iter()
        .filter(|rule| card.steps.contains(&rule.id));
    let items: Vec<Text> = steps.map(step).collect();
    if items.is_empty() {
        let text = format!("{} asks for what is not measured here", next.shown());
        view.push(Block::Paragraph(Text::new(text, Role::Faint)));
        return;
    }
    view.push(Block::Paragraph(Text::plain(title)));
    view.push(Block::List(items));
}

/// What is to be done for a rule.
fn step(rule: &ExplainedRule<'_>) -> Text {
    let text = Text::new(rule.title, Role::Name);
    let text = match (rule.outcome, rule.fix) {
        (Outcome::NotMeasured, _) => match rule.set_up.first() {
            Some(command) => text
                .then(": measure it with ", Role::Plain)
                .then(command, Role::Code),
            None if rule.waits_for_owners => text.then(
                ": measure it with descriptors of Groups and Users.",
                Role::Plain,
            ),
            None => text.then(": nobody here has it", Role::Plain),
        },
        (_, Some(fix)) => text.then(format!(": {fix}"), Role::Plain),
        (_, None) => text.then(": ", Role::Plain).then(rule.require, Role::Code),
    };
    let text = match rule.why {
        Some(why) => text.then(format!(" {why}"), Role::Faint),
        None => text,
    };
    match rule.link {
        Some(link) => text.then(" ", Role::Plain).then(link, Role::Url),
        None => text,
    }
}

fn outcome(outcome: Outcome) -> Text {
    let (text, role) = match outcome {
        Outcome::Passed => ("passed", Role::Good),
        Outcome::Failed => ("failed", Role::Bad(Severity::Error)),
        Outcome::Exempt => ("exempt", Role::Faint),
        Outcome::Unknown => ("unknown", Role::Bad(Severity::Warning)),
        Outcome::NotMeasured => ("not measured", Role::Faint),
        Outcome::NotApplicable => ("not asked", Role::Faint),
    };
    Text::new(text, role)
}

/// On what a rule was decided.
pub(in crate::commands) fn because(rule: &ExplainedRule<'_>) -> Text {
    let mut text = Text::default();
    if let Some(exemption) = &rule.exemption {
        let said = format!(
            "until {}, {} agreed: {}",
            exemption.until, exemption.approver, exemption.reason
        );
        text = text.then(said, Role::Plain);
    }
    for fact in &rule.facts {
        if !text.pieces.is_empty() {
            text = text.then("; ", Role::Plain);
        }
        text = text.joined(fact.text());
    }
    let mut shown: Vec<String> = Vec::new();
    for place in &rule.places {
        let place = format!("{}:{}", place.path, place.line);
        if !shown.contains(&place) {
            shown.push(place);
        }
    }
    if text.pieces.is_empty() && rule.outcome != Outcome::NotApplicable {
        text = text.then(rule.require, Role::Code);
    }
    for place in shown {
        text = text.then(" ", Role::Plain).then(place, Role::File);
    }
    if let Some(problem) = rule.problem {
        text = text.then(format!(" ({problem})"), Role::Faint);
    }
    match &rule.ended_exemption {
        Some(ended) => {
            let said = format!("; exempt until {}, which has passed", ended.until);
            text.then(said, Role::Bad(Severity::Warning))
        }
        None => text,
    }
}
