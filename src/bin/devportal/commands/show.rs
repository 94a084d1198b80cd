//! `devportal show`: everything known about an entity.

use anyhow::Result;
use clap_complete::engine::ArgValueCompleter;
use devportal::catalog::{EntityRecord, RelationRecord};
use devportal::diagnostic::Severity;
use devportal::fact::{AskedEntities, FactSelection};
use devportal::model::{EntityRef, Node, date_on_clock};
use devportal::repo::LastChange;
use devportal::report::{EntityFacts, FactRecord};
use serde::Serialize;

use crate::Outcome;
use crate::completion;
use crate::entity_page::{Counts, EntityPage};
use crate::refresh::{Refresh, RefreshedSource};
use crate::session::Session;

/// Options of `show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The entity: its name, or kind:namespace/name
    #[arg(value_name = "REF", add = ArgValueCompleter::new(completion::entity))]
    reference: String,
    /// Ask its sources now, show what they say, and write nothing
    #[arg(long)]
    refresh: bool,
}

/// The answer in one object.
#[derive(Serialize)]
struct Shown<'a> {
    schema: &'static str,
    complete: bool,
    entity: EntityRecord<'a>,
    relations: Vec<RelationRecord<'a>>,
    people: Vec<&'a EntityRef>,
    dependencies: Counts,
    dependents: Counts,
    home: Option<HomeRecord>,
    changed: Option<ChangeRecord>,
    documentation: Vec<PageRecord<'a>>,
    facts: Vec<FactRecord<'a>>,
    /// What became of asking its sources, with "--refresh".
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh: Option<&'a [RefreshedSource]>,
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
struct ChangeRecord {
    commit: String,
    author: String,
    date: String,
}

#[derive(Serialize)]
struct PageRecord<'a> {
    title: &'a str,
    path: &'a str,
}

#[derive(Serialize)]
struct FindingRecord {
    code: &'static str,
    severity: Severity,
    message: String,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(&["human", "json", "yaml", "markdown"])?;
    if args.refresh {
        Refresh::is_possible(session)?;
    }
    let scan = session.scan()?;
    let Some(id) = session.entity(&scan, &args.reference, &[])? else {
        return Ok(session.outcome_of_nothing(&scan));
    };
    let mut gathered = session.facts(&scan, FactSelection::All, AskedEntities::Only(&[id]));
    session.keep_unread(&gathered.problems);
    let refresh = if args.refresh {
        Some(Refresh::of(session, &scan, id, &mut gathered.facts)?)
    } else {
        None
    };
    let page = EntityPage::gather(&scan, id, &session.moment(), &gathered.facts);
    let is_refreshed = refresh.as_ref().is_none_or(Refresh::is_complete);
    let complete = session.is_complete(&scan) && is_refreshed;
    let answer = || answer(&page, complete, refresh.as_ref());
    match format {
        "json" => session.write_json(&answer())?,
        "yaml" => session.write_yaml(&answer())?,
        format => session.write_view(&page.view(), format)?,
    }
    let asked = refresh.map_or(Outcome::Fine, |refresh| refresh.outcome(session));
    match session.outcome_of_answer(&scan) {
        Outcome::Fine => Ok(asked),
        outcome => Ok(outcome),
    }
}

fn answer<'a>(page: &'a EntityPage<'a>, complete: bool, refresh: Option<&'a Refresh>) -> Shown<'a> {
    let (scan, id) = (page.scan, page.id);
    let entity = scan.catalog.entity(id);
    Shown {
        schema: "devportal.show/v1",
        complete,
        entity: scan.catalog.record(id),
        relations: relations(page),
        people: page.people(),
        dependencies: page.dependencies,
        dependents: page.dependents,
        home: scan.catalog.home(entity).map(|home| HomeRecord {
            repository: home.repository.to_string(),
            folder: home.folder,
        }),
        changed: changed(&page.changed),
        documentation: pages(page),
        facts: page
            .facts
            .as_ref()
            .map(EntityFacts::records)
            .unwrap_or_default(),
        refresh: refresh.map(|refresh| refresh.sources.as_slice()),
        links: entity.links().map(Node::to_json).collect(),
        annotations: entity
            .annotations()
            .map(|(key, value)| (key.to_owned(), value.into()))
            .collect(),
        findings: page
            .findings
            .iter()
            .map(|finding| FindingRecord {
                code: finding.code.name,
                severity: finding.severity,
                message: finding.message.clone(),
            })
            .collect(),
    }
}

fn relations<'a>(page: &EntityPage<'a>) -> Vec<RelationRecord<'a>> {
    let relations = page.scan.catalog.relations_of(page.id).into_iter();
    relations.map(|relation| relation.record()).collect()
}

fn pages<'a>(page: &'a EntityPage<'_>) -> Vec<PageRecord<'a>> {
    let pages = page.documentation.pages.iter();
    pages
        .map(|page| PageRecord {
            title: &page.title,
            path: page.file.path(),
        })
        .collect()
}

fn changed(change: &LastChange) -> Option<ChangeRecord> {
    match change {
        LastChange::Committed(change) => Some(ChangeRecord {
            commit: change.commit.clone(),
            author: change.author.clone(),
            date: date_on_clock(change.seconds, change.offset),
        }),
        LastChange::Uncommitted | LastChange::Unknown(_) => None,
    }
}
