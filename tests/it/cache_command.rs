//! `devportal cache`.

use devportal::cache::Cache;
use serde_json::json;

use crate::sandbox::{Run, Sandbox};

/// Runs the command with a home of the test.
fn cache(sandbox: &Sandbox, home: Option<&str>, arguments: &[&str]) -> Run {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "");
    command.arg("cache").args(arguments).env_remove("HOME");
    if let Some(home) = home {
        command.env("XDG_CACHE_HOME", home);
    }
    Run::of(&mut command)
}

#[test]
fn what_is_kept_is_shown_and_removed() {
    let sandbox = Sandbox::new();
    let home = sandbox.root().join("cache");
    let (home, folder) = (home.to_str().unwrap(), home.join("devportal/results"));
    let run = |arguments: &[&str]| cache(&sandbox, Some(home), arguments);
    assert_eq!(run(&["path"]).stdout, format!("{}\n", folder.display()));
    assert_eq!(run(&["status", "--json"]).json()["entries"], 0);
    assert!(!folder.exists(), "looking makes nothing");

    Cache::in_folder(folder.clone()).put("activity", "a", &[0; 2000]);
    let status = run(&["status", "--json"]).json();
    assert_eq!(status["schema"], "devportal.cache/v1");
    assert_eq!(status["mostBytes"], 256 << 20);
    assert_eq!(status["kinds"][0]["kind"], "activity");
    assert_eq!(status["kinds"][0]["entries"], 1);
    let shown = run(&["status"]).stdout;
    assert!(
        shown.contains("1 entry, 2 KiB") && shown.contains("256 MiB"),
        "{shown}"
    );

    let cleaned = run(&["clean"]);
    assert_eq!(cleaned.code, 0, "{cleaned:?}");
    assert!(
        cleaned.stdout.starts_with("removed 1 entry, 2 KiB"),
        "{cleaned:?}"
    );
    let again = run(&["clean", "--json"]).json();
    assert_eq!(
        (&again["entries"], &again["removed"]),
        (&json!(0), &json!(true))
    );
}

#[test]
fn a_folder_that_cannot_be_read_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("cache/devportal/results", "a file");
    let home = sandbox.root().join("cache");
    let run = cache(&sandbox, home.to_str(), &["clean"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("cannot empty"), "{run:?}");
    assert!(home.join("devportal/results").is_file());
}
