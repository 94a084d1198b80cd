//! Who owns what: what nobody owns, owners that are not there, and the load of each team.

use std::collections::BTreeSet;

use serde::Serialize;

use super::team::{self, Team};
use super::{Report, ReportInput, WrittenReport, known, page};
use crate::catalog::{Catalog, EntityId};
use crate::model::{EntityRef, Place, RelationType};
use crate::view::{Column, Role, Text, View};

/// The report.
pub(super) const REPORT: Report = Report {
    name: "ownership",
    about: "what nobody owns, owners that are not there, and the load of each team",
    facts: &["authors.180d.addresses", "bus-factor", "commit.last"],
    needs_scorecards: false,
    needs_campaigns: false,
    needs_trend: false,
    write,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rows<'a> {
    unowned: Vec<WithoutOwner<'a>>,
    only_code_owners: Vec<WithoutOwner<'a>>,
    missing_owners: Vec<MissingOwner<'a>>,
    teams: Vec<Load<'a>>,
    silent_teams: Vec<SilentTeam<'a>>,
}

/// Something that should have an owner, and whose descriptor names none.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WithoutOwner<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    /// Who owns it by `CODEOWNERS`; `null` where nobody does.
    code_owner: Option<&'a EntityRef>,
    path: String,
    line: Option<u32>,
    #[serde(skip)]
    place: Place,
}

/// An owner that the catalog does not have.
#[derive(Serialize)]
struct MissingOwner<'a> {
    owner: &'a EntityRef,
    entities: Vec<&'a EntityRef>,
}

/// What a team has to care for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Load<'a> {
    owner: &'a EntityRef,
    people: usize,
    components: usize,
    systems: usize,
    /// APIs, resources and domains.
    others: usize,
    /// Components of which one person made over half of the commits of a year.
    bus_factor_one: Vec<&'a EntityRef>,
    /// Components whose bus factor is not known.
    bus_factor_unknown: usize,
    /// The day when a person changed any of its components last.
    last_commit: Option<String>,
}

/// A team of which nobody commits to what it owns any more.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SilentTeam<'a> {
    owner: &'a EntityRef,
    people: Vec<&'a EntityRef>,
    components: usize,
    /// The day when anybody changed its components last.
    last_commit: Option<String>,
}

fn write(input: &ReportInput<'_>) -> serde_json::Result<WrittenReport> {
    let teams = team::teams(input.catalog);
    let (there, missing): (Vec<&Team<'_>>, Vec<&Team<'_>>) = teams
        .iter()
        .partition(|team| input.catalog.id(team.reference).is_some());
    let (unowned, only_code_owners) = without_owner(input);
    let rows = Rows {
        unowned,
        only_code_owners,
        missing_owners: missing
            .iter()
            .map(|team| missing_owner(team, input))
            .collect(),
        teams: there.iter().map(|team| load(team, input)).collect(),
        silent_teams: there
            .iter()
            .filter_map(|team| silent(team, input))
            .collect(),
    };
    Ok(WrittenReport {
        view: view(&rows, input),
        rows: serde_json::to_value(&rows)?,
    })
}

/// What has no owner at all, and what has one only by `CODEOWNERS`.
fn without_owner<'a>(input: &ReportInput<'a>) -> (Vec<WithoutOwner<'a>>, Vec<WithoutOwner<'a>>) {
    let catalog = input.catalog;
    let lacking = catalog
        .ids()
        .filter(|id| Catalog::lacks_owner(catalog.entity(*id)));
    let lacking = lacking.map(|id| {
        let entity = catalog.entity(id);
        let place = entity.place();
        WithoutOwner {
            reference: entity.reference(),
            code_owner: catalog.owner(id).map(|owner| owner.reference),
            path: place.file.path().to_owned(),
            line: place.span.map(|span| span.line),
            place,
        }
    });
    lacking.partition(|it| it.code_owner.is_none())
}

