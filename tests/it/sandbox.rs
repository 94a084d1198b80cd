//! A folder of its own for a test, in which Git and the program run without the user's
//! configuration.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A temporary folder with a workspace in it.
pub(crate) struct Sandbox {
    folder: TempDir,
}

/// What a run of the program did.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("workspace")).unwrap();
        Self { folder }
    }

    /// The workspace, in which commands run.
    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("workspace")
    }

    /// Writes a file of the workspace.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A command in a folder of the workspace, with nothing of the user's environment.
    pub(crate) fn command(&self, program: &str, folder: &str) -> Command {
        let home = self.folder.path().join("home");
        let mut command = Command::new(program);
        command
            .current_dir(self.root().join(folder))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &home)
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("TERM", "dumb")
            .env("COLUMNS", "100")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "protocol.file.allow")
            .env("GIT_CONFIG_VALUE_0", "always");
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), "Mira")
                .env(format!("GIT_{role}_EMAIL"), "mira@example.com")
                .env(format!("GIT_{role}_DATE"), "2026-01-15T12:00:00+00:00");
        }
        command
    }

    /// Runs the program in a folder of the workspace.
    pub(crate) fn devportal(&self, folder: &str, arguments: &[&str]) -> Run {
        let mut command = self.command(env!("CARGO_BIN_EXE_devportal"), folder);
        Run::of(command.args(arguments))
    }

    /// Runs Git in a folder of the workspace.
    pub(crate) fn git(&self, folder: &str, arguments: &[&str]) -> String {
        self.git_on("2026-01-15", folder, arguments)
    }

    /// Runs Git on a day.
    pub(crate) fn git_on(&self, day: &str, folder: &str, arguments: &[&str]) -> String {
        let mut command = self.command("git", folder);
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_DATE"), format!("{day}T12:00:00+00:00"));
        }
        let run = Run::of(command.args(arguments));
        assert!(run.code == 0, "git {arguments:?}: {}", run.stderr);
        run.stdout
    }

    /// Makes a folder of the workspace a repository, and commits everything in it.
    pub(crate) fn repository(&self, folder: &str) {
        self.git(folder, &["init", "--quiet", "--initial-branch=main"]);
        self.commit_on("2026-01-15", folder);
    }

    /// Commits everything in a folder, on a day.
    pub(crate) fn commit_on(&self, day: &str, folder: &str) {
        self.git_on(day, folder, &["add", "--all"]);
        let message = ["commit", "--quiet", "--allow-empty", "--message=change"];
        self.git_on(day, folder, &message);
    }

    /// Replaces the path of the temporary folder, which differs from run to run.
    pub(crate) fn without_root(&self, text: &str) -> String {
        text.replace(&*self.root().to_string_lossy(), "[WORKSPACE]")
    }
}

impl Run {
    pub(crate) fn of(command: &mut Command) -> Self {
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().unwrap();
        Self {
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
            code: status.code().unwrap_or(-1),
        }
    }

    /// The answer in JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The lines of the answer, each in JSON.
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        let lines = self.stdout.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// The folders of a folder, by name.
pub(crate) fn folders(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let folders = entries.filter(|path| path.is_dir());
    let mut names: Vec<String> = folders
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}
