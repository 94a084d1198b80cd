//! `facts collect`: what sources are asked, and what becomes of their answers.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::fact_doubles::{FactDouble, component, fine, pagerduty, prometheus, sonarqube};
use crate::forge_double::Answer;
use crate::sandbox::{Run, Sandbox};

/// The moment of all runs: 2026-06-30T00:00:00Z.
const NOW: &str = "1782777600";

/// A workspace with components.
pub(crate) fn workspace(components: &[(&str, &[(&str, &str)])]) -> Sandbox {
    let sandbox = Sandbox::new();
    for (name, annotations) in components {
        sandbox.write(
            &format!("{name}/catalog-info.yaml"),
            &component(name, annotations),
        );
    }
    sandbox
}

/// `facts collect` with the environment of the command.
pub(crate) fn collect(sandbox: &Sandbox, arguments: &[&str]) -> Command {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "");
    command.env("SOURCE_DATE_EPOCH", NOW);
    command.args(["facts", "collect"]).args(arguments);
    command
}

/// Writes the user's own configuration.
pub(crate) fn configure(sandbox: &Sandbox, text: &str) {
    sandbox.write("../home/.config/devportal/config.yaml", text);
}

/// The facts of a source: entity, name with dimensions, value.
pub(crate) fn facts(run: &Run, source: &str) -> Vec<String> {
    let page = run.json();
    let sources = page["sources"].as_array().unwrap();
    let found = sources.iter().find(|it| it["source"] == source);
    let facts = found.unwrap()["facts"].as_array().unwrap().iter();
    let shown = facts.map(|fact| {
        let dimensions = fact["dimensions"].as_object().unwrap();
        let dimensions = if dimensions.is_empty() {
            String::new()
        } else {
            fact["dimensions"].to_string()
        };
        format!(
            "{} {}{dimensions} {}",
            fact["ref"].as_str().unwrap(),
            fact["fact"].as_str().unwrap(),
            fact["value"]
        )
    });
    shown.collect()
}