fn missing_owner<'a>(team: &Team<'a>, input: &ReportInput<'a>) -> MissingOwner<'a> {
    let entities = team.owned.iter();
    MissingOwner {
        owner: team.reference,
        entities: entities
            .map(|id| input.catalog.entity(*id).reference())
            .collect(),
    }
}

fn load<'a>(team: &Team<'a>, input: &ReportInput<'a>) -> Load<'a> {
    let catalog = input.catalog;
    let components: Vec<EntityId> = team.of_kind(catalog, "component").collect();
    let systems = team.of_kind(catalog, "system").count();
    let bus_factor = |id: &EntityId| known::count(input, *id, "bus-factor");
    let ones = components.iter().filter(|id| bus_factor(id) == Some(1));
    let unknown = components.iter().filter(|id| bus_factor(id).is_none());
    Load {
        owner: team.reference,
        people: people(team, input).len(),
        components: components.len(),
        systems,
        others: team.owned.len() - components.len() - systems,
        bus_factor_one: ones.map(|id| catalog.entity(*id).reference()).collect(),
        bus_factor_unknown: unknown.count(),
        last_commit: last_commit(&components, input),
    }
}

/// The team, when somebody commits to its components, but none of its own people. Nothing where
/// the addresses of its people, or of those who commit, are not known.
fn silent<'a>(team: &Team<'a>, input: &ReportInput<'a>) -> Option<SilentTeam<'a>> {
    let catalog = input.catalog;
    let components: Vec<EntityId> = team.of_kind(catalog, "component").collect();
    let people = people(team, input);
    let addresses: Option<BTreeSet<String>> =
        people.iter().map(|person| address(person, input)).collect();
    let addresses = addresses.filter(|addresses| !addresses.is_empty())?;
    let authors = components
        .iter()
        .filter_map(|id| known::value(input, *id, "authors.180d.addresses"));
    let authors: Vec<serde_json::Value> = authors.collect();
    let commits = |author: &serde_json::Value| {
        let author = author.as_str().map(str::to_lowercase);
        author.is_some_and(|author| addresses.contains(&author))
    };
    let has_own = authors
        .iter()
        .filter_map(serde_json::Value::as_array)
        .flatten()
        .any(commits);
    (!authors.is_empty() && !has_own).then(|| SilentTeam {
        owner: team.reference,
        people,
        components: components.len(),
        last_commit: last_commit(&components, input),
    })
}

/// The people of a team, and the team itself where it is a person.
fn people<'a>(team: &Team<'a>, input: &ReportInput<'a>) -> Vec<&'a EntityRef> {
    if team.reference.kind() == "user" {
        return vec![team.reference];
    }
    let id = input.catalog.id(team.reference);
    id.map(|id| input.catalog.related(id, RelationType::HasMember))
        .unwrap_or_default()
}

fn address(person: &EntityRef, input: &ReportInput<'_>) -> Option<String> {
    let entity = input.catalog.get(person)?;
    let address = entity.spec_field("profile.email")?.as_str()?;
    Some(address.to_lowercase())
}

fn last_commit(components: &[EntityId], input: &ReportInput<'_>) -> Option<String> {
    let times = components.iter();
    let times = times.filter_map(|id| known::time(input, *id, "commit.last"));
    times.max().map(known::date)
}

fn view(rows: &Rows<'_>, input: &ReportInput<'_>) -> View {
    let about = "Who owns what, what nobody owns, and how much each team carries.";
    let mut view = page::begin("Ownership", about, input);
    show_unowned(&rows.unowned, input, &mut view);
    show_only_code_owners(&rows.only_code_owners, input, &mut view);
    show_missing(&rows.missing_owners, input, &mut view);
    show_load(&rows.teams, input, &mut view);
    show_silent(&rows.silent_teams, input, &mut view);
    view
}

