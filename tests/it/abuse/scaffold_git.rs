//! Git's own ways to run something, to leave something out, and to be somewhere else.

use std::fs;
use std::process::Command;

use super::golden_path::{GoldenPath, RENDER, names, trap};
use super::workspace::Answer;

/// What Git says about the repository that was made.
fn git(template: &GoldenPath, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(template.made(""))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", "/nonexistent")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn d18_nothing_of_the_user_s_git_has_a_part_in_the_first_commit() {
    let template = GoldenPath::new();
    template
        .file("README.md", "a\n")
        .file("crlf.txt", "a\r\n")
        .file(
            ".gitattributes",
            "*.txt filter=trap diff=trap merge=trap\n*.enc working-tree-encoding=UTF-16\n",
        )
        .file("a.enc", "text");
    let home = template.workspace.home();
    let mark = template.workspace.path("PWNED");
    for hook in [
        "pre-commit",
        "post-commit",
        "commit-msg",
        "post-checkout",
        "prepare-commit-msg",
        "reference-transaction",
    ] {
        trap(&home.join("git-template/hooks").join(hook), &mark);
        trap(&home.join("hooks").join(hook), &mark);
    }
    trap(&home.join("trap"), &mark);
    fs::write(home.join("ignored"), "*\n").unwrap();
    let shown = home.display();
    fs::write(
        home.join(".gitconfig"),
        format!(
            "[init]\n\ttemplateDir = {shown}/git-template\n\tdefaultBranch = other\n\
             [core]\n\thooksPath = {shown}/hooks\n\tfsmonitor = {shown}/trap\n\teditor = {shown}/trap\n\
             \texcludesFile = {shown}/ignored\n\tautocrlf = true\n\tsharedRepository = 0666\n\
             [commit]\n\tgpgsign = true\n\ttemplate = {shown}/ignored\n\
             [gpg]\n\tprogram = {shown}/trap\n\
             [filter \"trap\"]\n\tclean = {shown}/trap\n\tsmudge = {shown}/trap\n\trequired = true\n\
             [user]\n\tname = Someone\n\temail = someone@example.com\n"
        ),
    )
    .unwrap();
    let mut command = template.command(&[]);
    command.env_remove("GIT_CONFIG_GLOBAL");
    let answer = template.workspace.finish(&mut command);
    answer.assert_code(0);
    let hooks = template.made(".git/hooks");
    let hooks = if hooks.exists() {
        names(&hooks)
    } else {
        Vec::new()
    };
    assert!(
        hooks.iter().all(|hook| hook.ends_with(".sample")),
        "{hooks:?}"
    );
    assert_eq!(
        git(&template, &["symbolic-ref", "HEAD"]),
        "refs/heads/main\n"
    );
    let commit = git(&template, &["cat-file", "commit", "HEAD"]);
    assert!(!commit.contains("gpgsig"), "{commit}");
    assert!(
        commit.contains("author Mira <mira@example.com>"),
        "{commit}"
    );
    assert_eq!(git(&template, &["status", "--porcelain"]), "");
    let files = git(&template, &["ls-files"]);
    assert!(files.contains("README.md"), "{files}");
    assert_eq!(template.text("crlf.txt"), "a\r\n");
}

#[test]
fn d18_without_an_identity_the_files_are_kept() {
    for format in ["human", "json"] {
        let template = GoldenPath::new();
        template.file("README.md", "x");
        let mut command = template.command(&["--format", format]);
        for name in [
            "AUTHOR_NAME",
            "AUTHOR_EMAIL",
            "COMMITTER_NAME",
            "COMMITTER_EMAIL",
        ] {
            command.env_remove(format!("GIT_{name}"));
        }
        let answer = template.workspace.finish(&mut command);
        answer.assert_code(3);
        let told = format!("{}{}", answer.text(), answer.stderr);
        assert!(told.contains("Git does not know who you are"), "{told}");
        if format == "human" {
            assert!(told.contains("git config --global user.name"), "{told}");
        }
        assert_eq!(template.text("README.md"), "x");
        assert_eq!(
            git(&template, &["rev-parse", "--verify", "--quiet", "HEAD"]),
            ""
        );
        let status = git(&template, &["status", "--porcelain"]);
        assert!(status.contains("?? README.md"), "{status}");
        assert_eq!(template.left_over(), Vec::<String>::new());
    }
}

