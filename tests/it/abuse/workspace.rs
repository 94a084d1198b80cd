//! Hostile workspaces, built in a temporary folder and looked at by the program.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// What lies outside of the workspace and must never be shown.
pub(super) const SECRET: &str = "s3cr3t-of-this-machine";
/// What a hook, filter or alias of a scanned repository would leave behind.
const PWNED: &str = "PWNED";
/// Far more than any of these answers needs, even on a busy machine.
const TIME_LIMIT: Duration = Duration::from_secs(20);
/// Kilobytes of address space: a bomb that goes off ends the program.
const MEMORY_LIMIT: u32 = 1_500_000;

/// A folder to look at, beside a home and things that are none of the program's business.
pub(super) struct Workspace {
    folder: tempfile::TempDir,
}

/// What the program answered.
pub(super) struct Answer {
    pub(super) code: Option<i32>,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: String,
}

impl Workspace {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Some tests run the program as another user.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["workspace", "home", "outside"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let workspace = Self { folder };
        let stolen = component("stolen", &format!("  description: {SECRET}\n"));
        fs::write(workspace.outside().join("catalog-info.yaml"), stolen).unwrap();
        workspace
    }

    /// A good component beside a repository with another one.
    pub(super) fn shop() -> Self {
        let workspace = Self::new();
        workspace
            .component("good", "good")
            .component("shop", "shop")
            .repository("shop");
        workspace
    }

    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    pub(super) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A folder with a descriptor that nobody committed anywhere.
    pub(super) fn outside(&self) -> PathBuf {
        self.folder.path().join("outside")
    }

    pub(super) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root().join(path)
    }

    pub(super) fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// A descriptor of a component, which is all right.
    pub(super) fn component(&self, folder: impl AsRef<Path>, name: &str) -> &Self {
        self.write(
            folder.as_ref().join("catalog-info.yaml"),
            component(name, ""),
        )
    }

    pub(super) fn link(&self, target: impl AsRef<Path>, path: impl AsRef<Path>) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
        self
    }

    pub(super) fn pipe(&self, path: impl AsRef<Path>) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let made = Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        self
    }

    /// Makes a folder a repository and commits what is in it.
    pub(super) fn repository(&self, folder: &str) -> &Self {
        fs::create_dir_all(self.path(folder)).unwrap();
        self.git(folder, &["init", "--quiet", "--initial-branch=main"]);
        self.commit(folder)
    }

    pub(super) fn commit(&self, folder: &str) -> &Self {
        self.git(folder, &["add", "--all", "--force"]);
        self.git(
            folder,
            &["commit", "--quiet", "--allow-empty", "--message=x"],
        )
    }

    pub(super) fn git(&self, folder: &str, arguments: &[&str]) -> &Self {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(self.path(folder));
        self.scrub(&mut git);
        let output = git.output().unwrap();
        assert!(
            output.status.success(),
            "git {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        self
    }

    fn scrub(&self, command: &mut Command) {
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path);
        command.envs([
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_SYSTEM", "/dev/null"),
            ("GIT_AUTHOR_NAME", "Mira"),
            ("GIT_AUTHOR_EMAIL", "mira@example.com"),
            ("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"),
            ("GIT_COMMITTER_NAME", "Mira"),
            ("GIT_COMMITTER_EMAIL", "mira@example.com"),
            ("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"),
        ]);
        command.env("HOME", self.home());
    }

    /// The program, with limits on its memory, standing in the workspace.
    pub(super) fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let script = format!("ulimit -v {MEMORY_LIMIT}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command
            .args(["-c", &script, env!("CARGO_BIN_EXE_devportal")])
            .args(arguments)
            .current_dir(self.root());
        self.scrub(&mut command);
        command
    }

    pub(super) fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Answer {
        self.finish(&mut self.command(arguments))
    }

    /// Waits for a command, and asserts what must hold of every one.
    pub(super) fn finish(&self, command: &mut Command) -> Answer {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let answer = Answer::of(child);
        let stdout = answer.text();
        let told = format!("{stdout}{}", answer.stderr);
        assert!(!told.contains("panicked at"), "{told}");
        assert!(!told.contains(SECRET), "{told}");
        assert!(
            answer
                .code
                .is_some_and(|code| matches!(code, 0..=4 | 100..=125)),
            "exit code {:?}: {told}",
            answer.code
        );
        self.assert_untouched();
        answer
    }

    /// Runs every command that reads a workspace, also standing in the repository of the shop and
    /// at its tip.
    pub(super) fn run_all(&self) {
        let commands: [&[&str]; 7] = [
            &["find", "--verbose", "--at", "default"],
            &["owner", "shop/catalog-info.yaml", "shop", "../x", "/"],
            &["find", "--at", "2026-06-01"],
            &["show", "shop"],
            &["check", "--at", "HEAD"],
            &["check", "shop/catalog-info.yaml", "--format", "json"],
            &["config", "show"],
        ];
        for arguments in commands {
            self.run(arguments);
        }
        for arguments in [&["check"][..], &["check", "--at", "HEAD"]] {
            let mut inside = self.command(arguments);
            self.finish(inside.current_dir(self.path("shop")));
        }
    }

    pub(super) fn check(&self) -> Answer {
        self.run(&["check", "--format", "json"])
    }

    /// Checks a workspace with one problem that hides something beside the component "good".
    pub(super) fn assert_one_hidden(&self, code: &str, path: &str) {
        let answer = self.check();
        answer.assert_code(3).assert_finding(code, path, None);
        assert_eq!(answer.json()["complete"], false);
        assert_eq!(self.entities(), ["component:default/good"]);
    }

    /// The references of all entities.
    pub(super) fn entities(&self) -> Vec<String> {
        self.references(&["export", "entities", "--format", "jsonl"])
    }

    /// The references that a command lists.
    pub(super) fn references(&self, arguments: &[&str]) -> Vec<String> {
        let answer = self.run(arguments);
        let text = answer.text();
        let rows = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        rows.map(|row| row["ref"].as_str().unwrap().to_owned())
            .collect()
    }

    fn assert_untouched(&self) {
        for folder in [self.root(), self.home(), self.outside()] {
            assert!(!folder.join(PWNED).exists(), "something was executed");
        }
        let outside = fs::read_dir(self.outside()).unwrap();
        let mut names = outside.map(|entry| entry.unwrap().file_name());
        let is_temporary = |name: OsString| name.to_string_lossy().contains("devportal-tmp");
        assert!(!names.any(is_temporary), "something was written outside");
    }
}

