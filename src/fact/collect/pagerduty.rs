//! `PagerDuty`: incidents, and who is on call.
//!
//! Written from the reference of its REST API, version 2
//! (<https://developer.pagerduty.com/api-reference/>): get a service, list services, list
//! incidents, list on-calls. Not yet run against the vendor.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::answer::{list, missing, number, text};
use super::{
    Answer, AskContext, Authorization, CollectError, CollectErrorKind, Connection, Connector, Page,
    Pages, Target, TargetRequest, encoded,
};
use crate::fact::Observation;

pub(super) const CONNECTOR: Connector = Connector {
    name: "pagerduty",
    about: "incidents and who is on call, by the REST API v2 of PagerDuty (https://developer.pagerduty.com/api-reference/)",
    annotations: &[SERVICE, INTEGRATION],
    gives: &[
        "incident.open",
        "incidents.30d",
        "incident.last",
        "incident.time-to-resolve",
        "incident.report",
        "on-call.schedule",
        "on-call.url",
        "on-call.people",
    ],
    api: "https://api.pagerduty.com",
    api_variable: "PAGERDUTY_API_URL",
    token_variables: &["PAGERDUTY_TOKEN", "PAGERDUTY_API_TOKEN"],
    authorization: Authorization::Scheme("Token token="),
    targets,
    ask,
};

const SERVICE: &str = "pagerduty.com/service-id";
const INTEGRATION: &str = "pagerduty.com/integration-key";
/// The version of the API.
const HEADERS: &[(&str, &str)] = &[("accept", "application/vnd.pagerduty+json;version=2")];
/// Incidents on a page; the API has no larger ones.
const PAGE: usize = 100;
/// The API lists no more than this, whatever the offset.
const MOST_LISTED: usize = 10_000;
/// The API looks at no more than six months.
const LONGEST_RANGE: SignedDuration = SignedDuration::from_hours(179 * 24);
const THIRTY_DAYS: SignedDuration = SignedDuration::from_hours(30 * 24);

fn targets(request: &TargetRequest<'_>) -> Vec<Target> {
    let mut targets = request.by_annotation(SERVICE, "service", "service");
    let mut by_key = request.by_annotation(INTEGRATION, "service of an integration key", "key");
    // What has both is asked for by its service.
    for target in &mut by_key {
        // The key lets others report incidents, so it is not shown.
        target.label = String::from("service of an integration key");
        target.entities.retain(|entity| {
            let mut known = targets.iter();
            !known.any(|known| known.entities.contains(entity))
        });
    }
    by_key.retain(|target| !target.entities.is_empty());
    targets.extend(by_key);
    targets
}

fn ask(connection: &Connection, target: &Target, context: &AskContext<'_>) -> Answer {
    let service = match service(connection, target) {
        Ok(service) => service,
        Err(error) => return Answer::failed(error),
    };
    let mut answer = Answer::default();
    incidents(connection, &service, context, &mut answer);
    if !answer.is_hopeless() {
        on_call(connection, &service, &mut answer);
    }
    answer
}

/// A service, as far as it is needed.
struct Service {
    id: String,
    page: Option<String>,
    policy: Option<String>,
}

/// The service of an identifier, or the one that an integration key belongs to.
fn service(connection: &Connection, target: &Target) -> Result<Service, CollectError> {
    let include = "include[]=escalation_policies";
    let id = target.parameter("service");
    if !id.is_empty() {
        if !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let message = format!("\"{id}\" is no identifier of a service");
            return Err(connection.error(CollectErrorKind::Failed, &message));
        }
        let page = connection.get_with(&format!("/services/{id}?{include}"), HEADERS)?;
        let found = page
            .body
            .get("service")
            .ok_or_else(|| missing("/service"))?;
        return Service::of(found);
    }
    // The list finds integration keys, too; whether the service really has it is looked at here.
    let key = target.parameter("key");
    let path = format!(
        "/services?query={}&include[]=integrations&{include}",
        encoded(key)
    );
    let page = connection.get_with(&path, HEADERS)?;
    let found = list(&page.body, "/services")?.iter().find(|service| {
        let integrations = service["integrations"].as_array();
        let mut integrations = integrations.into_iter().flatten();
        integrations.any(|integration| integration["integration_key"] == key)
    });
    match found {
        Some(found) => Service::of(found),
        None => Err(CollectError {
            kind: CollectErrorKind::NotFound,
            message: "no service has the integration key".to_owned(),
        }),
    }
}

impl Service {
    fn of(found: &Value) -> Result<Self, CollectError> {
        let id = text(found, "/id")?.to_owned();
        let optional = |pointer| found.pointer(pointer).and_then(Value::as_str);
        Ok(Self {
            id,
            page: optional("/html_url").map(str::to_owned),
            policy: optional("/escalation_policy/id").map(str::to_owned),
        })
    }
}

/// An incident, as far as it is needed.
struct Incident {
    created_at: Timestamp,
    resolved_at: Option<Timestamp>,
}

impl Incident {
    fn of(found: &Value) -> Result<Self, CollectError> {
        let time = |field: &str| found[field].as_str()?.parse::<Timestamp>().ok();
        let is_resolved = text(found, "/status")? == "resolved";
        // Older incidents say only when they changed last, which is when they were resolved.
        let resolved_at = time("resolved_at").or_else(|| time("last_status_change_at"));
        Ok(Self {
            created_at: time("created_at").ok_or_else(|| missing("/incidents/created_at"))?,
            resolved_at: resolved_at.filter(|_| is_resolved),
        })
    }

