//! `devportal campaign status`: what is done and what is left, by team.

use anyhow::Result;
use clap_complete::engine::ArgValueCompleter;
use devportal::maturity::{CampaignResult, MilestoneState, Phase, StateCounts, Trend};
use devportal::model::date_on_clock;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use super::burn_down::{self, History};
use super::evaluation::{Evaluated, Known, Wanted};
use super::record::{EntityRecord, MilestoneRecord, Summary, Team};
use super::record::{entities, milestones, teams};
use super::state_text;
use crate::Outcome;
use crate::commands::score::level_text::shown_percent;
use crate::completion;
use crate::session::Session;

/// What `--format` takes.
const FORMATS: &[&str] = &["human", "json", "yaml", "markdown"];
/// What stands for the owner of entities that nobody owns.
const NOBODY: &str = "nobody";

/// Options of `campaign status`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The campaign; all that are no drafts without one
    #[arg(value_name = "REF", add = ArgValueCompleter::new(completion::campaign))]
    campaign: Option<String>,
    /// Call stuck what is left and did not move for so many days
    #[arg(long, value_name = "DAYS", default_value_t = burn_down::STUCK_AFTER, value_parser = clap::value_parser!(i64).range(1..=36_500))]
    stuck_after: i64,
}

/// The answer in one object: `devportal.campaign-status/v1`.
#[derive(Serialize)]
struct Answer<'a> {
    schema: &'static str,
    complete: bool,
    /// The day on which it is so.
    date: String,
    campaigns: Vec<Status<'a>>,
}

/// How far a campaign is.
#[derive(Serialize)]
struct Status<'a> {
    #[serde(flatten)]
    summary: Summary<'a>,
    why: Option<&'a str>,
    fix: Option<&'a str>,
    link: Option<&'a str>,
    milestones: Vec<MilestoneRecord<'a>>,
    teams: Vec<Team<'a>>,
    /// How it went so far; `null` before its first day.
    history: Option<History<'a>>,
    /// What must be done, and is not known to be.
    open: Vec<EntityRecord<'a>>,
}

pub(super) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(FORMATS)?;
    session.remember_history()?;
    let scan = session.scan()?;
    let wanted = args.campaign.as_deref().map_or(Wanted::Ready, Wanted::One);
    let known = match Known::read(&wanted, &scan, session)? {
        Ok(known) => known,
        Err(outcome) => return Ok(outcome),
    };
    let evaluated = known.evaluate(&scan, session)?;
    let trend = burn_down::trend(&known, &scan, session)?;
    let results = evaluated.results.iter();
    let now = evaluated.scored.facts.now();
    let answer = Answer {
        schema: "devportal.campaign-status/v1",
        complete: evaluated.scored.complete,
        date: date_on_clock(now.as_second(), 0),
        campaigns: results
            .map(|it| Status::of(it, &evaluated, &trend, args.stuck_after))
            .collect(),
    };
    if answer.campaigns.is_empty() {
        session
            .hint("there are no campaigns here; \"devportal campaign list --drafts\" lists drafts");
    }
    match format {
        "json" => session.write_json(&answer)?,
        "yaml" => session.write_yaml(&serde_json::to_value(&answer)?)?,
        format => session.write_view(&view(&answer), format)?,
    }
    Ok(evaluated.outcome(session))
}

impl<'a> Status<'a> {
    fn of(
        result: &'a CampaignResult<'a>,
        evaluated: &'a Evaluated<'a>,
        trend: &'a Trend,
        stuck_after: i64,
    ) -> Self {
        let rule = result.campaign.rule();
        let entities = entities(result, &evaluated.scored);
        let teams = teams(&entities);
        Self {
            summary: Summary::of(result, &evaluated.scored),
            why: rule.and_then(|rule| rule.why.as_deref()),
            fix: rule.and_then(|rule| rule.fix.as_deref()),
            link: rule.and_then(|rule| rule.link.as_deref()),
            milestones: milestones(result),
            teams,
            history: History::of(result.campaign, trend, &entities, stuck_after),
            open: entities
                .into_iter()
                .filter(|it| it.state.is_open())
                .collect(),
        }
    }

    fn push(&self, date: &str, view: &mut View) {
        view.push(Block::Heading(Text::new(self.summary.title, Role::Name)));
        view.push(Block::Paragraph(self.headline(date)));
        if let Some(history) = &self.history {
            history.push_pace(view);
        }
        if let Some(why) = self.why {
            view.push(Block::Paragraph(Text::plain(why.trim_end())));
        }
        if !self.milestones.is_empty() {
            view.push(Block::List(
                self.milestones.iter().map(milestone_line).collect(),
            ));
        }
        if let Some(history) = &self.history {
            history.push_burn_down(view);
        }
        push_teams(&self.teams, view);
        if let Some(history) = &self.history {
            history.push_stuck(view);
        }
        if self.open.is_empty() {
            return;
        }
        push_entities("What is left", self.open.iter(), view);
        let mut text = Text::new("What to do:", Role::Name);
        if let Some(fix) = self.fix {
            text = text.then(format!(" {}", fix.trim_end()), Role::Plain);
        }
        if let Some(link) = self.link {
            text = text.then(" ", Role::Plain).then(link, Role::Url);
        }
        if self.fix.is_some() || self.link.is_some() {
            view.push(Block::Paragraph(text));
        }
    }

