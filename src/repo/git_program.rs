//! Git's own program, for what needs the user's credentials, proxies and keys: fetching and
//! pushing.
//!
//! It is only started when a command says so, and never in a repository that was found: that
//! repository's configuration could name programs. Each call has Git data that was made for it.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::GitUrl;
use super::git_url::without_credentials;
use super::search_path::{absolute_folders, find_program};

/// How much is kept of what Git says.
const MOST_OUTPUT: u64 = 64 << 10;

/// Settings that hold whatever the user's configuration says.
const SETTINGS: [&str; 7] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
    // A server that sends nothing does not hold us for ever.
    "http.lowSpeedLimit=100",
    "http.lowSpeedTime=60",
];

/// What the environment could say about repositories: a hook that starts us sets these.
const NOT_INHERITED: [&str; 13] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_QUARANTINE_PATH",
    "GIT_TEMPLATE_DIR",
    "GIT_TRACE",
    "GIT_TRACE_CURL",
];

/// Git's own program.
#[derive(Clone, Debug)]
pub struct GitProgram {
    program: PathBuf,
    /// Where Git finds its own helpers: the absolute folders of the search path.
    search_path: OsString,
    is_interactive: bool,
    token: Option<GitToken>,
}

/// A token that Git gives to the host of a URL, and to no other.
#[derive(Clone)]
struct GitToken {
    user: String,
    token: String,
}

impl fmt::Debug for GitToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What Git runs to ask for the token, which stands in no argument that others could read.
const ASK_FOR_TOKEN: &str = "!ask() { test \"$1\" = get && \
    printf 'username=%s\\npassword=%s\\n' \"$DEVPORTAL_GIT_USER\" \"$DEVPORTAL_GIT_TOKEN\"; }; ask";

/// Why Git did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitProgramError {
    /// What Git said, without credentials. It is what a server sent: make it safe to show.
    pub message: String,
    /// Whether it is that somebody must be allowed in.
    pub needs_credential: bool,
}

impl fmt::Display for GitProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for GitProgramError {}

/// What a run of Git gave.
pub(super) struct GitOutput {
    pub(super) is_success: bool,
    pub(super) output: String,
    pub(super) messages: String,
}

impl GitProgram {
    /// Looks for Git in the absolute folders of a search path (`PATH`). What is relative or empty
    /// there means the current folder, which may be a repository that somebody else wrote.
    #[must_use]
    pub fn find(search_path: &OsStr) -> Option<Self> {
        let name = if cfg!(windows) { "git.exe" } else { "git" };
        Some(Self {
            program: find_program(search_path, name)?,
            search_path: absolute_folders(search_path),
            is_interactive: false,
            token: None,
        })
    }

    /// Has Git use a token where the host of a URL with `http` or `https` asks for a password:
    /// this one only, and without giving it to a helper that would keep it.
    #[must_use]
    pub fn with_token(mut self, user: &str, token: &str) -> Self {
        self.token = Some(GitToken {
            user: user.to_owned(),
            token: token.to_owned(),
        });
        self
    }

    /// Whether Git may ask for credentials on the terminal; at first it may not.
    #[must_use]
    pub const fn interactive(mut self, is_interactive: bool) -> Self {
        self.is_interactive = is_interactive;
        self
    }

    /// Whether a remote repository has a branch.
    ///
    /// # Errors
    /// When the remote repository cannot be asked.
    pub fn remote_has_branch(&self, url: &GitUrl, branch: &str) -> Result<bool> {
        let reference = format!("refs/heads/{branch}");
        let mut command = self.command(None, url);
        command.args(["ls-remote", "--quiet", "--", url.as_str(), &reference]);
        let run = run(&mut command)?;
        if !run.is_success {
            return Err(run.error().into());
        }
        let mut lines = run.output.lines();
        Ok(lines.any(|line| line.split('\t').nth(1) == Some(&reference)))
    }

    /// Git with what always holds; `data` is the folder of the repository that it works in.
    pub(super) fn command(&self, data: Option<&Path>, url: &GitUrl) -> Command {
        let mut command = Command::new(&self.program);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        for variable in NOT_INHERITED {
            command.env_remove(variable);
        }
        let root = self.program.ancestors().last().unwrap_or(&self.program);
        command
            .current_dir(root)
            .env("GIT_DIR", data.unwrap_or_else(|| Path::new("/dev/null")))
            .env("PATH", &self.search_path)
            .env("LC_ALL", "C")
            .env("GIT_PROTOCOL_FROM_USER", "0")
            // Stronger than any "protocol.*.allow": no other transport, not even by a redirect.
            .env("GIT_ALLOW_PROTOCOL", protocols(url))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let (Some(token), Some(origin)) = (&self.token, url.origin()) {
            // An empty helper takes away those of the user, who would be told to keep it.
            let of_host = format!("credential.{origin}.helper=");
            command
                .args(["-c", "credential.helper=", "-c", &of_host])
                .args(["-c", &format!("{of_host}{ASK_FOR_TOKEN}")])
                .env("DEVPORTAL_GIT_USER", &token.user)
                .env("DEVPORTAL_GIT_TOKEN", &token.token);
        }
        if !self.is_interactive {
            command
                .env("GIT_TERMINAL_PROMPT", "0")
                .env("GCM_INTERACTIVE", "never")
                .env("SSH_ASKPASS_REQUIRE", "never");
        }
        command
    }
}

const fn protocols(url: &GitUrl) -> &'static str {
    if url.is_local() {
        "file"
    } else {
        "https:http:ssh"
    }
}

/// Runs Git, and keeps the beginning of what it says.
pub(super) fn run(command: &mut Command) -> Result<GitOutput> {
    let mut child = command.spawn().context("cannot start git")?;
    let (output, messages) = (child.stdout.take(), child.stderr.take());
    // Both at once: a pipe that nobody reads would hold the other.
    let (output, messages) = std::thread::scope(|scope| {
        let output = scope.spawn(|| read_beginning(output));
        let messages = read_beginning(messages);
        (output.join().unwrap_or_default(), messages)
    });
    let status = child.wait().context("cannot wait for git")?;
    Ok(GitOutput {
        is_success: status.success(),
        output,
        messages,
    })
}

/// The beginning of a stream, all of which is read so that the other side does not wait.
fn read_beginning(stream: Option<impl Read>) -> String {
    let Some(mut stream) = stream else {
        return String::new();
    };
    let mut bytes = Vec::new();
    // What was read until a failure is all there is to tell.
    let _ = stream.by_ref().take(MOST_OUTPUT).read_to_end(&mut bytes);
    let _ = std::io::copy(&mut stream, &mut std::io::sink());
    String::from_utf8_lossy(&bytes).into_owned()
}

impl GitOutput {
    /// Why it failed, for people.
    pub(super) fn error(&self) -> GitProgramError {
        const NO_ENTRY: [&str; 7] = [
            "Authentication failed",
            "could not read Username",
            "could not read Password",
            "Permission denied",
            "Host key verification failed",
            "terminal prompts disabled",
            "The requested URL returned error: 403",
        ];
        let messages = self.messages.lines().map(str::trim_end);
        let said: Vec<&str> = messages.filter(|line| !line.is_empty()).collect();
        let said = if said.is_empty() {
            "git failed and did not say why".to_owned()
        } else {
            without_credentials(&said.join("\n"))
        };
        GitProgramError {
            needs_credential: NO_ENTRY.iter().any(|words| said.contains(words)),
            message: said,
        }
    }
}
