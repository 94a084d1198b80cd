//! Templates that want programs to run, secrets, or more than anybody can answer.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use super::golden_path::{GoldenPath, RENDER};
use super::workspace::Answer;

/// A secret that an answer has.
const TOKEN: &str = "hunter2-5ecret/+value";

/// A template with these parameters, that renders its skeleton.
fn with_parameters(parameters: &str) -> GoldenPath {
    let template = GoldenPath::new();
    template.file("README.md", "x").template(&format!(
        "  parameters:\n{parameters}\n  steps:\n{}",
        RENDER.replace("'${{ parameters }}'", "{}")
    ));
    template
}

fn quickly(template: &GoldenPath, arguments: &[&str]) -> Answer {
    let started = Instant::now();
    let answer = template.make(arguments);
    assert!(started.elapsed() < Duration::from_secs(15));
    answer
}

#[test]
fn d15_large_schemas_are_bounded() {
    let many = (0..10_000).map(|number| format!("        p{number}: {{default: x}}\n"));
    let many = many.collect::<Vec<_>>().concat();
    let template = with_parameters(&format!("    - properties:\n{many}"));
    let answer = quickly(&template, &[]);
    assert!(matches!(answer.code, Some(0 | 2)), "{}", answer.stderr);
    let choices = vec!["x"; 1_000_000].join(",");
    let template = with_parameters(&format!(
        "    - properties:\n        p: {{type: string, enum: [{choices}]}}\n"
    ));
    let answer = quickly(&template, &["--set", "p=y"]);
    template.assert_refused(&answer, &[]);
    assert!(answer.stderr.len() < 20_000);
    let choices = (0..100_000).map(|number| format!("c{number},"));
    let choices = choices.collect::<Vec<_>>().concat();
    let template = with_parameters(&format!(
        "    - properties:\n        p: {{type: string, enum: [{choices}]}}\n"
    ));
    let answer = quickly(&template, &["--set", "p=c100001"]);
    template.assert_refused(&answer, &["\"p\""]);
    assert!(answer.stderr.len() < 20_000);
    quickly(&template, &["--set", "p=c99999"]).assert_code(0);
    let nested = "{type: object, properties: {p: ".repeat(120) + "{}" + &"}}".repeat(120);
    let template = with_parameters(&format!("    - properties:\n        p: {nested}\n"));
    let answer = quickly(&template, &[]);
    assert!(matches!(answer.code, Some(0 | 2)), "{}", answer.stderr);
    let conditions =
        "{if: {properties: {a: {const: 1}}}, then: ".repeat(60) + "{}" + &"}".repeat(60);
    let template = with_parameters(&format!(
        "    - properties: {{a: {{default: 1}}}}\n      allOf: [{conditions}]\n"
    ));
    let answer = quickly(&template, &[]);
    assert!(matches!(answer.code, Some(0 | 2)), "{}", answer.stderr);
}

#[test]
fn d15_patterns_take_no_time() {
    let value = format!("value={}!", "a".repeat(5_000));
    for pattern in [
        "^(a+)+$",
        "^(a|aa)+$",
        "^(a|a?)+$",
        "(a*)*b",
        "^a{1000}{1000}$",
        "^((a{0,100}){0,100}){0,100}$",
        "^(?=(a+)+$)",
        "^(a+)\\\\1+$",
        "[",
        "(",
        "\\\\p{Nothing}",
    ] {
        let template = with_parameters(&format!(
            "    - properties:\n        value: {{type: string, pattern: \"{pattern}\"}}\n"
        ));
        let answer = quickly(&template, &["--set", &value]);
        assert!(matches!(answer.code, Some(0 | 2)), "{}", answer.stderr);
    }
}

#[test]
fn d15_a_default_that_does_not_fit_is_the_template_s_fault() {
    for parameter in [
        "{type: string, maxLength: 2, default: long}",
        "{type: string, enum: [a, b], default: c}",
        "{type: string, pattern: '^x$', default: y}",
    ] {
        let template = with_parameters(&format!("    - properties:\n        p: {parameter}\n"));
        let answer = template.make(&[]);
        template.assert_refused(&answer, &["\"p\"", "default"]);
    }
}

/// Asserts that a secret is in no file below the folder of the test, except where it was put.
fn assert_nowhere(template: &GoldenPath, answer: &Answer) {
    let told = format!("{}{}", answer.text(), answer.stderr);
    assert!(!told.contains("hunter2"), "{told}");
    let mut open = vec![template.workspace.root().parent().unwrap().to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let metadata = path.symlink_metadata().unwrap();
            if metadata.is_dir() {
                open.push(path);
            } else if metadata.is_file() && !path.ends_with("answers.json") {
                let bytes = fs::read(&path).unwrap();
                let text = String::from_utf8_lossy(&bytes);
                assert!(!text.contains("hunter2"), "{}", path.display());
            }
        }
    }
}

