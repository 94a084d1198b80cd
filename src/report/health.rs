//! How what runs is doing: incidents, availability, deployments, vulnerabilities, by team.

use serde::Serialize;

use super::team::{self, Team};
use super::{Report, ReportInput, WrittenReport, known, page};
use crate::catalog::EntityId;
use crate::model::EntityRef;
use crate::view::{Column, Role, Text, View};

/// Days after which a deployment is old, and very old.
const OLD: i64 = 90;
const VERY_OLD: i64 = 180;

/// The report.
pub(super) const REPORT: Report = Report {
    name: "health",
    about: "open incidents, missed objectives, old deployments and vulnerabilities, by team",
    facts: &[
        "availability",
        "deployment.at",
        "incident.last",
        "incident.open",
        "slo.objective",
        "vulnerability.critical",
        "vulnerability.critical.since",
        "vulnerability.high",
        "vulnerability.high.since",
    ],
    needs_scorecards: false,
    needs_campaigns: false,
    needs_trend: false,
    write,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rows<'a> {
    teams: Vec<TeamHealth<'a>>,
    /// What is wrong, component by component, in the order of the teams.
    incidents: Vec<Incidents<'a>>,
    below_objective: Vec<BelowObjective<'a>>,
    old_deployments: Vec<OldDeployment<'a>>,
    vulnerabilities: Vec<Vulnerabilities<'a>>,
}

/// How the components of a team are doing. `null` is what is known of none of them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TeamHealth<'a> {
    /// `null` for the components that nobody owns.
    owner: Option<&'a EntityRef>,
    components: usize,
    open_incidents: Option<u64>,
    below_objective: Option<usize>,
    older_than_90_days: Option<usize>,
    older_than_180_days: Option<usize>,
    critical: Option<u64>,
    high: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Incidents<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    owner: Option<&'a EntityRef>,
    open: u64,
    last: Option<String>,
}

#[derive(Serialize)]
struct BelowObjective<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    owner: Option<&'a EntityRef>,
    availability: f64,
    objective: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OldDeployment<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    owner: Option<&'a EntityRef>,
    deployed: String,
    days: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Vulnerabilities<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    owner: Option<&'a EntityRef>,
    critical: u64,
    critical_since: Option<String>,
    high: u64,
    high_since: Option<String>,
}

/// A component, and whose it is.
#[derive(Clone, Copy)]
struct Component<'a> {
    id: EntityId,
    reference: &'a EntityRef,
    owner: Option<&'a EntityRef>,
}

fn write(input: &ReportInput<'_>) -> serde_json::Result<WrittenReport> {
    let teams = team::teams(input.catalog);
    let owned = teams.iter().map(|team| components(team, input));
    let mut groups: Vec<Vec<Component<'_>>> = owned.collect();
    groups.push(unowned(input));
    groups.retain(|group| !group.is_empty());
    let all = || groups.iter().flatten();
    let rows = Rows {
        teams: groups
            .iter()
            .map(|group| team_health(group, input))
            .collect(),
        incidents: all().filter_map(|it| incidents(it, input)).collect(),
        below_objective: all().filter_map(|it| below_objective(it, input)).collect(),
        old_deployments: all().filter_map(|it| old_deployment(it, input)).collect(),
        vulnerabilities: all().filter_map(|it| vulnerabilities(it, input)).collect(),
    };
    Ok(WrittenReport {
        view: view(&rows, input),
        rows: serde_json::to_value(&rows)?,
    })
}

fn components<'a>(team: &Team<'a>, input: &ReportInput<'a>) -> Vec<Component<'a>> {
    let components = team.of_kind(input.catalog, "component");
    let components = components.map(|id| Component {
        id,
        reference: input.catalog.entity(id).reference(),
        owner: Some(team.reference),
    });
    components.collect()
}

fn unowned<'a>(input: &ReportInput<'a>) -> Vec<Component<'a>> {
    let catalog = input.catalog;
    let all = catalog.ids().map(|id| Component {
        id,
        reference: catalog.entity(id).reference(),
        owner: None,
    });
    all.filter(|it| it.reference.kind() == "component" && team::is_unowned(catalog, it.id))
        .collect()
}

