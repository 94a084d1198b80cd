//! GitHub, as <https://docs.github.com/rest> describes the version 2022-11-28.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::api::{ApiDouble, Asked, Reply};

/// A repository on GitHub, and what is wrong with it.
#[derive(Clone, Default)]
pub(crate) struct GitHubDouble {
    /// `OWNER/NAME`.
    pub(crate) name: &'static str,
    pub(crate) deployments: Vec<Value>,
    /// By the number of the deployment.
    pub(crate) statuses: BTreeMap<u64, Vec<Value>>,
    pub(crate) runs: Vec<Value>,
    pub(crate) dependabot: Vec<Value>,
    pub(crate) code_scanning: Vec<Value>,
    pub(crate) secret_scanning: Vec<Value>,
    pub(crate) pulls: Vec<Value>,
    /// Its protection, when the default branch has one.
    pub(crate) protection: Option<Value>,
    pub(crate) rules: Vec<Value>,
    /// What is answered instead, by the path below that of the repository.
    pub(crate) instead: BTreeMap<&'static str, Reply>,
}

/// The token that it accepts.
pub(crate) const TOKEN: &str = "ghp_k4Zr9vQ2mXw7Lt1B";

impl GitHubDouble {
    pub(crate) fn start(self) -> ApiDouble {
        ApiDouble::new(move |asked| self.answer(asked))
    }

    pub(crate) fn answer(&self, asked: &Asked) -> Reply {
        if asked.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
            return Reply::message(401, "Bad credentials");
        }
        if asked.header("x-github-api-version") != Some("2022-11-28") {
            return Reply::message(400, "the version is not one that is supported");
        }
        let root = format!("/repos/{}", self.name);
        let Some(rest) = asked.path.strip_prefix(&root) else {
            return Reply::message(404, "Not Found");
        };
        if let Some(reply) = self.instead.get(rest) {
            return reply.clone();
        }
        match rest {
            "" => Reply::json(200, &self.details()),
            "/deployments" => list(
                asked,
                &["sha", "ref", "task", "environment"],
                &self.deployments,
            ),
            "/actions/runs" => self.runs(asked),
            "/dependabot/alerts" => by_cursor(asked, &open(asked, &self.dependabot)),
            "/code-scanning/alerts" => {
                let documented = ["tool_name", "ref", "direction", "sort", "state", "severity"];
                list(asked, &documented, &open(asked, &self.code_scanning))
            }
            "/secret-scanning/alerts" => {
                let documented = ["state", "secret_type", "resolution", "sort", "hide_secret"];
                list(asked, &documented, &open(asked, &self.secret_scanning))
            }
            "/pulls" => {
                let documented = ["state", "head", "base", "sort", "direction"];
                list(asked, &documented, &open(asked, &self.pulls))
            }
            "/branches/main/protection" => match &self.protection {
                Some(protection) => Reply::json(200, protection),
                None => Reply::message(404, "Branch not protected"),
            },
            "/rules/branches/main" => list(asked, &[], &self.rules),
            _ => self.statuses(asked, rest),
        }
    }

    fn details(&self) -> Value {
        json!({
            "full_name": self.name,
            "html_url": format!("https://github.com/{}", self.name),
            "default_branch": "main",
        })
    }

    fn runs(&self, asked: &Asked) -> Reply {
        let documented = [
            "actor",
            "branch",
            "event",
            "status",
            "created",
            "exclude_pull_requests",
            "check_suite_id",
            "head_sha",
            "per_page",
            "page",
        ];
        if asked.undocumented(&documented).is_some() {
            return Reply::message(422, "Validation Failed");
        }
        let fits = |run: &&Value| {
            let branch = run["head_branch"].as_str() == asked.parameter("branch");
            branch && run["status"].as_str() == asked.parameter("status")
        };
        let runs: Vec<Value> = self.runs.iter().filter(fits).cloned().collect();
        Reply::page(asked, &runs, Some("workflow_runs"))
    }

    fn statuses(&self, asked: &Asked, rest: &str) -> Reply {
        let number = rest.strip_prefix("/deployments/");
        let number = number.and_then(|rest| rest.strip_suffix("/statuses"));
        match number.and_then(|number| self.statuses.get(&number.parse().ok()?)) {
            Some(statuses) => list(asked, &[], statuses),
            None => Reply::message(404, "Not Found"),
        }
    }
}