#[test]
fn d15_secrets_are_in_nothing_that_is_shown_or_kept() {
    let parameters = "  parameters:
    - required: [token]
      properties:
        token: {type: string, ui:field: Secret, maxLength: 30}
        password: {type: string, ui:widget: password}
";
    let steps = [
        // What a step logs, what fails with it, what a program is given, what is told at the end.
        RENDER.replace("'${{ parameters }}'", "{x: '${{ secrets.token | length }}'}"),
        "    - {id: a, action: 'debug:log', input: {message: 'x ${{ secrets.token }}', listWorkspace: true}}\n".into(),
        "    - {id: a, action: 'fetch:template', input: {url: './${{ secrets.token }}'}}\n".into(),
        "    - {id: a, action: 'fetch:template', input: {url: 'https://${{ secrets.token }}@x.example/a/b'}}\n".into(),
        "    - {id: a, action: 'fetch:template', input: {url: ./skeleton, targetPath: '../${{ secrets.token }}'}}\n".into(),
        "    - {id: a, action: 'run:command', input: {command: 'false', args: ['${{ secrets.token }}']}}\n".into(),
        "    - {id: a, action: 'run:command', input: {command: ls, args: ['${{ secrets.token }}']}}\n".into(),
        "    - {id: a, action: 'no:action', input: {x: '${{ secrets.token }}'}}\n".into(),
        "    - {id: a, action: 'publish:github', input: {repoUrl: 'github.com?owner=acme&repo=x', description: '${{ secrets.token }}', token: '${{ secrets.token }}'}}\n".into(),
    ];
    let output = "  output:
    text: [{title: 'T ${{ secrets.token }}', content: 'C ${{ secrets.token }} ${{ steps.a.output }}'}]
    links: [{title: x, url: 'https://x.example/${{ secrets.token }}'}]
";
    for step in steps {
        let template = GoldenPath::new();
        template
            .file("README.md", "x ${{ values.x }}")
            .template(&format!("{parameters}  steps:\n{step}{output}"));
        let answers = serde_json::json!({"token": TOKEN, "password": TOKEN});
        template
            .workspace
            .write("answers.json", answers.to_string());
        for more in [
            &["--dry-run", "--format", "json"][..],
            &["--dry-run"],
            &["--trust", "--skip-unsupported", "--format", "json"],
            &["--trust", "--skip-unsupported", "--force"],
            &["--trust", "--skip-unsupported", "--verbose", "--force"],
        ] {
            let answer = template.make(&[&["--answers", "answers.json"], more].concat());
            assert_nowhere(&template, &answer);
        }
        // One that does not fit its schema.
        let long = serde_json::json!({"token": TOKEN.repeat(9), "password": [TOKEN]});
        template.workspace.write("answers.json", long.to_string());
        let more = ["--trust", "--skip-unsupported", "--force"];
        let answer = template.make(&[&["--answers", "answers.json"], &more[..]].concat());
        answer.assert_code(2);
        assert_nowhere(&template, &answer);
    }
}

#[test]
fn d16_unknown_actions_are_named_before_anything_starts() {
    let template = GoldenPath::with_steps(&format!(
        "{RENDER}    - {{id: log, action: 'debug:log', input: {{message: 'x ${{{{ secrets }}}}'}}}}
    - {{id: ask, name: Ask, action: 'http:backstage:request', input: {{path: /x}}}}
    - {{id: own, name: Own, action: 'acme:create:everything', input: {{}}}}
    - {{id: needs, name: Needs, action: 'debug:log', input: {{message: '${{{{ steps.own.output.x }}}}'}}}}
    - {{id: never, action: 'acme:never', if: false}}
    - {{id: program, action: 'run:command', input: {{command: touch PWNED}}}}
"
    ));
    template.file("README.md", "x");
    for more in [&[][..], &["--trust"], &["--dry-run"]] {
        let answer = template.make(more);
        template.assert_refused(
            &answer,
            &[
                "\"http:backstage:request\"",
                "\"acme:create:everything\"",
                "step \"needs\"",
                "--skip-unsupported",
            ],
        );
        assert!(!answer.stderr.contains("acme:never"), "{}", answer.stderr);
    }
    let answer = template.make(&["--skip-unsupported"]);
    answer.assert_code(4);
    template.assert_nothing_made();
    let answer = template.make(&["--skip-unsupported", "--trust"]);
    answer.assert_code(0);
    for left_out in ["Ask", "Own", "Needs"] {
        let line = format!("{left_out} was left out");
        assert!(answer.text().contains(&line), "{}", answer.text());
    }
    assert_eq!(template.text("README.md"), "x");
}

