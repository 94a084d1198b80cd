//! Paths of templates that lead where nothing may be read or written.

use std::fs;
use std::path::Path;

use super::golden_path::{GoldenPath, RENDER, names};

#[test]
fn d01_links_that_lead_out_are_refused_before_anything_is_written() {
    for (target, path) in [
        ("/etc/passwd", "link"),
        ("/", "link"),
        ("..", "link"),
        ("../outside", "link"),
        ("missing/../../outside", "link"),
        ("./././..", "link"),
        ("../../x", "folder/link"),
        ("../../../outside/catalog-info.yaml", "a/b/link"),
    ] {
        let template = GoldenPath::new();
        template.file("README.md", "x").link(target, path);
        let answer = template.make(&[]);
        template.assert_refused(&answer, &[&format!("\"{path}\"")]);
    }
}

#[test]
fn d01_links_that_lead_out_by_way_of_others_are_refused() {
    // `through` looks as if it stayed, and leads out because `up` leads up.
    let template = GoldenPath::new();
    template
        .file("README.md", "x")
        .link("../..", "a/b/up")
        .link("up/../outside", "a/b/through");
    let answer = template.make(&[]);
    template.assert_refused(&answer, &["a/b/through"]);
    // The same with links that a step puts together.
    let template = GoldenPath::with_steps(
        "    - id: one
      action: fetch:template
      input: {url: ./skeleton, targetPath: a/b/c}
    - id: two
      action: fs:rename
      input: {files: [{from: a/b/c/link, to: link}]}
",
    );
    template
        .file("README.md", "x")
        .link("../../README.md", "link");
    let answer = template.make(&[]);
    template.assert_refused(&answer, &["\"link\""]);
}

#[test]
fn d01_links_that_stay_inside_are_kept_as_links() {
    let template = GoldenPath::new();
    template
        .file("README.md", "x")
        .file("docs/index.md", "x")
        .link("README.md", "link")
        .link("../README.md", "docs/link")
        .link("docs", "folder")
        .link("not-there", "dangling");
    template.make(&[]).assert_code(0);
    for (path, target) in [
        ("link", "README.md"),
        ("docs/link", "../README.md"),
        ("folder", "docs"),
        ("dangling", "not-there"),
    ] {
        let made = fs::read_link(template.made(path)).unwrap();
        assert_eq!(made, Path::new(target));
    }
}

#[test]
fn d01_a_template_that_is_a_link_out_is_not_followed() {
    let template = GoldenPath::new();
    let outside = template.workspace.outside();
    fs::write(outside.join("secret"), super::workspace::SECRET).unwrap();
    fs::remove_dir(template.workspace.path("template/skeleton")).unwrap();
    template.workspace.link(&outside, "template/skeleton");
    let answer = template.make(&[]);
    template.assert_refused(&answer, &["skeleton"]);
    template.steps(
        "    - {id: a, action: 'fetch:template:file', input: {url: ./file, targetPath: x}}\n",
    );
    template
        .workspace
        .link(outside.join("secret"), "template/file");
    let answer = template.make(&[]);
    template.assert_refused(&answer, &["file"]);
}

#[test]
fn d02_names_that_may_not_be_written_are_refused() {
    let long = "x".repeat(300);
    let deep = "d/".repeat(5_000) + "x";
    for value in [
        "../x",
        "a/../../x",
        "..",
        ".",
        "a/./b",
        "C:\\x",
        "a\\b",
        "NUL",
        "aux.txt",
        "com1",
        "x:ads",
        "dot.",
        "space ",
        "a\nb",
        "a\0b",
        "\u{1b}[2J",
        &long,
        &deep,
    ] {
        let template = GoldenPath::new();
        template.file("${{ values.value }}", "x").file("good", "x");
        let answer = template.make_with(value);
        template.assert_refused(&answer, &["\"${{ values.value }}\""]);
        let shown = value.get(..2).unwrap_or(value);
        let is_plain = !shown.chars().any(char::is_control);
        assert!(
            !is_plain || answer.stderr.contains(shown),
            "{}",
            answer.stderr
        );
        assert!(!answer.stderr.contains('\u{1b}'));
    }
}

#[test]
fn d02_what_is_called_nothing_is_left_out() {
    for (path, value) in [
        ("${{ values.value }}", ""),
        ("${{ values.value }}/file", ""),
        ("folder/${{ values.value }}", ""),
        ("folder/${{ values.value }}/file", ""),
        ("${{ values.value }}", "/tmp/devportal-d02"),
        ("${{ values.value }}", "a//b"),
        ("${{ values.value }}", "a/"),
    ] {
        let template = GoldenPath::new();
        template.file(path, "x").file("good", "x");
        template.make_with(value).assert_code(0);
        let made = names(&template.made(""));
        assert_eq!(made, [".devportal", ".git", "good"], "{path} {value:?}");
        assert!(!Path::new("/tmp/devportal-d02").exists());
    }
}

