//! How far campaigns are: what is done, left and overdue, how fast it goes, and who is stuck.

use std::collections::BTreeMap;

use serde::Serialize;

use super::burn_down::burn_down;
use super::entity::more;
use super::trend_text::told_origins;
use super::{Report, ReportInput, WrittenReport, level_text, page};
use crate::catalog::EntityId;
use crate::diagnostic::Severity;
use crate::maturity::{
    CampaignPoint, CampaignResult, MilestoneState, Pace, Phase, State, StateCounts, Trend, stuck,
};
use crate::model::EntityRef;
use crate::view::{Block, Column, Role, Table, Text, View};

/// Days without a change after which something is stuck.
const STUCK_AFTER: i64 = 30;

/// The report.
pub(super) const REPORT: Report = Report {
    name: "campaigns",
    about: "what is done, left and overdue, how fast it goes, and who is stuck",
    facts: &[],
    needs_scorecards: false,
    needs_campaigns: true,
    needs_trend: true,
    write,
};

#[derive(Serialize)]
struct Rows<'a> {
    /// Those that are running or over first, by their deadlines.
    campaigns: Vec<CampaignRow<'a>>,
}

#[derive(Serialize)]
struct CampaignRow<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    title: &'a str,
    owner: Option<&'a EntityRef>,
    state: Phase,
    start: &'a str,
    deadline: &'a str,
    #[serde(flatten)]
    counts: StateCounts,
    why: Option<&'a str>,
    fix: Option<&'a str>,
    link: Option<&'a str>,
    milestones: Vec<MilestoneRow<'a>>,
    pace: Option<PaceRow>,
    trend: Vec<TrendRow<'a>>,
    /// Who has most to do comes first.
    teams: Vec<TeamRow<'a>>,
    /// What must be done, and is not known to be: what waits longest first.
    open: Vec<OpenRow<'a>>,
}

/// A count, and what it is called.
type NamedCount = (&'static str, fn(StateCounts) -> usize);

#[derive(Serialize)]
struct MilestoneRow<'a> {
    date: &'a str,
    percent: f64,
    title: Option<&'a str>,
    state: MilestoneState,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaceRow {
    /// The day that it is measured from.
    since: String,
    /// How many fewer there are to do since then.
    done: i64,
    per_week: f64,
    /// The day on which nothing is left at that pace.
    ends_on: Option<String>,
    /// By how many days that is after the deadline.
    days_late: Option<i64>,
}

#[derive(Serialize)]
struct TrendRow<'a> {
    day: &'a str,
    done: usize,
    open: usize,
}

#[derive(Serialize)]
struct TeamRow<'a> {
    /// `null` for what nobody owns.
    owner: Option<&'a EntityRef>,
    #[serde(flatten)]
    counts: StateCounts,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OpenRow<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    owner: Option<&'a EntityRef>,
    state: State,
    /// The day since when it waits without a break, where that is at least 30 days.
    stuck_since: Option<String>,
}

fn write(input: &ReportInput<'_>) -> serde_json::Result<WrittenReport> {
    let mut campaigns: Vec<CampaignRow<'_>> = input
        .campaigns
        .iter()
        .map(|result| CampaignRow::new(result, input))
        .collect();
    // Equal ones stay in the order of the catalog.
    campaigns.sort_by_key(|row| (!row.is_running(), row.deadline));
    let rows = Rows { campaigns };
    Ok(WrittenReport {
        view: view(&rows, input),
        rows: serde_json::to_value(&rows)?,
    })
}

impl<'a> CampaignRow<'a> {
    fn new(result: &'a CampaignResult<'a>, input: &ReportInput<'a>) -> Self {
        let campaign = result.campaign;
        let rule = campaign.rule();
        let points = points(input.trend, result);
        let pace = Pace::of(&points, &campaign.deadline).map(|pace| PaceRow {
            since: pace.since,
            done: pace.done,
            per_week: pace.per_week,
            ends_on: pace.ends_on,
            days_late: pace.days_late,
        });
        let milestones = result.milestones();
        let trend = points.iter().map(|(day, point)| TrendRow {
            day,
            done: point.count(State::Done),
            open: point.open(),
        });
        Self {
            reference: &campaign.reference,
            title: &campaign.title,
            owner: owner(input, input.catalog.id(&campaign.reference)),
            state: result.phase(),
            start: &campaign.start,
            deadline: &campaign.deadline,
            counts: StateCounts::of(result.entities.iter().map(|it| it.1)),
            why: rule.and_then(|rule| rule.why.as_deref()),
            fix: rule.and_then(|rule| rule.fix.as_deref()),
            link: rule.and_then(|rule| rule.link.as_deref()),
            milestones: milestones
                .map(|(milestone, state)| MilestoneRow {
                    date: &milestone.date,
                    percent: milestone.percent,
                    title: milestone.title.as_deref(),
                    state,
                })
                .collect(),
            pace,
            trend: trend.collect(),
            teams: teams(result, input),
            open: open_rows(result, &points, input),
        }
    }

