//! Which teams need help, and why: points whose every addend is shown.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde::Serialize;

use super::team::{self, Team};
use super::{Report, ReportInput, WrittenReport, known, page};
use crate::catalog::EntityId;
use crate::model::{EntityRef, RelationType};
use crate::view::{Column, Role, Text, View};

/// Teams of fewer components are left out: one bad component would make them the worst.
const FEWEST_COMPONENTS: usize = 3;
/// What a level that is missing counts in production.
const IN_PRODUCTION: usize = 3;
/// What a level that is missing counts elsewhere.
const ELSEWHERE: usize = 1;
/// What vulnerabilities of a severity count that are there for too long.
const OLD_VULNERABILITIES: usize = 2;
/// What something counts that the team uses and nobody owns.
const UNOWNED_IN_USE: usize = 1;

/// Severities, with the facts that say how many there are and since when, and the days that
/// there are to cure them. They are those of the scorecard "security".
const SEVERITIES: &[(&str, &str, &str, i64)] = &[
    (
        "critical",
        "vulnerability.critical",
        "vulnerability.critical.since",
        30,
    ),
    ("high", "vulnerability.high", "vulnerability.high.since", 90),
];

/// The report.
pub(super) const REPORT: Report = Report {
    name: "support",
    about: "which teams need help most, and why",
    facts: &[
        "vulnerability.critical",
        "vulnerability.critical.since",
        "vulnerability.high",
        "vulnerability.high.since",
    ],
    needs_scorecards: true,
    needs_campaigns: true,
    needs_trend: false,
    write,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rows<'a> {
    /// Who needs help most comes first.
    teams: Vec<Need<'a>>,
    /// Teams of too few components.
    left_out: Vec<&'a EntityRef>,
}

/// How much help a team needs.
#[derive(Serialize)]
struct Need<'a> {
    owner: &'a EntityRef,
    components: usize,
    /// The sum of the addends.
    points: usize,
    addends: Vec<Addend<'a>>,
}

/// Why a team needs help.
#[derive(Serialize)]
struct Addend<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    reason: Reason,
    /// The scorecard whose levels are missing, or the severity of the vulnerabilities.
    of: Option<String>,
    /// The day since when the oldest vulnerability is known.
    since: Option<String>,
    count: usize,
    weight: usize,
    points: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Reason {
    LevelsMissing,
    OldVulnerabilities,
    UnownedInUse,
}

fn write(input: &ReportInput<'_>) -> serde_json::Result<WrittenReport> {
    let teams = team::teams(input.catalog);
    let components = |team: &Team<'_>| team.of_kind(input.catalog, "component").count();
    let (counted, left_out): (Vec<&Team<'_>>, Vec<&Team<'_>>) = teams
        .iter()
        .partition(|team| components(team) >= FEWEST_COMPONENTS);
    let mut needs: Vec<Need<'_>> = counted.iter().map(|team| need(team, input)).collect();
    // Equal points stay in the order of the names.
    needs.sort_by_key(|need| Reverse(need.points));
    let rows = Rows {
        teams: needs,
        left_out: left_out.iter().map(|team| team.reference).collect(),
    };
    Ok(WrittenReport {
        view: view(&rows, input),
        rows: serde_json::to_value(&rows)?,
    })
}

fn need<'a>(team: &Team<'a>, input: &ReportInput<'a>) -> Need<'a> {
    let components: Vec<EntityId> = team.of_kind(input.catalog, "component").collect();
    let mut addends = Vec::new();
    for id in &components {
        addends.extend(missing_levels(*id, input));
        addends.extend(old_vulnerabilities(*id, input));
    }
    addends.extend(unowned_in_use(&components, input));
    Need {
        owner: team.reference,
        components: components.len(),
        points: addends.iter().map(|addend| addend.points).sum(),
        addends,
    }
}

fn missing_levels<'a>(id: EntityId, input: &ReportInput<'a>) -> Vec<Addend<'a>> {
    let entity = input.catalog.entity(id);
    let is_production = entity.spec_str("lifecycle") == Some("production");
    let weight = if is_production {
        IN_PRODUCTION
    } else {
        ELSEWHERE
    };
    let missing = input.results.iter().filter_map(|card| {
        let place = card.entities.binary_search_by_key(&id, |it| it.entity);
        let result = card.entities.get(place.ok()?)?;
        let reached = result.standing.level.map_or(0, |level| level + 1);
        let count = card.scorecard.levels.len() - reached;
        (count > 0).then(|| Addend {
            reference: entity.reference(),
            reason: Reason::LevelsMissing,
            of: Some(card.scorecard.reference.name().to_owned()),
            since: None,
            count,
            weight,
            points: count * weight,
        })
    });
    missing.collect()
}