/// The failures of a source: target and message.
pub(crate) fn failures(run: &Run, source: &str) -> Vec<String> {
    let page = run.json();
    let sources = page["sources"].as_array().unwrap();
    let found = sources.iter().find(|it| it["source"] == source);
    let failures = found.unwrap()["failures"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    failures
        .map(|it| format!("{}: {}", text(&it["target"]), text(&it["message"])))
        .collect()
}

#[test]
fn pagerduty_tells_of_incidents_and_who_is_on_call() {
    let double = pagerduty::account();
    let sandbox = workspace(&[
        ("payments", &[("pagerduty.com/service-id", "PAYMENTS")]),
        (
            "payments-worker",
            &[("pagerduty.com/integration-key", pagerduty::KEY)],
        ),
        ("quiet", &[("pagerduty.com/service-id", "QUIET")]),
        ("none", &[]),
    ]);
    let run = Run::of(
        collect(&sandbox, &["--json"])
            .env("PAGERDUTY_API_URL", double.url())
            .env("PAGERDUTY_TOKEN", pagerduty::TOKEN),
    );
    assert_eq!(run.code, 0, "{run:?}");
    let of_payments = |name: &str| {
        [
            "incident.open 2",
            "incident.report \"https://larkspur.pagerduty.com/service-directory/PAYMENTS\"",
            "incidents.30d 122",
            "incident.time-to-resolve 1",
            "incident.last \"2026-06-29T23:50:00Z\"",
            "on-call.schedule \"Payments primary\"",
            "on-call.url \"https://larkspur.pagerduty.com/schedules/S1\"",
        ]
        .map(|fact| format!("component:default/{name} {fact}"))
    };
    let of_quiet = [
        "component:default/quiet incident.open 0",
        "component:default/quiet incident.report \"https://larkspur.pagerduty.com/service-directory/QUIET\"",
        "component:default/quiet incidents.30d 0",
        "component:default/quiet on-call.schedule \"Payments\"",
        "component:default/quiet on-call.url \"https://larkspur.pagerduty.com/escalation_policies/P\"",
    ];
    let mut expected = of_payments("payments").to_vec();
    expected.extend(of_quiet.map(str::to_owned));
    expected.extend(of_payments("payments-worker"));
    assert_eq!(facts(&run, "pagerduty"), expected);
    // Who is on call is not kept, and the key of an integration is not shown.
    assert!(
        !run.stdout.contains("Mira Oncall") && !run.stdout.contains(pagerduty::KEY),
        "{run:?}"
    );
}

#[test]
fn prometheus_answers_rules_of_annotations_and_queries_of_the_organisation() {
    let query = "avg(up{app=\"pay\\\"ments\",env=\"production\"})";
    let double = prometheus::server(vec![
        (
            "job:availability_ratio",
            prometheus::vector(&[
                (json!({"region": "eu"}), "0.9995"),
                (json!({"region": "us"}), "NaN"),
            ]),
        ),
        (
            query,
            json!({"status": "success", "data": {"resultType": "scalar", "result": [1, "42"]}}),
        ),
        (
            "several",
            prometheus::vector(&[(json!({"pod": "a"}), "1"), (json!({"pod": "b"}), "2")]),
        ),
        (
            "warned",
            json!({"status": "success", "warnings": ["half is missing"], "data": {"resultType": "vector", "result": []}}),
        ),
        (
            "wrong",
            json!({"status": "error", "errorType": "timeout", "error": "too slow"}),
        ),
    ]);
    let sandbox = workspace(&[
        (
            "payments",
            &[
                (
                    "prometheus.io/rule",
                    "job:availability_ratio|region,memory|pod",
                ),
                ("app", "pay\"ments"),
            ],
        ),
        ("several", &[("prometheus.io/availability", "several")]),
        ("warned", &[("prometheus.io/availability", "warned")]),
        ("wrong", &[("prometheus.io/error-budget", "wrong")]),
        ("broken", &[("prometheus.io/error-budget", "1 +")]),
    ]);
    sandbox.write(
        "devportal.yaml",
        "organisation: larkspur\nsources:\n  prometheus:\n    queries:\n      latency.p95: avg(up{app=\"{{ annotations[\"app\"] }}\",env=\"{{ environment }}\"})\n",
    );
    let run = Run::of(collect(&sandbox, &["--json"]).env("PROMETHEUS_URL", double.url()));
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(
        facts(&run, "prometheus"),
        [
            "component:default/payments availability{\"region\":\"eu\"} 99.95",
            "component:default/payments latency.p95{\"environment\":\"production\"} 42",
        ]
    );
    let host = double.host();
    assert_eq!(
        failures(&run, "prometheus"),
        [
            format!("error-budget.remaining of component:default/broken: host \"{host}\" answered 400 to GET /api/v1/query, it refuses what is asked: 1:1: parse error"),
            "availability of component:default/several: the query gives several series for availability: sum or average them".to_owned(),
            "availability of component:default/warned: the answer may not be all: half is missing".to_owned(),
            "error-budget.remaining of component:default/wrong: the query failed: too slow".to_owned(),
        ]
    );
}

#[test]
fn sonarqube_tells_of_its_gate_and_measures() {
    let double = sonarqube::server();
    let sandbox = workspace(&[
        (
            "payments",
            &[("sonarqube.org/project-key", "main/larkspur:payments")],
        ),
        (
            "unknown",
            &[("sonarqube.org/project-key", "larkspur:nothing")],
        ),
    ]);
    let run = Run::of(
        collect(&sandbox, &["--json"])
            .env("SONAR_HOST_URL", double.url())
            .env("SONAR_TOKEN", "squ_secret"),
    );
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(
        facts(&run, "sonarqube"),
        [
            "component:default/payments quality-gate.passed false",
            "component:default/payments coverage.lines 81.5",
            "component:default/payments quality.bugs 3",
            "component:default/payments quality.duplication 0.7",
        ]
    );
    let failures = failures(&run, "sonarqube").join("\n");
    assert!(
        failures.contains("there is no such thing: Component key 'larkspur:nothing' not found"),
        "{failures}"
    );
    assert_eq!(
        double.asked()[0].header("authorization"),
        Some("Bearer squ_secret")
    );
}

#[test]
fn any_api_with_json_can_be_a_source() {
    let double = FactDouble::new(|question| {
        assert_eq!(question.asked.header("x-api-key"), Some("c0sts-secret"));
        assert_eq!(question.asked.header("x-tenant"), Some("larkspur"));
        match (question.path.as_str(), question.parameter("in")) {
            ("/costs/a%2F..%2Fb", "production") => fine(&json!({"total": [{"amount": "12.50"}]})),
            ("/costs/a%2F..%2Fb", "staging") => fine(&json!({"total": []})),
            (path, _) => Answer::json(404, &json!({"message": format!("no {path}")})),
        }
    });
    let sandbox = workspace(&[("payments", &[("costs/id", "a/../b")]), ("other", &[])]);
    sandbox.write(
        "devportal.yaml",
        "organisation: larkspur\nenvironments: [production, staging]\n",
    );
    let url = double.url();
    configure(
        &sandbox,
        &format!(
            "sources:\n  costs:\n    type: http-json\n    url: '{url}/costs/{{{{ annotations[\"costs/id\"] }}}}?in={{{{ environment }}}}'\n    headers: {{X-Tenant: larkspur}}\n    token-header: X-Api-Key\n    token-command: [echo, c0sts-secret]\n    annotation: costs/id\n    facts: {{cost.month: /total/0/amount}}\n"
        ),
    );
    let run = Run::of(&mut collect(&sandbox, &["--json"]));
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(
        facts(&run, "costs"),
        ["component:default/payments cost.month{\"environment\":\"production\"} 12.5"]
    );
    assert_eq!(
        failures(&run, "costs"),
        ["component:default/payments in staging: the answer has nothing at \"/total/0/amount\""]
    );
}

#[test]
fn a_dry_run_lists_and_asks_nothing() {
    let double = pagerduty::account();
    let sandbox = workspace(&[("payments", &[("pagerduty.com/service-id", "PAYMENTS")])]);
    configure(
        &sandbox,
        "sources: {pagerduty: {token-command: [/bin/sh, -c, 'touch ran']}}\n",
    );
    let mut command = collect(&sandbox, &["--dry-run"]);
    let run = Run::of(command.env("PAGERDUTY_API_URL", double.url()));
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("service PAYMENTS"), "{run:?}");
    assert!(double.asked().is_empty());
    assert!(!sandbox.root().join("ran").exists());
}

