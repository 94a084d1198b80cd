//! What an API answers, and what becomes of it: a failure in its own words, and facts that stay
//! unknown, never zero.

use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use devportal::fact::collect::{Authorization, CollectErrorKind, Connection};
use devportal::http::{Client, Limits, Secret};
use serde_json::json;

use crate::fact_collect::{collect, configure, facts, failures, workspace};
use crate::fact_doubles::{FactDouble, fine, pagerduty, sonarqube};
use crate::forge_double::Answer;
use crate::sandbox::{Run, Sandbox};

/// Three components with a service each.
const SERVICES: [(&str, &[(&str, &str)]); 3] = [
    ("one", &[("pagerduty.com/service-id", "ONE")]),
    ("three", &[("pagerduty.com/service-id", "THREE")]),
    ("two", &[("pagerduty.com/service-id", "TWO")]),
];

fn ask(url: &str) -> Run {
    let sandbox = workspace(&SERVICES);
    let mut command = collect(&sandbox, &["--json"]);
    Run::of(
        command
            .env("PAGERDUTY_API_URL", url)
            .env("PAGERDUTY_TOKEN", pagerduty::TOKEN),
    )
}

fn connection(url: String, limits: Limits) -> Connection {
    let token = Some(Secret::new(pagerduty::TOKEN));
    Connection::new(
        Client::new(limits),
        url,
        token,
        Authorization::Scheme("Bearer"),
    )
}

/// F01: a redirect to another host, port or scheme gets nothing, and both hosts are named.
#[test]
fn f01_redirects_are_not_followed() {
    for status in [301, 302, 307, 308] {
        let elsewhere = FactDouble::new(|_| fine(&json!({})));
        let location = format!("location: {}/services/ONE", elsewhere.url());
        let double = FactDouble::new(move |_| Answer::with(status, &[&location], ""));
        let run = ask(&double.url());
        assert_eq!(run.code, 3, "{run:?}");
        let failures = failures(&run, "pagerduty").join("\n");
        assert!(
            failures.contains(&double.host()) && failures.contains(&elsewhere.host()),
            "{failures}"
        );
        assert!(facts(&run, "pagerduty").is_empty());
        assert!(elsewhere.asked().is_empty(), "{status}");
    }
}

/// F02: each status in its own words; nothing becomes zero.
#[test]
fn f02_every_status_has_its_own_words() {
    for (status, words, code) in [
        (401, "it does not accept the token: no such account", 4),
        (403, "the token may not do that: no such account", 3),
        (404, "there is no such thing: no such account", 3),
        (429, "it has answered often enough: no such account", 3),
        (500, "it has a problem of its own: no such account", 3),
        (503, "it is not available now: no such account", 3),
        (418, "it refuses what is asked: no such account", 3),
    ] {
        let error = json!({"error": {"message": "no such account", "code": 1}});
        let double = FactDouble::new(move |_| Answer::json(status, &error));
        let run = ask(&double.url());
        assert_eq!(run.code, code, "{run:?}");
        assert!(failures(&run, "pagerduty")[0].contains(words), "{run:?}");
        assert!(facts(&run, "pagerduty").is_empty(), "{run:?}");
        // A token that is refused is shown to the host once.
        let asked = if status == 401 { 1 } else { 3 };
        assert_eq!(double.asked().len(), asked, "{status}");
    }
}