    fn is_running(&self) -> bool {
        matches!(self.state, Phase::Running | Phase::Over)
    }
}

/// How much is done: `5 of 8`.
fn progress(counts: &StateCounts) -> String {
    format!("{} of {}", counts.done, counts.must())
}

fn points<'a>(
    trend: Option<&'a Trend>,
    result: &CampaignResult<'a>,
) -> Vec<(&'a str, &'a CampaignPoint)> {
    let trend = trend.into_iter();
    let points = trend.flat_map(|trend| trend.of_campaign(&result.campaign.reference));
    // Before its first day nobody had to do anything.
    points
        .filter(|(day, _)| *day >= result.campaign.start.as_str())
        .collect()
}

fn owner<'a>(input: &ReportInput<'a>, id: Option<EntityId>) -> Option<&'a EntityRef> {
    Some(input.catalog.owner(id?)?.reference)
}

fn teams<'a>(result: &CampaignResult<'a>, input: &ReportInput<'a>) -> Vec<TeamRow<'a>> {
    let mut states: BTreeMap<Option<&EntityRef>, Vec<State>> = BTreeMap::new();
    for (id, state, _) in &result.entities {
        states
            .entry(owner(input, Some(*id)))
            .or_default()
            .push(*state);
    }
    let teams = states.into_iter().map(|(owner, states)| TeamRow {
        owner,
        counts: StateCounts::of(states.into_iter()),
    });
    let mut teams: Vec<TeamRow<'_>> = teams.collect();
    teams.sort_by_key(|team| (std::cmp::Reverse(team.counts.open()), team.owner.is_none()));
    teams
}

fn open_rows<'a>(
    result: &CampaignResult<'a>,
    points: &[(&'a str, &'a CampaignPoint)],
    input: &ReportInput<'a>,
) -> Vec<OpenRow<'a>> {
    let stuck: BTreeMap<&EntityRef, &str> = stuck(points, STUCK_AFTER)
        .into_iter()
        .map(|stuck| (stuck.entity, stuck.since))
        .collect();
    let open = result.entities.iter();
    let open = open.filter(|(_, state, _)| state.is_open());
    let rows = open.map(|(id, state, _)| {
        let reference = input.catalog.entity(*id).reference();
        OpenRow {
            reference,
            owner: owner(input, Some(*id)),
            state: *state,
            stuck_since: stuck.get(reference).map(|since| (*since).to_owned()),
        }
    });
    let mut rows: Vec<OpenRow<'_>> = rows.collect();
    rows.sort_by(|a, b| {
        let key = |row: &OpenRow<'_>| {
            (
                row.stuck_since.is_none(),
                row.stuck_since.clone(),
                row.state,
            )
        };
        key(a).cmp(&key(b))
    });
    rows
}

fn view(rows: &Rows<'_>, input: &ReportInput<'_>) -> View {
    let about = "How far campaigns are, and who needs a hand.";
    let mut view = page::begin("Campaigns", about, input);
    if rows.campaigns.is_empty() {
        view.push(Block::Paragraph("There is no campaign.".into()));
        return view;
    }
    show_all(rows, input, &mut view);
    if let Some(trend) = input.trend.filter(|trend| trend.points.len() > 1) {
        let told = told_origins("states", trend);
        if !told.is_empty() {
            view.push(Block::Paragraph(Text::new(told, Role::Faint)));
        }
    }
    for row in rows.campaigns.iter().filter(|row| row.is_running()) {
        row.show(input, &mut view);
    }
    view
}

fn show_all(rows: &Rows<'_>, input: &ReportInput<'_>, view: &mut View) {
    let has_pace = rows.campaigns.iter().any(|row| row.pace.is_some());
    let mut columns = vec![
        Column::fixed("campaign"),
        Column::fixed("owner"),
        Column::fixed("state"),
        Column::numeric("done"),
        Column::numeric("left"),
        Column::numeric("overdue"),
        Column::numeric("unknown"),
        Column::fixed("deadline"),
    ];
    if has_pace {
        columns.push(Column::fixed("ends at this pace"));
    }
    let table = rows.campaigns.iter().map(|row| {
        let counts = row.counts;
        let target = (input.links.entity)(row.reference);
        let mut cells = vec![
            Text::new(row.title, Role::Name).leading_to(target.as_deref()),
            page::whose(input, row.owner),
            level_text::phase(row.state),
            Text::plain(progress(&counts)),
            page::count(counts.left),
            page::count(counts.overdue),
            page::count(counts.unknown),
            Text::plain(row.deadline),
        ];
        if has_pace {
            cells.push(row.end());
        }
        cells
    });
    page::table(view, columns, table.collect());
}

