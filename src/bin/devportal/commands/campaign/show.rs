//! `devportal campaign show`: why, how, until when, and where each entity stands.

use anyhow::Result;
use clap_complete::engine::ArgValueCompleter;
use devportal::maturity::{CampaignResult, Trend};
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use super::burn_down::{self, History};
use super::evaluation::{Evaluated, Known, Wanted};
use super::record::{
    EntityRecord, MilestoneRecord, Summary, Team, WholeExemption, entities, milestones, teams,
};
use super::{state_text, status};
use crate::Outcome;
use crate::completion;
use crate::session::Session;

/// What `--format` takes.
const FORMATS: &[&str] = &["human", "json", "yaml", "markdown"];

/// Options of `campaign show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The campaign
    #[arg(value_name = "REF", add = ArgValueCompleter::new(completion::campaign))]
    campaign: String,
}

/// The answer in one object: `devportal.campaign-show/v1`.
#[derive(Serialize)]
struct Page<'a> {
    schema: &'static str,
    complete: bool,
    #[serde(flatten)]
    summary: Summary<'a>,
    /// Which entities it is about.
    query: String,
    /// What must hold at the end.
    require: Option<&'a str>,
    why: Option<&'a str>,
    fix: Option<&'a str>,
    link: Option<&'a str>,
    milestones: Vec<MilestoneRecord<'a>>,
    teams: Vec<Team<'a>>,
    /// How it went so far; `null` before its first day.
    history: Option<History<'a>>,
    /// By state, what is most urgent first.
    entities: Vec<EntityRecord<'a>>,
    exemptions: Vec<WholeExemption<'a>>,
}

pub(super) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(FORMATS)?;
    session.remember_history()?;
    let scan = session.scan()?;
    let known = match Known::read(&Wanted::One(&args.campaign), &scan, session)? {
        Ok(known) => known,
        Err(outcome) => return Ok(outcome),
    };
    let evaluated = known.evaluate(&scan, session)?;
    let trend = burn_down::trend(&known, &scan, session)?;
    for result in &evaluated.results {
        let page = Page::of(result, &evaluated, &trend);
        match format {
            "json" => session.write_json(&page)?,
            "yaml" => session.write_yaml(&serde_json::to_value(&page)?)?,
            format => session.write_view(&view(&page), format)?,
        }
    }
    Ok(evaluated.outcome(session))
}

impl<'a> Page<'a> {
    fn of(result: &'a CampaignResult<'a>, evaluated: &'a Evaluated<'a>, trend: &'a Trend) -> Self {
        let scored = &evaluated.scored;
        let scorecard = result.campaign.scorecard();
        let rule = result.campaign.rule();
        let entities = entities(result, scored);
        let now = scored.facts.now().as_second();
        let exemptions = scorecard.exemptions.iter();
        let query = scorecard.filter.as_ref().map(ToString::to_string);
        Self {
            schema: "devportal.campaign-show/v1",
            complete: scored.complete,
            summary: Summary::of(result, scored),
            query: query.unwrap_or_default(),
            require: rule.map(|rule| rule.require.text.as_str()),
            why: rule.and_then(|rule| rule.why.as_deref()),
            fix: rule.and_then(|rule| rule.fix.as_deref()),
            link: rule.and_then(|rule| rule.link.as_deref()),
            milestones: milestones(result),
            teams: teams(&entities),
            history: History::of(result.campaign, trend, &entities, burn_down::STUCK_AFTER),
            entities,
            exemptions: exemptions.map(|it| WholeExemption::of(it, now)).collect(),
        }
    }

    /// What stands above the tables.
    fn properties(&self) -> Vec<(String, Text)> {
        let summary = &self.summary;
        let owner = summary.owner.map(|owner| Text::plain(owner.name()));
        let plain = |text: &str| Text::plain(text.trim_end());
        let properties = [
            ("state", Some(state_text::phase(summary.state))),
            ("owner", owner),
            ("from", Some(Text::plain(summary.start))),
            ("until", Some(Text::plain(summary.deadline))),
            (
                "progress",
                Some(Text::plain(status::progress(summary.counts))),
            ),
            ("about", Some(Text::new(&self.query, Role::Code))),
            (
                "must hold",
                self.require.map(|it| Text::new(it, Role::Code)),
            ),
            ("why", self.why.map(plain)),
            ("what to do", self.fix.map(plain)),
            ("more", self.link.map(|link| Text::new(link, Role::Url))),
        ];
        let present = properties.into_iter();
        present
            .filter_map(|(name, text)| Some((name.to_owned(), text?)))
            .collect()
    }
}

fn view(page: &Page<'_>) -> View {
    let summary = &page.summary;
    let mut view = View::new();
    let reference = format!("  {}", summary.reference.short());
    view.push(Block::Heading(
        Text::new(summary.title, Role::Name).then(reference, Role::Faint),
    ));
    if let Some(description) = summary.description {
        view.push(Block::Paragraph(Text::plain(description.trim_end())));
    }
    view.push(Block::KeyValues(page.properties()));
    push_milestones(&page.milestones, &mut view);
    if let Some(history) = &page.history {
        history.push_pace(&mut view);
        history.push_burn_down(&mut view);
    }
    status::push_teams(&page.teams, &mut view);
    status::push_entities("Entities", page.entities.iter(), &mut view);
    push_exemptions(&page.exemptions, &mut view);
    view
}

fn push_milestones(milestones: &[MilestoneRecord<'_>], view: &mut View) {
    if milestones.is_empty() {
        return;
    }
    let rows = milestones.iter().map(|milestone| {
        vec![
            Text::plain(milestone.date),
            Text::plain(format!("{} %", milestone.percent)),
            state_text::milestone(milestone.state),
            Text::plain(milestone.title.unwrap_or_default()),
        ]
    });
    view.push(Block::Heading(Text::plain("Milestones")));
    view.push(Block::Table(Table {
        columns: vec![
            Column::fixed("until"),
            Column::numeric("done"),
            Column::fixed("today"),
            Column::flexible("milestone"),
        ],
        rows: rows.collect(),
    }));
}

fn push_exemptions(exemptions: &[WholeExemption<'_>], view: &mut View) {
    if exemptions.is_empty() {
        return;
    }
    let rows = exemptions.iter().map(|exemption| {
        let ended = if exemption.counts { "" } else { ", has passed" };
        vec![
            Text::new(&exemption.entities, Role::Code),
            Text::plain(exemption.until).then(ended, Role::Faint),
            Text::plain(exemption.approver),
            Text::plain(exemption.reason),
        ]
    });
    view.push(Block::Heading(Text::plain("Exemptions")));
    view.push(Block::Table(Table {
        columns: vec![
            Column::fixed("entities"),
            Column::fixed("until"),
            Column::fixed("approver"),
            Column::flexible("reason"),
        ],
        rows: rows.collect(),
    }));
}