#[test]
fn queries_and_sources_limit_what_is_asked() {
    let double = pagerduty::account();
    let sandbox = workspace(&[
        (
            "payments",
            &[
                ("pagerduty.com/service-id", "PAYMENTS"),
                ("sonarqube.org/project-key", "x"),
            ],
        ),
        ("quiet", &[("pagerduty.com/service-id", "QUIET")]),
    ]);
    let mut command = collect(&sandbox, &["--source", "pagerduty", "--json", "quiet"]);
    let run = Run::of(
        command
            .env("PAGERDUTY_API_URL", double.url())
            .env("PAGERDUTY_TOKEN", pagerduty::TOKEN),
    );
    assert_eq!(run.code, 0, "{run:?}");
    assert!(!double.paths().contains(&"/services/PAYMENTS".to_owned()));
    let run = Run::of(&mut collect(&sandbox, &["--source", "pagerdty"]));
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("did you mean \"pagerduty\"?"),
        "{run:?}"
    );
}

#[test]
fn what_is_not_asked_is_said_and_ends_with_4_where_it_was_wanted() {
    let sandbox = workspace(&[("payments", &[("pagerduty.com/service-id", "PAYMENTS")])]);
    let run = Run::of(&mut collect(&sandbox, &["--source", "pagerduty"]));
    assert_eq!(run.code, 4, "{run:?}");
    assert!(
        run.stderr
            .contains("there is no token for it: set PAGERDUTY_TOKEN"),
        "{run:?}"
    );
    // A source that nobody has set up does not make the others fail.
    let double = sonarqube::server();
    let sandbox = workspace(&[(
        "payments",
        &[
            ("pagerduty.com/service-id", "PAYMENTS"),
            ("sonarqube.org/project-key", "larkspur:payments"),
        ],
    )]);
    let run = Run::of(collect(&sandbox, &[]).env("SONAR_HOST_URL", double.url()));
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("not asked"), "{run:?}");
}

