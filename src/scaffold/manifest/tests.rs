use std::sync::Arc;

use serde_json::json;

use super::Manifest;
use crate::diagnostic::Diagnostic;
use crate::model::SourceFile;

fn read_with(
    text: &str,
    include: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Manifest, Vec<Diagnostic>> {
    let file = SourceFile::new("repository".into(), "", b"template.yaml");
    Manifest::read(text, &Arc::new(file), include)
}

fn read(text: &str) -> Result<Manifest, Vec<Diagnostic>> {
    read_with(text, &|path| {
        Err(format!("is not there ({} bytes)", path.len()))
    })
}

/// `code line: message` of what is wrong.
fn problems(text: &str) -> Vec<String> {
    let problems = read(text).expect_err("problems");
    let line = |problem: &Diagnostic| {
        let place = problem.place.as_ref().and_then(|place| place.span);
        place.map_or(0, |span| span.line)
    };
    problems
        .iter()
        .map(|problem| {
            let line = line(problem);
            format!("{} {line}: {}", problem.code.name, problem.message)
        })
        .collect()
}

const HEAD: &str = "\
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: service}
";

#[test]
fn what_is_left_out_has_backstage_s_defaults() {
    let text = format!(
        "{HEAD}spec:
  type: service
  parameters: {{title: About, properties: {{name: {{type: string}}}}}}
  steps:
    - action: debug:log
      if: false
    - {{id: fetch, name: Fetch, action: 'fetch:plain', if: '${{{{ parameters.x }}}}', each: [1], input: {{url: .}}}}
"
    );
    let manifest = read(&text).expect("a template");
    assert_eq!(manifest.reference().to_string(), "template:default/service");
    assert_eq!(manifest.pages.len(), 1);
    assert_eq!(manifest.pages[0].title.as_deref(), Some("About"));
    let [first, second] = manifest.steps.as_slice() else {
        panic!("two steps");
    };
    assert_eq!((&*first.id, &*first.name), ("step-1", "debug:log"));
    assert_eq!(first.condition, Some(json!(false)));
    assert_eq!((&*second.id, &*second.name), ("fetch", "Fetch"));
    assert_eq!(second.each, Some(json!([1])));
    assert_eq!(second.span.line, 10);
}

#[test]
fn everything_wrong_is_said_at_once_with_its_line() {
    let text = "\
apiVersion: backstage.io/v1beta2
kind: Template
metadata: {name: a b}
spec:
  parameters: [1]
  steps:
    - id: 7
      action: fetch:plain
    - name: no action
      if: 3
      input: [x]
";
    assert_eq!(
        problems(text),
        [
            "not-a-template 1: the version \"backstage.io/v1beta2\" of templates is not known",
            "invalid-name 3: \"metadata.name\" is \"a b\"",
            "missing-field 5: \"spec.type\" is missing",
            "invalid-field 5: \"spec.parameters[0]\" must be a mapping, but is a number",
            "invalid-field 7: \"spec.steps[0].id\" must be a text, but is a number",
            "missing-field 9: \"spec.steps[1].action\" is missing",
            "invalid-field 10: \"spec.steps[1].if\" must be a text, true or false, but is a number",
            "invalid-field 11: \"spec.steps[1].input\" must be a mapping, but is a list",
        ]
    );
    assert_eq!(
        problems("kind: Component\n"),
        ["not-a-template 1: the file declares a \"Component\", but no \"Template\""]
    );
    assert_eq!(
        problems(""),
        ["not-a-template 1: the file declares no \"Template\""]
    );
    assert!(problems("a: [\n")[0].starts_with("yaml-syntax "));
}

#[test]
fn a_misspelt_field_of_a_step_is_a_warning() {
    let text = format!("{HEAD}spec: {{type: x, steps: [{{action: a, imput: {{}}, custom: 1}}]}}\n");
    let manifest = read(&text).expect("a template");
    let warnings: Vec<&str> = manifest
        .warnings
        .iter()
        .map(|warning| &*warning.message)
        .collect();
    assert_eq!(
        warnings,
        ["\"spec.steps[0].imput\" is unknown and does nothing"]
    );
}

#[test]
fn parts_come_from_other_files() {
    let text = format!("{HEAD}spec:\n  type: x\n  parameters: {{$yaml: a.yaml}}\n  steps: []\n");
    let include = |path: &str| match path {
        "a.yaml" => Ok("properties: {text: {$text: b.txt}, json: {$json: c.json}}".to_owned()),
        "b.txt" => Ok("plain: text".to_owned()),
        "c.json" => Ok("{\"type\": \"string\"}".to_owned()),
        _ => Err("is not there".to_owned()),
    };
    let manifest = read_with(&text, &include).expect("a template");
    assert_eq!(
        manifest.pages[0].schema["properties"],
        json!({"text": "plain: text", "json": {"type": "string"}})
    );
    assert_eq!(manifest.pages[0].span.line, 6);
}

#[test]
fn files_that_bring_in_each_other_come_to_an_end() {
    let text = format!("{HEAD}spec:\n  type: x\n  parameters: {{$yaml: a.yaml}}\n  steps: []\n");
    let itself = |_: &str| Ok("{$yaml: a.yaml}".to_owned());
    let problems = read_with(&text, &itself).expect_err("problems");
    assert_eq!(problems[0].code.name, "invalid-placeholder");
    let bomb = |_: &str| {
        let ten: Vec<String> = (0..10).map(|key| format!("k{key}: {{$yaml: x}}")).collect();
        Ok(ten.join("\n"))
    };
    let problems = read_with(&text, &bomb).expect_err("problems");
    assert!(
        problems
            .iter()
            .any(|problem| problem.message.contains("16 MiB")),
        "the budget ends it"
    );
    let missing = |_: &str| Err("is not there".to_owned());
    let problems = read_with(&text, &missing).expect_err("problems");
    assert_eq!(problems[0].message, "\"$yaml\": \"a.yaml\" is not there");
}
