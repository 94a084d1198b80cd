//! `devportal show`: everything known about an entity.

use anyhow::Result;
use devportal::catalog::{Catalog, EntityId, EntityRecord, RelationRecord};
use devportal::check::{self, CheckInput};
use devportal::diagnostic::{Diagnostic, Severity};
use devportal::model::{Entity, RelationType};
use devportal::scan::Scan;
use devportal::view::{Block, Role, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::session::Session;

/// Options of `show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The entity: its name, or kind:namespace/name
    #[arg(value_name = "REF")]
    reference: String,
}

/// The answer in one object.
#[derive(Serialize)]
struct Shown<'a> {
    schema: &'static str,
    complete: bool,
    entity: EntityRecord<'a>,
    relations: Vec<RelationRecord<'a>>,
    home: Option<HomeRecord>,
    links: Vec<serde_json::Value>,
    annotations: serde_json::Map<String, serde_json::Value>,
    findings: Vec<FindingRecord>,
}

#[derive(Serialize)]
struct HomeRecord {
    repository: String,
    folder: String,
}

#[derive(Serialize)]
struct FindingRecord {
    code: &'static str,
    severity: Severity,
    message: String,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(&["human", "json", "markdown"])?;
    let scan = session.scan()?;
    let catalog = &scan.catalog;
    let Some(id) = session.entity(&scan, &args.reference, &[])? else {
        return Ok(session.outcome_of_nothing(&scan));
    };
    let findings = findings(&scan, catalog.entity(id));
    if format == "json" {
        let relations = catalog.relations_of(id);
        let relations = relations
            .iter()
            .map(devportal::catalog::Relation::record)
            .collect();
        session.write_json(&answer(&scan, id, relations, &findings))?;
    } else {
        session.write_view(&page(catalog, id, &findings), format)?;
    }
    Ok(session.outcome_of_answer(&scan))
}

fn answer<'a>(
    scan: &'a Scan,
    id: EntityId,
    relations: Vec<RelationRecord<'a>>,
    findings: &[Diagnostic],
) -> Shown<'a> {
    let entity = scan.catalog.entity(id);
    let home = scan.catalog.home(entity);
    Shown {
        schema: "devportal.show/v1",
        complete: scan.is_complete(),
        entity: scan.catalog.record(id),
        relations,
        home: home.map(|home| HomeRecord {
            repository: home.repository.to_string(),
            folder: home.folder,
        }),
        links: entity
            .links()
            .map(devportal::model::Node::to_json)
            .collect(),
        annotations: entity
            .annotations()
            .map(|(key, value)| (key.to_owned(), value.into()))
            .collect(),
        findings: findings
            .iter()
            .map(|finding| FindingRecord {
                code: finding.code.name,
                severity: finding.severity,
                message: finding.message.clone(),
            })
            .collect(),
    }
}

/// What is wrong with the entity.
fn findings(scan: &Scan, entity: &Entity) -> Vec<Diagnostic> {
    let input = CheckInput {
        catalog: &scan.catalog,
        is_single_repository: scan.is_single_repository,
    };
    let all = scan.diagnostics.iter().cloned().chain(check::run(&input));
    let mut findings: Vec<Diagnostic> = all
        .filter(|finding| {
            finding.entity.as_ref() == Some(entity.reference())
                && !scan.suppressions.covers(finding)
        })
        .map(|finding| super::check::with_severity(finding, scan))
        .filter(|finding| finding.severity != Severity::Off)
        .collect();
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// The page for people: what is empty is not there.
fn page(catalog: &Catalog, id: EntityId, findings: &[Diagnostic]) -> View {
    let entity = catalog.entity(id);
    let mut view = View::new();
    let name = entity.title().unwrap_or_else(|| entity.name());
    view.push(Block::Heading(
        Text::new(name, Role::Name).then(format!("  {}", entity.reference().short()), Role::Faint),
    ));
    if let Some(description) = entity.description() {
        view.push(Block::Paragraph(Text::plain(description.trim())));
    }
    view.push(Block::KeyValues(facts(catalog, id)));
    let relations = related(catalog, id);
    if !relations.is_empty() {
        view.push(Block::KeyValues(relations));
    }
    let links = links(entity);
    if !links.is_empty() {
        view.push(Block::Heading(Text::plain("Links")));
        view.push(Block::List(links));
    }
    if !findings.is_empty() {
        view.push(Block::Heading(Text::plain("Findings")));
        view.push(Block::List(findings.iter().map(finding).collect()));
    }
    view
}

fn facts(catalog: &Catalog, id: EntityId) -> Vec<(String, Text)> {
    let entity = catalog.entity(id);
    let record = catalog.record(id);
    let mut rows = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        rows.extend(
            value
                .filter(|value| !value.is_empty())
                .map(|value| (name.to_owned(), Text::plain(value))),
        );
    };
    let kind = record.spec_type.map_or_else(
        || entity.kind().to_owned(),
        |spec_type| format!("{}, {spec_type}", entity.kind()),
    );
    add("kind", Some(kind));
    add("lifecycle", record.lifecycle.map(str::to_owned));
    add("owner", owner(catalog, id));
    add(
        "system",
        record.system.map(devportal::model::EntityRef::short),
    );
    add(
        "domain",
        record.domain.map(devportal::model::EntityRef::short),
    );
    add("tags", Some(record.tags.join(", ")));
    let labels: Vec<String> = entity
        .labels()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    add("labels", Some(labels.join(", ")));
    add(
        "e-mail",
        entity
            .spec()
            .and_then(|spec| spec.get("profile")?.str_at("email"))
            .map(str::to_owned),
    );
    add("declared", Some(format!("{}:{}", record.path, record.line)));
    add("repository", Some(record.repository.to_owned()));
    let home = catalog.home(entity);
    add(
        "home",
        home.map(|home| {
            if home.folder.is_empty() {
                home.repository.to_string()
            } else {
                format!("{} {}", home.repository, home.folder)
            }
        }),
    );
    if !entity.is_valid() {
        rows.push((
            "status".to_owned(),
            Text::new("invalid: Backstage refuses it", Role::Bad(Severity::Error)),
        ));
    }
    rows
}

