//! What depends on what: what much depends on, circles, and what is about to go and still in use.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Report, ReportInput, WrittenReport, page};
use crate::catalog::{Catalog, EntityId, RelationSet};
use crate::diagnostic::Severity;
use crate::model::{EntityRef, RelationType};
use crate::view::{Block, Column, Graph, GraphEdge, GraphNode, Role, Text, View};

/// How many of the most critical are shown.
const MOST_CRITICAL: usize = 15;
/// Names of users that are written out.
const MOST_NAMES: usize = 8;

/// The report.
pub(super) const REPORT: Report = Report {
    name: "dependencies",
    about: "what much depends on, circles, and what is deprecated and still in use",
    facts: &[],
    needs_scorecards: false,
    needs_campaigns: false,
    needs_trend: false,
    write,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rows<'a> {
    /// All that anything depends on, the most first.
    critical: Vec<Critical<'a>>,
    cycles: Vec<CycleRow<'a>>,
    deprecated: Vec<InUse<'a>>,
    /// What is experimental, and production needs it.
    experimental: Vec<InUse<'a>>,
    /// What is needed, and not in the catalog.
    missing: Vec<InUse<'a>>,
    systems: Vec<SystemUse<'a>>,
}

#[derive(Serialize)]
struct Critical<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    owner: Option<&'a EntityRef>,
    lifecycle: Option<&'a str>,
    /// How many depend on it directly.
    direct: usize,
    /// How many do over any distance; `null` where the catalog is too large to count them.
    all: Option<usize>,
}

#[derive(Serialize)]
struct CycleRow<'a> {
    /// The shortest circle: each needs the next, and the last the first.
    entities: Vec<&'a EntityRef>,
    /// How many are entangled by it and others.
    entangled: usize,
}

/// Something that is in use and should not be.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InUse<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    owner: Option<&'a EntityRef>,
    used_by: Vec<&'a EntityRef>,
    /// The owners of those that use it.
    teams: Vec<&'a EntityRef>,
}

/// A system that needs another.
#[derive(Serialize)]
struct SystemUse<'a> {
    system: &'a EntityRef,
    needs: &'a EntityRef,
    /// How many dependencies lead from one to the other.
    dependencies: usize,
}

fn write(input: &ReportInput<'_>) -> serde_json::Result<WrittenReport> {
    let rows = Rows {
        critical: critical(input.catalog),
        cycles: cycles(input.catalog),
        deprecated: in_use(input.catalog, |user, used| {
            used == Some("deprecated") && user != Some("deprecated")
        }),
        experimental: in_use(input.catalog, |user, used| {
            used == Some("experimental") && user == Some("production")
        }),
        missing: missing(input.catalog),
        systems: systems(input.catalog),
    };
    Ok(WrittenReport {
        view: view(&rows, input),
        rows: serde_json::to_value(&rows)?,
    })
}

fn owner(catalog: &Catalog, id: EntityId) -> Option<&EntityRef> {
    Some(catalog.owner(id)?.reference)
}

fn lifecycle(catalog: &Catalog, id: EntityId) -> Option<&str> {
    catalog.entity(id).spec_str("lifecycle")
}

fn critical(catalog: &Catalog) -> Vec<Critical<'_>> {
    let dependents = catalog.dependents(RelationSet::dependencies()).into_iter();
    dependents
        .map(|found| Critical {
            reference: catalog.entity(found.entity).reference(),
            owner: owner(catalog, found.entity),
            lifecycle: lifecycle(catalog, found.entity),
            direct: found.direct,
            all: found.all,
        })
        .collect()
}

fn cycles(catalog: &Catalog) -> Vec<CycleRow<'_>> {
    let cycles = catalog.cycles(RelationSet::dependencies()).into_iter();
    cycles
        .map(|cycle| CycleRow {
            entities: cycle
                .entities
                .iter()
                .map(|id| catalog.entity(*id).reference())
                .collect(),
            entangled: cycle.entangled,
        })
        .collect()
}

/// What each entity needs directly, once.
fn needed(catalog: &Catalog, id: EntityId) -> BTreeSet<&EntityRef> {
    let relations = RelationType::DEPENDENCIES.into_iter();
    relations
        .flat_map(|relation| catalog.related(id, relation))
        .collect()
}

