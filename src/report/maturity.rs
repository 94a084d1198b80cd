//! How mature everything is: levels, how they moved, what fails most, and where help is needed.

mod change;
mod failed;
mod groups;
mod levels;
mod unmeasured;

use serde::Serialize;

use super::{Report, ReportInput, WrittenReport, page, support};
use crate::model::EntityRef;
use crate::view::{Block, Column, Role, Text, View};

use change::{Moves, TrendRow};
use failed::FailedRule;
use groups::Group;
use levels::Levels;
use unmeasured::Unmeasured;

/// Teams that are named as those that need help.
const MOST_TEAMS: usize = 3;

/// The report.
pub(super) const REPORT: Report = Report {
    name: "maturity",
    about: "levels by domain, system and team, how they moved, and where help is needed",
    facts: &support::FACTS,
    needs_scorecards: true,
    needs_campaigns: true,
    needs_trend: true,
    write,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rows<'a> {
    scorecards: Vec<Levels<'a>>,
    domains: Vec<Group<'a>>,
    systems: Vec<Group<'a>>,
    teams: Vec<Group<'a>>,
    trend: Vec<TrendRow<'a>>,
    /// What moved up or down since the first moment of the trend, the furthest first.
    up: Vec<change::Move<'a>>,
    down: Vec<change::Move<'a>>,
    /// What fails for most comes first.
    failed_rules: Vec<FailedRule<'a>>,
    need_help: Vec<NeedRow<'a>>,
    not_measured: Vec<Unmeasured<'a>>,
}

/// A team that needs help, with the points that the report "support" explains.
#[derive(Serialize)]
struct NeedRow<'a> {
    owner: &'a EntityRef,
    points: usize,
    why: String,
}

fn write(input: &ReportInput<'_>) -> serde_json::Result<WrittenReport> {
    let needs = support::needs(input).0.into_iter();
    let needs = needs.filter(|need| need.points > 0).take(MOST_TEAMS);
    let need_help = needs.map(|need| NeedRow {
        why: need.why(),
        owner: need.owner,
        points: need.points,
    });
    let Moves { up, down } = change::moves(input);
    let rows = Rows {
        scorecards: input.results.iter().map(Levels::of_all).collect(),
        domains: groups::by_domain(input),
        systems: groups::by_system(input),
        teams: groups::by_team(input),
        trend: change::trend(input),
        up,
        down,
        failed_rules: failed::failed_rules(input),
        need_help: need_help.collect(),
        not_measured: unmeasured::unmeasured(input),
    };
    Ok(WrittenReport {
        view: view(&rows, input),
        rows: serde_json::to_value(&rows)?,
    })
}

fn view(rows: &Rows<'_>, input: &ReportInput<'_>) -> View {
    let about = "How mature what we run is, and where it moves.";
    let mut view = page::begin("Maturity", about, input);
    if rows.scorecards.iter().all(|levels| levels.entities == 0) {
        let nothing = "No scorecard is about anything here.";
        view.push(Block::Paragraph(nothing.into()));
        return view;
    }
    levels::show(&rows.scorecards, input, &mut view);
    show_needs(&rows.need_help, input, &mut view);
    change::show_trend(&rows.trend, input, &mut view);
    change::show_moves(rows, input, &mut view);
    failed::show(&rows.failed_rules, input, &mut view);
    groups::show("By domain", &rows.domains, input, &mut view);
    groups::show("By system", &rows.systems, input, &mut view);
    groups::show("By team", &rows.teams, input, &mut view);
    unmeasured::show(&rows.not_measured, &mut view);
    view
}

fn show_needs(needs: &[NeedRow<'_>], input: &ReportInput<'_>, view: &mut View) {
    if needs.is_empty() {
        return;
    }
    let columns = vec![
        Column::fixed("team"),
        Column::numeric("points"),
        Column::flexible("why"),
    ];
    let rows = needs.iter().map(|need| {
        vec![
            page::name(input, need.owner),
            page::number(need.points),
            Text::plain(need.why.as_str()),
        ]
    });
    let about = Text::plain(
        "The teams with the most points for missed levels, overdue campaigns, \
         old vulnerabilities and what nobody owns. ",
    );
    let about = about
        .then("devportal report support", Role::Code)
        .then(" shows how each point comes about.", Role::Plain);
    page::part(view, "Where help is needed", about, columns, rows.collect());
}
