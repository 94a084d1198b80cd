//! The picker on a pseudo-terminal: what a person sees and types.

use std::io::{Read, Write};
use std::process::Stdio;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use pty_process::blocking::{Command, Pty, open};

use crate::sandbox::Sandbox;

/// How long a screen is waited for.
const DEADLINE: Duration = Duration::from_mins(1);

/// A program on a terminal of 100 columns and 20 rows.
struct Terminal {
    pty: std::sync::Arc<Pty>,
    child: std::process::Child,
    screen: vt100::Parser,
    output: Receiver<Vec<u8>>,
}

impl Terminal {
    fn run(sandbox: &Sandbox, arguments: &[&str]) -> Self {
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
    fn wait_for(&mut self, what: &str, is_so: impl Fn(&vt100::Screen) -> bool) {
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

    fn wait_for_text(&mut self, text: &str) {
        self.wait_for(text, |screen| screen.contents().contains(text));
    }

    fn press(&mut self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).unwrap();
    }

    /// What it printed on standard output, and its exit code.
    fn end(mut self) -> (String, i32) {
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

fn workspace() -> Sandbox {
    let sandbox = Sandbox::new();
    for (name, about) in [
        ("payments", "Takes money"),
        ("refunds", "Gives it back"),
        ("web", "Shows\u{1b}[31m things"),
    ] {
        let text = format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: {name}, description: \"{}\"}}\n\
             spec: {{type: service, lifecycle: production, owner: team}}\n",
            about.replace('\u{1b}', "\\e")
        );
        sandbox.write(&format!("{name}/catalog-info.yaml"), &text);
    }
    sandbox
}

#[test]
fn typing_narrows_the_list_and_enter_prints_the_reference() {
    let sandbox = workspace();
    let mut terminal = Terminal::run(&sandbox, &["find", "--interactive"]);
    terminal.wait_for_text("3 of 3");
    terminal.wait_for_text("Takes money");
    terminal.press("ref");
    terminal.wait_for_text("1 of 3");
    terminal.wait_for_text("Gives it back");
    terminal.press("\r");
    assert_eq!(
        terminal.end(),
        ("component:default/refunds\n".to_owned(), 0)
    );
}

#[test]
fn arrows_select_and_escapes_of_a_descriptor_stay_text() {
    let sandbox = workspace();
    let mut terminal = Terminal::run(&sandbox, &["find", "-i", "--format", "jsonl"]);
    terminal.wait_for_text("3 of 3");
    terminal.press("\u{1b}[B\u{1b}[B");
    terminal.wait_for_text("\\u{1b}[31m things");
    terminal.press("\r");
    let (stdout, code) = terminal.end();
    assert!(
        stdout.starts_with("{\"ref\":\"component:default/web\"") && code == 0,
        "{stdout}"
    );
}

#[test]
fn h03_control_c_and_escape_leave_and_a_pipe_is_refused() {
    let sandbox = workspace();
    let mut terminal = Terminal::run(&sandbox, &["find", "-i"]);
    terminal.wait_for_text("3 of 3");
    terminal.press("\u{3}");
    assert_eq!(terminal.end(), (String::new(), 130));
    let mut terminal = Terminal::run(&sandbox, &["find", "-i"]);
    terminal.wait_for_text("3 of 3");
    terminal.press("nothing like it");
    terminal.wait_for_text("0 of 3");
    terminal.press("\u{15}");
    terminal.wait_for_text("3 of 3");
    terminal.press("\u{7}");
    assert_eq!(terminal.end(), (String::new(), 1));
    let run = sandbox.devportal("", &["find", "-i"]);
    assert!(
        run.code == 2 && run.stderr.contains("needs a terminal"),
        "{}",
        run.stderr
    );
}
