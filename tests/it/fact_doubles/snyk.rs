//! Snyk, as <https://docs.snyk.io/snyk-api/reference> describes the REST API of version 2024-10-15.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::api::{ApiDouble, Asked, Reply};

/// An organisation at Snyk, and what is wrong with it.
#[derive(Clone, Default)]
pub(crate) struct SnykDouble {
    pub(crate) targets: Vec<Value>,
    pub(crate) projects: Vec<Value>,
    /// By the number of the project.
    pub(crate) issues: BTreeMap<&'static str, Vec<Value>>,
    /// What is answered instead, by the number of the project whose issues are asked for.
    pub(crate) instead: BTreeMap<&'static str, Reply>,
    /// Whether links to the next page are without the folder of the API, as they once were.
    pub(crate) has_short_links: bool,
}

/// The token that it accepts.
pub(crate) const TOKEN: &str = "0b7e3c1a-52f4-4c6e-9f0d-7a8b9c0d1e2f";
/// The number of its organisation, whose slug is `larkspur`.
pub(crate) const ORGANISATION: &str = "361fd3c0-41d4-4ea4-ba77-09bb17890967";

const EVERYWHERE: [&str; 4] = ["version", "limit", "starting_after", "ending_before"];

impl SnykDouble {
    pub(crate) fn start(self) -> ApiDouble {
        ApiDouble::new(move |asked| self.answer(asked))
    }

    pub(crate) fn answer(&self, asked: &Asked) -> Reply {
        if asked.header("authorization") != Some(&format!("token {TOKEN}")) {
            return failure(401, "Unauthorized");
        }
        if asked.parameter("version") != Some("2024-10-15") {
            return failure(400, "Invalid version");
        }
        let root = format!("/rest/orgs/{ORGANISATION}");
        let organisation = json!({
            "id": ORGANISATION,
            "type": "org",
            "attributes": { "name": "Larkspur", "slug": "larkspur" },
        });
        if asked.path == "/rest/orgs" {
            let fits = asked.parameter("slug") == Some("larkspur");
            let found: Vec<Value> = fits.then_some(organisation).into_iter().collect();
            return self.page(asked, &["slug", "name"], &found);
        }
        match asked.path.strip_prefix(&root) {
            Some("") => Reply::json(200, &json!({ "data": organisation })),
            Some("/targets") => self.targets(asked),
            Some("/projects") => self.projects(asked),
            Some("/issues") => self.issues(asked),
            _ => failure(404, "Org not found"),
        }
    }

    fn targets(&self, asked: &Asked) -> Reply {
        let name = asked.parameter("display_name").unwrap_or_default();
        let fits = |it: &&Value| {
            let shown = it["attributes"]["display_name"]
                .as_str()
                .unwrap_or_default();
            shown.starts_with(name)
        };
        let found: Vec<Value> = self.targets.iter().filter(fits).cloned().collect();
        self.page(asked, &["display_name"], &found)
    }

    fn projects(&self, asked: &Asked) -> Reply {
        let target = asked.parameter("target_id");
        let ids = asked
            .parameter("ids")
            .map(|ids| ids.split(',').collect::<Vec<_>>());
        let fits = |it: &&Value| {
            let id = it["id"].as_str().unwrap_or_default();
            let of = it["relationships"]["target"]["data"]["id"].as_str();
            target.is_none_or(|target| of == Some(target))
                && ids.as_ref().is_none_or(|ids| ids.contains(&id))
        };
        let found: Vec<Value> = self.projects.iter().filter(fits).cloned().collect();
        self.page(asked, &["target_id", "ids"], &found)
    }

    fn issues(&self, asked: &Asked) -> Reply {
        let project = asked.parameter("scan_item.id").unwrap_or_default();
        if asked.parameter("scan_item.type") != Some("project") {
            return failure(400, "scan_item.id and scan_item.type go together");
        }
        if let Some(reply) = self.instead.get(project) {
            return reply.clone();
        }
        let documented = [
            "scan_item.id",
            "scan_item.type",
            "type",
            "status",
            "ignored",
        ];
        let issues = self.issues.get(project).into_iter().flatten();
        let fits = |it: &&Value| {
            let attributes = &it["attributes"];
            let status = asked.parameter("status");
            let ignored = asked.parameter("ignored").map(|ignored| ignored == "true");
            status.is_none_or(|status| attributes["status"] == status)
                && ignored.is_none_or(|ignored| attributes["ignored"] == ignored)
        };
        let found: Vec<Value> = issues.filter(fits).cloned().collect();
        self.page(asked, &documented, &found)
    }

    /// A page of JSON:API, by a cursor.
    fn page(&self, asked: &Asked, documented: &[&str], items: &[Value]) -> Reply {
        let documented: Vec<&str> = documented.iter().chain(&EVERYWHERE).copied().collect();
        if let Some(name) = asked.undocumented(&documented) {
            return failure(400, &format!("no parameter {name}"));
        }
        let start: usize = asked
            .parameter("starting_after")
            .map_or(0, |at| at.parse().unwrap());
        let size: usize = asked
            .parameter("limit")
            .map_or(10, |size| size.parse().unwrap());
        let data: Vec<Value> = items.iter().skip(start).take(size).cloned().collect();
        let mut body = json!({ "jsonapi": { "version": "1.0" }, "data": data, "links": {} });
        if start + size < items.len() {
            let next = asked.with(&[("starting_after", (start + size).to_string())]);
            let next = next.strip_prefix(&asked.origin).unwrap();
            let short = next.strip_prefix("/rest").unwrap();
            body["links"]["next"] = json!(if self.has_short_links { short } else { next });
        }
        Reply::json(200, &body)
    }
}

/// A failure as JSON:API has it.
pub(crate) fn failure(status: u16, detail: &str) -> Reply {
    let error = json!({ "status": status.to_string(), "detail": detail, "title": "Error" });
    Reply::json(
        status,
        &json!({ "jsonapi": { "version": "1.0" }, "errors": [error] }),
    )
}

/// A target.
pub(crate) fn target(id: &str, name: &str) -> Value {
    json!({ "id": id, "type": "target", "attributes": { "display_name": name } })
}

/// A project that is monitored.
pub(crate) fn project(id: &str, target: &str, kind: &str) -> Value {
    json!({
        "id": id,
        "type": "project",
        "attributes": { "name": "x", "type": kind, "status": "active", "origin": "github" },
        "relationships": { "target": { "data": { "id": target, "type": "target" } } },
    })
}

/// An open issue.
pub(crate) fn issue(id: usize, kind: &str, severity: &str, at: &str, is_fixable: bool) -> Value {
    json!({
        "id": format!("4a18d42f-0706-4ad0-b127-{id:012}"),
        "type": "issue",
        "attributes": {
            "type": kind,
            "title": "X",
            "status": "open",
            "ignored": false,
            "effective_severity_level": severity,
            "created_at": at,
            "coordinates": [
                { "is_fixable_snyk": false, "is_upgradeable": false, "reachability": "no-info" },
                { "is_fixable_snyk": is_fixable, "is_upgradeable": is_fixable },
            ],
        },
    })
}
