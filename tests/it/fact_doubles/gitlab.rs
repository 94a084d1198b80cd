//! GitLab, as <https://docs.gitlab.com/api/rest/> describes version 4.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::api::{ApiDouble, Asked, Reply};

/// A project on GitLab, and what is wrong with it.
#[derive(Clone, Default)]
pub(crate) struct GitLabDouble {
    /// `GROUP/NAME`, as a path has it, or the number.
    pub(crate) name: &'static str,
    pub(crate) pipelines: Vec<Value>,
    pub(crate) deployments: Vec<Value>,
    pub(crate) vulnerabilities: Vec<Value>,
    pub(crate) merge_requests: Vec<Value>,
    pub(crate) protected_branches: Vec<Value>,
    pub(crate) approval_rules: Vec<Value>,
    /// What is answered instead, by the path below that of the project.
    pub(crate) instead: BTreeMap<&'static str, Reply>,
}

/// The token that it accepts.
pub(crate) const TOKEN: &str = "glpat-Xz81-qLm0TTvR4wYpN2c";

impl GitLabDouble {
    pub(crate) fn start(self) -> ApiDouble {
        ApiDouble::new(move |asked| self.answer(asked))
    }

    fn answer(&self, asked: &Asked) -> Reply {
        if asked.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
            return Reply::message(401, "401 Unauthorized");
        }
        let root = format!("/api/v4/projects/{}", self.name);
        let Some(rest) = asked.path.strip_prefix(&root) else {
            return Reply::message(404, "404 Project Not Found");
        };
        if let Some(reply) = self.instead.get(rest) {
            return reply.clone();
        }
        match rest {
            "" => Reply::json(
                200,
                &json!({
                    "id": 42,
                    "default_branch": "main",
                    "web_url": "https://gitlab.com/larkspur/payments",
                }),
            ),
            "/pipelines" => {
                let branch = asked.parameter("ref");
                let fits = |it: &&Value| it["ref"].as_str() == branch;
                let found: Vec<Value> = self.pipelines.iter().filter(fits).cloned().collect();
                list(
                    asked,
                    &["ref", "status", "order_by", "sort", "updated_after"],
                    &found,
                )
            }
            "/deployments" => {
                let documented = ["order_by", "sort", "environment", "status", "updated_after"];
                list(asked, &documented, &self.deployments)
            }
            "/vulnerabilities" => list(asked, &[], &self.vulnerabilities),
            "/merge_requests" => {
                let state = asked.parameter("state");
                let fits = |it: &&Value| it["state"].as_str() == state;
                let found = self.merge_requests.iter().filter(fits).cloned();
                list(
                    asked,
                    &["state", "order_by", "sort"],
                    &found.collect::<Vec<_>>(),
                )
            }
            "/protected_branches" => list(asked, &["search"], &self.protected_branches),
            "/approval_rules" => list(asked, &[], &self.approval_rules),
            _ => Reply::json(404, &json!({ "error": "404 Not Found" })),
        }
    }
}

fn list(asked: &Asked, documented: &[&str], items: &[Value]) -> Reply {
    let pages = ["per_page", "page"];
    let documented: Vec<&str> = documented.iter().chain(&pages).copied().collect();
    match asked.undocumented(&documented) {
        Some(name) => Reply::json(400, &json!({ "error": format!("{name} is invalid") })),
        None => Reply::page(asked, items, None),
    }
}

/// A pipeline of a push to `main`.
pub(crate) fn pipeline(commit: &str, at: &str, status: &str) -> Value {
    json!({
        "id": 47,
        "ref": "main",
        "sha": commit,
        "source": "push",
        "status": status,
        "created_at": at,
        "updated_at": at,
        "web_url": "https://gitlab.com/larkspur/payments/-/pipelines/47",
    })
}

/// A deployment by a job that ended when it was made.
pub(crate) fn deployment(environment: &str, at: &str, status: &str) -> Value {
    json!({
        "id": 41,
        "ref": "main",
        "sha": "99d03678b90d914dbb1b109132516d71a4a03ea8",
        "created_at": at,
        "updated_at": "2026-03-31T11:00:00Z",
        "status": status,
        "environment": { "id": 9, "name": environment, "external_url": null },
        "deployable": { "name": "deploy", "finished_at": at, "tag": false },
    })
}

/// A vulnerability that was reported and is not resolved.
pub(crate) fn vulnerability(kind: &str, severity: &str, file: &str, at: &str) -> Value {
    let metadata = json!({ "location": { "file": file } });
    json!({
        "id": 103,
        "report_type": kind,
        "severity": severity,
        "state": "detected",
        "resolved_on_default_branch": false,
        "created_at": at,
        "finding": { "raw_metadata": metadata.to_string() },
    })
}
