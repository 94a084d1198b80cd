//! Fetching and pushing with the user's own Git, against repositories of this machine.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use devportal::repo::{
    FolderLimits, GitProgram, GitProgramError, GitRevision, GitUrl, Pushed, read_folder_at,
};

use crate::forge_double::{Answer, ForgeDouble};
use crate::sandbox::Sandbox;

const LIMITS: FolderLimits = FolderLimits {
    most_files: 100,
    most_bytes: 1000,
};

fn git() -> GitProgram {
    GitProgram::find(&std::env::var_os("PATH").unwrap()).unwrap()
}

fn url(path: &Path) -> GitUrl {
    GitUrl::parse(path.to_str().unwrap(), true).unwrap()
}

fn revision(name: &str) -> GitRevision {
    GitRevision::parse(name).unwrap()
}

fn program(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// F09: what stands in the current folder is never taken for Git.
#[test]
fn f09_git_is_only_looked_for_in_absolute_folders() {
    let sandbox = Sandbox::new();
    program(&sandbox.root().join("bin/git"), "#!/bin/sh\nexit 1\n");
    fs::create_dir_all(sandbox.root().join("folder/git")).unwrap();
    sandbox.write("plain/git", "#!/bin/sh\n");
    let root = sandbox.root();
    let find = |path: &str| {
        let path = path.replace("ROOT", root.to_str().unwrap());
        GitProgram::find(&OsString::from(path)).is_some()
    };
    assert!(find("ROOT/bin"));
    for path in [
        "",
        ".",
        ":",
        "bin",
        "./bin::",
        "ROOT/folder:ROOT/plain",
        "ROOT/nothing",
    ] {
        assert!(!find(path), "{path}");
    }
}

/// F09: neither are the programs that Git starts itself.
#[test]
fn f09_git_starts_no_program_of_the_current_folder() {
    let sandbox = Sandbox::new();
    let script = "#!/bin/sh\nenv > \"$(dirname \"$0\")/environment\"\nprintf '%s\\n' \"$@\" > \"$(dirname \"$0\")/arguments\"\n";
    program(&sandbox.root().join("bin/git"), script);
    let path = format!(".:{}/bin::/usr/bin:/bin:relative", sandbox.root().display());
    let git = GitProgram::find(&OsString::from(path)).unwrap();
    let url = GitUrl::parse("https://github.com/acme/shop", false).unwrap();
    assert!(!git.remote_has_branch(&url, "main").unwrap());
    let read = |name: &str| fs::read_to_string(sandbox.root().join("bin").join(name)).unwrap();
    let environment = read("environment");
    let value = |name: &str| {
        let mut lines = environment.lines();
        lines.find_map(|line| {
            line.strip_prefix(name)?
                .strip_prefix('=')
                .map(str::to_owned)
        })
    };
    let path = format!("{}/bin:/usr/bin:/bin", sandbox.root().display());
    assert_eq!(value("PATH"), Some(path));
    assert_eq!(value("GIT_TERMINAL_PROMPT").as_deref(), Some("0"));
    assert_eq!(
        value("GIT_ALLOW_PROTOCOL").as_deref(),
        Some("https:http:ssh")
    );
    let arguments = read("arguments");
    let arguments: Vec<&str> = arguments.lines().collect();
    assert!(arguments.contains(&"core.hooksPath=/dev/null"));
    assert!(arguments.ends_with(&["--", "https://github.com/acme/shop", "refs/heads/main"]));
}

#[test]
fn templates_are_fetched_by_branch_tag_and_commit() {
    let sandbox = Sandbox::new();
    sandbox.write("template/file", "1");
    sandbox.repository("template");
    sandbox.git("template", &["tag", "-a", "v1", "-m", "one"]);
    let first = sandbox
        .git("template", &["rev-parse", "HEAD"])
        .trim()
        .to_owned();
    sandbox.write("template/file", "2");
    sandbox.commit_on("2026-01-16", "template");
    let second = sandbox
        .git("template", &["rev-parse", "HEAD"])
        .trim()
        .to_owned();
    let template = url(&sandbox.root().join("template"));
    let into = sandbox.root().join("cache/templates/x");
    let fetch = |name: Option<&str>| {
        let revision = name.map(revision);
        git().clone_at(&template, revision.as_ref(), &into)
    };
    assert_eq!(fetch(None).unwrap(), second);
    assert_eq!(fetch(Some("v1")).unwrap(), first);
    assert_eq!(fetch(Some("main")).unwrap(), second);
    assert_eq!(fetch(Some(&first)).unwrap(), first);
    assert_eq!(fetch(Some(&first[..9])).unwrap(), first);
    for (commit, text) in [(&first, "1"), (&second, "2")] {
        let files = read_folder_at(&into, commit, "", &LIMITS).unwrap();
        assert_eq!(files.len(), 1);
        let content = format!("{:?}", files[0].content);
        assert!(
            content.contains(&format!("[{}]", text.as_bytes()[0])),
            "{content}"
        );
    }
    for name in [
        "absent",
        "0123456789",
        "0123456789012345678901234567890123456789",
    ] {
        let error = fetch(Some(name)).unwrap_err();
        assert!(
            format!("{error:#}").starts_with("cannot fetch the template"),
            "{error:#}"
        );
    }
    // A commit that is here needs no server.
    fs::rename(sandbox.root().join("template"), sandbox.root().join("away")).unwrap();
    assert_eq!(fetch(Some(&second)).unwrap(), second);
    let error = fetch(Some("main")).unwrap_err();
    assert!(
        error.downcast_ref::<GitProgramError>().is_some(),
        "{error:#}"
    );
}

#[test]
fn a_clone_that_was_tampered_with_is_not_read() {
    let sandbox = Sandbox::new();
    sandbox.write("template/file", "1");
    sandbox.repository("template");
    let template = url(&sandbox.root().join("template"));
    let into = sandbox.root().join("cache");
    let commit = git().clone_at(&template, None, &into).unwrap();
    sandbox.write("other/file", "evil");
    sandbox.repository("other");
    let object = |folder: &str, name: &str| {
        let id = sandbox.git(folder, &["rev-parse", name]);
        let id = id.trim();
        format!("objects/{}/{}", &id[..2], &id[2..])
    };
    let good = into.join(object("template", "HEAD:file"));
    assert!(read_folder_at(&into, &commit, "", &LIMITS).is_ok());
    fs::set_permissions(&good, fs::Permissions::from_mode(0o644)).unwrap();
    let evil = sandbox
        .root()
        .join("other/.git")
        .join(object("other", "HEAD:file"));
    fs::copy(evil, &good).unwrap();
    assert!(read_folder_at(&into, &commit, "", &LIMITS).is_err());
    fs::write(sandbox.root().join("file"), "x").unwrap();
    assert!(
        git()
            .clone_at(&template, None, &sandbox.root().join("file"))
            .is_err()
    );
}

#[test]
fn a_branch_is_pushed_and_pushing_again_is_fine() {
    let sandbox = Sandbox::new();
    sandbox.git("", &["init", "--quiet", "--bare", "remote.git"]);
    sandbox.write("work/file", "1");
    sandbox.repository("work");
    let path = sandbox.root().join("remote.git");
    sandbox.git("work", &["remote", "add", "origin", path.to_str().unwrap()]);
    let remote = url(&path);
    let work = sandbox.root().join("work");
    let push = || git().push(&work, &remote, "main");
    assert!(!git().remote_has_branch(&remote, "main").unwrap());
    assert_eq!(push().unwrap(), Pushed::Created);
    assert!(git().remote_has_branch(&remote, "main").unwrap());
    assert_eq!(push().unwrap(), Pushed::UpToDate);
    let status = sandbox.git("work", &["status", "--porcelain", "--branch"]);
    assert_eq!(status, "## main...origin/main\n");
    sandbox.write("work/file", "2");
    sandbox.commit_on("2026-01-16", "work");
    assert_eq!(push().unwrap(), Pushed::Updated);
    sandbox.git("work", &["commit", "--quiet", "--amend", "--message=other"]);
    let error = format!("{:#}", push().unwrap_err());
    assert!(
        error.ends_with("the remote branch has commits that this one does not"),
        "{error}"
    );
    assert!(git().push(&work, &remote, "absent").is_err());
    assert!(git().push(&work, &remote, "--force").is_err());
    let absent = url(&sandbox.root().join("absent.git"));
    assert!(git().remote_has_branch(&absent, "main").is_err());
    let left = fs::read_dir(work.join(".git")).unwrap();
    let mut left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(!left.any(|name| name.starts_with("devportal")));
}

/// F01: a token is for one host; F05: nobody keeps it.
#[test]
fn f01_git_gives_a_token_to_its_host_only() {
    let sandbox = Sandbox::new();
    let ask = "www-authenticate: Basic realm=\"x\"";
    let route = "GET /acme/shop/info/refs?service=git-upload-pack";
    let unauthorized = || (route, Answer::with(401, &[ask], ""));
    let double = ForgeDouble::new(vec![unauthorized()]);
    let url = |double: &ForgeDouble| GitUrl::parse(&double.url("/acme/shop"), false).unwrap();
    let with_token = git().with_token("oauth2", "glpat-secret");
    assert!(!format!("{with_token:?}").contains("secret"));
    let error = with_token
        .remote_has_branch(&url(&double), "main")
        .unwrap_err();
    assert!(!format!("{error:?}").contains("secret"), "{error}");
    let asked = double.asked();
    assert_eq!(asked[0].header("authorization"), None);
    // oauth2:glpat-secret
    let expected = "Basic b2F1dGgyOmdscGF0LXNlY3JldA==";
    assert_eq!(asked[1].header("authorization"), Some(expected));

    let elsewhere = ForgeDouble::new(vec![unauthorized()]);
    let location = format!(
        "location: {}",
        elsewhere.url("/acme/shop/info/refs?service=git-upload-pack")
    );
    let redirect = (route, Answer::with(302, &[&location], ""));
    let double = ForgeDouble::new(vec![redirect]);
    let error = with_token
        .remote_has_branch(&url(&double), "main")
        .unwrap_err();
    let error = error.downcast::<GitProgramError>().unwrap();
    assert!(error.needs_credential, "{error}");
    assert!(!elsewhere.asked().is_empty());
    for asked in elsewhere.asked() {
        assert_eq!(asked.header("authorization"), None);
    }

    // What the user has for keeping passwords is not told.
    let kept = sandbox.root().join("kept");
    program(
        &sandbox.root().join("keep"),
        &format!("#!/bin/sh\ncat >> {}\n", kept.display()),
    );
    let real = std::env::var("PATH").unwrap();
    let real = real.split(':').map(|folder| Path::new(folder).join("git"));
    let real = real.into_iter().find(|program| program.is_file()).unwrap();
    let script = format!(
        "#!/bin/sh\nGIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=credential.helper GIT_CONFIG_VALUE_0={} exec {} \"$@\"\n",
        sandbox.root().join("keep").display(),
        real.display()
    );
    program(&sandbox.root().join("bin/git"), &script);
    let path = format!("{}/bin:/usr/bin:/bin", sandbox.root().display());
    let keeping = GitProgram::find(&OsString::from(path)).unwrap();
    let refs = "001e# service=git-upload-pack\n00000000";
    let kind = "content-type: application/x-git-upload-pack-advertisement";
    let double = || {
        ForgeDouble::new(vec![
            unauthorized(),
            (route, Answer::with(200, &[kind], refs)),
        ])
    };
    let server = double();
    let token = keeping.clone().with_token("oauth2", "glpat-secret");
    assert!(!token.remote_has_branch(&url(&server), "main").unwrap());
    assert_eq!(server.asked().len(), 2);
    assert!(!kept.exists(), "{:?}", fs::read_to_string(&kept));
    // The same without a token does ask the helper.
    assert!(keeping.remote_has_branch(&url(&double()), "main").is_err());
    assert!(kept.exists());
}

/// A repository that somebody else wrote cannot have its push run a program or go elsewhere.
#[test]
fn the_configuration_of_a_repository_has_no_part_in_its_push() {
    let sandbox = Sandbox::new();
    for remote in ["remote.git", "elsewhere.git"] {
        sandbox.git("", &["init", "--quiet", "--bare", remote]);
    }
    sandbox.write("work/file", "1");
    sandbox.repository("work");
    let root = sandbox.root();
    let ran = root.join("ran");
    let touch = format!("touch {}", ran.display());
    program(
        &root.join("work/.git/hooks/pre-push"),
        &format!("#!/bin/sh\n{touch}\n"),
    );
    let elsewhere = format!("url.{}.insteadOf", root.join("elsewhere.git").display());
    let remote = root.join("remote.git");
    for (key, value) in [
        (elsewhere.as_str(), remote.to_str().unwrap()),
        ("core.hooksPath", ".git/hooks"),
        ("core.fsmonitor", &touch),
        ("credential.helper", &format!("!{touch}")),
        ("push.gpgSign", "true"),
    ] {
        sandbox.git("work", &["config", key, value]);
    }
    let pushed = git()
        .push(&root.join("work"), &url(&remote), "main")
        .unwrap();
    assert_eq!(pushed, Pushed::Created);
    assert!(!ran.exists());
    assert!(git().remote_has_branch(&url(&remote), "main").unwrap());
    assert!(
        !git()
            .remote_has_branch(&url(&root.join("elsewhere.git")), "main")
            .unwrap()
    );
}
