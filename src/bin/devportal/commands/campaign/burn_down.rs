//! How a campaign went so far: its burn-down, its pace, and where nothing moves.

use std::collections::BTreeMap;

use anyhow::Result;
use devportal::diagnostic::Severity;
use devportal::maturity::{Campaign, CampaignPoint, Origin, Pace, State, Trend, TrendRules, stuck};
use devportal::model::{EntityRef, date_on_clock, seconds_of_time};
use devportal::report::burn_down;
use devportal::scan::Scan;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use super::evaluation::Known;
use super::record::EntityRecord;
use crate::session::Session;
use crate::trend::{PastDay, TrendSubject, days_of_campaign, origins};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// After how many days something that does not move is stuck.
pub(super) const STUCK_AFTER: i64 = 30;
/// What stands for the owner of entities that nobody owns.
const NOBODY: &str = "nobody";

/// How a campaign went so far.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct History<'a> {
    /// How much was left when.
    pub(super) burn_down: Vec<DayRecord<'a>>,
    /// `null` where nothing is left, or it began just now.
    pub(super) pace: Option<PaceRecord>,
    /// Where nothing moved for so many days.
    pub(super) stuck_after_days: i64,
    /// What is left or overdue and was so all the time, by team; those of nobody last.
    pub(super) stuck: Vec<StuckTeam<'a>>,
    #[serde(skip)]
    deadline: &'a str,
}

/// How much was left on a day.
#[derive(Serialize)]
pub(super) struct DayRecord<'a> {
    date: &'a str,
    origin: Origin,
    entities: usize,
    done: usize,
    /// What must be done, and is not known to be.
    open: usize,
}

/// How fast it goes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaceRecord {
    since: String,
    done: i64,
    per_week: f64,
    ends_on: Option<String>,
    days_late: Option<i64>,
}

/// A team that has something at which nothing moves.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StuckTeam<'a> {
    owner: Option<&'a EntityRef>,
    /// Whether nothing at all of its own was done since then.
    nothing_moved: bool,
    entities: Vec<StuckEntity<'a>>,
}

/// An entity at which nothing moves.
#[derive(Serialize)]
pub(super) struct StuckEntity<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    /// Since when it is left.
    since: &'a str,
    #[serde(skip)]
    because: Text,
}

/// What became of campaigns on the days of each of them, and today.
pub(super) fn trend(known: &Known, scan: &Scan, session: &mut Session) -> Result<Trend> {
    let now = session.now();
    let mut days: BTreeMap<String, PastDay> = BTreeMap::new();
    for campaign in &known.campaigns {
        let own = days_of_campaign(&campaign.start, now)?;
        days.extend(own.into_iter().map(|day| (day.day.clone(), day)));
    }
    let days: Vec<PastDay> = days.into_values().collect();
    let subject = TrendSubject {
        scan,
        facts: &known.facts,
        scorecards: &[],
        campaigns: &known.campaigns,
    };
    let trend = session.trend_at(&subject, &days, TrendRules::Now)?;
    if trend.is_partial {
        session.hint(
            "days on which not everything can be read as it was are left out of the burn-down; \
             \"devportal score --record\" keeps what is known today",
        );
    }
    Ok(trend)
}