    fn hours_to_resolve(&self) -> Option<f64> {
        let took = self
            .resolved_at?
            .duration_since(self.created_at)
            .as_secs_f64()
            / 3600.0;
        (took >= 0.0).then_some(took)
    }
}

fn incidents(
    connection: &Connection,
    service: &Service,
    context: &AskContext<'_>,
    answer: &mut Answer,
) {
    let observe = |name: &'static str, value: Value| {
        let observation = Observation::new(name, value);
        match &service.page {
            Some(page) => observation.evidence(page),
            None => observation,
        }
    };
    let open = "statuses[]=triggered&statuses[]=acknowledged&date_range=all";
    let open = answer.keep(list_incidents(connection, service, open));
    if let Some(open) = open {
        answer.add(observe("incident.open", open.len().into()));
    }
    if answer.is_hopeless() {
        return;
    }
    if let Some(page) = &service.page {
        answer.add(observe("incident.report", page.as_str().into()));
    }
    let month = context.now.checked_sub(THIRTY_DAYS).unwrap_or(context.now);
    let earliest = context.now.checked_sub(LONGEST_RANGE).unwrap_or(month);
    let since = context.since.min(month).max(earliest);
    let range = |since: Timestamp| format!("since={since}&until={}", context.now);
    let Some(listed) = answer.keep(list_incidents(connection, service, &range(since))) else {
        return;
    };
    let lately = listed
        .iter()
        .filter(|incident| incident.created_at >= month);
    let hours: Vec<f64> = lately
        .clone()
        .filter_map(Incident::hours_to_resolve)
        .collect();
    answer.add(observe("incidents.30d", lately.count().into()));
    if !hours.is_empty() {
        let count = u32::try_from(hours.len()).unwrap_or(u32::MAX);
        let mean = hours.iter().sum::<f64>() / f64::from(count);
        let mean = (mean * 100.0).round() / 100.0;
        answer.add(observe("incident.time-to-resolve", number(mean)));
    }
    let mut last = listed.iter().map(|incident| incident.created_at).max();
    if last.is_none() {
        let latest = format!("{}&sort_by=created_at:desc&limit=1", range(earliest));
        let page = answer.keep(incident_page(connection, service, &latest));
        last = page.and_then(|page| page.first().map(|incident| incident.created_at));
    }
    if let Some(last) = last {
        answer.add(observe("incident.last", last.to_string().into()));
    }
}

/// All incidents that fit, page by page.
fn list_incidents(
    connection: &Connection,
    service: &Service,
    which: &str,
) -> Result<Vec<Incident>, CollectError> {
    let path = |offset: usize| {
        format!(
            "/incidents?service_ids[]={}&{which}&limit={PAGE}&offset={offset}",
            service.id
        )
    };
    let mut incidents: Vec<Incident> = Vec::new();
    let mut pages: Pages<'_> = connection.pages(&path(0), HEADERS);
    let mut offset = 0;
    while let Some(page) = pages.next() {
        let page = page?;
        let found = incidents_of(&page)?;
        let is_empty = found.is_empty();
        incidents.extend(found);
        if page.body["more"] != true || is_empty {
            break;
        }
        offset += PAGE;
        if offset >= MOST_LISTED {
            return Err(CollectError::failed(format!(
                "there are more than {MOST_LISTED} incidents, and the API lists no more"
            )));
        }
        pages.continue_at(Some(path(offset)));
    }
    Ok(incidents)
}

fn incident_page(
    connection: &Connection,
    service: &Service,
    which: &str,
) -> Result<Vec<Incident>, CollectError> {
    let path = format!("/incidents?service_ids[]={}&{which}", service.id);
    incidents_of(&connection.get_with(&path, HEADERS)?)
}

fn incidents_of(page: &Page) -> Result<Vec<Incident>, CollectError> {
    let incidents = list(&page.body, "/incidents")?.iter();
    incidents.map(Incident::of).collect()
}

/// Who is on call first, and by which schedule.
fn on_call(connection: &Connection, service: &Service, answer: &mut Answer) {
    let Some(policy) = &service.policy else {
        return;
    };
    let path = format!(
        "/oncalls?escalation_policy_ids[]={}&include[]=users&earliest=true&limit={PAGE}",
        encoded(policy)
    );
    let asked = connection.get_with(&path, HEADERS).and_then(|page| {
        let on_calls = list(&page.body, "/oncalls")?.to_vec();
        Ok(on_calls)
    });
    let Some(on_calls) = answer.keep(asked) else {
        return;
    };
    let first_level: Vec<&Value> = on_calls
        .iter()
        .filter(|on_call| on_call["escalation_level"] == 1)
        .collect();
    let schedules = first_level.iter().map(|on_call| &on_call["schedule"]);
    // Who is on call without a schedule is so by the policy.
    let policies = on_calls.iter().map(|on_call| &on_call["escalation_policy"]);
    let schedule = schedules.chain(policies).find(|it| it.is_object());
    let field = |name: &str| schedule.and_then(|schedule| schedule[name].as_str());
    let (name, page) = (field("summary"), field("html_url"));
    let observe = |name: &'static str, value: Value| {
        let observation = Observation::new(name, value);
        match page {
            Some(page) => observation.evidence(page),
            None => observation,
        }
    };
    if let Some(name) = name {
        answer.add(observe("on-call.schedule", name.into()));
    }
    if let Some(page) = page {
        answer.add(observe("on-call.url", page.into()));
    }
    let people = first_level.iter().filter_map(|on_call| {
        let user = &on_call["user"];
        user["name"].as_str().or_else(|| user["summary"].as_str())
    });
    let mut people: Vec<&str> = people.collect();
    people.dedup();
    answer.add(observe("on-call.people", people.into()));
}
