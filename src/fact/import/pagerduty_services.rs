//! Services of `PagerDuty`, as CSV and as JSON of its API: which escalation policy says who is on
//! call. Who that is, only the API knows.

use std::borrow::Cow;

use serde::Deserialize;

use super::document::{begins_with, json, looks_like, text};
use super::pagerduty_incidents::subject;
use super::table::{has_columns, read_rows};
use super::{Amount, ImportError, ImportFile, ImportFormat, ImportProblem, Imported, Subject};

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "pagerduty-services",
    source: "pagerduty",
    about: "escalation policies: the CSV of PagerDuty's service directory, and the JSON of GET \
            /services (REST API v2, developer.pagerduty.com/api-reference)",
    gives: &["on-call.schedule", "on-call.url"],
    recognises: |file| {
        looks_like(file, &["\"services\"", "\"escalation_policy\""])
            || has_columns(file, &["name", "escalation_policy_name"])
            || has_columns(file, &["service_name", "escalation_policy"])
    },
    read,
};

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    services: Vec<Service<'a>>,
}

#[derive(Deserialize)]
struct Service<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    summary: Option<Cow<'a, str>>,
    #[serde(borrow)]
    html_url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    escalation_policy: Option<Policy<'a>>,
}

#[derive(Deserialize)]
struct Policy<'a> {
    #[serde(borrow)]
    summary: Option<Cow<'a, str>>,
    #[serde(borrow)]
    html_url: Option<Cow<'a, str>>,
}

fn read(file: &ImportFile<'_>) -> Result<Imported, ImportError> {
    let text = text(file)?;
    let mut imported = Imported::default();
    if !begins_with(file, &['{', '[']) {
        of_table(&text, &mut imported)?;
        return Ok(imported);
    }
    let pages: Vec<Page<'_>> = if text.trim_start().starts_with('[') {
        json(&text)?
    } else {
        vec![json(&text)?]
    };
    for service in pages.iter().flat_map(|page| &page.services) {
        let name = service.name.as_deref().or(service.summary.as_deref());
        let policy = service.escalation_policy.as_ref();
        let schedule = policy.and_then(|it| it.summary.as_deref());
        let url = policy.and_then(|it| it.html_url.as_deref());
        let url = url.or(service.html_url.as_deref());
        if let Some(subject) = subject(Some(&service.id), name) {
            say(&subject, schedule, url, &mut imported);
        }
    }
    Ok(imported)
}

fn of_table(text: &str, imported: &mut Imported) -> Result<(), ImportError> {
    const NAME: &[&str] = &["name", "service_name", "service"];
    const POLICY: &[&str] = &["escalation_policy_name", "escalation_policy"];
    read_rows(text, &[NAME, POLICY], |row| {
        let id = row.get(&["id", "service_id"]);
        let Some(subject) = subject(id, row.get(NAME)) else {
            let problem = ImportProblem::new("a service has no name").on_line(row.line);
            imported.problems.push(problem);
            return;
        };
        let url = row.get(&["escalation_policy_url", "html_url", "url"]);
        say(&subject, row.get(POLICY), url, imported);
    })
}

fn say(subject: &Subject, schedule: Option<&str>, url: Option<&str>, imported: &mut Imported) {
    let url = url.filter(|url| url.starts_with("https://"));
    for (name, text) in [("on-call.schedule", schedule), ("on-call.url", url)] {
        if let Some(text) = text {
            imported.add(subject, name, Amount::value(text));
        }
    }
}
