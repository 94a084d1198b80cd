//! Snyk, by its REST API of version 2024-10-15 (<https://docs.snyk.io/snyk-api/reference>,
//! <https://apidocs.snyk.io>).
//!
//! An entity is known by the annotations of Snyk's plugin for Backstage: the organisations
//! `snyk.io/org-id`, `snyk.io/org-ids` or `snyk.io/org-name` (its slug), and in them
//! `snyk.io/targets`, `snyk.io/target-id` or else `github.com/project-slug`, and
//! `snyk.io/project-ids`, without `snyk.io/exclude-project-ids`. Entities with the same are one
//! target. That takes a request for each organisation and project, two for each target, and one more
//! for every 100 issues.
//!
//! Issues that are open and not ignored count, of projects that are monitored:
//! `package_vulnerability` as vulnerabilities and `code` as findings in code. Licences and
//! configuration do not. What no project was scanned for is unknown, and so is what one of the
//! projects could not be asked for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use url::Url;

use super::listing::{
    self, CodeFinding, Level, ListRequest, Severities, Vulnerabilities, Vulnerability, is_name,
    moment,
};
use super::{
    Answer, AskContext, Authorization, CollectError, CollectErrorKind, Connection, Connector,
    Target, TargetRequest, encoded,
};
use crate::model::Entity;

/// The connector.
pub(super) const CONNECTOR: Connector = Connector {
    name: "snyk",
    about: "open issues by severity, by the REST API of version 2024-10-15 \
            (https://docs.snyk.io/snyk-api/reference)",
    annotations: &[
        "snyk.io/org-id",
        "snyk.io/org-ids",
        "snyk.io/org-name",
        "snyk.io/target-id",
        "snyk.io/targets",
        "snyk.io/project-ids",
        "snyk.io/exclude-project-ids",
    ],
    gives: &[
        "vulnerability.critical",
        "vulnerability.high",
        "vulnerability.medium",
        "vulnerability.low",
        "vulnerability.fixable",
        "vulnerability.critical.since",
        "vulnerability.high.since",
        "vulnerability.report",
        "code-finding.error",
        "code-finding.warning",
        "code-finding.note",
    ],
    api: "https://api.snyk.io",
    api_variable: "SNYK_API",
    token_variables: &["SNYK_TOKEN"],
    authorization: Authorization::Scheme("token"),
    targets,
    ask,
};

const VERSION: &str = "version=2024-10-15&limit=100";
/// The most pages of a list that are read.
const MOST_PAGES: usize = 20;
/// The most projects in one request, so that its URL stays short.
const MOST_IDS: usize = 50;
/// The type of projects of Snyk Code.
const CODE: &str = "sast";
/// What tells the types of projects that have no packages, as `terraformconfig`.
const CONFIGURATION: &str = "config";

/// An organisation at Snyk.
struct Organisation {
    id: String,
    /// Its name in URLs for people, where Snyk says it.
    slug: Option<String>,
}

/// A project: a manifest, an image, or the code of a repository.
struct Project {
    id: String,
    /// The path of its organisation.
    organisation: String,
    is_code: bool,
}

/// The distinct sets of annotations, in their order.
fn targets(request: &TargetRequest<'_>) -> Vec<Target> {
    let mut targets: BTreeMap<BTreeMap<&str, String>, Target> = BTreeMap::new();
    for entity in request.entities() {
        let Some(parameters) = parameters(entity) else {
            continue;
        };
        let new = || Target {
            label: label(&parameters),
            parameters: parameters.clone(),
            entities: Vec::new(),
        };
        let target = targets.entry(parameters.clone()).or_insert_with(new);
        target.entities.push(entity.reference().clone());
    }
    targets.into_values().collect()
}