#[test]
fn answers_have_one_order_however_long_each_takes() {
    let double = FactDouble::new(|question| {
        if question.path.contains("measures") {
            return fine(&json!({"component": {"measures": []}}));
        }
        fine(&json!({"projectStatus": {"status": "OK"}}))
    });
    let names: Vec<String> = (0..40)
        .map(|number| format!("service-{number:02}"))
        .collect();
    let sandbox = Sandbox::new();
    for name in &names {
        let text = component(name, &[("sonarqube.org/project-key", name)]);
        sandbox.write(&format!("{name}/catalog-info.yaml"), &text);
    }
    let run = Run::of(collect(&sandbox, &["--json"]).env("SONAR_HOST_URL", double.url()));
    let expected = names.iter();
    let expected =
        expected.map(|name| format!("component:default/{name} quality-gate.passed true"));
    assert_eq!(facts(&run, "sonarqube"), expected.collect::<Vec<_>>());
}

#[test]
fn a_server_that_dies_halfway_leaves_what_arrived() {
    let left = AtomicUsize::new(9);
    let double = FactDouble::new(move |question| {
        let lived = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            left.checked_sub(1)
        });
        match lived {
            Ok(_) if question.path.contains("measures") => {
                fine(&json!({"component": {"measures": []}}))
            }
            Ok(_) => fine(&json!({"projectStatus": {"status": "OK"}})),
            Err(_) => Answer::raw(b""),
        }
    });
    let sandbox = Sandbox::new();
    for number in 0..40 {
        let name = format!("service-{number:02}");
        let text = component(&name, &[("sonarqube.org/project-key", &name)]);
        sandbox.write(&format!("{name}/catalog-info.yaml"), &text);
    }
    let mut command = collect(&sandbox, &["--json"]);
    let run = Run::of(command.env("SONAR_HOST_URL", double.url()));
    assert_eq!(run.code, 3, "{run:?}");
    let known = facts(&run, "sonarqube");
    assert!((4..=9).contains(&known.len()), "{known:?}");
    assert!(known[0].starts_with("component:default/service-00 quality-gate.passed true"));
    let page = run.json();
    assert_eq!(
        (&page["complete"], &page["sources"][0]["complete"]),
        (&json!(false), &json!(false))
    );
    let shown = Run::of(collect(&sandbox, &[]).env("SONAR_HOST_URL", double.url()));
    assert!(shown.stdout.contains("partial"), "{shown:?}");
    assert!(
        shown
            .stderr
            .contains("stays unknown, or what it was before"),
        "{shown:?}"
    );
}

#[test]
fn since_reaches_further_back_and_must_be_a_date() {
    let double = pagerduty::account();
    let sandbox = workspace(&[("payments", &[("pagerduty.com/service-id", "PAYMENTS")])]);
    let run = |since: &str| {
        let mut command = collect(&sandbox, &["--since", since, "--json"]);
        command.env("PAGERDUTY_API_URL", double.url());
        Run::of(command.env("PAGERDUTY_TOKEN", pagerduty::TOKEN))
    };
    assert_eq!(run("2026-04-01").code, 0);
    let routes: Vec<String> = double
        .asked()
        .into_iter()
        .map(|asked| asked.route)
        .collect();
    assert!(
        routes
            .iter()
            .any(|route| route.contains("since=2026-04-01T")),
        "{routes:?}"
    );
    let wrong = run("soon");
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("\"soon\" is no date"), "{wrong:?}");
}