#[test]
fn d19_ignored_files_are_committed_and_named() {
    let template = GoldenPath::new();
    template
        .file(".gitignore", "*.log\nsecret/\n/*.env\n!keep.log\n")
        .file("a.log", "x")
        .file("keep.log", "x")
        .file("secret/deep/file", "x")
        .file("local.env", "x")
        .file("sub/local.env", "x")
        .file("nested/.git/HEAD", "ref: refs/heads/main\n")
        .file("nested/file", "x");
    let answer = template.make(&["--format", "json"]);
    answer.assert_code(0);
    let ignored = answer.json()["made"][0]["ignored"].clone();
    let expected = ["a.log", "local.env", "secret/deep/file"];
    assert_eq!(ignored, serde_json::json!(expected));
    let committed = git(&template, &["ls-files"]);
    let files = expected.into_iter();
    for file in files.chain(["keep.log", "sub/local.env", "nested/file", ".gitignore"]) {
        assert!(
            committed.lines().any(|line| line == file),
            "{file}: {committed}"
        );
    }
    assert_eq!(git(&template, &["status", "--porcelain", "--ignored"]), "");
    let page = template.make(&["--force"]);
    for file in expected {
        assert!(page.text().contains(file), "{}", page.text());
    }
}

/// A template that is run where `git` is a trap.
fn with_trapped_git(template: &GoldenPath, arguments: &[&str]) -> Answer {
    let programs = template.workspace.home().join("programs");
    let mark = template.workspace.path("PWNED");
    for name in ["git", "ssh", "git-remote-ext", "git-upload-pack"] {
        trap(&programs.join(name), &mark);
    }
    let mut command = template.workspace.command(arguments);
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", programs.display()));
    template.workspace.finish(&mut command)
}

const HOSTILE_URLS: [&str; 24] = [
    "ext::sh -c 'touch PWNED'",
    "ext::sh://touch",
    "fd::17://x",
    "ssh://-oProxyCommand=touch%20PWNED/x/y",
    "ssh://-oProxyCommand=touch/x/y",
    "ssh://git@-oProxyCommand=touch/x",
    "git@-oProxyCommand=touch:x/y",
    "git@host:-x/y",
    "file:///etc",
    "file://localhost/etc",
    "FILE:///etc",
    "git://host.example/x/y",
    "http://host.example/x/y",
    "ftp://host.example/x/y",
    "https://host.example/x/%2e%2e/y",
    "https://host.example/x/../y",
    "https://host.example/x/y/../../z/w",
    "https://host.example/x%2fy",
    "https://host.example/x/y\n",
    "https://host.example/x\\y",
    "https://host.example/",
    "https://-host.example/x/y",
    "https://host.example:99999/x/y",
    "https://user:p4ssw0rd@host.example/../x",
];

#[test]
fn d21_hostile_urls_of_templates_are_refused_and_git_is_not_run() {
    let template = GoldenPath::new();
    for url in HOSTILE_URLS {
        for more in [&[][..], &["--trust"], &["--fetch"]] {
            // A file of this machine may be a template when it is trusted.
            if more == ["--trust"] && url.to_lowercase().starts_with("file:") {
                continue;
            }
            let new = [&["new", url, "made", "--defaults"][..], more].concat();
            let answer = with_trapped_git(&template, &new);
            template.assert_refused(&answer, &[]);
            assert!(!answer.stderr.contains("p4ssw0rd"), "{}", answer.stderr);
        }
    }
    for word in ["--upload-pack=touch PWNED", "-u", "--", "-x"] {
        let answer = with_trapped_git(&template, &["new", word, "made", "--defaults"]);
        template.assert_refused(&answer, &[]);
    }
    let answer = with_trapped_git(
        &template,
        &["new", "--", "--upload-pack=touch PWNED", "made"],
    );
    template.assert_refused(&answer, &[]);
}