/// What an entity is at Snyk, when its annotations say which part of an organisation it is.
fn parameters(entity: &Entity) -> Option<BTreeMap<&'static str, String>> {
    let list = |name: &str| {
        let names = entity.annotation(name).unwrap_or_default().split(',');
        let names = names.map(str::trim).filter(|name| !name.is_empty());
        names.map(str::to_owned).collect::<Vec<String>>()
    };
    let mut organisations = list("snyk.io/org-ids");
    organisations.extend(list("snyk.io/org-id"));
    organisations.sort();
    organisations.dedup();
    let names = if organisations.is_empty() {
        list("snyk.io/org-name")
    } else {
        Vec::new()
    };
    let projects = list("snyk.io/project-ids");
    let mut wanted = list("snyk.io/targets");
    if wanted.is_empty() {
        wanted = list("snyk.io/target-id");
    }
    if wanted.is_empty() && projects.is_empty() {
        wanted = list("github.com/project-slug");
    }
    let has_organisation = !organisations.is_empty() || !names.is_empty();
    let has_part = !wanted.is_empty() || !projects.is_empty();
    (has_organisation && has_part).then(|| {
        BTreeMap::from([
            ("organisations", organisations.join(",")),
            ("organisation-names", names.join(",")),
            ("targets", wanted.join(",")),
            ("projects", projects.join(",")),
            ("excluded", list("snyk.io/exclude-project-ids").join(",")),
        ])
    })
}

fn label(parameters: &BTreeMap<&str, String>) -> String {
    let of = |name: &str| parameters.get(name).map_or("", String::as_str);
    let wanted = [("target", of("targets")), ("project", of("projects"))];
    let wanted = wanted.into_iter().filter(|(_, names)| !names.is_empty());
    let wanted: Vec<String> = wanted
        .map(|(what, names)| format!("{what} {names}"))
        .collect();
    wanted.join(", ")
}

fn ask(connection: &Connection, target: &Target, _context: &AskContext<'_>) -> Answer {
    let found = organisations(connection, target).and_then(|organisations| {
        let projects = projects(connection, target, &organisations)?;
        Ok((organisations, projects))
    });
    let (organisations, projects) = match found {
        Ok(found) => found,
        Err(error) => return Answer::failed(error),
    };
    let report = report(connection, &organisations, &projects);
    let report = report.as_deref();
    let of = |is_code: bool| {
        let projects = projects.iter();
        projects.filter(move |project| project.is_code == is_code)
    };
    let mut answer = Answer::default();
    let packages = answer.keep(family(connection, of(false), vulnerabilities));
    if let Some(open) = packages.flatten() {
        let open = Vulnerabilities {
            open: &open,
            knows_fixes: true,
            report,
        };
        answer.say(open.observations());
    }
    if answer.is_hopeless() {
        return answer;
    }
    let code = answer.keep(family(connection, of(true), findings));
    if let Some(open) = code.flatten() {
        answer.say(CodeFinding::observations(&open, report));
    }
    answer
}

/// What the issues of all projects of a kind are; nothing where there is no such project.
fn family<'a, T>(
    connection: &Connection,
    projects: impl Iterator<Item = &'a Project>,
    read: fn(&[Value]) -> Result<Vec<T>, CollectError>,
) -> Result<Option<Vec<T>>, CollectError> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    let mut is_scanned = false;
    for project in projects {
        is_scanned = true;
        let issues = issues(connection, project)?.into_iter();
        all.extend(issues.filter(|issue| {
            let id = issue["id"].as_str();
            id.is_none_or(|id| seen.insert(id.to_owned()))
        }));
    }
    if is_scanned {
        read(&all).map(Some)
    } else {
        Ok(None)
    }
}

/// The organisations of a target, `GET /rest/orgs/{org_id}` or `GET /rest/orgs?slug=`.
fn organisations(
    connection: &Connection,
    target: &Target,
) -> Result<Vec<Organisation>, CollectError> {
    let mut organisations = Vec::new();
    for id in names(target, "organisations") {
        let slug = slug(connection, id)?;
        let id = id.to_owned();
        organisations.push(Organisation { id, slug });
    }
    for name in names(target, "organisation-names") {
        let path = format!("/rest/orgs?{VERSION}&slug={}", encoded(name));
        let found = list("organisations", path).all(connection).complete()?;
        let found = found
            .into_iter()
            .find(|it| it["attributes"]["slug"] == name);
        let id = found.and_then(|it| it["id"].as_str().map(str::to_owned));
        let Some(id) = id else {
            return Err(not_found(&format!("organisation \"{name}\"")));
        };
        let slug = Some(name.to_owned());
        organisations.push(Organisation { id, slug });
    }
    Ok(organisations)
}

