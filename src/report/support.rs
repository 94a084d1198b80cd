//! Which teams need help, and why: points whose every addend is shown.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::team::{self, Team};
use super::{Report, ReportInput, WrittenReport, known, page};
use crate::catalog::EntityId;
use crate::maturity::State;
use crate::model::{EntityRef, RelationType};
use crate::view::{Block, Column, Role, Table, Text, View};

/// Teams of fewer components are left out: one bad component would make them the worst.
pub(super) const FEWEST_COMPONENTS: usize = 3;
/// What a level that is missing counts in production.
const IN_PRODUCTION: usize = 3;
/// What a level that is missing counts elsewhere.
const ELSEWHERE: usize = 1;
/// What an entity counts with which a campaign is overdue.
const OVERDUE: usize = 2;
/// What vulnerabilities of a severity count that are there for too long.
const OLD_VULNERABILITIES: usize = 2;
/// What something counts that the team uses and nobody owns.
const UNOWNED_IN_USE: usize = 1;

/// The facts that are looked at.
pub(super) const FACTS: [&str; 4] = [
    "vulnerability.critical",
    "vulnerability.critical.since",
    "vulnerability.high",
    "vulnerability.high.since",
];

/// Severities, with the facts that say how many there are and since when, and the days that
/// there are to cure them. A test holds the days to those of the scorecard "security", whose rules
/// an organisation may replace.
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
    facts: &FACTS,
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
pub(super) struct Need<'a> {
    pub(super) owner: &'a EntityRef,
    components: usize,
    /// The sum of the addends.
    pub(super) points: usize,
    /// By reason, what counts most first.
    addends: Vec<Addend<'a>>,
}

/// Why a team needs help.
#[derive(Serialize)]
struct Addend<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    reason: Reason,
    /// The scorecard whose levels are missing, the campaign, or the severity of the vulnerabilities.
    of: Option<String>,
    /// The day since when the oldest vulnerability is known, or on which the campaign should have
    /// been done.
    since: Option<String>,
    count: usize,
    weight: usize,
    points: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Reason {
    LevelsMissing,
    OverdueCampaign,
    OldVulnerabilities,
    UnownedInUse,
}

impl Reason {
    const ALL: [Self; 4] = [
        Self::LevelsMissing,
        Self::OverdueCampaign,
        Self::OldVulnerabilities,
        Self::UnownedInUse,
    ];
}

fn write(input: &ReportInput<'_>) -> serde_json::Result<WrittenReport> {
    let (teams, left_out) = needs(input);
    let rows = Rows { teams, left_out };
    Ok(WrittenReport {
        view: view(&rows, input),
        rows: serde_json::to_value(&rows)?,
    })
}

/// How much help each team needs, who needs most first; and the teams that are left out.
pub(super) fn needs<'a>(input: &ReportInput<'a>) -> (Vec<Need<'a>>, Vec<&'a EntityRef>) {
    let teams = team::teams(input.catalog);
    let components = |team: &Team<'_>| team.of_kind(input.catalog, "component").count();
    let (counted, left_out): (Vec<&Team<'_>>, Vec<&Team<'_>>) = teams
        .iter()
        .partition(|team| components(team) >= FEWEST_COMPONENTS);
    let mut needs: Vec<Need<'_>> = counted.iter().map(|team| need(team, input)).collect();
    // Equal points stay in the order of the names.
    needs.sort_by_key(|need| Reverse(need.points));
    let left_out = left_out.iter().map(|team| team.reference);
    (needs, left_out.collect())
}

