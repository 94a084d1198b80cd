//! Updates of repositories whose lock, files or template somebody has tampered with.

use std::fs;

use super::golden_path::{GoldenPath, RENDER, trap};
use super::workspace::{Answer, SECRET};

const LOCK: &str = ".devportal/template.lock.yaml";

/// A repository of the first version of a template, of which there is a second one.
fn outdated() -> GoldenPath {
    let template = GoldenPath::new();
    template
        .file("README.md", "one\n")
        .file("docs/index.md", "one\n");
    template.workspace.repository("template");
    template.make(&[]).assert_code(0);
    template
        .file("README.md", "two\n")
        .file("docs/index.md", "two\n")
        .file("docs/new.md", "new\n");
    template.workspace.commit("template");
    template
}

/// Updates, where `git` and its helpers are traps.
fn update(template: &GoldenPath, arguments: &[&str]) -> Answer {
    let programs = template.workspace.home().join("programs");
    let mark = template.workspace.path("PWNED");
    for name in ["git", "ssh", "git-remote-ext", "git-upload-pack"] {
        trap(&programs.join(name), &mark);
    }
    let update = [&["template", "update", "made"][..], arguments].concat();
    let mut command = template.workspace.command(&update);
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", programs.display()));
    template.workspace.finish(&mut command)
}

/// Replaces words of the lock, and commits that.
fn forge(template: &GoldenPath, replacements: &[(&str, &str)]) {
    let mut lock = template.text(LOCK);
    for (from, to) in replacements {
        assert!(lock.contains(from), "{from} is not in {lock}");
        lock = lock.replace(from, to);
    }
    fs::write(template.made(LOCK), lock).unwrap();
    template.workspace.commit("made");
}

/// Asserts that nothing of the second version has arrived.
fn assert_unchanged(template: &GoldenPath) {
    assert_eq!(template.text("README.md"), "one\n");
    assert!(!template.made("docs/new.md").exists());
}

#[test]
fn d22_an_update_that_nobody_tampered_with_arrives() {
    let template = outdated();
    update(&template, &[]).assert_code(0);
    assert_eq!(template.text("README.md"), "two\n");
    assert_eq!(template.text("docs/new.md"), "new\n");
}

#[test]
fn d22_a_lock_that_is_none_is_refused() {
    for lock in [
        "",
        "[]",
        "schema: x",
        "schema: devportal.template-lock/v2\n",
        "\u{0}",
        "a: &a [*a]\n",
        "<<<<<<< ours\n",
        "a: [[[[[[[[[[",
        "schema: devportal.template-lock/v1\ntemplate: {name: [x], source: binary}\nanswers: {}\nfiles: {}\n",
    ] {
        let template = outdated();
        fs::write(template.made(LOCK), lock).unwrap();
        template.workspace.commit("made");
        update(&template, &[]).assert_refused("template.lock.yaml");
        assert_unchanged(&template);
    }
    let template = outdated();
    fs::remove_file(template.made(LOCK)).unwrap();
    template.workspace.commit("made");
    update(&template, &[]).assert_refused("template.lock.yaml is missing");
    // Something else in its place.
    for target in ["/dev/zero", "../../outside/lock", "missing", "."] {
        let template = outdated();
        fs::write(template.workspace.outside().join("lock"), SECRET).unwrap();
        fs::remove_file(template.made(LOCK)).unwrap();
        template.workspace.link(target, format!("made/{LOCK}"));
        template.workspace.commit("made");
        assert_eq!(update(&template, &[]).code, Some(2));
        assert_unchanged(&template);
    }
}

#[test]
fn d22_one_bad_lock_does_not_hide_other_repositories() {
    let template = outdated();
    template
        .workspace
        .write("broken/.devportal/template.lock.yaml", "[]")
        .repository("broken");
    let answer = template.workspace.run(&["template", "status"]);
    answer.assert_code(3);
    assert!(
        answer.text().contains("made"),
        "{}{}",
        answer.text(),
        answer.stderr
    );
    assert!(
        answer.stderr.contains("broken/.devportal"),
        "{}",
        answer.stderr
    );
}

#[test]
fn d22_paths_of_a_lock_lead_nowhere() {
    for path in [
        "../outside/catalog-info.yaml",
        "../../outside/catalog-info.yaml",
        "/etc/passwd",
        ".git/config",
        ".git/hooks/post-commit",
        "docs/../../template/template.yaml",
        ".GIT/config",
        "a\\\\..\\\\b",
    ] {
        let template = outdated();
        forge(
            &template,
            &[("\n  README.md:", &format!("\n  \"{path}\":"))],
        );
        let answer = update(&template, &[]);
        answer.assert_code(2);
        assert_unchanged(&template);
        let status = template.workspace.run(&["template", "status"]);
        assert!(!status.text().contains(SECRET));
    }
}

