//! F05: a token is in nothing that is written, however it comes back.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::fact_collect::{collect, configure, workspace};
use crate::fact_doubles::{FactDouble, fine};
use crate::forge_double::Answer;
use crate::sandbox::{Run, Sandbox};

const TOKEN: &str = "u+PDt0k3n/s3cret";
/// The token, in base64 of `:TOKEN`, in a URL, in JSON, and over lines.
const SPELLINGS: [&str; 5] = [
    "u+PDt0k3n/s3cret",
    "OnUrUER0MGszbi9zM2NyZXQ=",
    "u%2bPDt0k3n%2Fs3cret",
    "u+PDt0k3n\\/s3cret",
    "u+PDt0\n  k3n/s3cret",
];
/// What would give any of these away.
const PARTS: [&str; 4] = ["PDt0", "k3n", "s3cret", "UER0MGszbi9zM2Ny"];

/// Everything that is written below the sandbox, but what the test wrote itself.
fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if !path.ends_with("config.yaml") {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
}

fn assert_nothing_leaks(sandbox: &Sandbox, run: &Run) {
    let mut written = vec![
        ("stdout".to_owned(), run.stdout.clone().into_bytes()),
        ("stderr".to_owned(), run.stderr.clone().into_bytes()),
    ];
    let root = sandbox.root();
    files(&root.join(".."), &mut written);
    // The name of the sandbox is made of letters at random, which may be those of a part.
    let above = root.parent().and_then(Path::file_name).unwrap();
    let above = above.to_str().unwrap();
    for (name, bytes) in written {
        let text = String::from_utf8_lossy(&bytes).replace(above, "");
        for part in PARTS {
            assert!(!text.contains(part), "{name} has \"{part}\": {text}");
        }
    }
}

#[test]
fn f05_a_token_that_comes_back_is_never_written() {
    for spelling in SPELLINGS {
        for status in [200, 400, 401, 403, 500] {
            let double = FactDouble::new(move |question| {
                let page = format!("https://larkspur.pagerduty.com/{spelling}");
                let body = match (status, question.path.as_str()) {
                    (200, "/incidents") => json!({"incidents": [], "more": false}),
                    (200, "/oncalls") => json!({"oncalls": [{
                        "escalation_level": 1,
                        "schedule": {"summary": spelling, "html_url": page},
                    }]}),
                    (200, _) => json!({"service": {
                        "id": "X",
                        "html_url": page,
                        "escalation_policy": {"id": spelling},
                    }}),
                    _ => json!({"error": {"message": format!("token {spelling} is wrong")}}),
                };
                Answer::json(status, &body)
            });
            for format in ["--json", "--format=table", "--format=markdown", "--verbose"] {
                let sandbox = workspace(&[("payments", &[("pagerduty.com/service-id", "X")])]);
                let mut command = collect(&sandbox, &[format]);
                let run = Run::of(
                    command
                        .env("PAGERDUTY_API_URL", double.url())
                        .env("PAGERDUTY_TOKEN", TOKEN),
                );
                assert_ne!(run.code, 2, "{run:?}");
                assert_nothing_leaks(&sandbox, &run);
            }
        }
    }
}

