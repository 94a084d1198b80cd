//! What there is: kinds and types, lifecycles, languages, by domain, system and team; and what is
//! not said of it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::gaps::{self, Gap};
use super::team;
use super::{Report, ReportInput, WrittenReport, known, page};
use crate::catalog::EntityId;
use crate::model::EntityRef;
use crate::view::{Block, Column, Role, Text, View};

/// The report.
pub(super) const REPORT: Report = Report {
    name: "inventory",
    about: "what there is, by kind, lifecycle, language, domain, system and team, and its gaps",
    facts: &["commit.last", "languages"],
    needs_scorecards: false,
    needs_campaigns: false,
    needs_trend: false,
    write,
};

#[derive(Serialize)]
struct Rows<'a> {
    kinds: Vec<KindRow<'a>>,
    lifecycles: Vec<LifecycleRow<'a>>,
    languages: Vec<LanguageRow>,
    systems: Vec<PlaceRow<'a>>,
    teams: Vec<TeamRow<'a>>,
    gaps: Vec<Gap<'a>>,
}

#[derive(Serialize)]
struct KindRow<'a> {
    kind: &'a str,
    entities: usize,
    /// How many of each type, the most first.
    types: Vec<TypeCount<'a>>,
}

#[derive(Serialize)]
struct TypeCount<'a> {
    /// `null` for those without a type.
    #[serde(rename = "type")]
    name: Option<&'a str>,
    entities: usize,
}

#[derive(Serialize)]
struct LifecycleRow<'a> {
    /// `null` for those that say none.
    lifecycle: Option<&'a str>,
    components: usize,
    apis: usize,
}

#[derive(Serialize)]
struct LanguageRow {
    /// `null` for those of which no manifest is known.
    language: Option<String>,
    components: usize,
}

/// What is in a system, and in which domain that is.
#[derive(Serialize)]
struct PlaceRow<'a> {
    /// `null` for what is in no domain.
    domain: Option<&'a EntityRef>,
    /// `null` for what is in no system.
    system: Option<&'a EntityRef>,
    owner: Option<&'a EntityRef>,
    #[serde(flatten)]
    counts: Counts,
}

#[derive(Serialize)]
struct TeamRow<'a> {
    /// `null` for what nobody owns.
    owner: Option<&'a EntityRef>,
    systems: usize,
    #[serde(flatten)]
    counts: Counts,
}

#[derive(Clone, Copy, Default, Serialize)]
struct Counts {
    components: usize,
    apis: usize,
    resources: usize,
    /// Components whose lifecycle is "production".
    production: usize,
}

fn write(input: &ReportInput<'_>) -> serde_json::Result<WrittenReport> {
    let rows = Rows {
        kinds: kinds(input),
        lifecycles: lifecycles(input),
        languages: languages(input),
        systems: systems(input),
        teams: teams(input),
        gaps: gaps::gaps(input),
    };
    Ok(WrittenReport {
        view: view(&rows, input),
        rows: serde_json::to_value(&rows)?,
    })
}

fn kind<'a>(input: &ReportInput<'a>, id: EntityId) -> &'a str {
    input.catalog.entity(id).reference().kind()
}

/// What is counted, the most first; equal ones in the order of the names.
fn most_first<K: Ord>(counts: BTreeMap<K, usize>) -> Vec<(K, usize)> {
    let mut counts: Vec<(K, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

fn kinds<'a>(input: &ReportInput<'a>) -> Vec<KindRow<'a>> {
    let mut kinds: BTreeMap<&str, BTreeMap<Option<&str>, usize>> = BTreeMap::new();
    for id in input.catalog.ids() {
        let entity = input.catalog.entity(id);
        let types = kinds.entry(entity.reference().kind()).or_default();
        *types.entry(entity.spec_str("type")).or_default() += 1;
    }
    let kinds = kinds.into_iter().map(|(kind, types)| KindRow {
        kind,
        entities: types.values().sum(),
        types: most_first(types)
            .into_iter()
            .map(|(name, entities)| TypeCount { name, entities })
            .collect(),
    });
    let mut kinds: Vec<KindRow<'_>> = kinds.collect();
    kinds.sort_by_key(|row| std::cmp::Reverse(row.entities));
    kinds
}