fn need<'a>(team: &Team<'a>, input: &ReportInput<'a>) -> Need<'a> {
    let components: Vec<EntityId> = team.of_kind(input.catalog, "component").collect();
    let mut addends = Vec::new();
    for id in &components {
        addends.extend(missing_levels(*id, input));
        addends.extend(old_vulnerabilities(*id, input));
    }
    addends.extend(overdue(team, input));
    addends.extend(unowned_in_use(&components, input));
    // Equal ones stay in the order of the catalog.
    addends.sort_by_key(|addend| (addend.reason, Reverse(addend.points)));
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
    let missing = known::standings(input, id).filter_map(|(card, result)| {
        let count = card.levels_missed(result);
        (count > 0).then(|| Addend {
            reference: entity.reference(),
            reason: Reason::LevelsMissing,
            of: Some(card.reference.name().to_owned()),
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

fn overdue<'a>(team: &Team<'a>, input: &ReportInput<'a>) -> Vec<Addend<'a>> {
    let all = input.campaigns.iter().flat_map(|result| {
        let overdue = result.entities.iter();
        let overdue = overdue.filter(|(_, state, _)| *state == State::Overdue);
        overdue.map(|(id, ..)| (result.campaign, *id))
    });
    let own = all.filter(|(_, id)| team.owned.binary_search(id).is_ok());
    let addends = own.map(|(campaign, id)| Addend {
        reference: input.catalog.entity(id).reference(),
        reason: Reason::OverdueCampaign,
        of: Some(campaign.reference.name().to_owned()),
        since: Some(campaign.deadline.clone()),
        count: 1,
        weight: OVERDUE,
        points: OVERDUE,
    });
    addends.collect()
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
    show_teams(rows, input, &mut view);
    let needy: Vec<&Need<'_>> = rows.teams.iter().filter(|need| need.points > 0).collect();
    if !needy.is_empty() {
        view.push(Block::Heading("Every addend".into()));
        let blocks = needy.into_iter().map(|need| need.folded(input));
        view.blocks.extend(blocks);
    }
    show_rules(rows, &mut view);
    view
}

fn show_teams(rows: &Rows<'_>, input: &ReportInput<'_>, view: &mut View) {
    if rows.teams.is_empty() {
        let about = format!("No team has {FEWEST_COMPONENTS} components or more.");
        view.push(Block::Paragraph(about.into()));
        return;
    }
    let about = "The points of each team, and what they are for: levels that its components miss, \
                 overdue campaigns, old vulnerabilities, and what it uses and nobody owns.";
    view.push(Block::Paragraph(about.into()));
    let columns = vec![
        Column::fixed("team"),
        Column::numeric("components"),
        Column::numeric("levels"),
        Column::numeric("campaigns"),
        Column::numeric("vulnerabilities"),
        Column::numeric("unowned"),
        Column::numeric("points"),
        Column::flexible("mostly because of"),
    ];
    let table = rows.teams.iter().map(|need| {
        let mut cells = vec![page::name(input, need.owner), page::number(need.components)];
        cells.extend(Reason::ALL.map(|reason| page::count(need.points_of(reason))));
        cells.push(Text::new(need.points.to_string(), Role::Name));
        cells.push(need.worst(input));
        cells
    });
    page::table(view, columns, table.collect());
}

/// Says how points are counted.
fn show_rules(rows: &Rows<'_>, view: &mut View) {
    let days = |severity: &str| {
        let mut severities = SEVERITIES.iter();
        severities.find(|it| it.0 == severity).map_or(0, |it| it.3)
    };
    view.push(Block::Heading("How points are counted".into()));
    let mut items: Vec<Text> = vec![
        format!(
            "{IN_PRODUCTION} for each level of a scorecard that a component in production misses, \
             {ELSEWHERE} elsewhere. What is not measured for anybody does not count."
        )
        .into(),
        format!("{OVERDUE} for each entity with which a campaign is overdue.").into(),
        format!(
            "{OLD_VULNERABILITIES} for each component with critical vulnerabilities older than {} \
             days, and {OLD_VULNERABILITIES} with high ones older than {} days. These are the days \
             of the scorecard \"security\" that comes along.",
            days("critical"),
            days("high")
        )
        .into(),
        format!("{UNOWNED_IN_USE} for each thing that the team uses and nobody owns.").into(),
    ];
    if !rows.left_out.is_empty() {
        let names: Vec<String> = rows.left_out.iter().map(|team| page::short(team)).collect();
        let left_out = format!(
            "Teams of under {FEWEST_COMPONENTS} components are left out: {}.",
            names.join(", ")
        );
        items.push(left_out.into());
    }
    view.push(Block::List(items));
}

impl Need<'_> {
    fn points_of(&self, reason: Reason) -> usize {
        let addends = self.addends.iter().filter(|it| it.reason == reason);
        addends.map(|addend| addend.points).sum()
    }

    /// Why, in a sentence: `12 levels missed, most of security; …`.
    pub(super) fn why(&self) -> String {
        let parts = Reason::ALL.into_iter().filter_map(|reason| {
            let own = self.addends.iter().filter(|it| it.reason == reason);
            let own: Vec<&Addend<'_>> = own.collect();
            (!own.is_empty()).then(|| reason.told(&own))
        });
        parts.collect::<Vec<String>>().join("; ")
    }

    /// The entities that count most.
    fn worst(&self, input: &ReportInput<'_>) -> Text {
        /// Names that are written out.
        const MOST_NAMES: usize = 3;
        let worst = self.by_entity().into_iter().take(MOST_NAMES);
        let worst = worst.filter_map(|own| own.first().map(|addend| addend.reference));
        page::names(input, worst)
    }

    /// The addends by entity, whatever counts most first; equal ones by name.
    fn by_entity(&self) -> Vec<Vec<&Addend<'_>>> {
        let mut entities: BTreeMap<&EntityRef, Vec<&Addend<'_>>> = BTreeMap::new();
        for addend in &self.addends {
            entities.entry(addend.reference).or_default().push(addend);
        }
        let mut entities: Vec<Vec<&Addend<'_>>> = entities.into_values().collect();
        let points = |own: &Vec<&Addend<'_>>| own.iter().map(|it| it.points).sum::<usize>();
        entities.sort_by_key(|own| Reverse(points(own)));
        entities
    }

    fn folded(&self, input: &ReportInput<'_>) -> Block {
        let points = page::counted(self.points, "point", "points");
        let addends = page::counted(self.addends.len(), "addend", "addends");
        let summary = format!("{}: {points}, {addends}", page::short(self.owner));
        let columns = vec![
            Column::fixed("what"),
            Column::flexible("why"),
            Column::fixed("sum"),
            Column::numeric("points"),
        ];
        let rows = self.by_entity().into_iter().map(|addends| {
            let joined = |tell: &dyn Fn(&Addend<'_>) -> String, between: &str| {
                let told: Vec<String> = addends.iter().map(|addend| tell(addend)).collect();
                Text::plain(told.join(between))
            };
            let reference = addends.first().map(|addend| addend.reference);
            let points: usize = addends.iter().map(|addend| addend.points).sum();
            vec![
                page::names(input, reference),
                joined(&|it| it.why(), "; "),
                joined(&|it| format!("{} × {}", it.count, it.weight), " + "),
                page::number(points),
            ]
        });
        Block::Folded {
            summary: summary.into(),
            blocks: vec![Block::Table(Table {
                columns,
                rows: rows.collect(),
            })],
        }
    }
}

impl Reason {
    /// How much of it there is, in a few words.
    fn told(self, addends: &[&Addend<'_>]) -> String {
        let things: BTreeSet<&EntityRef> = addends.iter().map(|it| it.reference).collect();
        let count = things.len();
        match self {
            Self::LevelsMissing => {
                let count = addends.iter().map(|addend| addend.count).sum();
                let levels = page::counted(count, "level missed", "levels missed");
                match most(addends) {
                    Some(of) => format!("{levels}, most of {of}"),
                    None => levels,
                }
            }
            Self::OverdueCampaign => {
                page::counted(count, "entity overdue", "entities overdue") + " in campaigns"
            }
            Self::OldVulnerabilities => page::counted(
                count,
                "component with old vulnerabilities",
                "components with old vulnerabilities",
            ),
            Self::UnownedInUse => page::counted(
                count,
                "thing in use that nobody owns",
                "things in use that nobody owns",
            ),
        }
    }
}

/// The scorecard of which most levels are missing, where there is more than one.
fn most(addends: &[&Addend<'_>]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for addend in addends {
        *counts.entry(addend.of.as_deref()?).or_default() += addend.count;
    }
    let has_others = counts.len() > 1;
    // Of equal ones the first by name.
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count)?;
    has_others.then(|| most.0.to_owned())
}

impl Addend<'_> {
    fn why(&self) -> String {
        let of = self.of.as_deref().unwrap_or_default();
        let since = self.since.as_deref().unwrap_or_default();
        match self.reason {
            Reason::LevelsMissing => {
                let levels = page::counted(self.count, "level", "levels");
                format!("{levels} of {of}")
            }
            Reason::OverdueCampaign => format!("overdue in campaign {of} since {since}"),
            Reason::OldVulnerabilities => {
                format!("{of} vulnerabilities, the oldest since {since}")
            }
            Reason::UnownedInUse => "in use, and nobody owns it".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SEVERITIES;
    use crate::maturity::SHIPPED;

    #[test]
    fn vulnerabilities_are_old_when_the_scorecard_says_so() {
        let (_, security) = SHIPPED
            .iter()
            .find(|(name, _)| *name == "security")
            .unwrap();
        for (severity, open, _, days) in SEVERITIES {
            let rule = format!("facts('{open}.age') <= {days}");
            assert!(security.contains(&rule), "{severity}: {rule}");
        }
    }
}