/// The owner with the way to reach it.
fn owner(catalog: &Catalog, id: EntityId) -> Option<String> {
    let owner = catalog.owner(id)?;
    let contact = catalog
        .get(owner.reference)
        .and_then(|group| group.spec()?.get("profile")?.str_at("email"));
    let contact = contact
        .map(|contact| format!(" <{contact}>"))
        .unwrap_or_default();
    let derived = if owner.derived {
        " (from CODEOWNERS)"
    } else {
        ""
    };
    let missing = if catalog.get(owner.reference).is_none() {
        " (not in the catalog)"
    } else {
        ""
    };
    Some(format!(
        "{}{contact}{derived}{missing}",
        owner.reference.short()
    ))
}

/// The relations, but those that are told above.
fn related(catalog: &Catalog, id: EntityId) -> Vec<(String, Text)> {
    let relations = catalog.relations_of(id);
    let shown = RelationType::ALL
        .into_iter()
        .filter(|relation| *relation != RelationType::OwnedBy);
    shown
        .filter_map(|relation| {
            let targets: Vec<String> = relations
                .iter()
                .filter(|found| {
                    found.relation == relation
                        && !is_told_above(found.relation, found.target.kind())
                })
                .map(|found| {
                    if found.dangling {
                        format!("{} (not in the catalog)", found.target.short())
                    } else {
                        found.target.short()
                    }
                })
                .collect();
            (!targets.is_empty())
                .then(|| (title(relation).to_owned(), Text::plain(summary(&targets))))
        })
        .collect()
}

/// The system and the domain of an entity stand among its facts.
fn is_told_above(relation: RelationType, kind: &str) -> bool {
    relation == RelationType::PartOf && matches!(kind, "system" | "domain")
}

fn title(relation: RelationType) -> &'static str {
    match relation {
        RelationType::ConsumesApi => "consumes",
        RelationType::ApiConsumedBy => "consumed by",
        RelationType::ProvidesApi => "provides",
        RelationType::ApiProvidedBy => "provided by",
        RelationType::DependsOn => "depends on",
        RelationType::DependencyOf => "needed by",
        RelationType::ChildOf => "child of",
        RelationType::ParentOf => "parent of",
        RelationType::MemberOf => "member of",
        RelationType::HasMember => "members",
        RelationType::OwnedBy => "owned by",
        RelationType::OwnerOf => "owns",
        RelationType::PartOf => "part of",
        RelationType::HasPart => "parts",
    }
}

fn summary(targets: &[String]) -> String {
    const MOST: usize = 12;
    let more = targets.len().saturating_sub(MOST);
    let shown = targets
        .iter()
        .take(MOST)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if more == 0 {
        shown
    } else {
        format!("{shown} and {more} more")
    }
}

fn links(entity: &Entity) -> Vec<Text> {
    let links = entity
        .links()
        .filter_map(|link| Some((link.str_at("title"), link.str_at("url")?)));
    links
        .map(|(title, url)| match title {
            Some(title) => Text::plain(format!("{title}: ")).then(url, Role::Url),
            None => Text::new(url, Role::Url),
        })
        .collect()
}

fn finding(finding: &Diagnostic) -> Text {
    let line = finding
        .place
        .as_ref()
        .and_then(|place| Some(format!("{}:{}", place.file.path(), place.span?.line)));
    Text::new(
        format!("{}[{}]", finding.severity, finding.code.name),
        Role::Bad(finding.severity),
    )
    .then(format!(" {}", finding.message), Role::Plain)
    .then(
        line.map(|line| format!(" ({line})")).unwrap_or_default(),
        Role::Faint,
    )
}
