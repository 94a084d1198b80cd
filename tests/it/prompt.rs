//! The questions of a template on a pseudo-terminal: what a person sees and types.

use crate::sandbox::Sandbox;
use crate::terminal::Terminal;

const TEMPLATE: &str = "\
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: service}
spec:
  type: service
  parameters:
    - title: The service
      required: [name, owner]
      properties:
        name:
          title: Name
          type: string
          pattern: ^[a-z-]+$
          description: \"Shown \\e[31m as it is\"
          errorMessage: {pattern: only small letters}
        owner: {title: Owner, type: string, ui:field: OwnerPicker}
        license: {type: string, enum: [MIT, Apache-2.0, none], default: Apache-2.0}
        replicas: {type: integer, title: Replicas, default: 2}
    - title: The rest
      properties:
        public: {type: boolean, title: Public}
        topics: {type: array, title: Topics, items: {type: string, maxLength: 5}}
        about: {type: string, title: About, ui:widget: textarea}
        token: {type: string, title: Token, ui:field: Secret}
        features: {type: array, title: Features, uniqueItems: true, items: {enum: [metrics, tracing]}}
        repository: {type: string, title: Where, ui:field: RepoUrlPicker}
      dependencies:
        public:
          oneOf:
            - properties: {public: {const: true}, reviewer: {type: string, title: Reviewer}}
            - properties: {public: {const: false}}
  steps: []
";

fn workspace() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("template.yaml", TEMPLATE);
    sandbox.write(
        "catalog-info.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: platform}\n\
         spec: {type: team, children: []}\n",
    );
    sandbox
}

#[test]
fn every_question_is_asked_and_answered_in_its_way() {
    let sandbox = workspace();
    let mut terminal = Terminal::run(&sandbox, &["template", "answers", "."]);
    terminal.wait_for_text("The service");
    // What a template says does nothing to the terminal.
    terminal.wait_for_text("Shown \\u{1b}[31m as it is");
    terminal.press("Orders\r");
    terminal.wait_for_text("only small letters");
    // Ctrl-U is not known everywhere; backspace is.
    terminal.press("\x7f\x7f\x7f\x7f\x7f\x7forders\r");
    terminal.wait_for_text("group:default/platform");
    terminal.press("\x1b[B\r");
    terminal.wait_for_text("> Apache-2.0");
    terminal.press("\x1b[B\r");
    terminal.wait_for_text("Replicas (2)");
    terminal.press("\r");
    terminal.wait_for_text("The rest");
    terminal.wait_for_text("Public (y/N)");
    terminal.press("y\r");
    terminal.wait_for_text("Topics");
    terminal.press("too long\r");
    terminal.wait_for_text("longer than 5 characters");
    terminal.press("\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7fa\r");
    terminal.wait_for_text("Topics, item 2");
    terminal.press("b\r");
    terminal.wait_for_text("Topics, item 3");
    terminal.press("\r");
    terminal.wait_for_text("About");
    terminal.press("one\r");
    terminal.wait_for_text("? …");
    terminal.press("two\r");
    terminal.wait_for_text("… two");
    terminal.press("\r");
    terminal.wait_for_text("Token");
    terminal.press("hunter2\r");
    terminal.wait_for_text("Features");
    terminal.press("\x1b[B \r");
    terminal.wait_for_text("Where: host");
    terminal.press("github.com/o/r\r");
    terminal.wait_for_text("Reviewer");
    let screen = terminal.contents();
    assert!(!screen.contains("hunter2"), "{screen}");
    terminal.press("\r");
    let (stdout, code) = terminal.end();
    assert_eq!(
        stdout,
        "name: orders\nowner: group:default/platform\nlicense: none\nreplicas: 2\npublic: true\n\
         topics:\n- a\n- b\nabout: |-\n  one\n  two\nfeatures:\n- tracing\n\
         repository: github.com?owner=o&repo=r\n"
    );
    assert_eq!(code, 0);
}

#[test]
fn what_is_given_is_not_asked() {
    let sandbox = workspace();
    let arguments = [
        "template",
        "answers",
        ".",
        "--defaults",
        "--set",
        "name=orders",
        "--set",
        "topics=x",
        "--set",
        "public=false",
        "--set",
        "about=x",
        "--set",
        "token=x",
        "--set",
        "features=metrics",
        "--set",
        "repository=github.com/o/r",
    ];
    let mut terminal = Terminal::run(&sandbox, &arguments);
    terminal.wait_for_text("Owner");
    terminal.press("team-a\r");
    let (stdout, code) = terminal.end();
    assert!(stdout.contains("owner: team-a\n"), "{stdout}");
    assert!(stdout.contains("license: Apache-2.0\n"), "{stdout}");
    assert_eq!(code, 0);
}

#[test]
fn breaking_off_gives_the_terminal_back() {
    for (keys, expected) in [("\x03", 130), ("\x04", 2)] {
        let sandbox = workspace();
        let mut terminal = Terminal::run(&sandbox, &["template", "answers", "."]);
        terminal.wait_for_text("Name");
        terminal.press(keys);
        let (stdout, code) = terminal.end();
        assert_eq!((stdout.as_str(), code), ("", expected));
    }
}

#[test]
fn without_a_terminal_what_is_missing_is_listed() {
    let sandbox = workspace();
    let answer = sandbox.devportal("", &["template", "answers", ".", "--set", "name=Big"]);
    assert_eq!(answer.code, 2);
    for text in [
        "\"name\" is \"Big\": only small letters",
        "\"owner\" is missing",
    ] {
        assert!(answer.stderr.contains(text), "{}", answer.stderr);
    }
    sandbox.write("answers.yaml", "name: orders\nowner: team-a\n");
    let answer = sandbox.devportal(
        "",
        &["template", "answers", ".", "--answers", "answers.yaml"],
    );
    assert_eq!(
        answer.stdout,
        "name: orders\nowner: team-a\nlicense: Apache-2.0\nreplicas: 2\n"
    );
}
