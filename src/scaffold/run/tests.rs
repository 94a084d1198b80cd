//! Steps, run with an action that gives its input back as its outputs.

use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};

use super::{Ran, RunError, RunRequest, StepStatus, run, unsupported};
use crate::model::{EntityRef, SourceFile};
use crate::scaffold::{
    Entities, Invocation, Manifest, ProgramEnd, Programs, SourceEntry, Sources, StepError,
    TargetPath, WorkTree, World,
};

/// The program of the action `test:echo`, which notes what it was given. It fails where it is
/// told to.
#[derive(Default)]
struct Echo(Mutex<Vec<Value>>);

impl Programs for Echo {
    fn run(&self, invocation: &Invocation, _: &mut WorkTree) -> Result<ProgramEnd, StepError> {
        let input = invocation.input.clone().unwrap_or_default();
        let fails = input.get("fail").is_some();
        let stdout = input.to_string();
        if let Ok(mut given) = self.0.lock() {
            given.push(input);
        }
        if fails {
            return Err(StepError::new("told to fail"));
        }
        Ok(ProgramEnd::Ran { stdout })
    }
}

struct Nothing;

impl Sources for Nothing {
    fn folder(&self, _: &str) -> Result<Vec<SourceEntry>, StepError> {
        Err(StepError::new("there are no files"))
    }

    fn file(&self, _: &str) -> Result<SourceEntry, StepError> {
        Err(StepError::new("there are no files"))
    }
}

impl Entities for Nothing {
    fn entity(&self, _: &EntityRef) -> Result<Option<Value>, StepError> {
        Ok(None)
    }
}

fn manifest(steps: &str) -> Manifest {
    let text = format!(
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {{name: x}}\nspec:\n  type: service\n  steps:\n{steps}"
    );
    let file = Arc::new(SourceFile::new(Arc::from("x"), "", b"template.yaml"));
    Manifest::read(&text, &file, &|_| Err("nothing".to_owned())).expect("a template")
}

/// Runs steps. Returns how that ended, and what the action was given.
fn run_steps(steps: &str) -> (Result<Ran, Box<RunError>>, Vec<Value>) {
    run_steps_with(steps, true)
}

fn run_steps_with(steps: &str, is_strict: bool) -> (Result<Ran, Box<RunError>>, Vec<Value>) {
    let manifest = manifest(steps);
    let echo = Echo::default();
    let answers = json!({"name": "orders", "count": 3, "tags": ["a", "b"], "no": false});
    let secrets = json!({"token": "hunter22"});
    let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let (answers, secrets): (Map<_, _>, Map<_, _>) = (object(&answers), object(&secrets));
    let world = World {
        sources: &Nothing,
        entities: &Nothing,
        programs: &echo,
        template: None,
        refuses_unknown_names: is_strict,
    };
    let ended = run(&RunRequest {
        manifest: &manifest,
        answers: &answers,
        secrets: &secrets,
        user: Some(("user:default/mira".to_owned(), None)),
        world: &world,
        programs: &[("test:echo".to_owned(), vec!["echo".to_owned()])],
        skips_unsupported: true,
    });
    let given = echo.0.into_inner().expect("the test did not panic");
    (ended, given)
}

fn given(steps: &str) -> Vec<Value> {
    let (ended, given) = run_steps(steps);
    ended.expect("steps that run");
    given
}

#[test]
fn a_single_expression_keeps_the_kind_of_its_value() {
    let given = given(
        "    - action: test:echo
      input:
        number: ${{ parameters.count }}
        list: ${{ parameters.tags }}
        truth: ${{ parameters.no }}
        text: n=${{ parameters.count }}
        nested: [{deep: '${{ parameters.count + 1 }}'}]
        user: ${{ user.ref }}
        absent: ${{ parameters.absent }}
        plain: 1
",
    );
    let expected = json!({
        "number": 3,
        "list": ["a", "b"],
        "truth": false,
        "text": "n=3",
        "nested": [{"deep": 4}],
        "user": "user:default/mira",
        "plain": 1,
    });
    assert_eq!(given, [expected]);
}