impl<'a> History<'a> {
    /// How a campaign went; `None` before its first day.
    pub(super) fn of(
        campaign: &'a Campaign,
        trend: &'a Trend,
        entities: &[EntityRecord<'a>],
        stuck_after_days: i64,
    ) -> Option<Self> {
        let points: Vec<(&str, &CampaignPoint)> = trend.of_campaign(&campaign.reference).collect();
        let last = points.last()?;
        let days = points.iter().map(|(date, point)| DayRecord {
            date,
            origin: point.origin,
            entities: point.entities.len(),
            done: point.count(State::Done),
            open: point.open(),
        });
        let burn_down: Vec<DayRecord<'_>> = days.collect();
        let pace = Pace::of(&points, &campaign.deadline);
        let now = seconds_of_time(last.0)?;
        let stuck_since = date_on_clock(now - stuck_after_days.saturating_mul(DAY), 0);
        Some(Self {
            burn_down,
            pace: pace.map(Into::into),
            stuck_after_days,
            stuck: stuck_teams(&points, entities, stuck_after_days, &stuck_since),
            deadline: &campaign.deadline,
        })
    }

    /// Adds how fast it goes.
    pub(super) fn push_pace(&self, view: &mut View) {
        let Some(pace) = &self.pace else {
            return;
        };
        let text = match (&pace.ends_on, pace.days_late) {
            (Some(end), late) => {
                let done = format!(
                    "{} fewer to do since {} ({} a week). At this pace it ends on {end}",
                    pace.done, pace.since, pace.per_week
                );
                let text = Text::plain(done);
                match late {
                    Some(late) if late > 0 => text.then(
                        format!(", {} after the deadline", days(late)),
                        Role::Bad(Severity::Warning),
                    ),
                    Some(0) => text.then(", on the day of the deadline", Role::Plain),
                    Some(early) => text.then(
                        format!(", {} before the deadline", days(-early)),
                        Role::Good,
                    ),
                    None => text,
                }
                .then(".", Role::Plain)
            }
            (None, _) if pace.done == 0 => Text::plain(format!(
                "Nothing moved since {}: there is no day on which it would end.",
                pace.since
            )),
            (None, _) if pace.done < 0 => Text::plain(format!(
                "There is more to do than on {}, by {}: there is no day on which it would end.",
                pace.since, -pace.done
            )),
            (None, _) => Text::plain(format!(
                "{} fewer to do since {}. At this pace it does not end within a hundred years.",
                pace.done, pace.since
            )),
        };
        view.push(Block::Paragraph(text));
    }

    /// Adds what was left when, and the straight line to the deadline.
    pub(super) fn push_burn_down(&self, view: &mut View) {
        let origins = origins(self.burn_down.iter().map(|it| it.origin));
        let days = self.burn_down.iter().map(|it| (it.date, it.open));
        let days: Vec<(&str, usize)> = days.collect();
        let chart = burn_down(format!("Left to do ({origins})"), &days, self.deadline);
        view.blocks.extend(chart.map(Block::Chart));
    }

    /// Adds at what nothing moves, by team.
    pub(super) fn push_stuck(&self, view: &mut View) {
        if self.stuck.is_empty() {
            return;
        }
        view.push(Block::Heading(Text::plain("Stuck")));
        let count: usize = self.stuck.iter().map(|team| team.entities.len()).sum();
        let idle = self.stuck.iter().filter(|team| team.nothing_moved);
        let idle = idle.map(|team| team.owner.map_or(NOBODY, EntityRef::name));
        let idle: Vec<&str> = idle.collect();
        let mut text = format!(
            "{count} {} left for {} or longer",
            if count == 1 { "is" } else { "are" },
            days(self.stuck_after_days)
        );
        if !idle.is_empty() {
            text.push_str("; nothing moved at all for ");
            text.push_str(&idle.join(", "));
        }
        text.push('.');
        view.push(Block::Paragraph(Text::plain(text)));
        let rows = self.stuck.iter().flat_map(|team| {
            let owner = team.owner.map_or_else(
                || Text::new(NOBODY, Role::Faint),
                |owner| Text::new(owner.name(), Role::Name),
            );
            team.entities.iter().map(move |entity| {
                vec![
                    owner.clone(),
                    Text::plain(entity.reference.short()),
                    Text::plain(entity.since),
                    entity.because.clone(),
                ]
            })
        });
        view.push(Block::Table(Table {
            columns: vec![
                Column::fixed("team"),
                Column::fixed("entity"),
                Column::fixed("left since"),
                Column::flexible("because"),
            ],
            rows: rows.collect(),
        }));
    }
}

/// The teams that have something at which nothing moves, by name; what nobody owns comes last.
fn stuck_teams<'a>(
    points: &[(&'a str, &'a CampaignPoint)],
    entities: &[EntityRecord<'a>],
    after_days: i64,
    since: &str,
) -> Vec<StuckTeam<'a>> {
    let record = |reference: &EntityRef| entities.iter().find(|it| it.reference == reference);
    let before = points.iter().rfind(|(date, _)| **date <= *since);
    let mut teams: BTreeMap<(bool, Option<&'a EntityRef>), Vec<StuckEntity<'a>>> = BTreeMap::new();
    for stuck in stuck(points, after_days) {
        let record = record(stuck.entity);
        let owner = record.and_then(|record| record.owner);
        let own = teams.entry((owner.is_none(), owner)).or_default();
        own.push(StuckEntity {
            reference: stuck.entity,
            since: stuck.since,
            because: record.map(|it| it.because.clone()).unwrap_or_default(),
        });
    }
    let was_open = |entity: &EntityRecord<'_>| {
        let then = before.and_then(|(_, point)| point.entities.get(entity.reference));
        then.is_some_and(|state| state.is_open())
    };
    let teams = teams.into_iter().map(|((_, owner), stuck)| {
        let mut own = entities.iter().filter(|it| it.owner == owner);
        StuckTeam {
            owner,
            nothing_moved: !own.any(|it| !it.state.is_open() && was_open(it)),
            entities: stuck,
        }
    });
    teams.collect()
}

fn days(count: i64) -> String {
    match count {
        1 => "1 day".to_owned(),
        count => format!("{count} days"),
    }
}

impl From<Pace> for PaceRecord {
    fn from(pace: Pace) -> Self {
        Self {
            since: pace.since,
            done: pace.done,
            per_week: pace.per_week,
            ends_on: pace.ends_on,
            days_late: pace.days_late,
        }
    }
}
