//! The program on a pseudo-terminal: what a person sees and types.

use std::io::{Read, Write};
use std::process::Stdio;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use pty_process::blocking::{Command, Pty, open};

use crate::sandbox::Sandbox;

/// How long a screen is waited for.
const DEADLINE: Duration = Duration::from_mins(1);

/// A program on a terminal of 100 columns and 20 rows.
pub(crate) struct Terminal {
    pty: std::sync::Arc<Pty>,
    child: std::process::Child,
    screen: vt100::Parser,
    output: Receiver<Vec<u8>>,
}

impl Terminal {
    pub(crate) fn run(sandbox: &Sandbox, arguments: &[&str]) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(pty_process::Size::new(20, 100)).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_devportal"))
            .args(arguments)
            .current_dir(sandbox.root())
            .env_clear()
            .envs([
                ("TERM", "xterm"),
                ("GIT_CONFIG_GLOBAL", "/dev/null"),
                ("HOME", "/nonexistent"),
            ])
            .stdout(Stdio::piped())
            .spawn(pts)
            .unwrap();
        let pty = std::sync::Arc::new(pty);
        let (sender, output) = mpsc::channel();
        let reader = std::sync::Arc::clone(&pty);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = (&*reader).read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            pty,
            child,
            screen: vt100::Parser::new(20.try_into().unwrap(), 100.try_into().unwrap(), 0),
            output,
        }
    }

    /// Waits until the screen is as a test says.
    pub(crate) fn wait_for(&mut self, what: &str, is_so: impl Fn(&vt100::Screen) -> bool) {
        let end = Instant::now() + DEADLINE;
        while !is_so(self.screen.screen()) {
            let left = end.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(error) => {
                    let shown = self.screen.screen().contents();
                    panic!("never {what} ({error}):\n{shown}");
                }
            }
        }
    }

    pub(crate) fn wait_for_text(&mut self, text: &str) {
        self.wait_for(text, |screen| screen.contents().contains(text));
    }

    /// What is on the screen.
    pub(crate) fn contents(&self) -> String {
        self.screen.screen().contents()
    }

    pub(crate) fn press(&mut self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).unwrap();
    }

    /// What it printed on standard output, and its exit code.
    pub(crate) fn end(mut self) -> (String, i32) {
        self.wait_for("the first screen", |screen| {
            !screen.alternate_screen() && !screen.hide_cursor()
        });
        let mut stdout = String::new();
        self.child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut stdout)
            .unwrap();
        (stdout, self.child.wait().unwrap().code().unwrap())
    }
}