fn slug(connection: &Connection, id: &str) -> Result<Option<String>, CollectError> {
    let path = format!("{}?version=2024-10-15", organisation_path(id)?);
    match connection.get(&path) {
        Ok(page) => {
            let slug = page.body["data"]["attributes"]["slug"].as_str();
            Ok(slug.map(str::to_owned))
        }
        // The issues may be seen all the same; only the link to them is missing.
        Err(error) if error.kind == CollectErrorKind::Forbidden => Ok(None),
        Err(error) => Err(listing::about("organisation", &error)),
    }
}

/// The monitored projects of a target, `GET /rest/orgs/{org_id}/projects`.
fn projects(
    connection: &Connection,
    target: &Target,
    organisations: &[Organisation],
) -> Result<Vec<Project>, CollectError> {
    let excluded: BTreeSet<&str> = names(target, "excluded").collect();
    let mut missing: BTreeSet<&str> = names(target, "targets").collect();
    missing.extend(names(target, "projects"));
    let mut projects = Vec::new();
    let mut seen = BTreeSet::new();
    for organisation in organisations {
        let path = organisation_path(&organisation.id)?;
        let mut found = Vec::new();
        for name in names(target, "targets") {
            if let Some(id) = target_id(connection, &path, name)? {
                missing.remove(name);
                let path = format!("{path}/projects?{VERSION}&target_id={}", encoded(&id));
                found.extend(list("projects", path).all(connection).complete()?);
            }
        }
        let ids: Vec<&str> = names(target, "projects").collect();
        for ids in ids.chunks(MOST_IDS) {
            let ids = encoded(&ids.join(","));
            let path = format!("{path}/projects?{VERSION}&ids={ids}");
            found.extend(list("projects", path).all(connection).complete()?);
        }
        for it in found {
            let Some(id) = it["id"].as_str().filter(|id| is_name(id)) else {
                continue;
            };
            missing.remove(id);
            let kind = it["attributes"]["type"].as_str().unwrap_or_default();
            let is_monitored = it["attributes"]["status"] != "inactive";
            if is_monitored
                && !kind.ends_with(CONFIGURATION)
                && !excluded.contains(id)
                && seen.insert(id.to_owned())
            {
                projects.push(Project {
                    id: id.to_owned(),
                    organisation: path.clone(),
                    is_code: kind == CODE,
                });
            }
        }
    }
    if let Some(name) = missing.first() {
        return Err(not_found(&format!("target or project \"{name}\"")));
    }
    if projects.is_empty() {
        return Err(not_found("monitored project of it"));
    }
    Ok(projects)
}

/// The number of a target that is named, `GET /rest/orgs/{org_id}/targets`.
fn target_id(
    connection: &Connection,
    organisation: &str,
    name: &str,
) -> Result<Option<String>, CollectError> {
    if is_uuid(name) {
        return Ok(Some(name.to_owned()));
    }
    let name_in_query = encoded(name);
    let path = format!("{organisation}/targets?{VERSION}&display_name={name_in_query}");
    let found = list("targets", path).all(connection).complete()?;
    let is_it = |it: &&Value| {
        let shown = it["attributes"]["display_name"].as_str();
        shown.is_some_and(|shown| shown.trim().eq_ignore_ascii_case(name))
    };
    let found = found.iter().find(is_it);
    Ok(found.and_then(|it| it["id"].as_str().map(str::to_owned)))
}

/// The open issues of a project, `GET /rest/orgs/{org_id}/issues`.
fn issues(connection: &Connection, project: &Project) -> Result<Vec<Value>, CollectError> {
    let path = format!(
        "{}/issues?{VERSION}&scan_item.id={}&scan_item.type=project&status=open&ignored=false",
        project.organisation,
        encoded(&project.id)
    );
    let mut issues = list("issues", path).all(connection).complete()?;
    issues.retain(|issue| {
        let attributes = &issue["attributes"];
        attributes["status"] != "resolved" && attributes["ignored"] != true
    });
    Ok(issues)
}

fn vulnerabilities(issues: &[Value]) -> Result<Vec<Vulnerability>, CollectError> {
    const FIXES: [&str; 6] = [
        "is_fixable_snyk",
        "is_fixable_upstream",
        "is_fixable_manually",
        "is_upgradeable",
        "is_patchable",
        "is_pinnable",
    ];
    let mut severities = Severities::default();
    let open = of_type(issues, "package_vulnerability").filter_map(|it| {
        let coordinates = it["coordinates"].as_array();
        let coordinates = coordinates.map(Vec::as_slice).unwrap_or_default();
        let has_fix = |it: &Value| FIXES.iter().any(|fix| it[*fix] == true);
        Some(Vulnerability {
            severity: severities.read(&it["effective_severity_level"])?,
            is_fixable: Some(coordinates.iter().any(has_fix)),
            since: moment(&it["created_at"]),
        })
    });
    let open = open.collect();
    severities.all_known("issues")?;
    Ok(open)
}

