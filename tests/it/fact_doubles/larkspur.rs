//! The servers of the sample organisation: `PagerDuty`, Snyk, GitHub and Prometheus, as they are on
//! 2026-11-17. Each can stop to answer after some requests.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::api::{Asked, Reply};
use super::github::{self, GitHubDouble};
use super::snyk::{self, SnykDouble};
use super::{FactDouble, Question, fine, pagerduty, prometheus};
use crate::forge_double::Answer;

/// Who is on call, which is shown and never kept.
pub(crate) const ON_CALL: &str = "Priya Raman";
const TARGET: &str = "508d2263-ea8a-4e42-bc9d-844de21f4172";
const NPM: &str = "7439e322-f9c1-4c42-8367-002b33b9d946";
const PROMETHEUS_TOKEN: &str = "prometheus-s3cret-of-larkspur";

/// All servers of the organisation.
pub(crate) struct Larkspur {
    pagerduty: FactDouble,
    snyk: FactDouble,
    github: FactDouble,
    prometheus: FactDouble,
}

impl Larkspur {
    pub(crate) fn new() -> Self {
        Self::that_dies_after([usize::MAX; 4])
    }

    /// Each server answers so many requests.
    pub(crate) fn that_dies_after(requests: [usize; 4]) -> Self {
        let [pagerduty, snyk, github, prometheus] = requests;
        Self {
            pagerduty: mortal(pagerduty, on_call),
            snyk: mortal(snyk, |question| {
                issues().answer(&Asked::of_question(question)).into_answer()
            }),
            github: mortal(github, |question| {
                repository(&Asked::of_question(question)).into_answer()
            }),
            prometheus: mortal(prometheus, measured),
        }
    }

    /// How many requests each had so far.
    pub(crate) fn requests(&self) -> [usize; 4] {
        let all = [&self.pagerduty, &self.snyk, &self.github, &self.prometheus];
        all.map(|double| double.asked().len())
    }

    /// The tokens of all of them.
    pub(crate) const TOKENS: [&str; 4] = [
        pagerduty::TOKEN,
        snyk::TOKEN,
        github::TOKEN,
        PROMETHEUS_TOKEN,
    ];

    /// A command that knows where they are, and their tokens.
    pub(crate) fn known_to(&self, command: &mut Command) {
        let addresses = [
            ("PAGERDUTY_API_URL", "PAGERDUTY_TOKEN", &self.pagerduty),
            ("SNYK_API", "SNYK_TOKEN", &self.snyk),
            ("GITHUB_API_URL", "GITHUB_TOKEN", &self.github),
            ("PROMETHEUS_URL", "PROMETHEUS_TOKEN", &self.prometheus),
        ];
        for ((address, variable, double), token) in addresses.into_iter().zip(Self::TOKENS) {
            command.env(address, double.url());
            command.env(variable, token);
        }
    }
}

fn mortal(
    requests: usize,
    answer: impl Fn(&Question) -> Answer + Send + Sync + 'static,
) -> FactDouble {
    let left = AtomicUsize::new(requests);
    FactDouble::new(move |question| {
        let lives = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            left.checked_sub(1)
        });
        match lives {
            Ok(_) => answer(question),
            Err(_) => Answer::raw(b""),
        }
    })
}