/// F02: answers that are none.
#[test]
fn f02_answers_that_are_none_are_told_apart() {
    let gzip = Answer::with(
        200,
        &["content-type: application/json", "content-encoding: gzip"],
        "\u{1f}bomb",
    );
    let html = Answer::with(200, &["content-type: text/html"], "<html>Sign in</html>");
    for (answer, words) in [
        (html, "answered with \"text/html\" instead of JSON"),
        (Answer::with(200, &[], ""), "JSON that does not fit"),
        (
            Answer::raw(b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{"),
            "in the middle",
        ),
        (gzip, "answered compressed (\"gzip\")"),
        (fine(&json!({"service": {}})), "no \"id\" of the right type"),
        (fine(&json!([])), "no \"service\" of the right type"),
    ] {
        let double = FactDouble::new(move |_| answer.clone());
        let run = ask(&double.url());
        assert_eq!(run.code, 3, "{run:?}");
        assert!(
            failures(&run, "pagerduty")[0].contains(words),
            "{words}: {run:?}"
        );
        assert!(facts(&run, "pagerduty").is_empty(), "{run:?}");
    }
}

/// F02: part of a target can fail; what arrived is kept, and what is missing is not made up.
#[test]
fn f02_what_arrived_is_kept() {
    let double = FactDouble::new(|question| match question.path.as_str() {
        "/services/TWO" => Answer::json(500, &json!({})),
        "/incidents" if question.parameter("since").is_empty() => {
            fine(&json!({"incidents": [], "more": false}))
        }
        "/incidents" | "/oncalls" => Answer::json(503, &json!({})),
        path => fine(&json!({"service": {"id": path.trim_start_matches("/services/")}})),
    });
    let run = ask(&double.url());
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(
        facts(&run, "pagerduty"),
        [
            "component:default/one incident.open 0",
            "component:default/three incident.open 0"
        ]
    );
    assert_eq!(failures(&run, "pagerduty").len(), 3, "{run:?}");
}

/// F02: a host that is not there is asked once, and not for every entity.
#[test]
fn f02_a_host_that_is_not_there_is_found_out_once() {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let run = ask(&format!("http://{address}"));
    assert_eq!(run.code, 3, "{run:?}");
    let failures = failures(&run, "pagerduty");
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert!(failures[0].contains("cannot be reached"), "{failures:?}");
    let page = run.json();
    assert_eq!(
        (&page["sources"][0]["asked"], &page["complete"]),
        (&json!(1), &json!(false))
    );
}

/// F02: an answer without an end, and one that drips, are bounded.
#[test]
fn f02_endless_and_slow_answers_end() {
    let serve = |drip: Duration| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n[");
                let chunk = if drip.is_zero() {
                    vec![b' '; 1 << 16]
                } else {
                    vec![b' ']
                };
                while stream.write_all(&chunk).is_ok() {
                    if !drip.is_zero() {
                        std::thread::park_timeout(drip);
                    }
                }
            }
        });
        url
    };
    let started = Instant::now();
    let endless = connection(serve(Duration::ZERO), Limits::default());
    let error = endless.get("/x").unwrap_err();
    assert!(error.message.contains("more than 8388608 bytes"), "{error}");
    let limits = Limits {
        total: Duration::from_millis(200),
        ..Limits::default()
    };
    let slow = connection(serve(Duration::from_millis(20)), limits);
    let error = slow.get("/x").unwrap_err();
    assert_eq!(error.kind, CollectErrorKind::Unreachable);
    assert!(error.message.contains("did not answer in time"), "{error}");
    // A run that is over asks nobody any more.
    let over = connection(serve(Duration::ZERO), Limits::default()).until(Instant::now());
    assert!(
        over.get("/x")
            .unwrap_err()
            .message
            .contains("time of the run is over")
    );
    assert!(started.elapsed() < Duration::from_secs(20));
}

/// F02: a host that cannot show who it is learns nothing, and a name that is none is told.
#[test]
fn f02_a_host_that_nobody_vouches_for_gets_no_token() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut tls = rustls::StreamOwned::new(tls_server(), stream);
        let mut heard = Vec::new();
        let failed = std::io::Read::read_to_end(&mut tls, &mut heard).is_err();
        (failed, heard)
    });
    let run = ask(&format!("https://localhost:{port}"));
    assert_eq!(run.code, 3, "{run:?}");
    let told = failures(&run, "pagerduty");
    assert!(
        told[0].contains(&format!("host \"localhost:{port}\" cannot be trusted")),
        "{told:?}"
    );
    let (failed, heard) = heard.join().unwrap();
    assert!(failed && heard.is_empty(), "{heard:?}");
    let run = ask("https://no-such-host.invalid");
    let told = failures(&run, "pagerduty");
    assert!(
        told[0].contains("host \"no-such-host.invalid\""),
        "{told:?}"
    );
    assert_eq!((run.code, told.len()), (3, 1), "{run:?}");
}

/// A server with a certificate that nobody signed but itself.
fn tls_server() -> rustls::ServerConnection {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/fixtures/tls");
    let certificate = CertificateDer::from_pem_file(format!("{folder}/certificate.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(format!("{folder}/key.pem")).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(
        rustls::crypto::ring::default_provider().into(),
    )
    .with_safe_default_protocol_versions()
    .unwrap()
    .with_no_client_auth()
    .with_single_cert(vec![certificate], key)
    .unwrap();
    rustls::ServerConnection::new(config.into()).unwrap()
}

/// F03: pages that lead in a circle, and to somebody else.
#[test]
fn f03_pages_end() {
    let elsewhere = FactDouble::new(|_| fine(&json!([])));
    let next = format!("{}/b", elsewhere.url());
    let double = FactDouble::new(move |question| {
        let next = match question.path.as_str() {
            "/itself" => "</itself>; rel=\"next\"".to_owned(),
            "/circle" => "</back?a=1>; rel=\"next\"".to_owned(),
            "/back" => "</circle>; rel=\"next\"".to_owned(),
            "/elsewhere" => format!("<{next}>; rel=\"next\""),
            "/userinfo" => format!(
                "<http://u:p@{}/x>; rel=\"next\"",
                question.asked.header("host").unwrap()
            ),
            path => {
                let number: usize = path.trim_start_matches("/endless").parse().unwrap_or(0);
                format!("</endless{}>; rel=\"next\"", number + 1)
            }
        };
        Answer::with(
            200,
            &["content-type: application/json", &format!("link: {next}")],
            "[]",
        )
    });
    let connection = connection(double.url(), Limits::default());
    for (path, pages, words) in [
        (
            "/itself",
            1,
            "names a page as its next that was there before",
        ),
        (
            "/circle",
            2,
            "names a page as its next that was there before",
        ),
        ("/elsewhere", 1, "as its next, which is not asked"),
        ("/userinfo", 1, "as its next, which is not asked"),
        ("/endless", 200, "has more than 200 pages"),
    ] {
        let found: Vec<_> = connection.pages(path, &[]).collect();
        assert_eq!(found.len(), pages + 1, "{path}");
        let error = found.last().unwrap().as_ref().unwrap_err();
        assert!(error.message.contains(words), "{path}: {error}");
    }
    assert!(elsewhere.asked().is_empty());
}

/// F03: an offset that never ends is bounded by what the API itself allows.
#[test]
fn f03_more_without_an_end_is_bounded() {
    let double = FactDouble::new(|question| match question.path.as_str() {
        "/incidents" => {
            let incident = json!({"status": "triggered", "created_at": "2026-06-29T00:00:00Z"});
            fine(&json!({"incidents": [incident], "more": true}))
        }
        "/oncalls" => fine(&json!({"oncalls": []})),
        _ => fine(&json!({"service": {"id": "X"}})),
    });
    let run = ask(&double.url());
    assert!(facts(&run, "pagerduty").is_empty(), "{run:?}");
    let failures = failures(&run, "pagerduty");
    assert!(
        failures[0].contains("more than 10000 incidents"),
        "{failures:?}"
    );
}

/// F04: no command but this one connects to anybody, and this one not without being told whom.
#[test]
fn f04_nothing_is_asked_implicitly() {
    let double = sonarqube::server();
    let sandbox = workspace(&[(
        "payments",
        &[("sonarqube.org/project-key", "larkspur:payments")],
    )]);
    for arguments in [
        &["find", "payments"][..],
        &["show", "payments"],
        &["check"],
        &["export", "entities"],
        &["facts", "collect", "--dry-run"],
    ] {
        let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "");
        let run = Run::of(command.args(arguments).env("SONAR_HOST_URL", double.url()));
        assert!(run.code < 2, "{run:?}");
    }
    assert!(double.asked().is_empty());
}