/// What is in use, where the lifecycles of user and used are of interest.
fn in_use(
    catalog: &Catalog,
    is_of_interest: impl Fn(Option<&str>, Option<&str>) -> bool,
) -> Vec<InUse<'_>> {
    let mut users: BTreeMap<&EntityRef, Vec<EntityId>> = BTreeMap::new();
    for id in catalog.ids() {
        for used in needed(catalog, id) {
            let Some(used_id) = catalog.id(used) else {
                continue;
            };
            if is_of_interest(lifecycle(catalog, id), lifecycle(catalog, used_id)) {
                users.entry(used).or_default().push(id);
            }
        }
    }
    rows_of_use(catalog, users)
}

/// What is needed, and not in the catalog.
fn missing(catalog: &Catalog) -> Vec<InUse<'_>> {
    let mut users: BTreeMap<&EntityRef, Vec<EntityId>> = BTreeMap::new();
    for id in catalog.ids() {
        for used in needed(catalog, id) {
            if catalog.id(used).is_none() {
                users.entry(used).or_default().push(id);
            }
        }
    }
    rows_of_use(catalog, users)
}

/// What most use first; equal ones in the order of their references.
fn rows_of_use<'a>(
    catalog: &'a Catalog,
    users: BTreeMap<&'a EntityRef, Vec<EntityId>>,
) -> Vec<InUse<'a>> {
    let rows = users.into_iter().map(|(reference, users)| {
        let teams = users.iter().filter_map(|id| owner(catalog, *id));
        let teams: BTreeSet<&EntityRef> = teams.collect();
        InUse {
            reference,
            owner: catalog.id(reference).and_then(|id| owner(catalog, id)),
            used_by: users
                .iter()
                .map(|id| catalog.entity(*id).reference())
                .collect(),
            teams: teams.into_iter().collect(),
        }
    });
    let mut rows: Vec<InUse<'_>> = rows.collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.used_by.len()));
    rows
}

/// Which systems need which others.
fn systems(catalog: &Catalog) -> Vec<SystemUse<'_>> {
    let mut uses: BTreeMap<(&EntityRef, &EntityRef), usize> = BTreeMap::new();
    for id in catalog.ids() {
        let Some(system) = catalog.record(id).system else {
            continue;
        };
        let others = needed(catalog, id).into_iter();
        let others = others.filter_map(|other| catalog.record(catalog.id(other)?).system);
        for other in others.filter(|other| *other != system) {
            *uses.entry((system, other)).or_default() += 1;
        }
    }
    let uses = uses.into_iter();
    uses.map(|((system, needs), dependencies)| SystemUse {
        system,
        needs,
        dependencies,
    })
    .collect()
}

fn view(rows: &Rows<'_>, input: &ReportInput<'_>) -> View {
    let about = "What depends on what, and where that is a risk.";
    let mut view = page::begin("Dependencies", about, input);
    show_systems(&rows.systems, input, &mut view);
    show_critical(&rows.critical, input, &mut view);
    show_cycles(&rows.cycles, input, &mut view);
    let parts = [
        (
            "Deprecated and in use",
            &rows.deprecated,
            "Nothing that is deprecated is in use.",
            "These are going to be switched off, and others still need them.",
        ),
        (
            "Experimental below production",
            &rows.experimental,
            "Nothing in production needs something experimental.",
            "These are experimental, and something in production needs them.",
        ),
        (
            "Needed and not in the catalog",
            &rows.missing,
            "Everything that is needed is in the catalog.",
            "These are named, but nothing here describes them.",
        ),
    ];
    for (heading, uses, none, some) in parts {
        let about = if uses.is_empty() { none } else { some };
        show_uses(heading, about, uses, input, &mut view);
    }
    view
}