fn lifecycles<'a>(input: &ReportInput<'a>) -> Vec<LifecycleRow<'a>> {
    let mut lifecycles: BTreeMap<Option<&str>, (usize, usize)> = BTreeMap::new();
    for id in input.catalog.ids() {
        let kind = kind(input, id);
        let lifecycle = input.catalog.entity(id).spec_str("lifecycle");
        match kind {
            "component" => lifecycles.entry(lifecycle).or_default().0 += 1,
            "api" => lifecycles.entry(lifecycle).or_default().1 += 1,
            _ => {}
        }
    }
    let rows = lifecycles.into_iter();
    let rows = rows.map(|(lifecycle, (components, apis))| LifecycleRow {
        lifecycle,
        components,
        apis,
    });
    let mut rows: Vec<LifecycleRow<'_>> = rows.collect();
    rows.sort_by_key(|row| (row.lifecycle.is_none(), std::cmp::Reverse(row.components)));
    rows
}

fn languages(input: &ReportInput<'_>) -> Vec<LanguageRow> {
    let mut languages: BTreeMap<String, usize> = BTreeMap::new();
    let mut without = 0;
    for id in known::components(input) {
        let known = known::value(input, id, "languages");
        let known = known.as_ref().and_then(serde_json::Value::as_array);
        let names = known.into_iter().flatten().filter_map(|it| it.as_str());
        let names: Vec<&str> = names.collect();
        if names.is_empty() {
            without += 1;
        }
        for name in names {
            *languages.entry(name.to_owned()).or_default() += 1;
        }
    }
    let rows = most_first(languages).into_iter();
    let rows = rows.map(|(language, components)| LanguageRow {
        language: Some(language),
        components,
    });
    let without = (without > 0).then_some(LanguageRow {
        language: None,
        components: without,
    });
    rows.chain(without).collect()
}

/// A domain and a system as they are sorted: what is in none comes last.
type Place<'a> = (bool, Option<&'a EntityRef>, bool, Option<&'a EntityRef>);

/// The systems by domain; then what is in a domain or in none, and in no system.
fn systems<'a>(input: &ReportInput<'a>) -> Vec<PlaceRow<'a>> {
    let catalog = input.catalog;
    let mut places: BTreeMap<Place<'a>, Counts> = BTreeMap::new();
    let place = |domain: Option<&'a EntityRef>, system: Option<&'a EntityRef>| {
        (domain.is_none(), domain, system.is_none(), system)
    };
    for id in catalog.ids() {
        let record = catalog.record(id);
        match kind(input, id) {
            "system" => {
                let own = place(record.domain, Some(record.reference));
                places.entry(own).or_default();
            }
            "component" | "api" | "resource" => {
                let own = place(record.domain, record.system);
                places.entry(own).or_default().add(input, id);
            }
            _ => {}
        }
    }
    let rows = places.into_iter();
    rows.map(|((_, domain, _, system), counts)| PlaceRow {
        domain,
        system,
        owner: system.and_then(|system| Some(catalog.owner(catalog.id(system)?)?.reference)),
        counts,
    })
    .collect()
}

fn teams<'a>(input: &ReportInput<'a>) -> Vec<TeamRow<'a>> {
    let row = |owner: Option<&'a EntityRef>, owned: &[EntityId]| {
        let mut counts = Counts::default();
        for id in owned {
            counts.add(input, *id);
        }
        let systems = owned.iter().filter(|id| kind(input, **id) == "system");
        TeamRow {
            owner,
            systems: systems.count(),
            counts,
        }
    };
    let teams = team::teams(input.catalog);
    let rows = teams
        .iter()
        .map(|team| row(Some(team.reference), &team.owned));
    // Who owns only domains is shown with them.
    let mut rows: Vec<TeamRow<'_>> = rows.filter(TeamRow::owns_something).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.counts.components));
    let ids = input.catalog.ids();
    let unowned: Vec<EntityId> = ids
        .filter(|id| team::is_unowned(input.catalog, *id))
        .collect();
    if !unowned.is_empty() {
        rows.push(row(None, &unowned));
    }
    rows
}

impl TeamRow<'_> {
    const fn owns_something(&self) -> bool {
        let Counts {
            components,
            apis,
            resources,
            ..
        } = self.counts;
        self.systems + components + apis + resources > 0
    }
}

impl Counts {
    fn add(&mut self, input: &ReportInput<'_>, id: EntityId) {
        match kind(input, id) {
            "component" => {
                self.components += 1;
                let lifecycle = input.catalog.entity(id).spec_str("lifecycle");
                self.production += usize::from(lifecycle == Some("production"));
            }
            "api" => self.apis += 1,
            "resource" => self.resources += 1,
            _ => {}
        }
    }