/// F08: a scanned repository cannot say where a source is, nor what runs.
#[test]
fn f08_sources_of_repositories_are_left_out() {
    let evil = FactDouble::new(|_| fine(&json!({})));
    let settings = format!(
        "sources:\n  pagerduty: {{api: '{url}', token-command: [/bin/sh, -c, 'touch PWNED']}}\n  evil: {{type: program, command: [/bin/sh, -c, 'touch PWNED']}}\n  worse: {{type: http-json, url: '{url}/{{{{ name }}}}', facts: {{cost.month: /x}}}}\n",
        url = evil.url()
    );
    for organisation in ["organisation: larkspur\n", ""] {
        let sandbox = workspace(&SERVICES);
        sandbox.write("devportal.yaml", &format!("{organisation}{settings}"));
        let mut command = collect(&sandbox, &["--trust"]);
        let run = Run::of(
            command
                .env("PAGERDUTY_TOKEN", pagerduty::TOKEN)
                .env("HTTPS_PROXY", "http://127.0.0.1:9"),
        );
        assert!(evil.asked().is_empty(), "{run:?}");
        assert!(!sandbox.root().join("PWNED").exists());
        let check = sandbox.devportal("", &["check", "--format", "concise"]);
        for key in ["pagerduty.api", "evil.command", "worse.url"] {
            let message = format!("\"sources.{key}\" is not allowed here");
            assert!(check.stdout.contains(&message), "{check:?}");
        }
    }
}

/// The proxy of the environment is used, and asked for nothing but a tunnel.
#[test]
fn f02_the_proxy_of_the_environment_sees_no_token() {
    let proxy = FactDouble::new(|_| Answer::with(403, &[], ""));
    let sandbox = workspace(&SERVICES);
    let mut command = collect(&sandbox, &["--json"]);
    let run = Run::of(
        command
            .env("PAGERDUTY_TOKEN", pagerduty::TOKEN)
            .env("HTTPS_PROXY", proxy.url()),
    );
    assert_eq!(run.code, 3, "{run:?}");
    let asked = proxy.asked();
    assert_eq!(asked[0].route, "CONNECT api.pagerduty.com:443");
    assert!(!format!("{asked:?}").contains("PDt0k3n"), "{asked:?}");
}

/// F10: what is said to be observed in the future is told, and dated now.
#[test]
fn f10_nothing_is_observed_in_the_future() {
    let sandbox: Sandbox = workspace(&[("payments", &[])]);
    let line =
        "{\"name\": \"cost.month\", \"value\": 7, \"observed-at\": \"2126-01-01T00:00:00Z\"}";
    configure(
        &sandbox,
        &format!(
            "sources: {{own: {{type: program, command: [/bin/sh, -c, 'echo ''{line}''']}}}}\n"
        ),
    );
    let run = Run::of(&mut collect(&sandbox, &["--trust", "--json"]));
    assert_eq!(
        facts(&run, "own"),
        ["component:default/payments cost.month 7"]
    );
    assert!(
        failures(&run, "own")[0].contains("observed in the future"),
        "{run:?}"
    );
    assert!(!run.stdout.contains("\"observedAt\": \"2126"), "{run:?}");
}