fn show_systems(systems: &[SystemUse<'_>], input: &ReportInput<'_>, view: &mut View) {
    if systems.is_empty() {
        return;
    }
    view.push(Block::Heading("Systems".into()));
    let about = "An arrow leads from a system to one that it needs, with the number of dependencies \
                 between their parts.";
    view.push(Block::Paragraph(about.into()));
    view.push(Block::Graph(drawing(systems, input)));
}

/// The systems that need or are needed, those with most dependencies first.
fn drawing(systems: &[SystemUse<'_>], input: &ReportInput<'_>) -> Graph {
    let mut weights: BTreeMap<&EntityRef, usize> = BTreeMap::new();
    for used in systems {
        for end in [used.system, used.needs] {
            *weights.entry(end).or_default() += used.dependencies;
        }
    }
    let mut order: Vec<(&EntityRef, usize)> = weights.into_iter().collect();
    order.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    let places: BTreeMap<&EntityRef, usize> = order
        .iter()
        .enumerate()
        .map(|(place, (reference, _))| (*reference, place))
        .collect();
    let nodes = order.iter().map(|(reference, _)| {
        let id = input.catalog.id(reference);
        let owner = id.and_then(|id| owner(input.catalog, id));
        GraphNode {
            id: reference.as_str().to_owned(),
            label: page::short(reference),
            detail: owner.map(page::short).unwrap_or_default(),
            kind: "system".to_owned(),
            is_missing: id.is_none(),
            ..GraphNode::default()
        }
    });
    let edges = systems.iter().filter_map(|used| {
        Some(GraphEdge {
            from: *places.get(used.system)?,
            to: *places.get(used.needs)?,
            label: used.dependencies.to_string(),
        })
    });
    Graph {
        nodes: nodes.collect(),
        edges: edges.collect(),
    }
}

fn show_critical(critical: &[Critical<'_>], input: &ReportInput<'_>, view: &mut View) {
    let about = match critical.len() {
        0 => "Nothing depends on anything.".to_owned(),
        1..=MOST_CRITICAL => {
            "Everything that something depends on, with how many use it directly and in all."
                .to_owned()
        }
        all => format!(
            "The first {MOST_CRITICAL} of {all} things that something depends on, with how many use \
             them directly and in all."
        ),
    };
    let columns = vec![
        Column::fixed("what"),
        Column::fixed("kind"),
        Column::fixed("team"),
        Column::fixed("lifecycle"),
        Column::numeric("users"),
        Column::numeric("in all"),
    ];
    let rows = critical.iter().take(MOST_CRITICAL).map(|it| {
        let all = it
            .all
            .map_or_else(|| Text::new("-", Role::Faint), page::number);
        let lifecycle = it.lifecycle.unwrap_or_default();
        let role = match lifecycle {
            "deprecated" | "experimental" => Role::Bad(Severity::Warning),
            _ => Role::Plain,
        };
        vec![
            page::name(input, it.reference),
            it.reference.kind().into(),
            page::whose(input, it.owner),
            Text::new(lifecycle, role),
            page::number(it.direct),
            all,
        ]
    });
    page::part(view, "What most depends on", about, columns, rows.collect());
}

fn show_cycles(cycles: &[CycleRow<'_>], input: &ReportInput<'_>, view: &mut View) {
    view.push(Block::Heading("Circles".into()));
    let about = match cycles {
        [] => "Nothing depends on itself.",
        _ => "None of these can be released, tested or moved without the others.",
    };
    view.push(Block::Paragraph(about.into()));
    if cycles.is_empty() {
        return;
    }
    let items = cycles.iter().map(|cycle| {
        let mut text = Text::default();
        for reference in cycle.entities.iter().chain(cycle.entities.first()) {
            if !text.pieces.is_empty() {
                text = text.then(" → ", Role::Faint);
            }
            text = text.joined(page::whose(input, Some(reference)));
        }
        if cycle.entangled > cycle.entities.len() {
            let entangled = format!(" ({} are entangled)", cycle.entangled);
            text = text.then(entangled, Role::Faint);
        }
        text
    });
    view.push(Block::List(items.collect()));
}

fn show_uses(
    heading: &str,
    about: &str,
    uses: &[InUse<'_>],
    input: &ReportInput<'_>,
    view: &mut View,
) {
    let columns = vec![
        Column::fixed("what"),
        Column::fixed("kind"),
        Column::fixed("team"),
        Column::flexible("used by"),
        Column::flexible("of teams"),
    ];
    let rows = uses.iter().map(|it| {
        let shown = it.used_by.iter().take(MOST_NAMES).copied();
        let mut used_by = page::names(input, shown);
        let more = it.used_by.len().saturating_sub(MOST_NAMES);
        if more > 0 {
            used_by = used_by.then(format!(" and {more} more"), Role::Faint);
        }
        vec![
            page::name(input, it.reference),
            it.reference.kind().into(),
            page::whose(input, it.owner),
            used_by,
            page::names(input, it.teams.iter().copied()),
        ]
    });
    page::part(view, heading, about, columns, rows.collect());
}
