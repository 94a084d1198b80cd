//! Incidents of `PagerDuty`, as CSV of its reports and as JSON of its API.
//!
//! An incident belongs to the entity with the id of its service (`pagerduty.com/service-id`), else
//! to the one that is called like the service. A service that is not in the file is unknown.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::document::{begins_with, json, looks_like, or_default, text, time};
use super::incident::{self, Incident};
use super::table::{has_columns, read_rows};
use super::{ImportError, ImportFile, ImportFormat, ImportProblem, Imported, Subject};

/// The annotation with the id of a service.
pub(super) const SERVICE_ID: &str = "pagerduty.com/service-id";

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "pagerduty-incidents",
    source: "pagerduty",
    about: "incidents: the CSV of PagerDuty's incident reports \
            (support.pagerduty.com/main/docs/reports), and the JSON of GET /incidents \
            (REST API v2, developer.pagerduty.com/api-reference)",
    gives: incident::GIVES,
    recognises: |file| {
        looks_like(file, &["\"incidents\"", "\"incident_number\""])
            || has_columns(file, &["service_name", "incident_number"])
            || has_columns(file, &["service_id", "created_on", "resolved_on"])
    },
    read,
};

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    incidents: Vec<Reported<'a>>,
    #[serde(default, deserialize_with = "or_default")]
    more: bool,
}

#[derive(Deserialize)]
struct Reported<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    status: Option<Cow<'a, str>>,
    #[serde(borrow)]
    created_at: Cow<'a, str>,
    #[serde(borrow)]
    resolved_at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    last_status_change_at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    service: Service<'a>,
}

#[derive(Deserialize)]
struct Service<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    summary: Option<Cow<'a, str>>,
}

fn read(file: &ImportFile<'_>) -> Result<Imported, ImportError> {
    let text = text(file)?;
    let mut imported = Imported::default();
    let incidents = if begins_with(file, &['{', '[']) {
        of_json(&text, &mut imported)?
    } else {
        of_table(&text, &mut imported)?
    };
    // One that is on two pages counts once.
    let once: BTreeMap<String, Incident> = incidents.into_iter().collect();
    incident::say(once.into_values(), file, &mut imported);
    Ok(imported)
}

fn of_json(text: &str, imported: &mut Imported) -> Result<Vec<(String, Incident)>, ImportError> {
    let pages: Vec<Page<'_>> = if text.trim_start().starts_with('[') {
        json(text)?
    } else {
        vec![json(text)?]
    };
    if pages.last().is_some_and(|page| page.more) {
        let problem = ImportProblem::new("PagerDuty has further pages of incidents");
        let help = "import the files of all pages in one run; each is counted by itself";
        imported.problems.push(problem.help(help));
    }
    let mut incidents = Vec::new();
    for reported in pages.iter().flat_map(|page| &page.incidents) {
        let status = reported.status.as_deref();
        let is_resolved = status.map_or(reported.resolved_at.is_some(), |it| it == "resolved");
        let ended = reported.resolved_at.as_deref();
        let ended = ended.or(reported.last_status_change_at.as_deref());
        let ended = ended.filter(|_| is_resolved).and_then(time);
        let began = time(&reported.created_at);
        let (Some(began), true) = (began, ended.is_some() || !is_resolved) else {
            imported.problem(format!("incident \"{}\" has no time", reported.id));
            continue;
        };
        let subject = subject(
            Some(&reported.service.id),
            reported.service.summary.as_deref(),
        );
        let Some(subject) = subject else { continue };
        incidents.push((
            reported.id.to_string(),
            Incident {
                subject,
                environment: None,
                began,
                ended,
            },
        ));
    }
    Ok(incidents)
}

fn of_table(text: &str, imported: &mut Imported) -> Result<Vec<(String, Incident)>, ImportError> {
    const CREATED: &[&str] = &["created_on", "created_at", "created"];
    const RESOLVED: &[&str] = &["resolved_on", "resolved_at", "resolved"];
    const SERVICE: &[&str] = &["service_name", "service", "service_id"];
    let mut incidents = Vec::new();
    read_rows(text, &[CREATED, RESOLVED, SERVICE], |row| {
        let id = row.get(&["id", "incident_id", "incident_number"]);
        let id = id.map_or_else(|| format!("line {}", row.line), str::to_owned);
        let problem = |what: &str| {
            ImportProblem::new(format!("incident \"{id}\" has no {what}")).on_line(row.line)
        };
        let name = row.get(&["service_name", "service"]);
        let Some(subject) = subject(row.get(&["service_id"]), name) else {
            imported.problems.push(problem("service"));
            return;
        };
        let Some(began) = row.get(CREATED).and_then(time) else {
            imported.problems.push(problem("time when it was created"));
            return;
        };
        let ended = row.get(RESOLVED).map(time);
        let is_said_resolved = row.get(&["status"]) == Some("resolved");
        let ended = match ended {
            Some(None) => {
                imported.problems.push(problem("time when it was resolved"));
                return;
            }
            None if is_said_resolved => {
                imported.problems.push(problem("time when it was resolved"));
                return;
            }
            Some(ended) => ended,
            None => None,
        };
        incidents.push((
            id.clone(),
            Incident {
                subject,
                environment: None,
                began,
                ended,
            },
        ));
    })?;
    Ok(incidents)
}

/// What is said of a service.
pub(super) fn subject(id: Option<&str>, name: Option<&str>) -> Option<Subject> {
    match (id, name) {
        (Some(id), name) => Some(Subject::Annotation {
            annotation: SERVICE_ID,
            value: id.to_owned(),
            or_name: name.map(str::to_owned),
        }),
        (None, Some(name)) => Some(Subject::Annotation {
            annotation: SERVICE_ID,
            value: String::new(),
            or_name: Some(name.to_owned()),
        }),
        (None, None) => None,
    }
}