#[test]
fn f05_a_token_is_in_no_file_of_a_workspace_with_git_and_caches() {
    for (number, spelling) in SPELLINGS.into_iter().enumerate() {
        let double = FactDouble::new(move |question| {
            let said =
                json!({"error": {"message": format!("no: {spelling}")}, "message": spelling});
            let encoded = "u%2BPDt0k3n%2Fs3cret";
            let location = format!("location: /elsewhere?token={encoded}");
            match question.path.as_str() {
                "/services/MOVED" => Answer::with(302, &[&location], &said.to_string()),
                "/services/REFUSED" => Answer::json(403, &said),
                "/services/BROKEN" => Answer::json(500, &said),
                "/incidents" => fine(&json!({"incidents": [], "more": false})),
                "/oncalls" => fine(&json!({"oncalls": [{
                    "escalation_level": 1,
                    "schedule": {"summary": spelling, "html_url": format!("https://x.example/{spelling}")},
                }]})),
                _ => fine(&json!({"service": {
                    "id": "FINE",
                    "html_url": format!("https://x.example/{encoded}"),
                    "escalation_policy": {"id": "P", "summary": spelling},
                }})),
            }
        });
        let sandbox = workspace(&[
            ("fine", &[("pagerduty.com/service-id", "FINE")]),
            ("moved", &[("pagerduty.com/service-id", "MOVED")]),
            ("refused", &[("pagerduty.com/service-id", "REFUSED")]),
            ("broken", &[("pagerduty.com/service-id", "BROKEN")]),
        ]);
        sandbox.repository("");
        let with_token = |arguments: &[&str]| {
            let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "");
            for variable in [
                "XDG_CACHE_HOME",
                "XDG_DATA_HOME",
                "XDG_STATE_HOME",
                "TMPDIR",
            ] {
                let folder = sandbox.root().join("../home").join(variable);
                fs::create_dir_all(&folder).unwrap();
                command.env(variable, folder);
            }
            command.env("PAGERDUTY_API_URL", double.url());
            command.env("PAGERDUTY_TOKEN", TOKEN);
            let run = Run::of(command.args(arguments));
            assert_nothing_leaks(&sandbox, &run);
            run
        };
        let run = with_token(&["facts", "collect"]);
        assert_eq!(run.code, 3, "{run:?}");
        assert!(run.stdout.contains("facts/pagerduty/"), "{run:?}");
        assert!(run.stdout.contains("[redacted]"), "{number}: {run:?}");
        for entity in ["fine", "moved", "refused", "broken"] {
            with_token(&["show", entity, "--refresh"]);
            with_token(&["show", entity, "--refresh", "--json"]);
            with_token(&["show", entity]);
        }
        assert_eq!(with_token(&["facts", "show", "fine", "--json"]).code, 0);
        let kept = sandbox.git("", &["status", "--porcelain"]);
        assert!(kept.contains("facts/"), "{kept}");
    }
}

#[test]
fn f05_tokens_of_commands_and_variables_are_never_written() {
    let double = FactDouble::new(|question| {
        let seen = question.asked.header("authorization").unwrap_or_default();
        fine(&json!({"total": seen, "more": 1}))
    });
    let sandbox = workspace(&[("payments", &[])]);
    let url = double.url();
    configure(
        &sandbox,
        &format!(
            "sources:\n  costs: {{type: http-json, url: '{url}/', token-command: [echo, {TOKEN}], facts: {{on-call.schedule: total, cost.month: more}}}}\n  own: {{type: program, variables: [OWN], command: [/bin/sh, -c, 'echo \"failed with $OWN\" >&2; exit 1']}}\n"
        ),
    );
    let mut command = collect(&sandbox, &["--json", "--trust"]);
    let run = Run::of(command.env("OWN", TOKEN));
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stdout.contains("Bearer [redacted]"), "{run:?}");
    assert!(run.stdout.contains("failed with [redacted]"), "{run:?}");
    assert_nothing_leaks(&sandbox, &run);
}

#[test]
fn f05_a_token_in_the_address_is_refused_without_showing_it() {
    let sandbox = workspace(&[("payments", &[("pagerduty.com/service-id", "X")])]);
    let mut command = collect(&sandbox, &["--json"]);
    let run = Run::of(
        command
            .env(
                "PAGERDUTY_API_URL",
                format!("https://user:{TOKEN}@127.0.0.1:1"),
            )
            .env("PAGERDUTY_TOKEN", "another-t0ken"),
    );
    assert_eq!(run.code, 3, "{run:?}");
    assert_nothing_leaks(&sandbox, &run);
}