fn team_health<'a>(group: &[Component<'a>], input: &ReportInput<'a>) -> TeamHealth<'a> {
    let sum = |name| {
        let counts = group.iter();
        let counts = counts.filter_map(|it| known::count(input, it.id, name));
        counts.fold(None, |sum: Option<u64>, count| {
            Some(sum.unwrap_or(0) + count)
        })
    };
    let ages = group.iter().filter_map(|it| deployed(it, input));
    let ages: Vec<i64> = ages.map(|time| known::days_since(input, time)).collect();
    let older = |days| {
        let old = ages.iter().filter(|age| **age > days).count();
        (!ages.is_empty()).then_some(old)
    };
    let has_objective = group.iter().any(|it| objective(it, input).is_some());
    let below = group.iter().filter_map(|it| below_objective(it, input));
    TeamHealth {
        owner: group.first().and_then(|it| it.owner),
        components: group.len(),
        open_incidents: sum("incident.open"),
        below_objective: has_objective.then(|| below.count()),
        older_than_90_days: older(OLD),
        older_than_180_days: older(VERY_OLD),
        critical: sum("vulnerability.critical"),
        high: sum("vulnerability.high"),
    }
}

fn incidents<'a>(component: &Component<'a>, input: &ReportInput<'a>) -> Option<Incidents<'a>> {
    let open = known::count(input, component.id, "incident.open")?;
    let last = known::time(input, component.id, "incident.last");
    (open > 0).then(|| Incidents {
        reference: component.reference,
        owner: component.owner,
        open,
        last: last.map(known::date),
    })
}

/// The availability of a component, and the one that is promised.
fn objective(component: &Component<'_>, input: &ReportInput<'_>) -> Option<(f64, f64)> {
    let availability = known::number(input, component.id, "availability")?;
    let objective = known::number(input, component.id, "slo.objective")?;
    Some((availability, objective))
}

fn below_objective<'a>(
    component: &Component<'a>,
    input: &ReportInput<'a>,
) -> Option<BelowObjective<'a>> {
    let (availability, objective) = objective(component, input)?;
    (availability < objective).then_some(BelowObjective {
        reference: component.reference,
        owner: component.owner,
        availability,
        objective,
    })
}

fn deployed(component: &Component<'_>, input: &ReportInput<'_>) -> Option<jiff::Timestamp> {
    known::time(input, component.id, "deployment.at")
}

fn old_deployment<'a>(
    component: &Component<'a>,
    input: &ReportInput<'a>,
) -> Option<OldDeployment<'a>> {
    let time = deployed(component, input)?;
    let days = known::days_since(input, time);
    (days > OLD).then(|| OldDeployment {
        reference: component.reference,
        owner: component.owner,
        deployed: known::date(time),
        days,
    })
}

fn vulnerabilities<'a>(
    component: &Component<'a>,
    input: &ReportInput<'a>,
) -> Option<Vulnerabilities<'a>> {
    let open = |name| known::count(input, component.id, name).unwrap_or(0);
    let since = |name| known::time(input, component.id, name).map(known::date);
    let (critical, high) = (open("vulnerability.critical"), open("vulnerability.high"));
    (critical + high > 0).then(|| Vulnerabilities {
        reference: component.reference,
        owner: component.owner,
        critical,
        critical_since: since("vulnerability.critical.since").filter(|_| critical > 0),
        high,
        high_since: since("vulnerability.high.since").filter(|_| high > 0),
    })
}

fn view(rows: &Rows<'_>, input: &ReportInput<'_>) -> View {
    let about = "How what runs is doing, by team.";
    let mut view = page::begin("Health", about, input);
    show_teams(&rows.teams, input, &mut view);
    show_incidents(&rows.incidents, input, &mut view);
    show_objectives(&rows.below_objective, input, &mut view);
    show_deployments(&rows.old_deployments, input, &mut view);
    show_vulnerabilities(&rows.vulnerabilities, input, &mut view);
    view
}