#[test]
fn d16_programs_run_only_when_they_are_trusted() {
    let template = GoldenPath::with_steps(&format!(
        "{RENDER}    - {{id: program, action: 'run:command', input: {{command: touch ran}}}}\n"
    ));
    template.file("README.md", "x");
    let answer = template.make(&[]);
    answer.assert_code(4);
    assert!(answer.stderr.contains("step \"program\": run:command"));
    assert!(answer.stderr.contains("--trust"));
    template.assert_nothing_made();
    let answer = template.make(&["--dry-run", "--trust"]);
    answer.assert_code(0);
    assert!(
        answer.text().contains("will run touch ran"),
        "{}",
        answer.text()
    );
    template.assert_nothing_made();
    template.make(&["--trust"]).assert_code(0);
    assert!(template.made("ran").exists());
    // A workspace's own configuration cannot say that.
    let template = GoldenPath::with_steps("    - {id: a, action: 'acme:x'}\n");
    let configuration = "actions: {'acme:x': [touch, PWNED]}\ntrust: [template]\n";
    template
        .file("README.md", "x")
        .workspace
        .write("devportal.yaml", configuration)
        .write("template/devportal.yaml", configuration);
    let answer = template.make(&[]);
    template.assert_refused(&answer, &["acme:x"]);
}

#[test]
fn d16_a_program_that_is_trusted_leaves_nothing_outside() {
    for (program, code) in [
        ("ln -s /etc link", 2),
        ("ln -s ../../outside link", 2),
        ("mkdir .git", 0),
        ("mkfifo pipe", 2),
        ("rm -r README.md", 2),
        ("./README.md", 2),
        ("no-such-program", 2),
        ("../../../bin/true", 2),
        ("false", 2),
        ("sleep 0", 0),
    ] {
        let template = GoldenPath::with_steps(&format!(
            "{RENDER}    - {{id: a, action: 'run:command', input: {{command: '{program}'}}}}\n"
        ));
        template.file("README.md", "x");
        let answer = template.make(&["--trust"]);
        answer.assert_code(code);
        if code == 2 {
            template.assert_nothing_made();
        } else {
            assert_eq!(template.left_over(), Vec::<String>::new());
        }
    }
    // A program of the current folder is not taken for one of the machine.
    let template = GoldenPath::with_steps(&format!(
        "{RENDER}    - {{id: a, action: 'run:command', input: {{command: acme-tool}}}}\n"
    ));
    template.file("acme-tool", "#!/bin/sh\ntouch PWNED\n");
    for path in ["template/skeleton/acme-tool", "acme-tool"] {
        template.workspace.write(path, "#!/bin/sh\ntouch PWNED\n");
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(template.workspace.path(path), mode).unwrap();
    }
    let mut command = template.command(&["--trust"]);
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!(".:{path}::"));
    let answer = template.workspace.finish(&mut command);
    template.assert_refused(&answer, &["acme-tool"]);
}

#[test]
fn d17_templates_of_other_programs_are_named_and_not_run() {
    for (file, format) in [
        ("copier.yml", "copier"),
        ("copier.yaml", "copier"),
        ("cookiecutter.json", "cookiecutter"),
        ("cargo-generate.toml", "cargo-generate"),
    ] {
        let template = GoldenPath::new();
        let folder = template.workspace.path("template");
        fs::remove_dir_all(&folder).unwrap();
        template
            .workspace
            .write(
                Path::new("template").join(file),
                "_tasks: ['touch PWNED']\n",
            )
            .write("template/hooks/pre_gen_project.py", "open('PWNED', 'w')\n")
            .write(
                "template/hooks/pre.rhai",
                "system::command(\"touch\", [\"PWNED\"])\n",
            )
            .write("template/README.md", "x");
        for more in [&[][..], &["--trust"], &["--dry-run"]] {
            let answer = template.make(more);
            template.assert_refused(&answer, &[file, format, "template.yaml"]);
        }
    }
    // Beside a template.yaml they are files like others.
    let template = GoldenPath::new();
    template
        .file("copier.yml", "_tasks: ['touch PWNED']\n")
        .file("hooks/post_gen_project.sh", "touch PWNED\n");
    template.make(&["--trust"]).assert_code(0);
    assert!(template.made("hooks/post_gen_project.sh").exists());
}