#[test]
fn d22_a_lock_names_no_template_outside() {
    for path in [
        "../outside/template.yaml",
        "../../outside/template.yaml",
        "/etc/passwd",
        ".git/config",
        "link/template.yaml",
    ] {
        let template = outdated();
        let outside = template.workspace.outside();
        fs::write(outside.join("template.yaml"), SECRET).unwrap();
        template.workspace.link(&outside, "template/link");
        forge(
            &template,
            &[("path: template.yaml", &format!("path: {path}"))],
        );
        assert_eq!(update(&template, &[]).code, Some(2));
        assert_unchanged(&template);
    }
}

#[test]
fn d22_a_lock_makes_nobody_fetch() {
    for repository in [
        "evil.example/x/y",
        "https://evil.example/x/y",
        "ext::sh -c touch% PWNED",
        "ssh://-oProxyCommand=touch/x/y",
        "--upload-pack=touch PWNED",
        "file:///etc",
        "/etc",
        "../outside",
    ] {
        for source in ["git", "folder"] {
            let template = outdated();
            let (name, was) = (format!("repository: '{repository}'"), template.text(LOCK));
            let old = was
                .lines()
                .find(|line| line.contains("repository:"))
                .unwrap();
            forge(
                &template,
                &[
                    (old.trim(), &name),
                    ("source: folder", &format!("source: {source}")),
                ],
            );
            assert_eq!(update(&template, &[]).code, Some(2), "{repository}");
            assert_unchanged(&template);
            // Git is asked only for what it may be asked for.
            if !repository.contains("evil.example") {
                assert_eq!(
                    update(&template, &["--fetch"]).code,
                    Some(2),
                    "{repository}"
                );
                assert_unchanged(&template);
            }
        }
    }
    for commit in ["--upload-pack=touch", "HEAD@{1}", "../x", "main", "\"0\""] {
        let template = outdated();
        let was = template.text(LOCK);
        let old = was.lines().find(|line| line.contains("commit:")).unwrap();
        forge(&template, &[(old.trim(), &format!("commit: {commit}"))]);
        let answer = update(&template, &[]);
        assert!(matches!(answer.code, Some(0..=2)), "{}", answer.stderr);
    }
}

#[test]
fn d22_an_update_runs_no_program() {
    let template = outdated();
    template.steps(&format!(
        "{RENDER}    - {{id: a, action: 'run:command', input: {{command: touch PWNED}}}}
    - {{id: b, action: 'acme:action', input: {{}}}}
"
    ));
    let configuration = template
        .workspace
        .home()
        .join(".config/devportal/config.yaml");
    fs::create_dir_all(configuration.parent().unwrap()).unwrap();
    let mark = template.workspace.path("PWNED");
    let actions = format!(
        "actions: {{'acme:action': [touch, '{}']}}\n",
        mark.display()
    );
    fs::write(configuration, actions).unwrap();
    template.workspace.commit("template");
    let answer = update(&template, &[]);
    assert!(matches!(answer.code, Some(0 | 2)), "{}", answer.stderr);
    assert!(!template.made("PWNED").exists());
}

#[test]
fn d22_links_in_a_repository_are_not_written_through() {
    let template = outdated();
    let outside = template.workspace.outside();
    fs::write(outside.join("index.md"), "one\n").unwrap();
    fs::remove_dir_all(template.made("docs")).unwrap();
    template
        .workspace
        .link(&outside, "made/docs")
        .commit("made");
    update(&template, &[]);
    assert_eq!(
        fs::read_to_string(outside.join("index.md")).unwrap(),
        "one\n"
    );
    assert!(!outside.join("new.md").exists());
    let template = outdated();
    let outside = template.workspace.outside();
    fs::write(outside.join("victim"), "one\n").unwrap();
    fs::remove_file(template.made("README.md")).unwrap();
    template
        .workspace
        .link(outside.join("victim"), "made/README.md")
        .commit("made");
    update(&template, &[]);
    assert_eq!(fs::read_to_string(outside.join("victim")).unwrap(), "one\n");
}

#[test]
fn d22_answers_of_a_lock_are_data() {
    let template = outdated();
    template.file("README.md", "${{ values.value }}\n");
    template.workspace.commit("template");
    let hostile = "${{ 7*7 }} {% raw %} $(touch PWNED)";
    forge(
        &template,
        &[("value: \"\"", &format!("value: '{hostile}'\n  unknown: x"))],
    );
    let answer = update(&template, &[]);
    assert!(matches!(answer.code, Some(0..=2)), "{}", answer.stderr);
    let readme = template.text("README.md");
    assert!(readme.contains(hostile), "{readme}{}", answer.stderr);
}