/// A list with pages by number.
fn list(asked: &Asked, documented: &[&str], items: &[Value]) -> Reply {
    let pages = ["per_page", "page"];
    let documented: Vec<&str> = documented.iter().chain(&pages).copied().collect();
    match asked.undocumented(&documented) {
        Some(name) => Reply::message(422, &format!("no parameter {name}")),
        None => Reply::page(asked, items, None),
    }
}

/// The alerts of Dependabot have pages by a cursor.
fn by_cursor(asked: &Asked, items: &[Value]) -> Reply {
    let documented = [
        "state",
        "severity",
        "ecosystem",
        "package",
        "manifest",
        "scope",
        "sort",
        "direction",
        "before",
        "after",
        "per_page",
    ];
    if asked.undocumented(&documented).is_some() {
        return Reply::message(422, "pagination by page is not supported");
    }
    let start: usize = asked
        .parameter("after")
        .map_or(0, |after| after.parse().unwrap());
    let size: usize = asked
        .parameter("per_page")
        .map_or(30, |size| size.parse().unwrap());
    let page: Vec<Value> = items.iter().skip(start).take(size).cloned().collect();
    let reply = Reply::json(200, &json!(page));
    if start + size >= items.len() {
        return reply;
    }
    let next = asked.with(&[("after", (start + size).to_string())]);
    reply.with_header("link", &format!("<{next}>; rel=\"next\""))
}

fn open(asked: &Asked, items: &[Value]) -> Vec<Value> {
    let wanted = asked.parameter("state").unwrap_or("open");
    let fits = |item: &&Value| item["state"].as_str().unwrap_or("open") == wanted;
    items.iter().filter(fits).cloned().collect()
}

/// A deployment.
pub(crate) fn deployment(id: u64, environment: &str, at: &str) -> Value {
    json!({
        "id": id,
        "sha": format!("a84d88e7554fc1fa21bcbc4efae3c782a70d2b{id}"),
        "ref": "main",
        "task": "deploy",
        "payload": {},
        "environment": environment,
        "description": null,
        "creator": null,
        "created_at": at,
        "updated_at": at,
        "transient_environment": false,
        "production_environment": environment == "production",
    })
}

/// A status of a deployment.
pub(crate) fn status(state: &str, at: &str) -> Value {
    json!({ "state": state, "created_at": at, "environment_url": "", "log_url": "" })
}

/// A run of a workflow on `main` that took four minutes.
pub(crate) fn run(id: u64, commit: &str, at: &str, conclusion: &str) -> Value {
    let start: jiff::Timestamp = at.parse().unwrap();
    let end = start + jiff::SignedDuration::from_mins(4);
    json!({
        "id": id,
        "workflow_id": 7,
        "head_branch": "main",
        "head_sha": commit,
        "status": "completed",
        "conclusion": conclusion,
        "created_at": at,
        "run_started_at": at,
        "updated_at": end.to_string(),
        "html_url": format!("https://github.com/larkspur/payments/actions/runs/{id}"),
    })
}

/// An alert of Dependabot for which there is a fix.
pub(crate) fn dependabot(severity: &str, path: &str, at: &str) -> Value {
    json!({
        "number": 1,
        "state": "open",
        "dependency": { "package": { "ecosystem": "npm", "name": "x" }, "manifest_path": path },
        "security_advisory": { "severity": severity },
        "security_vulnerability": {
            "severity": severity,
            "first_patched_version": { "identifier": "1.2.3" },
        },
        "created_at": at,
    })
}

/// An alert of code scanning.
pub(crate) fn code_scanning(severity: &Value, security: &Value, path: &str) -> Value {
    json!({
        "number": 4,
        "state": "open",
        "rule": { "id": "js/x", "severity": severity, "security_severity_level": security },
        "most_recent_instance": { "ref": "refs/heads/main", "location": { "path": path } },
    })
}
