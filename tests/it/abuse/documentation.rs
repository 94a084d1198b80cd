//! Documentation of others: pages that lead out, that never end, or that would act where they
//! are shown.

use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use crate::sandbox::{Run, Sandbox};

const COMPONENT: &str = "apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: shop, annotations: {backstage.io/techdocs-ref: 'dir:.'}}
spec: {type: service, lifecycle: production, owner: web}
";

fn shop(files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("shop/catalog-info.yaml", COMPONENT);
    for (path, text) in files {
        sandbox.write(&format!("shop/{path}"), text);
    }
    sandbox
}

fn says_nowhere(runs: &[Run], secret: &str) {
    for run in runs {
        assert!(
            !run.stdout.contains(secret) && !run.stderr.contains(secret),
            "{run:?}"
        );
    }
}

#[test]
fn a01_pages_that_are_links_out_of_the_repository_are_not_read() {
    let sandbox = shop(&[("docs/index.md", "# Inside\n")]);
    sandbox.write("secret/page.md", "# swordfish\n\nswordfish\n");
    let root = sandbox.root();
    symlink(root.join("secret/page.md"), root.join("shop/README.md")).unwrap();
    symlink("../../secret/page.md", root.join("shop/docs/link.md")).unwrap();
    symlink(root.join("secret"), root.join("shop/docs/folder")).unwrap();
    symlink("/dev/zero", root.join("shop/docs/zero.md")).unwrap();
    sandbox.repository("shop");
    let runs = [
        sandbox.devportal("shop", &["docs", "shop"]),
        sandbox.devportal("shop", &["docs", "shop", "--json"]),
        sandbox.devportal("shop", &["docs", "shop", "link"]),
        sandbox.devportal("shop", &["docs", "search", "swordfish"]),
        sandbox.devportal("shop", &["docs", "search", "inside", "--json"]),
    ];
    says_nowhere(&runs, "\u{1b}");
    assert!(!format!("{:?}", (&runs[0], &runs[1], &runs[2], &runs[4])).contains("swordfish"));
    assert_eq!(runs[3].stdout, "");
    assert!(
        runs[0].stderr.contains("leads out of the repository"),
        "{:?}",
        runs[0]
    );
    assert_eq!(runs[4].json()["passages"][0]["heading"], "Inside");
}

#[test]
fn b20_navigations_that_lead_out_or_never_end_are_bounded() {
    let entries = "  - a: index.md\n".repeat(50_000);
    let deep = "[".repeat(10_000);
    for navigation in [
        "docs_dir: ../..\nnav:\n  - ../../secret.md\n  - /etc/passwd.md\n".to_owned(),
        format!("nav:\n{entries}"),
        format!("nav: {deep}"),
        "nav: &a [*a]\n".to_owned(),
    ] {
        let sandbox = shop(&[("mkdocs.yml", &navigation), ("docs/index.md", "# Inside\n")]);
        sandbox.write("secret.md", "# swordfish\n");
        sandbox.repository("shop");
        let start = Instant::now();
        let run = sandbox.devportal("shop", &["docs", "shop", "--json"]);
        assert!(start.elapsed() < Duration::from_secs(10));
        let answer = run.json();
        let pages = answer["pages"].as_array().unwrap();
        assert_eq!(pages.len(), 1, "{run:?}");
        assert_eq!(pages[0]["path"], "docs/index.md");
        says_nowhere(&[run], "swordfish");
    }
}

#[test]
fn e05_a_page_of_markdown_is_words_and_harmless_links() {
    let page = "# @team <script>alert(1)</script> ## \n\n[a](javascript:alert(1)) [b](data:text/html,x)\n\n\
        <details onload=x>#12 `|`</details>\n\n| a | b |\n|---|---|\n| x \\| y | <!-- --> |\n\n\
        ![i](https://tracker.example/i.png)\n\nGH-12 **@ops** <https://u:swordfish@a.example>\n";
    let sandbox = shop(&[("README.md", page)]);
    sandbox.repository("shop");
    for format in ["human", "markdown"] {
        let run = sandbox.devportal("shop", &["docs", "shop", "1", "--format", format]);
        assert_eq!(run.code, 0, "{run:?}");
        for bad in [
            "javascript:",
            "data:",
            "<script",
            "onload",
            "<!--",
            "swordfish",
            "tracker",
        ] {
            assert!(!run.stdout.contains(bad), "{bad} in {}", run.stdout);
        }
        if format == "markdown" {
            for mention in ["@team", "@ops", " #12", "GH-12"] {
                assert!(!run.stdout.contains(mention), "{mention} in {}", run.stdout);
            }
        }
    }
}

#[test]
fn e01_nothing_of_a_page_acts_on_a_terminal() {
    let page = "# A \u{1b}[2J \u{202e}b\n\n`\u{9b}31m` [x](https://a.example/\u{1b}]0;t\u{7})\n\n\
        ```\n\u{1b}]52;c;x\u{7}\n::set-env name=a::b\n```\n\n::error::c &#x1b;[31m\n\n| \u{1b}c |\n|---|\n| \r |\n";
    let sandbox = shop(&[("README.md", page), ("docs/a\u{1b}[2J.md", "\u{1b}[1m\n")]);
    sandbox.repository("shop");
    for arguments in [
        &["docs", "shop"][..],
        &["docs", "shop", "1"],
        &["docs", "shop", "1", "--format", "markdown"],
        &["docs", "shop", "1", "--json"],
        &["docs", "search", "x", "31m", "c"],
        &["docs", "search", "x", "c", "--format", "csv"],
    ] {
        let run = sandbox.devportal("shop", arguments);
        let is_bad = |c: char| devportal::output::is_hidden(c) && !matches!(c, '\n' | '\r');
        assert!(
            !run.stdout.contains(is_bad) && !run.stderr.contains(is_bad),
            "{run:?}"
        );
        let begins_command = |line: &str| line.trim_start().starts_with("::");
        assert!(!run.stdout.lines().any(begins_command), "{}", run.stdout);
    }
}

#[test]
fn e07_hostile_nesting_is_shown_in_time() {
    let backticks: String = (1..2_000).map(|length| "`".repeat(length) + " ").collect();
    for page in [
        "> ".repeat(50_000) + "deep",
        "- ".repeat(50_000) + "deep",
        "[".repeat(100_000) + "deep",
        backticks + "deep",
        "*_".repeat(50_000) + "deep",
        format!(
            "|{}\n|{}\n{}\ndeep",
            "a|".repeat(2_000),
            "-|".repeat(2_000),
            "|b|\n".repeat(5_000)
        ),
    ] {
        let sandbox = shop(&[("README.md", &page)]);
        sandbox.repository("shop");
        for arguments in [
            &["docs", "shop", "1"][..],
            &["docs", "shop", "1", "--format", "markdown"],
            &["docs", "search", "deep"],
        ] {
            let start = Instant::now();
            let run = sandbox.devportal("shop", arguments);
            assert_eq!(run.code, 0, "{} {}", &page[..10], run.stderr);
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "{arguments:?} {}",
                &page[..10]
            );
        }
    }
}

#[test]
fn e15_a_pager_is_not_started_where_nobody_reads() {
    let sandbox = shop(&[("README.md", "# Shop\n")]);
    sandbox.repository("shop");
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "shop");
    let output = command
        .args(["docs", "shop"])
        .env("PAGER", "touch PWNED")
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("Shop"));
    assert!(!sandbox.root().join("shop/PWNED").exists());
}
