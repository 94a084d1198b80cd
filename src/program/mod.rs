//! Running a program that the user named: never through a shell, with bounded output, and for a
//! bounded time where that is wanted.
//!
//! Whom to trust is decided by those who call this. A program that takes too long ends with
//! everything that it started.

mod reader;
#[cfg(all(test, unix))]
mod tests;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use reader::Reader;

/// How long somebody who still holds the output of a program that ended may go on.
const PATIENCE_AFTER_END: Duration = Duration::from_secs(1);
/// How often a program with a limit of time is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// A program to run.
#[derive(Clone, Debug)]
pub struct ProgramRun {
    /// The file.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// The folder in which it runs.
    pub folder: PathBuf,
    /// Its environment; that of this program where there is none.
    pub environment: Option<Vec<(OsString, OsString)>>,
    /// What it reads.
    pub input: Vec<u8>,
    /// The most bytes that are read of each of its outputs; what comes after is dropped.
    pub most_output: usize,
    /// How long it may take.
    pub time: Option<Duration>,
}

/// How a program ended.
#[derive(Debug)]
pub struct ProgramResult {
    /// How it ended; `None` when it took too long and was ended.
    pub status: Option<ExitStatus>,
    /// What it wrote.
    pub stdout: Vec<u8>,
    /// What it wrote about failures.
    pub stderr: Vec<u8>,
    /// Whether it wrote more than that.
    pub is_cut: bool,
}

impl ProgramRun {
    /// Runs it to its end.
    ///
    /// # Errors
    /// When it cannot be started, or its end is not known.
    pub fn run(&self) -> Result<ProgramResult> {
        let mut child = self.command().spawn().context("it cannot be started")?;
        let stdin = child.stdin.take();
        let (sender, ended) = mpsc::channel();
        let stdout = Reader::start(child.stdout.take(), self.most_output, sender.clone());
        let stderr = Reader::start(child.stderr.take(), self.most_output, sender);
        let input = self.input.clone();
        // A program that does not read its input must not keep us, and ends the pipe when it ends.
        thread::spawn(move || {
            if let Some(mut stdin) = stdin {
                let _ = stdin.write_all(&input);
            }
        });
        let status = self.wait(&mut child)?;
        if status.is_none() {
            self.end(&mut child);
        }
        // The outputs end with the program, unless it left somebody behind who holds them.
        let patience = Instant::now() + PATIENCE_AFTER_END;
        for _ in 0..2 {
            let left = patience.saturating_duration_since(Instant::now());
            if ended.recv_timeout(left) == Err(RecvTimeoutError::Timeout) {
                self.end(&mut child);
                break;
            }
        }
        let (stdout, stderr) = (stdout.taken(), stderr.taken());
        Ok(ProgramResult {
            status,
            is_cut: stdout.is_cut || stderr.is_cut,
            stdout: stdout.bytes,
            stderr: stderr.bytes,
        })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(environment) = &self.environment {
            command.env_clear();
            command.envs(environment.iter().map(|(name, value)| (name, value)));
        }
        #[cfg(unix)]
        if self.time.is_some() {
            use std::os::unix::process::CommandExt;
            // A group of its own, so that all of it can be ended.
            command.process_group(0);
        }
        command
    }

    fn wait(&self, child: &mut Child) -> Result<Option<ExitStatus>> {
        let unknown = "its end is not known";
        let Some(time) = self.time else {
            return child.wait().map(Some).context(unknown);
        };
        let end = Instant::now() + time;
        loop {
            if let Some(status) = child.try_wait().context(unknown)? {
                return Ok(Some(status));
            }
            if Instant::now() >= end {
                return Ok(None);
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    /// Ends the program, and what it started where it has a group of its own.
    fn end(&self, child: &mut Child) {
        #[cfg(unix)]
        if self.time.is_some() {
            let group = i32::try_from(child.id()).ok();
            if let Some(group) = group.and_then(rustix::process::Pid::from_raw) {
                // It may be gone already, which is all that is wanted.
                let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
            }
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}