#[test]
fn d03_git_s_own_data_is_never_written() {
    for value in [
        ".git",
        ".git/config",
        ".git/hooks/pre-commit",
        ".GIT/config",
        "sub/.Git/hooks/x",
        "git~1/config",
        ".git\u{200c}/config",
        ".git \u{200b}",
    ] {
        let template = GoldenPath::new();
        template.file("${{ values.value }}", "x").file("good", "x");
        let answer = template.make_with(value);
        template.assert_refused(&answer, &["\"${{ values.value }}\""]);
        // The same of paths that a step names.
        template.steps(
            "    - id: file
      action: fetch:template:file
      input: {url: ./skeleton/good, targetPath: '${{ parameters.value }}'}
",
        );
        let answer = template.make_with(value);
        template.assert_refused(&answer, &[]);
    }
    // A skeleton that is a repository itself: its data is not copied.
    let template = GoldenPath::new();
    template
        .file("good", "x")
        .file(".git/hooks/pre-commit", "#!/bin/sh\ntouch PWNED\n")
        .file("sub/.git/config", "x");
    template.make(&[]).assert_code(0);
    assert!(!template.made(".git/hooks/pre-commit").exists());
    assert!(!template.made("sub/.git").exists());
}

#[test]
fn d03_what_others_will_run_is_listed_in_the_plan() {
    let template = GoldenPath::new();
    template
        .file(".github/workflows/ci.yml", "on: push\n")
        .file("sub/.gitlab-ci.yml", "")
        .file(".gitlab-ci.yml", "a: {}\n")
        .file("run.sh", "#!/bin/sh\n")
        .link("run.sh", "link");
    let program = template.workspace.path("template/skeleton/run.sh");
    fs::set_permissions(program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let answer = template.make(&["--dry-run", "--format", "json"]);
    answer.assert_code(0);
    let plan = answer.json();
    let warnings = plan["warnings"].as_array().unwrap();
    let subjects: Vec<&str> = warnings
        .iter()
        .map(|warning| warning["subject"].as_str().unwrap())
        .collect();
    assert_eq!(
        subjects,
        [
            ".github/workflows/ci.yml",
            ".gitlab-ci.yml",
            "link",
            "run.sh"
        ]
    );
    let page = template.make(&["--dry-run"]);
    for subject in subjects {
        let line = format!("{subject} ");
        assert!(page.text().contains(&line), "{}", page.text());
    }
    assert!(page.text().contains("will be run by the forge"));
    template.assert_nothing_made();
}

#[test]
fn d04_no_step_reads_or_writes_outside() {
    let outside = |template: &GoldenPath| template.workspace.outside().display().to_string();
    for action in ["fetch:template", "fetch:template:file"] {
        for url in [
            "..",
            "../..",
            "../outside",
            "../template/../..",
            "/",
            "/etc",
            "/etc/passwd",
            "./skeleton/../../../outside",
            "..\\..",
            "file:///etc",
            "file://localhost/etc/passwd",
            "OUTSIDE",
        ] {
            let template = GoldenPath::new();
            let url = url.replace("OUTSIDE", &outside(&template));
            template.steps(&format!(
                "    - {{id: a, action: '{action}', input: {{url: '{url}', targetPath: x}}}}\n"
            ));
            let answer = template.make(&[]);
            template.assert_refused(&answer, &["step \"a\""]);
        }
    }
    for target in [
        "..",
        "../..",
        "../x",
        "/tmp/x",
        "a/../../x",
        ".git",
        "C:\\x",
    ] {
        let template = GoldenPath::new();
        template.file("README.md", "x").steps(&format!(
            "    - {{id: a, action: 'fetch:template', input: {{url: ./skeleton, targetPath: '{target}'}}}}\n"
        ));
        let answer = template.make(&[]);
        template.assert_refused(&answer, &[target]);
    }
}

#[test]
fn d05_two_files_at_one_path_are_refused() {
    for (one, other, value) in [
        ("${{ values.value }}", "file", "file"),
        ("${{ values.value }}/file", "folder/file", "folder"),
        ("${{ values.value }}", "folder/file", "folder"),
        ("${{ values.value }}/x", "file", "file"),
        ("${{ values.value }}", "README", "readme"),
        ("${{ values.value }}/a", "Docs/b", "docs"),
    ] {
        let template = GoldenPath::new();
        template.file(one, "1").file(other, "2");
        let answer = template.make_with(value);
        let (first, second) = match value {
            "readme" => ("\"README\"", "\"readme\""),
            "docs" => ("\"Docs\"", "\"docs\""),
            value => (value, other),
        };
        template.assert_refused(&answer, &[first, second]);
    }
}

#[test]
fn d05_a_file_of_a_later_step_that_meets_a_folder_is_refused() {
    let template = GoldenPath::with_steps(&format!(
        "{RENDER}    - id: file
      action: fetch:template:file
      input: {{url: ./skeleton/a/b, targetPath: a, replace: true}}
"
    ));
    template.file("a/b", "x");
    let answer = template.make(&[]);
    template.assert_refused(&answer, &["\"a\"", "\"a/b\""]);
}