fn old_vulnerabilities<'a>(id: EntityId, input: &ReportInput<'a>) -> Vec<Addend<'a>> {
    let old = SEVERITIES
        .iter()
        .filter_map(|(severity, open, since, days)| {
            let since = known::time(input, id, since)?;
            let is_open = known::count(input, id, open)? > 0;
            let is_old = known::days_since(input, since) > *days;
            (is_open && is_old).then(|| Addend {
                reference: input.catalog.entity(id).reference(),
                reason: Reason::OldVulnerabilities,
                of: Some((*severity).to_owned()),
                since: Some(known::date(since)),
                // How many of them are old is not known, only since when the oldest is there.
                count: 1,
                weight: OLD_VULNERABILITIES,
                points: OLD_VULNERABILITIES,
            })
        });
    old.collect()
}

fn unowned_in_use<'a>(components: &[EntityId], input: &ReportInput<'a>) -> Vec<Addend<'a>> {
    let catalog = input.catalog;
    let used = components.iter().flat_map(|id| {
        let relations = [RelationType::DependsOn, RelationType::ConsumesApi];
        relations.map(|relation| catalog.related(*id, relation))
    });
    let used: BTreeSet<&EntityRef> = used.flatten().collect();
    let is_unowned = |reference: &&EntityRef| {
        let id = catalog.id(reference);
        id.is_some_and(|id| team::is_unowned(catalog, id))
    };
    let unowned = used.into_iter().filter(is_unowned);
    let addends = unowned.map(|reference| Addend {
        reference,
        reason: Reason::UnownedInUse,
        of: None,
        since: None,
        count: 1,
        weight: UNOWNED_IN_USE,
        points: UNOWNED_IN_USE,
    });
    addends.collect()
}

fn view(rows: &Rows<'_>, input: &ReportInput<'_>) -> View {
    let about = "Which teams need help most, and why.";
    let mut view = page::begin("Support", about, input);
    show_teams(rows, &mut view);
    for need in rows.teams.iter().filter(|need| need.points > 0) {
        show_addends(need, &mut view);
    }
    view
}

fn show_teams(rows: &Rows<'_>, view: &mut View) {
    let mut about = format!(
        "A level that a component misses counts {IN_PRODUCTION} in production and {ELSEWHERE} \
         elsewhere. Critical vulnerabilities older than 30 days and high ones older than 90 days \
         count {OLD_VULNERABILITIES} for each component and severity. What a team uses and nobody \
         owns counts {UNOWNED_IN_USE}."
    );
    if !rows.left_out.is_empty() {
        let names: Vec<String> = rows.left_out.iter().map(|team| page::short(team)).collect();
        about = format!(
            "{about} Teams of under {FEWEST_COMPONENTS} components are left out: {}.",
            names.join(", ")
        );
    }
    let columns = vec![
        Column::fixed("team"),
        Column::numeric("components"),
        Column::numeric("levels"),
        Column::numeric("vulnerabilities"),
        Column::numeric("unowned"),
        Column::numeric("points"),
    ];
    let table = rows.teams.iter().map(|need| {
        vec![
            page::name(need.owner),
            page::number(need.components),
            page::number(need.points_of(Reason::LevelsMissing)),
            page::number(need.points_of(Reason::OldVulnerabilities)),
            page::number(need.points_of(Reason::UnownedInUse)),
            Text::new(need.points.to_string(), Role::Name),
        ]
    });
    page::part(view, "Teams", about, columns, table.collect());
}

fn show_addends(need: &Need<'_>, view: &mut View) {
    let heading = format!("Why {}", page::short(need.owner));
    let addends = page::counted(need.addends.len(), "addend", "addends");
    let about = format!(
        "{addends}, {} in all.",
        page::counted(need.points, "point", "points")
    );
    let columns = vec![
        Column::fixed("what"),
        Column::flexible("why"),
        Column::fixed("sum"),
        Column::numeric("points"),
    ];
    let rows = need.addends.iter().map(|addend| {
        vec![
            page::name(addend.reference),
            addend.why().into(),
            format!("{} × {}", addend.count, addend.weight).into(),
            page::number(addend.points),
        ]
    });
    page::part(view, &heading, about, columns, rows.collect());
}

impl Need<'_> {
    fn points_of(&self, reason: Reason) -> usize {
        let addends = self.addends.iter().filter(|it| it.reason == reason);
        addends.map(|addend| addend.points).sum()
    }
}

impl Addend<'_> {
    fn why(&self) -> String {
        let of = self.of.as_deref().unwrap_or_default();
        match self.reason {
            Reason::LevelsMissing => {
                format!(
                    "{} of {of} missing",
                    page::counted(self.count, "level", "levels")
                )
            }
            Reason::OldVulnerabilities => {
                let since = self.since.as_deref().unwrap_or_default();
                format!("{of} vulnerabilities, the oldest since {since}")
            }
            Reason::UnownedInUse => "in use, and nobody owns it".to_owned(),
        }
    }
}
