//! `PagerDuty`, REST API v2 (<https://developer.pagerduty.com/api-reference/>).

use serde_json::{Value, json};

use super::{FactDouble, Question, fine};
use crate::forge_double::Answer;

/// The token that is accepted.
pub(crate) const TOKEN: &str = "u+PDt0k3n/secret";
/// The key of an integration of the service `PAYMENTS`.
pub(crate) const KEY: &str = "f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0";

/// An account with two services; one has many incidents of the last days.
pub(crate) fn account() -> FactDouble {
    FactDouble::new(answer)
}

pub(crate) fn answer(question: &Question) -> Answer {
    let asked = &question.asked;
    if asked.header("authorization") != Some(&format!("Token token={TOKEN}")) {
        let error = json!({"error": {"code": 2006, "message": "Account Not Found"}});
        return Answer::json(401, &error);
    }
    if asked.header("accept") != Some("application/vnd.pagerduty+json;version=2") {
        return Answer::json(406, &json!({"error": {"message": "no such version"}}));
    }
    match question.path.as_str() {
        "/services/PAYMENTS" => fine(&json!({"service": service("PAYMENTS", "POLICY1")})),
        "/services/QUIET" => fine(&json!({"service": service("QUIET", "POLICY2")})),
        "/services" => {
            let found = match question.parameter("query") {
                KEY => vec![service("PAYMENTS", "POLICY1")],
                _ => Vec::new(),
            };
            let more = json!({"services": found, "limit": 25, "offset": 0, "more": false});
            fine(&more)
        }
        "/incidents" => incidents(question),
        "/oncalls" => on_calls(question),
        _ => Answer::json(
            404,
            &json!({"error": {"code": 2100, "message": "Not Found"}}),
        ),
    }
}

fn service(id: &str, policy: &str) -> Value {
    json!({
        "id": id,
        "type": "service",
        "html_url": format!("https://larkspur.pagerduty.com/service-directory/{id}"),
        "escalation_policy": {"id": policy, "type": "escalation_policy", "summary": "Payments"},
        "integrations": [{"id": "I1", "type": "events_api_v2_inbound_integration", "integration_key": KEY}],
    })
}

/// 120 resolved incidents, one of an hour each hour until 2026-06-29, and two that are open.
fn incidents(question: &Question) -> Answer {
    let statuses = question.parameters("statuses[]");
    let mut all: Vec<Value> = Vec::new();
    let is_range = !question.parameter("since").is_empty();
    if question.parameter("service_ids[]") == "PAYMENTS" {
        for status in ["triggered", "acknowledged"] {
            if is_range || statuses.contains(&status) {
                all.push(
                    json!({"id": status, "status": status, "created_at": "2026-06-29T23:50:00Z"}),
                );
            }
        }
        if is_range && statuses.is_empty() {
            all.extend((0..120).map(resolved));
        }
    }
    let number = |name: &str| question.parameter(name).parse::<usize>().unwrap_or(0);
    let (offset, limit) = (number("offset"), number("limit").clamp(1, 100));
    let page: Vec<&Value> = all.iter().skip(offset).take(limit).collect();
    let more = offset + page.len() < all.len();
    fine(&json!({"incidents": page, "limit": limit, "offset": offset, "total": null, "more": more}))
}

fn resolved(number: u32) -> Value {
    let (day, hour) = (29 - number / 24, 22 - number % 23);
    json!({
        "id": format!("R{number}"),
        "status": "resolved",
        "created_at": format!("2026-06-{day:02}T{hour:02}:00:00Z"),
        "last_status_change_at": format!("2026-06-{day:02}T{:02}:00:00Z", hour + 1),
    })
}

fn on_calls(question: &Question) -> Answer {
    let schedule = match question.parameter("escalation_policy_ids[]") {
        "POLICY1" => json!({
            "id": "S1",
            "type": "schedule_reference",
            "summary": "Payments primary",
            "html_url": "https://larkspur.pagerduty.com/schedules/S1",
        }),
        _ => Value::Null,
    };
    let policy = json!({"id": "P", "summary": "Payments", "html_url": "https://larkspur.pagerduty.com/escalation_policies/P"});
    let on_call = |level: u32, name: &str| {
        json!({
            "escalation_policy": policy,
            "escalation_level": level,
            "schedule": schedule,
            "user": {"id": "U1", "summary": name, "name": name, "email": "x@larkspur.example"},
            "start": null,
            "end": null,
        })
    };
    let on_calls = [on_call(2, "Boss Person"), on_call(1, "Mira Oncall")];
    fine(&json!({"oncalls": on_calls, "limit": 100, "offset": 0, "more": false}))
}
