//! `run:command`, and programs that the user's configuration has for actions.

use std::fs;

use super::stage::{FETCH, Stage, words};

fn with_command(input: &str) -> Stage {
    Stage::new(&format!(
        "{FETCH}    - id: command\n      action: run:command\n      input: {input}\n"
    ))
}

#[test]
fn a_program_runs_in_the_files_and_what_it_makes_is_taken_over() {
    let stage = with_command("{command: my-tool, args: ['a b', '$HOME; touch x', '*']}");
    stage
        .sandbox
        .write("template/skeleton/.gitignore", "target/\n");
    stage.program(
        "my-tool",
        "printf '%s\\n' \"$@\" > arguments; mkdir -p target sub; echo built > target/out; echo new > sub/new; rm README.md",
    );
    let run = stage.new_with(&["--trust"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let root = stage.sandbox.root().join("orders");
    let arguments = fs::read_to_string(root.join("arguments")).unwrap();
    assert_eq!(arguments, "a b\n$HOME; touch x\n*\n");
    let files = stage.sandbox.git("orders", &["ls-files"]);
    let expected = [
        ".devportal/template.lock.yaml",
        ".gitignore",
        "arguments",
        "catalog-info.yaml",
        "sub/new",
    ];
    assert_eq!(files.lines().collect::<Vec<_>>(), expected);
    assert!(!root.join("target").exists());
    let left: Vec<String> = crate::sandbox::folders(&stage.sandbox.root());
    assert_eq!(left, ["orders", "template"]);
}

#[test]
fn nothing_runs_without_trust_or_in_a_dry_run() {
    let stage = with_command("{command: my-tool}");
    let ran = stage.outside("ran");
    stage.program("my-tool", &format!("touch {}", ran.display()));
    let run = stage.new_with(&[], &[]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stderr.contains("--trust"), "{run:?}");
    let run = stage.new_with(&["--dry-run", "--trust"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(words(&run.stdout).contains("will run my-tool"), "{run:?}");
    assert!(!ran.exists());
    assert!(!stage.sandbox.root().join("orders").exists());
}

#[test]
fn a_program_that_fails_stops_before_anything_is_written() {
    let stage = with_command("{command: my-tool}");
    stage.program("my-tool", "echo 'cannot reach the moon' >&2; exit 7");
    let run = stage.new_with(&["--trust"], &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("cannot reach the moon"), "{run:?}");
    assert!(
        run.stderr.contains("step \"command\" (run:command) fails"),
        "{run:?}"
    );
    assert_eq!(crate::sandbox::folders(&stage.sandbox.root()), ["template"]);
    let run = with_command("{command: no-such-tool}").new_with(&["--trust"], &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("there is no program \"no-such-tool\""),
        "{run:?}"
    );
}

/// A name is looked for in the absolute folders of `PATH`, never where the files lie.
#[test]
fn a_file_of_the_template_is_no_program_of_the_machine() {
    let stage = with_command("{command: my-tool}");
    let ran = stage.outside("ran");
    for folder in ["template/skeleton", "", "bin"] {
        let path = stage.sandbox.root().join(folder).join("my-tool");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\ntouch {}\n", ran.display())).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&path, mode).unwrap();
    }
    let path = format!(".::bin:{}", std::env::var("PATH").unwrap());
    let run = stage.new_with(&["--trust"], &[("PATH", &path)]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(!ran.exists());
    // One that the template names by its path is meant.
    let stage = with_command("{command: ./my-tool}");
    let ran = stage.outside("ran");
    stage.sandbox.write(
        "template/skeleton/my-tool",
        &format!("#!/bin/sh\ntouch {}\n", ran.display()),
    );
    let file = stage.sandbox.root().join("template/skeleton/my-tool");
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let run = stage.new_with(&["--trust"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(ran.exists());
}

#[test]
fn the_users_program_does_an_action_and_its_outputs_are_used() {
    let stage = Stage::new(
        "    - id: provision
      action: acme:provision
      input: {name: \"${{ parameters.name }}\", size: \"${{ 3 }}\", word: \"${{ secrets.word }}\"}
    - action: fetch:template
      input:
        url: ./skeleton
        values: {name: '${{ parameters.name }}', id: '${{ steps.provision.output.id }}'}
  output:
    links: [{title: Console, url: \"https://console.example/${{ steps.provision.output.id }}\"}]
",
    );
    stage
        .sandbox
        .write("template/skeleton/id", "${{ values.id }}\n");
    let seen = stage.outside("seen");
    stage.program(
        "provision",
        &format!(
            "cat > {}; echo \"$1\" >> {0}; echo '{{\"id\": 42}}'",
            seen.display()
        ),
    );
    let refused = stage.new_with(&["--trust"], &[]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.stderr.contains("acme:provision"), "{refused:?}");
    stage.configuration("actions: {'acme:provision': [provision, --json]}\n");
    assert_eq!(stage.new_with(&[], &[]).code, 4);
    let run = stage.new_with(&["--trust", "--json"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let input = fs::read_to_string(&seen).unwrap();
    assert_eq!(
        input,
        "{\"name\":\"orders\",\"size\":3,\"word\":\"hunter-twelve\"}--json\n"
    );
    let id = fs::read_to_string(stage.sandbox.root().join("orders/id")).unwrap();
    assert_eq!(id, "42\n");
    let link = &run.json()["output"]["links"][0];
    assert_eq!(link["url"], "https://console.example/42");
    assert!(!run.stdout.contains("hunter-twelve"), "{run:?}");

    stage.program("provision", "echo no JSON");
    let run = stage.new_with(&["--trust", "again"], &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("printed no JSON object"), "{run:?}");
}

#[test]
fn steps_that_ask_for_failures_run_and_are_told() {
    let stage = Stage::new(&format!(
        "{FETCH}    - id: command
      action: run:command
      input: {{command: my-tool}}
    - id: skipped
      action: debug:log
      input: {{message: never}}
    - id: sorry
      if: ${{{{ failure() }}}}
      action: debug:log
      input: {{message: \"ask the platform team, not ${{{{ secrets.word }}}}\"}}
    - id: clean
      if: ${{{{ always() }}}}
      action: run:command
      input: {{command: clean-up}}
"
    ));
    let cleaned = stage.outside("cleaned");
    stage.program("my-tool", "exit 1");
    stage.program("clean-up", &format!("touch {}", cleaned.display()));
    let run = stage.new_with(&["--trust"], &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("ask the platform team, not ***"),
        "{run:?}"
    );
    assert!(!run.stderr.contains("never"), "{run:?}");
    assert!(cleaned.exists());
    assert!(!stage.sandbox.root().join("orders").exists());
}