impl Answer {
    fn of(mut child: Child) -> Self {
        let mut stdout = child.stdout.take().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let stdout = thread::spawn(move || {
            let mut bytes = Vec::new();
            stdout.read_to_end(&mut bytes).map(|_| bytes)
        });
        let stderr = thread::spawn(move || {
            let mut bytes = Vec::new();
            stderr.read_to_end(&mut bytes).map(|_| bytes)
        });
        let code = wait(&mut child);
        Self {
            code,
            stdout: stdout.join().unwrap().unwrap(),
            stderr: String::from_utf8_lossy(&stderr.join().unwrap().unwrap()).into_owned(),
        }
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.text(), self.stderr))
    }

    /// The findings of a code.
    pub(super) fn findings(&self, code: &str) -> Vec<Value> {
        let answer = self.json();
        let all = answer["findings"].as_array().unwrap().iter();
        all.filter(|finding| finding["code"] == code)
            .cloned()
            .collect()
    }

    /// The only finding of a code.
    pub(super) fn finding(&self, code: &str) -> Value {
        let mut found = self.findings(code);
        assert_eq!(found.len(), 1, "findings of {code}: {}", self.text());
        found.remove(0)
    }

    /// Asserts that there is one finding of a code, at that place, and gives its message.
    pub(super) fn assert_finding(&self, code: &str, path: &str, line: Option<u64>) -> String {
        let finding = self.finding(code);
        assert_eq!(finding["path"], path, "{finding}");
        assert_eq!(finding["line"].as_u64(), line, "{finding}");
        finding["message"].as_str().unwrap().to_owned()
    }

    pub(super) fn assert_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{}{}", self.text(), self.stderr);
        self
    }

    /// Asserts that a problem was told on standard error, with exit code 2.
    pub(super) fn assert_refused(&self, message: &str) -> &Self {
        self.assert_code(2);
        assert!(
            self.stderr.contains(message),
            "{message:?} is not in {}",
            self.stderr
        );
        self
    }
}

fn wait(child: &mut Child) -> Option<i32> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if started.elapsed() > TIME_LIMIT {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("no answer after {TIME_LIMIT:?}");
        }
        thread::sleep(Duration::from_millis(3));
    }
}

/// The text of a component, with further lines of its `metadata`.
pub(super) fn component(name: &str, metadata: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n{metadata}spec:\n  type: service\n  lifecycle: production\n  owner: team\n"
    )
}

/// Whether permissions mean nothing to whoever runs the tests.
pub(super) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}