#[test]
fn outputs_are_there_for_later_steps_and_at_the_end() {
    let steps = "    - {id: one, action: test:echo, input: {list: [1, 2]}}
    - {id: a-b, action: test:echo, input: {more: '${{ steps.one.output.list }}'}}
  output:
    links:
      - {title: One, url: \"https://x/${{ steps['a-b'].output.more[1] }}\"}
      - {title: Two, if: '${{ parameters.no }}', url: 'https://y'}
      - {title: Nothing}
    text: [{title: T, content: '${{ parameters.name }}'}]
    list: ${{ steps['a-b'].output.more }}
";
    let (ended, given) = run_steps(steps);
    assert_eq!(given[1], json!({"more": [1, 2]}));
    let output = serde_json::to_value(ended.expect("it runs").output).expect("JSON");
    let expected = json!({
        "links": [{"title": "One", "url": "https://x/2"}],
        "text": [{"title": "T", "content": "orders"}],
        "list": [1, 2],
    });
    assert_eq!(output, expected);
}

#[test]
fn conditions_are_true_as_in_javascript() {
    for (condition, runs) in [
        ("true", true),
        // In quotes it is a text, and no text but the empty one is false.
        ("false", true),
        ("${{ parameters.no }}", false),
        ("${{ parameters.absent }}", false),
        ("${{ parameters.count > 2 }}", true),
        ("${{ parameters.count === 4 }}", false),
        ("${{ '' }}", false),
        ("${{ 0 }}", false),
        ("${{ parameters.tags }}", true),
        ("${{ not parameters.no }}", true),
        ("${{ failure() }}", false),
        ("${{ always() }}", true),
        // Secrets are for inputs alone.
        ("${{ secrets.token }}", false),
    ] {
        let steps =
            format!("    - {{id: it, action: test:echo, if: \"{condition}\", input: {{a: 1}}}}\n");
        assert_eq!(given(&steps).len(), usize::from(runs), "{condition}");
    }
}

#[test]
fn each_runs_a_step_for_every_item_and_gathers_its_outputs() {
    let given = given(
        "    - id: each
      action: test:echo
      each: ${{ parameters.tags }}
      if: ${{ each.value !== 'never' }}
      input: {key: '${{ each.key }}', value: '${{ each.value }}'}
    - id: some
      action: test:echo
      each: ['a', 'never']
      if: ${{ each.value !== 'never' }}
      input: {value: '${{ each.value }}'}
    - {id: map, action: test:echo, each: {x: 1, y: {z: 2}}, input: {pair: '${{ each }}'}}
    - {action: test:echo, input: {values: '${{ steps.each.output.value }}', some: '${{ steps.some.output.value }}'}}
",
    );
    let expected = [
        json!({"key": "0", "value": "a"}),
        json!({"key": "1", "value": "b"}),
        json!({"value": "a"}),
        json!({"pair": {"key": "x", "value": 1}}),
        json!({"pair": {"key": "y", "value": {"z": 2}}}),
        json!({"values": ["a", "b"], "some": ["a"]}),
    ];
    assert_eq!(given, expected);
}

#[test]
fn each_of_something_else_fails() {
    for (each, message) in [
        ("${{ parameters.name }}", "must be a list or a mapping"),
        ("${{ parameters.absent }}", "has no value"),
        ("${{ range(20000) }}", "more than 10000"),
    ] {
        let steps = format!("    - {{action: test:echo, each: '{each}', input: {{a: 1}}}}\n");
        let (ended, given) = run_steps(&steps);
        let error = ended.expect_err("no items").error.message;
        assert!(error.contains(message), "{error}");
        assert!(given.is_empty());
    }
}

#[test]
fn after_a_failure_only_steps_run_that_ask_for_it() {
    let (ended, given) = run_steps(
        "    - {id: first, action: test:echo, input: {a: 1}}
    - {id: breaks, action: test:echo, input: {fail: true}}
    - {id: later, action: test:echo, input: {a: 2}}
    - {id: plain, action: test:echo, if: true, input: {a: 3}}
    - {id: sorry, action: test:echo, if: '${{ failure() }}', input: {a: '${{ steps.first.output.a }}'}}
    - {id: again, action: test:echo, if: '${{ always() }}', input: {fail: true}}
    - {id: no, action: test:echo, if: '${{ failure() and parameters.no }}', input: {a: 4}}
",
    );
    let expected = [
        json!({"a": 1}),
        json!({"fail": true}),
        json!({"a": 1}),
        json!({"fail": true}),
    ];
    assert_eq!(given, expected);
    let error = ended.expect_err("it fails");
    // The first failure is the one that counts.
    assert_eq!(error.step.0, "breaks");
    let statuses = error.steps.iter().map(|step| step.status);
    let expected = [
        StepStatus::Done,
        StepStatus::Failed,
        StepStatus::Skipped,
        StepStatus::Skipped,
        StepStatus::Done,
        StepStatus::Failed,
        StepStatus::Skipped,
    ];
    assert_eq!(statuses.collect::<Vec<_>>(), expected);
}

#[test]
fn secrets_are_for_inputs_and_nothing_else() {
    let (ended, given) = run_steps(
        "    - {id: one, action: test:echo, input: {token: '${{ secrets.token }}'}}
    - {id: two, action: test:echo, each: ['${{ secrets.token }}'], input: {has: '${{ each.value }}'}}
  output:
    token: ${{ secrets.token }}
    name: ${{ parameters.name }}
",
    );
    assert_eq!(given[0], json!({"token": "hunter22"}));
    let output = ended.expect("it runs").output.values;
    assert_eq!(Value::Object(output), json!({"name": "orders"}));
}

#[test]
fn what_is_not_known_is_left_out_with_what_needs_it() {
    let steps = "    - {id: odd, action: acme:odd, input: {a: 1}}
    - {id: never, action: acme:never, if: false}
    - {id: uses, action: test:echo, input: {deep: [{a: '${{ steps.odd.output.x }}'}]}}
    - {id: uses-too, action: test:echo, if: \"${{ steps['uses'].output.deep }}\", input: {a: 2}}
    - {id: oddly, action: test:echo, input: {a: '${{ steps.oddly }} steps.odd.output.x'}}
";
    let programs = [("test:echo".to_owned(), vec!["echo".to_owned()])];
    let found = unsupported(&manifest(steps), &programs);
    let found = found
        .iter()
        .map(|it| (it.id.as_str(), it.is_unknown_action));
    let expected = [("odd", true), ("uses", false), ("uses-too", false)];
    assert_eq!(found.collect::<Vec<_>>(), expected);
    let (ended, given) = run_steps(steps);
    let steps = ended.expect("the rest runs").steps;
    let left_out = steps
        .iter()
        .filter(|step| step.status == StepStatus::Unsupported);
    assert_eq!(left_out.count(), 3);
    assert_eq!(given.len(), 1);
}

#[test]
fn what_cannot_be_evaluated_ends_the_run_or_stays_and_is_told() {
    let steps = "    - {action: test:echo, input: {a: '${{ parameters.name | nothing }}'}}\n";
    let (ended, given) = run_steps(steps);
    let error = ended.expect_err("it fails").error;
    assert!(error.message.contains("cannot be evaluated"), "{error}");
    assert!(given.is_empty());
    let (ended, given) = run_steps_with(steps, false);
    assert_eq!(given, [json!({"a": "${{ parameters.name | nothing }}"})]);
    let log = &ended.expect("it runs").steps[0].log;
    let told = &log.notices[0];
    assert!(told.starts_with("a text stays as it is written"), "{told}");
}

#[test]
fn files_of_a_step_are_there_for_the_next() {
    let (ended, _) = run_steps(
        "    - {action: 'roadiehq:utils:fs:write', input: {path: a, content: x}}
    - {action: 'fs:rename', input: {files: [{from: a, to: b/c}]}}
",
    );
    let tree = ended.expect("it runs").tree;
    let path = TargetPath::new("b/c").expect("a path");
    assert_eq!(tree.text(&path).expect("a text"), "x");
}