    /// How far it is on a day, in one sentence.
    fn headline(&self, date: &str) -> Text {
        let Summary {
            state,
            start,
            deadline,
            counts,
            ..
        } = &self.summary;
        let text = Text::plain(format!("{date}: {}", progress(*counts)));
        match state {
            Phase::Over => text.then(
                format!(". The deadline was {deadline}."),
                Role::Bad(devportal::diagnostic::Severity::Error),
            ),
            Phase::NotBegun => text.then(
                format!(". It begins on {start}; the deadline is {deadline}."),
                Role::Plain,
            ),
            Phase::Draft => text.then(
                format!(". It is a draft, from {start} until {deadline}."),
                Role::Plain,
            ),
            Phase::Running | Phase::Done => {
                text.then(format!(". The deadline is {deadline}."), Role::Plain)
            }
        }
    }
}

/// How much is done: `12 of 20 are done (60 %), 7 are left, 1 is unknown, 2 are exempt`.
pub(super) fn progress(counts: StateCounts) -> String {
    let must = counts.must();
    let mut text = match (counts.percent, must) {
        (Some(percent), _) => format!(
            "{} of {must} {} done ({})",
            counts.done,
            if must == 1 { "is" } else { "are" },
            shown_percent(percent)
        ),
        (None, _) => "nothing is to be done".to_owned(),
    };
    for (count, word) in [
        (counts.overdue, "overdue"),
        (counts.left, "left"),
        (counts.unknown, "unknown"),
        (counts.exempt, "exempt"),
    ] {
        if count > 0 {
            let verb = if count == 1 { "is" } else { "are" };
            text.extend([", ", &count.to_string(), " ", verb, " ", word]);
        }
    }
    text
}

fn milestone_line(milestone: &MilestoneRecord<'_>) -> Text {
    let title = milestone.title.map(|title| format!("{title}: "));
    let text = Text::plain(format!(
        "{}{} % until {}, ",
        title.unwrap_or_default(),
        milestone.percent,
        milestone.date
    ));
    let state = match milestone.state {
        MilestoneState::Ahead => Text::plain("which is ahead"),
        state => state_text::milestone(state),
    };
    text.joined(state)
}

/// Adds the table of teams.
pub(super) fn push_teams(teams: &[Team<'_>], view: &mut View) {
    if teams.is_empty() {
        return;
    }
    let rows = teams.iter().map(|team| {
        let counts = team.counts;
        let owner = team.owner.map_or_else(
            || Text::new(NOBODY, Role::Faint),
            |owner| Text::new(owner.name(), Role::Name),
        );
        vec![
            owner,
            state_text::count(counts.done),
            state_text::count(counts.left),
            state_text::count(counts.overdue),
            state_text::count(counts.unknown),
            state_text::count(counts.exempt),
            Text::plain(counts.percent.map(shown_percent).unwrap_or_default()),
        ]
    });
    view.push(Block::Heading(Text::plain("By team")));
    view.push(Block::Table(Table {
        columns: vec![
            Column::fixed("team"),
            Column::numeric("done"),
            Column::numeric("left"),
            Column::numeric("overdue"),
            Column::numeric("unknown"),
            Column::numeric("exempt"),
            Column::numeric("percent"),
        ],
        rows: rows.collect(),
    }));
}

/// Adds a table of entities, and on what their states were decided.
pub(super) fn push_entities<'a>(
    title: &str,
    entities: impl Iterator<Item = &'a EntityRecord<'a>>,
    view: &mut View,
) {
    let rows = entities.map(|entity| {
        let owner = entity.owner.map_or(NOBODY, |owner| owner.name());
        vec![
            state_text::state(entity.state),
            Text::new(entity.reference.short(), Role::Name),
            Text::plain(owner),
            entity.because.clone(),
        ]
    });
    let rows: Vec<Vec<Text>> = rows.collect();
    if rows.is_empty() {
        return;
    }
    view.push(Block::Heading(Text::plain(title)));
    view.push(Block::Table(Table {
        columns: vec![
            Column::fixed("state"),
            Column::fixed("entity"),
            Column::fixed("team"),
            Column::flexible("because"),
        ],
        rows,
    }));
}

fn view(answer: &Answer<'_>) -> View {
    let mut view = View::new();
    for campaign in &answer.campaigns {
        campaign.push(&answer.date, &mut view);
    }
    view
}