/// `PagerDuty`: every service has an open incident, one of this month, and somebody on call.
fn on_call(question: &Question) -> Answer {
    let token = question.asked.header("authorization");
    if token != Some(&format!("Token token={}", pagerduty::TOKEN)) {
        return Answer::json(401, &json!({"error": {"message": "Account Not Found"}}));
    }
    let pages = |key: &str, items: Vec<Value>| {
        let count = items.len();
        fine(&json!({key: items, "limit": 100, "offset": 0, "total": count, "more": false}))
    };
    let policy = json!({
        "id": "PPOLICY",
        "type": "escalation_policy",
        "summary": "Payments",
        "html_url": "https://larkspur.pagerduty.com/escalation_policies/PPOLICY",
    });
    match question.path.as_str() {
        "/incidents" => {
            let open = json!({
                "id": "Q1", "status": "acknowledged", "created_at": "2026-11-17T20:00:00Z",
            });
            let resolved = json!({
                "id": "Q2", "status": "resolved", "created_at": "2026-11-10T08:00:00Z",
                "last_status_change_at": "2026-11-10T10:00:00Z",
            });
            let wanted = question.parameters("statuses[]");
            let all = [open, resolved].into_iter();
            let fits = |it: &Value| wanted.is_empty() || wanted.iter().any(|s| it["status"] == *s);
            pages("incidents", all.filter(fits).collect())
        }
        "/oncalls" => pages(
            "oncalls",
            vec![json!({
                "escalation_policy": policy,
                "escalation_level": 1,
                "schedule": {
                    "id": "PSCHPAY",
                    "type": "schedule_reference",
                    "summary": "Payments primary",
                    "html_url": "https://larkspur.pagerduty.com/schedules/PSCHPAY",
                },
                "user": {"id": "U1", "summary": ON_CALL, "name": ON_CALL},
                "start": null,
                "end": null,
            })],
        ),
        path => match path.strip_prefix("/services/") {
            Some(id) => fine(&json!({"service": {
                "id": id,
                "type": "service",
                "html_url": format!("https://larkspur.pagerduty.com/service-directory/{id}"),
                "escalation_policy": policy,
            }})),
            None => Answer::json(404, &json!({"error": {"message": "Not Found"}})),
        },
    }
}

/// Snyk: three open issues in the packages of the repository of payments.
fn issues() -> SnykDouble {
    let at = "2026-11-02T00:00:00Z";
    let issue = |id, severity, is_fixable| {
        snyk::issue(id, "package_vulnerability", severity, at, is_fixable)
    };
    SnykDouble {
        targets: vec![snyk::target(TARGET, "larkspur/payments")],
        projects: vec![snyk::project(NPM, TARGET, "cargo")],
        issues: BTreeMap::from([(
            NPM,
            vec![
                issue(1, "critical", true),
                issue(2, "high", false),
                issue(3, "high", true),
            ],
        )]),
        ..SnykDouble::default()
    }
}

/// GitHub: a deployment of payments, and alerts that are off in every repository.
fn repository(asked: &Asked) -> Reply {
    const REPOSITORIES: [&str; 9] = [
        "larkspur/data-platform",
        "larkspur/identity",
        "larkspur/infrastructure",
        "larkspur/inventory",
        "larkspur/mobile-app",
        "larkspur/orders",
        "larkspur/payments",
        "larkspur/search",
        "larkspur/storefront",
    ];
    let is_it = |name: &&str| {
        let rest = asked.path.strip_prefix(&format!("/repos/{name}"));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let off = |status, message| Reply::message(status, message);
    let mut github = GitHubDouble {
        name: REPOSITORIES.into_iter().find(is_it).unwrap_or_default(),
        instead: BTreeMap::from([
            (
                "/dependabot/alerts",
                off(403, "Dependabot alerts are disabled for this repository."),
            ),
            (
                "/code-scanning/alerts",
                off(
                    403,
                    "Advanced Security must be enabled for this repository to use code scanning.",
                ),
            ),
            (
                "/secret-scanning/alerts",
                off(404, "Secret scanning is disabled on this repository."),
            ),
        ]),
        ..GitHubDouble::default()
    };
    if github.name == "larkspur/payments" {
        let at = "2026-11-17T09:30:00Z";
        github.deployments = vec![github::deployment(7, "production", at)];
        github.statuses = BTreeMap::from([(7, vec![github::status("success", at)])]);
        github.runs = vec![github::run(1, "a84d88e7", at, "success")];
    }
    github.answer(asked)
}

/// Prometheus: availability and error budget of what is asked for.
fn measured(question: &Question) -> Answer {
    let token = question.asked.header("authorization");
    if token != Some(&format!("Bearer {PROMETHEUS_TOKEN}")) {
        return Answer::with(401, &["content-type: text/plain"], "Unauthorized");
    }
    let query = question.parameter("query");
    let value = if query.contains("availability") {
        "99.931"
    } else {
        "31"
    };
    let labels = json!({"environment": "production"});
    fine(&prometheus::vector(&[(labels, value)]))
}