impl CampaignRow<'_> {
    /// When it ends at its pace.
    fn end(&self) -> Text {
        let Some(pace) = &self.pace else {
            return Text::default();
        };
        match (&pace.ends_on, pace.days_late) {
            (Some(day), Some(1..)) => Text::new(day, Role::Bad(Severity::Warning)),
            (Some(day), _) => Text::new(day, Role::Good),
            (None, _) => Text::new("never", Role::Bad(Severity::Error)),
        }
    }

    fn show(&self, input: &ReportInput<'_>, view: &mut View) {
        let target = (input.links.entity)(self.reference);
        view.push(Block::Heading(
            Text::plain(self.title).leading_to(target.as_deref()),
        ));
        view.push(Block::Paragraph(self.headline()));
        if let Some(why) = self.why {
            view.push(Block::Paragraph(Text::plain(why.trim())));
        }
        let left: Vec<(&str, usize)> = self.trend.iter().map(|row| (row.day, row.open)).collect();
        let title = format!("{}: what is left to do", self.title);
        view.blocks
            .extend(burn_down(title, &left, self.deadline).map(Block::Chart));
        if !self.milestones.is_empty() {
            view.push(Block::List(self.milestones.iter().map(milestone).collect()));
        }
        self.show_teams(input, view);
        self.show_open(input, view);
    }

    fn headline(&self) -> Text {
        let is_one = self.counts.entities - self.counts.exempt == 1;
        let verb = if is_one { "is" } else { "are" };
        let mut text = Text::plain(format!("{} {verb} done", progress(&self.counts)));
        text = match self.state {
            Phase::Over => text.then(
                format!("; the deadline was {}.", self.deadline),
                Role::Bad(Severity::Error),
            ),
            _ => text.then(format!("; the deadline is {}.", self.deadline), Role::Plain),
        };
        let Some(pace) = &self.pace else {
            return text;
        };
        let moved = match pace.done {
            0 => format!(" Nothing moved since {}.", pace.since),
            1.. => format!(
                " {} fewer to do since {}, {} a week.",
                pace.done, pace.since, pace.per_week
            ),
            _ => format!(" {} more to do since {}.", -pace.done, pace.since),
        };
        text = text.then(moved, Role::Plain);
        match (&pace.ends_on, pace.days_late) {
            (Some(day), Some(late @ 1..)) => text.then(
                format!(
                    " At this pace it ends on {day}, {} late.",
                    page::counted(usize::try_from(late).unwrap_or_default(), "day", "days")
                ),
                Role::Plain,
            ),
            (Some(day), _) => text.then(format!(" At this pace it ends on {day}."), Role::Plain),
            (None, _) => text,
        }
    }

    fn show_teams(&self, input: &ReportInput<'_>, view: &mut View) {
        let counts: [NamedCount; 3] = [
            ("left", |counts| counts.left),
            ("overdue", |counts| counts.overdue),
            ("unknown", |counts| counts.unknown),
        ];
        // What there is none of in the whole campaign needs no column.
        let counts = counts.into_iter().filter(|(_, of)| of(self.counts) > 0);
        let counts: Vec<NamedCount> = counts.collect();
        let mut columns = vec![Column::fixed("team"), Column::numeric("done")];
        columns.extend(counts.iter().map(|(name, _)| Column::numeric(*name)));
        let rows = self.teams.iter().map(|team| {
            let mut cells = vec![
                page::whose(input, team.owner),
                Text::plain(progress(&team.counts)),
            ];
            cells.extend(counts.iter().map(|(_, of)| page::count(of(team.counts))));
            cells
        });
        view.push(Block::Subheading("By team".into()));
        page::table(view, columns, rows.collect());
    }

    fn show_open(&self, input: &ReportInput<'_>, view: &mut View) {
        if self.open.is_empty() {
            return;
        }
        view.push(Block::Subheading("What is left".into()));
        if let Some(fix) = self.fix {
            let text = Text::new("What to do: ", Role::Name).then(fix.trim(), Role::Plain);
            view.push(Block::Paragraph(text.joined(more(self.link))));
        }
        let has_stuck = self.open.iter().any(|row| row.stuck_since.is_some());
        let mut columns = vec![
            Column::fixed("what"),
            Column::fixed("team"),
            Column::fixed("is"),
        ];
        if has_stuck {
            columns.push(Column::fixed("stuck since"));
        }
        let rows = self.open.iter().map(|row| {
            let mut cells = vec![
                page::name(input, row.reference),
                page::whose(input, row.owner),
                level_text::state(row.state),
            ];
            if has_stuck {
                cells.push(Text::plain(row.stuck_since.clone().unwrap_or_default()));
            }
            cells
        });
        view.push(Block::Table(Table {
            columns,
            rows: rows.collect(),
        }));
    }
}

fn milestone(milestone: &MilestoneRow<'_>) -> Text {
    let title = milestone.title.map(|title| format!("{title}: "));
    let text = format!(
        "{}{} % until {}, ",
        title.unwrap_or_default(),
        milestone.percent,
        milestone.date
    );
    Text::plain(text).joined(level_text::milestone(milestone.state))
}
