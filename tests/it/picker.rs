//! The picker on a pseudo-terminal: what a person sees and types.

use crate::sandbox::Sandbox;
use crate::terminal::Terminal;

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