    fn cells(self) -> [Text; 4] {
        [self.components, self.production, self.apis, self.resources].map(page::count)
    }

    fn columns() -> [Column; 4] {
        ["components", "in production", "APIs", "resources"].map(Column::numeric)
    }
}

fn view(rows: &Rows<'_>, input: &ReportInput<'_>) -> View {
    let mut view = page::begin("Inventory", "What there is.", input);
    show_kinds(&rows.kinds, &mut view);
    show_lifecycles(&rows.lifecycles, &mut view);
    show_languages(&rows.languages, &mut view);
    show_systems(&rows.systems, input, &mut view);
    show_teams(&rows.teams, input, &mut view);
    gaps::show(&rows.gaps, input, &mut view);
    view
}

fn show_kinds(kinds: &[KindRow<'_>], view: &mut View) {
    let rows = kinds.iter().map(|row| {
        let types = row.types.iter().filter_map(|it| {
            let name = it.name?;
            Some(format!("{} {name}", it.entities))
        });
        vec![
            Text::new(row.kind, Role::Name),
            page::number(row.entities),
            Text::plain(types.collect::<Vec<String>>().join(", ")),
        ]
    });
    view.push(Block::Heading("Kinds and types".into()));
    let columns = vec![
        Column::fixed("kind"),
        Column::numeric("count"),
        Column::flexible("of which type"),
    ];
    page::table(view, columns, rows.collect());
}

fn show_lifecycles(lifecycles: &[LifecycleRow<'_>], view: &mut View) {
    if lifecycles.is_empty() {
        return;
    }
    let rows = lifecycles.iter().map(|row| {
        let name = row.lifecycle.map_or_else(
            || Text::new("not said", Role::Faint),
            |lifecycle| Text::new(lifecycle, Role::Name),
        );
        vec![name, page::count(row.components), page::count(row.apis)]
    });
    view.push(Block::Heading("Lifecycles".into()));
    let columns = vec![
        Column::fixed("lifecycle"),
        Column::numeric("components"),
        Column::numeric("APIs"),
    ];
    page::table(view, columns, rows.collect());
}

fn show_languages(languages: &[LanguageRow], view: &mut View) {
    if languages.iter().all(|row| row.language.is_none()) {
        return;
    }
    let rows = languages.iter().map(|row| {
        let name = row.language.as_ref().map_or_else(
            || Text::new("not known", Role::Faint),
            |language| Text::new(language.as_str(), Role::Name),
        );
        vec![name, page::number(row.components)]
    });
    let about = "By the manifests of components, which may have more than one language.";
    let columns = vec![Column::fixed("language"), Column::numeric("components")];
    page::part(view, "Languages", about, columns, rows.collect());
}

fn show_systems(systems: &[PlaceRow<'_>], input: &ReportInput<'_>, view: &mut View) {
    if systems
        .iter()
        .all(|row| row.system.is_none() && row.domain.is_none())
    {
        return;
    }
    let named = |reference: Option<&EntityRef>, none: &str| match reference {
        Some(reference) => page::name(input, reference),
        None => Text::new(none, Role::Faint),
    };
    let mut columns = ["domain", "system", "team"].map(Column::fixed).to_vec();
    columns.extend(Counts::columns());
    let rows = systems.iter().map(|row| {
        let owner = row.owner.map(|owner| page::whose(input, Some(owner)));
        let mut cells = vec![
            named(row.domain, "no domain"),
            named(row.system, "no system"),
            owner.unwrap_or_default(),
        ];
        cells.extend(row.counts.cells());
        cells
    });
    view.push(Block::Heading("Domains and systems".into()));
    page::table(view, columns, rows.collect());
}

fn show_teams(teams: &[TeamRow<'_>], input: &ReportInput<'_>, view: &mut View) {
    let mut columns = vec![Column::fixed("team"), Column::numeric("systems")];
    columns.extend(Counts::columns());
    let rows = teams.iter().map(|row| {
        let mut cells = vec![page::whose(input, row.owner), page::count(row.systems)];
        cells.extend(row.counts.cells());
        cells
    });
    if !teams.is_empty() {
        view.push(Block::Heading("Teams".into()));
        page::table(view, columns, rows.collect());
    }
}