fn show_teams(teams: &[TeamHealth<'_>], input: &ReportInput<'_>, view: &mut View) {
    let about = "\"-\" stands for what is known of none of their components.";
    let columns = [Column::fixed("team")].into_iter();
    let numbers = [
        "components",
        "open incidents",
        "below objective",
        "deployed over 90 days ago",
        "over 180 days ago",
        "critical",
        "high",
    ];
    let columns = columns.chain(numbers.map(Column::numeric));
    let rows = teams.iter().map(|team| {
        vec![
            page::whose(input, team.owner),
            page::number(team.components),
            known_or_dash(team.open_incidents),
            known_or_dash(team.below_objective),
            known_or_dash(team.older_than_90_days),
            known_or_dash(team.older_than_180_days),
            known_or_dash(team.critical),
            known_or_dash(team.high),
        ]
    });
    page::part(view, "Teams", about, columns.collect(), rows.collect());
}

fn show_incidents(incidents: &[Incidents<'_>], input: &ReportInput<'_>, view: &mut View) {
    let about = match incidents {
        [] => "No incident is known to be open.",
        _ => "These components have incidents that are not resolved.",
    };
    let columns = vec![
        Column::fixed("component"),
        Column::fixed("team"),
        Column::numeric("open"),
        Column::fixed("the last began"),
    ];
    let rows = incidents.iter().map(|it| {
        vec![
            page::name(input, it.reference),
            page::whose(input, it.owner),
            page::number(it.open),
            Text::plain(it.last.clone().unwrap_or_default()),
        ]
    });
    page::part(view, "Open incidents", about, columns, rows.collect());
}

fn show_objectives(below: &[BelowObjective<'_>], input: &ReportInput<'_>, view: &mut View) {
    let about = match below {
        [] => "No component is known to be below its objective.",
        _ => "These components are less available than is promised.",
    };
    let columns = vec![
        Column::fixed("component"),
        Column::fixed("team"),
        Column::numeric("availability"),
        Column::numeric("objective"),
    ];
    let rows = below.iter().map(|it| {
        vec![
            page::name(input, it.reference),
            page::whose(input, it.owner),
            format!("{} %", it.availability).into(),
            format!("{} %", it.objective).into(),
        ]
    });
    page::part(
        view,
        "Below their objective",
        about,
        columns,
        rows.collect(),
    );
}

fn show_deployments(old: &[OldDeployment<'_>], input: &ReportInput<'_>, view: &mut View) {
    let about = match old {
        [] => "No component is known that was deployed last over 90 days before.",
        _ => "These components were deployed last over 90 days before.",
    };
    let columns = vec![
        Column::fixed("component"),
        Column::fixed("team"),
        Column::fixed("deployed"),
        Column::numeric("days"),
    ];
    let rows = old.iter().map(|it| {
        vec![
            page::name(input, it.reference),
            page::whose(input, it.owner),
            it.deployed.as_str().into(),
            page::number(it.days),
        ]
    });
    page::part(view, "Old deployments", about, columns, rows.collect());
}

fn show_vulnerabilities(open: &[Vulnerabilities<'_>], input: &ReportInput<'_>, view: &mut View) {
    let about = match open {
        [] => "No critical or high vulnerability is known to be open.",
        _ => "The dates say since when the oldest of them is known.",
    };
    let columns = vec![
        Column::fixed("component"),
        Column::fixed("team"),
        Column::numeric("critical"),
        Column::fixed("since"),
        Column::numeric("high"),
        Column::fixed("since"),
    ];
    let rows = open.iter().map(|it| {
        vec![
            page::name(input, it.reference),
            page::whose(input, it.owner),
            page::number(it.critical),
            Text::plain(it.critical_since.clone().unwrap_or_default()),
            page::number(it.high),
            Text::plain(it.high_since.clone().unwrap_or_default()),
        ]
    });
    page::part(view, "Vulnerabilities", about, columns, rows.collect());
}

fn known_or_dash(count: Option<impl ToString>) -> Text {
    count.map_or_else(|| Text::new("-", Role::Faint), page::number)
}