fn show_unowned(unowned: &[WithoutOwner<'_>], input: &ReportInput<'_>, view: &mut View) {
    let about = match unowned.len() {
        0 => "Everything that should have an owner has one.",
        _ => "Nobody owns these, neither by their descriptors nor by CODEOWNERS.",
    };
    let columns = vec![
        Column::fixed("name"),
        Column::fixed("kind"),
        Column::flexible("declared in"),
    ];
    let rows = unowned.iter().map(|it| {
        vec![
            page::name(input, it.reference),
            it.reference.kind().into(),
            page::place(input, &it.place),
        ]
    });
    page::part(view, "Unowned", about, columns, rows.collect());
}

fn show_only_code_owners(owned: &[WithoutOwner<'_>], input: &ReportInput<'_>, view: &mut View) {
    if owned.is_empty() {
        return;
    }
    let about = "Their descriptors name no owner. CODEOWNERS says whose they are.";
    let columns = vec![
        Column::fixed("name"),
        Column::fixed("kind"),
        Column::fixed("by CODEOWNERS"),
        Column::flexible("declared in"),
    ];
    let rows = owned.iter().map(|it| {
        vec![
            page::name(input, it.reference),
            it.reference.kind().into(),
            page::names(input, it.code_owner),
            page::place(input, &it.place),
        ]
    });
    page::part(
        view,
        "Owned by CODEOWNERS only",
        about,
        columns,
        rows.collect(),
    );
}

fn show_missing(missing: &[MissingOwner<'_>], input: &ReportInput<'_>, view: &mut View) {
    let about = match missing.len() {
        0 => "Every owner is an entity of the catalog.",
        _ => "These owners are named, but the catalog does not have them.",
    };
    let columns = vec![
        Column::fixed("owner"),
        Column::numeric("owns"),
        Column::flexible("what"),
    ];
    let rows = missing.iter().map(|it| {
        vec![
            page::name(input, it.owner),
            page::number(it.entities.len()),
            page::names(input, it.entities.iter().copied()),
        ]
    });
    page::part(
        view,
        "Owners that are missing",
        about,
        columns,
        rows.collect(),
    );
}

fn show_load(teams: &[Load<'_>], input: &ReportInput<'_>, view: &mut View) {
    let about = "A bus factor of 1 means that one person made over half of the commits of the \
                 last 365 days.";
    let columns = vec![
        Column::fixed("team"),
        Column::numeric("people"),
        Column::numeric("components"),
        Column::numeric("systems"),
        Column::numeric("others"),
        Column::fixed("last commit"),
        Column::flexible("bus factor 1"),
    ];
    // Who carries most stands first.
    let mut teams: Vec<&Load<'_>> = teams.iter().collect();
    teams.sort_by_key(|team| std::cmp::Reverse(team.components));
    let rows = teams.into_iter().map(|team| {
        let mut risks = page::names(input, team.bus_factor_one.iter().copied());
        if team.bus_factor_unknown > 0 {
            let gap = if team.bus_factor_one.is_empty() {
                ""
            } else {
                "; "
            };
            let unknown = format!("{gap}{} not known", team.bus_factor_unknown);
            risks = risks.then(unknown, Role::Faint);
        }
        vec![
            page::name(input, team.owner),
            page::number(team.people),
            page::number(team.components),
            page::number(team.systems),
            page::number(team.others),
            Text::plain(team.last_commit.clone().unwrap_or_default()),
            risks,
        ]
    });
    page::part(view, "Load of each team", about, columns, rows.collect());
}

fn show_silent(teams: &[SilentTeam<'_>], input: &ReportInput<'_>, view: &mut View) {
    let about = match teams.len() {
        0 => "No team is known whose people have all stopped to commit to what it owns.",
        _ => "None of their people has committed to what they own in the last 180 days.",
    };
    let columns = vec![
        Column::fixed("team"),
        Column::numeric("components"),
        Column::fixed("last commit by anybody"),
        Column::flexible("people"),
    ];
    let rows = teams.iter().map(|team| {
        vec![
            page::name(input, team.owner),
            page::number(team.components),
            Text::plain(team.last_commit.clone().unwrap_or_default()),
            page::names(input, team.people.iter().copied()),
        ]
    });
    page::part(
        view,
        "Teams whose people no longer commit",
        about,
        columns,
        rows.collect(),
    );
}