#[test]
fn d21_hostile_revisions_are_refused_and_git_is_not_run() {
    let template = GoldenPath::new();
    for revision in [
        "-x",
        "--upload-pack=touch PWNED",
        "HEAD@{1}",
        "HEAD@{upstream}",
        "@",
        "a..b",
        "a^",
        "a~1",
        "a:b",
        "a b",
        "+refs/heads/*:refs/heads/*",
        "",
        "a\nb",
        "refs/heads/../x",
    ] {
        let revision = format!("--ref={revision}");
        let url = "https://host.example/x/y";
        let new = ["new", url, "made", "--defaults", &revision];
        let answer = with_trapped_git(&template, &new);
        template.assert_refused(&answer, &[]);
    }
    for url in [
        "https://github.com/acme/x/tree/-x/y",
        "https://github.com/acme/x/tree/HEAD@{1}/y",
        "https://github.com/acme/x/blob/a..b/template.yaml",
    ] {
        let answer = with_trapped_git(&template, &["new", url, "made", "--defaults"]);
        template.assert_refused(&answer, &[]);
    }
}

#[test]
fn d21_hostile_urls_of_steps_are_refused_and_git_is_not_run() {
    for action in [
        "fetch:template",
        "fetch:plain",
        "fetch:template:file",
        "fetch:plain:file",
    ] {
        let template = GoldenPath::new();
        for url in HOSTILE_URLS {
            let input = serde_json::json!({"url": url, "targetPath": "x"});
            template.steps(&format!(
                "    - {{id: a, action: '{action}', input: {input}}}\n"
            ));
            for more in [&[][..], &["--fetch"]] {
                let new = [&["new", "./template", "made", "--defaults"][..], more].concat();
                let answer = with_trapped_git(&template, &new);
                template.assert_refused(&answer, &[]);
                assert!(!answer.stderr.contains("p4ssw0rd"), "{}", answer.stderr);
            }
        }
        // Even a good one is not fetched unless somebody says so.
        let input = "{url: 'https://host.example/x/y', targetPath: x}";
        template.steps(&format!(
            "    - {{id: a, action: '{action}', input: {input}}}\n"
        ));
        let new = ["new", "./template", "made", "--defaults", "--trust"];
        let answer = with_trapped_git(&template, &new);
        template.assert_refused(&answer, &["--fetch"]);
    }
}

#[test]
fn d21_trust_is_of_one_repository_and_one_commit() {
    let template = GoldenPath::with_steps(&format!(
        "{RENDER}    - {{id: program, action: 'run:command', input: {{command: touch ran}}}}\n"
    ));
    template
        .file("README.md", "x")
        .workspace
        .write("template/other/file", "x")
        .repository("template")
        .git(
            "template",
            &[
                "remote",
                "add",
                "origin",
                "git@github.com:acme/templates.git",
            ],
        );
    let head =
        fs::read_to_string(template.workspace.path("template/.git/refs/heads/main")).unwrap();
    let head = head.trim();
    let run = |trust: &str| {
        let configuration = template
            .workspace
            .home()
            .join(".config/devportal/config.yaml");
        fs::create_dir_all(configuration.parent().unwrap()).unwrap();
        fs::write(configuration, format!("trust: ['{trust}']\n")).unwrap();
        template.make(&["--force"]).code
    };
    let pinned = format!("github.com/acme/templates@{head}");
    assert_eq!(run("github.com/acme/templates"), Some(0));
    assert_eq!(run(&pinned), Some(0));
    let wrong = format!("github.com/acme/templates@{}", "0".repeat(40));
    for trust in [
        "github.com/acme/templates2",
        "github.com/acme/template",
        "github.com/acme",
        "github.com",
        "acme/templates",
        "templates",
        "github.com/acme/templates/x",
        "evil.example/github.com/acme/templates",
        "github.com/acme/%74emplates",
        "github.com/acme/*",
        "*",
        "",
        &wrong,
        &pinned[..pinned.len() - 1],
        "github.com/acme/templates@main",
        "github.com/acme/templates@",
    ] {
        assert_eq!(run(trust), Some(4), "{trust}");
    }
    // What is not committed is not what was looked at, wherever in the repository it lies.
    for path in ["template/skeleton/README.md", "template/other/file"] {
        let before = fs::read(template.workspace.path(path)).unwrap();
        template.workspace.write(path, "changed");
        assert_eq!(run(&pinned), Some(4), "{path}");
        template.workspace.write(path, before);
    }
    template.workspace.write("template/skeleton/new", "x");
    assert_eq!(run(&pinned), Some(4));
}