fn findings(issues: &[Value]) -> Result<Vec<CodeFinding>, CollectError> {
    let mut severities = Severities::default();
    let open = of_type(issues, "code").filter_map(|it| {
        let severity = severities.read(&it["effective_severity_level"])?;
        let level = Level::of(severity);
        Some(CodeFinding { level })
    });
    let open = open.collect();
    severities.all_known("issues")?;
    Ok(open)
}

/// The attributes of the issues of a type.
fn of_type<'a>(issues: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    let attributes = issues.iter().map(|issue| &issue["attributes"]);
    attributes.filter(move |attributes| attributes["type"] == kind)
}

/// Where people look at the issues, when they are of one organisation. The site is named after the
/// API of its region.
fn report(
    connection: &Connection,
    organisations: &[Organisation],
    projects: &[Project],
) -> Option<String> {
    let [organisation] = organisations else {
        return None;
    };
    let slug = organisation.slug.as_ref().filter(|slug| is_name(slug))?;
    let url = Url::parse(connection.api()).ok()?;
    let region = url.host_str()?.strip_prefix("api.")?;
    let rest = match projects {
        [project] => format!("project/{}", encoded(&project.id)),
        _ => "projects".to_owned(),
    };
    Some(format!("https://app.{region}/org/{}/{rest}", encoded(slug)))
}

fn list(what: &str, path: String) -> ListRequest<'_> {
    ListRequest {
        what,
        path,
        items: Some("data"),
        most_pages: MOST_PAGES,
        headers: &[],
        next: Some(next),
    }
}

/// The next page of JSON:API, which Snyk writes with or without the folder of the API.
fn next(body: &Value) -> Option<String> {
    let next = &body["links"]["next"];
    let next = next.as_str().or_else(|| next["href"].as_str())?;
    let is_path = next.starts_with('/') && !next.starts_with("/rest/");
    Some(if is_path {
        format!("/rest{next}")
    } else {
        next.to_owned()
    })
}

fn organisation_path(id: &str) -> Result<String, CollectError> {
    if is_name(id) {
        Ok(format!("/rest/orgs/{}", encoded(id)))
    } else {
        Err(not_found(&format!("organisation \"{id}\"")))
    }
}

/// The names that a parameter of a target has.
fn names<'a>(target: &'a Target, parameter: &str) -> impl Iterator<Item = &'a str> {
    let names = target.parameter(parameter).split(',');
    names.filter(|name| !name.is_empty())
}

fn not_found(what: &str) -> CollectError {
    CollectError {
        kind: CollectErrorKind::NotFound,
        message: format!("there is no {what} at Snyk, or the token may not see it"),
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    let is_digit = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::{CONNECTOR, Connection, Organisation, Project, report};
    use crate::http::{Client, Limits};

    #[test]
    fn the_report_is_on_the_site_of_the_region() {
        let link = |api: &str, projects: &[&str]| {
            let client = Client::new(Limits::default());
            let api = api.to_owned();
            let connection = Connection::new(client, api, None, CONNECTOR.authorization);
            let organisation = Organisation {
                id: "1".to_owned(),
                slug: Some("larkspur".to_owned()),
            };
            let projects = projects.iter().map(|id| Project {
                id: (*id).to_owned(),
                organisation: String::new(),
                is_code: false,
            });
            report(&connection, &[organisation], &projects.collect::<Vec<_>>())
        };
        let of_project = link("https://api.snyk.io", &["a"]);
        let expected = "https://app.snyk.io/org/larkspur/project/a";
        assert_eq!(of_project.as_deref(), Some(expected));
        let of_projects = link("https://api.eu.snyk.io/", &["a", "b"]);
        let expected = "https://app.eu.snyk.io/org/larkspur/projects";
        assert_eq!(of_projects.as_deref(), Some(expected));
        assert_eq!(link("http://127.0.0.1:8080", &["a"]), None);
    }
}
