//! What is given and what comes of it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Answered, Given, answer};
use crate::model::{SourceFile, Tree};
use crate::scaffold::Manifest;
use crate::yaml;

/// A template that asks one page.
pub(super) fn template(page: &str) -> Manifest {
    let text = format!(
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {{name: t}}\n\
         spec:\n  type: service\n  steps: []\n  parameters:\n    - {}\n",
        page.trim().replace('\n', "\n      ")
    );
    let file = SourceFile::new("r".into(), "", b"template.yaml");
    Manifest::read(&text, &Arc::new(file), &|_| Err("none".to_owned())).expect("a template")
}

pub(super) fn value(text: &str) -> Value {
    let document = yaml::parse(text).pop().expect("a document");
    let tree = document.tree.expect("a tree");
    Tree::root(&tree).expect("a root").to_json()
}

pub(super) fn given(set: &[&str]) -> Given {
    let set = set.iter().map(|pair| {
        let (name, value) = pair.split_once('=').expect("a pair");
        (name.to_owned(), value.to_owned())
    });
    Given {
        set: set.collect(),
        ..Given::default()
    }
}

pub(super) fn answered(page: &str, set: &[&str]) -> Answered {
    answer(&template(page), &given(set)).expect("answers")
}

/// `message (help)` of each problem.
pub(super) fn problems(page: &str, given: &Given) -> Vec<String> {
    let problems = answer(&template(page), given).expect_err("problems");
    let shown = problems.iter().map(|problem| {
        let help = problem.help.as_ref();
        help.map_or_else(
            || problem.message.clone(),
            |help| format!("{} ({help})", problem.message),
        )
    });
    shown.collect()
}

const TYPES: &str = "
required: [text]
properties:
  text: {type: string}
  whole: {type: integer}
  number: {type: number}
  flag: {type: boolean}
  list: {type: array, items: {type: string}}
  size: {type: string, enum: [s, m], enumNames: [Small, Medium]}
  kinds: {type: array, uniqueItems: true, items: {enum: [1, 2]}}
  any: {type: object}
  group: {type: object, properties: {inner: {type: string}, deep: {properties: {x: {type: integer}}}}}
  untyped: {title: Untyped}
  title: {oneOf: [{const: a, title: First}, {const: b}]}
  repository: {type: string, ui:field: RepoUrlPicker}
";

#[test]
fn texts_take_the_types_of_their_parameters() {
    for (set, expected) in [
        (&["text=7"][..], json!({"text": "7"})),
        (
            &["text={{ 7*7 }}$(id)\n\""],
            json!({"text": "{{ 7*7 }}$(id)\n\""}),
        ),
        (
            &["whole=7", "number=1.50", "flag=true"],
            json!({"whole": 7, "number": 1.5, "flag": true}),
        ),
        (&["list=a"], json!({"list": ["a"]})),
        (&["list=a", "list=b, c"], json!({"list": ["a", "b, c"]})),
        (
            &["list=[a, 'b']", "list=c"],
            json!({"list": ["a", "b", "c"]}),
        ),
        (&["size=m"], json!({"size": "m"})),
        (&["size=Small"], json!({"size": "s"})),
        (&["kinds=2", "kinds=1"], json!({"kinds": [2, 1]})),
        (&["any={a: 1}"], json!({"any": {"a": 1}})),
        (&["any.b=c"], json!({"any": {"b": "c"}})),
        (
            &["group.inner=1", "group.deep.x=1"],
            json!({"group": {"inner": "1", "deep": {"x": 1}}}),
        ),
        (&["untyped=1"], json!({"untyped": "1"})),
        (&["title=First"], json!({"title": "a"})),
        (&["text=a", "text=b"], json!({"text": "b"})),
        (
            &["repository=https://github.com/o/r"],
            json!({"repository": "github.com?owner=o&repo=r"}),
        ),
    ] {
        let mut set = set.to_vec();
        let has_text = set.iter().any(|pair| pair.starts_with("text="));
        if !has_text {
            set.push("text=x");
        }
        let mut wanted = expected.clone();
        let wanted = wanted.as_object_mut().expect("a mapping");
        if !has_text {
            wanted.insert("text".into(), "x".into());
        }
        // The form makes every group.
        let group = wanted.entry("group").or_insert_with(|| json!({}));
        group
            .as_object_mut()
            .expect("a group")
            .entry("deep")
            .or_insert_with(|| json!({}));
        assert_eq!(&answered(TYPES, &set).answers.0, wanted, "{set:?}");
    }
}

#[test]
fn everything_wrong_is_said_at_once_in_the_order_of_the_parameters() {
    let page = "
required: [name, owner]
properties:
  name:
    type: string
    pattern: ^[a-z-]+$
    ui:help: lower case, with hyphens
  size: {type: string, enum: [small, medium]}
  port: {type: integer, maximum: 65535, errorMessage: {maximum: there is no such port}}
  list: {type: array, minItems: 2, items: {type: string, maxLength: 2}}
  owner: {type: string, title: Who owns it, ui:field: OwnerPicker}
";
    let wrong = given(&[
        "sise=x",
        "size=smal",
        "port=70000",
        "list=abc",
        "name=Big One",
    ]);
    assert_eq!(
        problems(page, &wrong),
        [
            "\"name\" is \"Big One\", which does not match ^[a-z-]+$ (lower case, with hyphens)",
            "\"size\" is \"smal\", did you mean \"small\"?",
            "\"port\" is \"70000\": there is no such port",
            "\"list\" has fewer than 2 items",
            "\"owner\" is missing (--set owner=VALUE: Who owns it)",
            "the template has no parameter \"sise\" (did you mean \"size\"?)",
        ]
    );
    assert_eq!(
        problems(
            page,
            &given(&[
                "name=a",
                "owner=b",
                "port=x",
                "list=[a, abc]",
                "list=[a, {b: 1}]"
            ])
        ),
        [
            "\"port\" must be a whole number, but is \"x\"",
            "\"list[1]\" must be a text",
        ]
    );
}

#[test]
fn required_parameters_take_their_default_only_when_asked_to() {
    let page = "
required: [name, license]
properties:
  name: {type: string}
  license: {type: string, default: MIT}
  port: {type: integer, default: 8080}
  nested: {type: object, default: {b: 2}, properties: {a: {type: integer, default: 1}, b: {type: integer}}}
  note: {type: string}
";
    assert_eq!(
        problems(page, &given(&["name=x"])),
        ["\"license\" is missing (--defaults takes its default, \"MIT\")"]
    );
    let mut defaults = given(&["name=x"]);
    defaults.use_defaults = true;
    let answered = answer(&template(page), &defaults).expect("answers");
    assert_eq!(
        Value::Object(answered.answers.0),
        json!({"name": "x", "license": "MIT", "port": 8080, "nested": {"a": 1, "b": 2}})
    );
    assert_eq!(
        answered.defaulted,
        ["license", "nested.a", "nested.b", "port"]
    );
}

#[test]
fn a_default_that_breaks_its_own_schema_is_named() {
    let page = "properties: {size: {type: integer, default: big}, ok: {type: string, default: x}}";
    assert_eq!(
        problems(page, &given(&[])),
        ["the default of \"size\" must be a whole number \
             (the template should be mended; --set size=VALUE goes around it)"]
    );
    assert_eq!(answered(page, &["size=1"]).answers.0["size"], json!(1));
}

#[test]
fn files_of_answers_are_taken_as_they_are_typed() {
    let page = "
required: [name]
properties:
  name: {type: string}
  version: {type: string}
  repository: {type: string, ui:field: RepoUrlPicker}
";
    let mut given = given(&["name=b"]);
    given.file = Some(value(
        "{name: a, version: 1.2, repository: github.com/o/r, nam: x}",
    ));
    assert_eq!(
        problems(page, &given),
        [
            "\"version\" must be a text",
            "the template has no parameter \"nam\" (did you mean \"name\"?)",
        ]
    );
    given.file = Some(value(
        "{name: a, version: '1.2', repository: github.com/o/r}",
    ));
    let answered = answer(&template(page), &given).expect("answers");
    assert_eq!(
        Value::Object(answered.answers.0),
        json!({"name": "b", "version": "1.2", "repository": "github.com?owner=o&repo=r"})
    );
    let nested = "properties: {group: {properties: {inner: {type: string}}}, any: {type: object}}";
    given.set.clear();
    given.file = Some(value("{group: {iner: x}, any: {thing: 1}}"));
    assert_eq!(
        problems(nested, &given),
        ["the template has no parameter \"group.iner\" (did you mean \"group.inner\"?)"]
    );
    given.file = Some(value("[a]"));
    assert!(problems(page, &given)[0].starts_with("the answers are no mapping"));
}

#[test]
fn secrets_are_kept_apart_and_never_shown() {
    let page = "
required: [token]
properties:
  token: {type: string, minLength: 5, ui:field: Secret}
  password: {type: string, maxLength: 3, ui:widget: password}
  name: {type: string}
";
    let found = answered(page, &["token=hunter2", "password=abc", "name=x"]);
    assert_eq!(found.secrets.0["token"], json!("hunter2"));
    assert_eq!(
        Value::Object(found.answers.0.clone()),
        json!({"token": "********", "password": "abc", "name": "x"})
    );
    assert_eq!(Value::Object(found.without_secrets()), json!({"name": "x"}));
    assert!(!format!("{:?}", found.secrets).contains("hunter2"));
    let said = problems(page, &given(&["token=hunt", "password=abcdef"])).join("\n");
    assert!(!said.contains("hunt") && !said.contains("abcdef"), "{said}");
    assert!(said.contains("\"token\" has a value that is shorter than 5 characters"));
}

#[test]
fn fields_of_backstage_check_what_they_check_there() {
    let page = "
properties:
  name: {type: string, ui:field: EntityNamePicker}
  tags: {type: array, items: {type: string}, ui:field: EntityTagsPicker}
  repository: {type: string, ui:field: RepoUrlPicker, ui:options: {allowedHosts: [github.com]}}
";
    let wrong = given(&["name=-x", "tags=Big", "repository=gitlab.com/a/b"]);
    let said = problems(page, &wrong);
    assert!(
        said[0].starts_with("\"name\" is \"-x\", but needs"),
        "{said:?}"
    );
    assert!(
        said[1].starts_with("\"tags\" has the tag \"Big\""),
        "{said:?}"
    );
    assert!(
        said[2].contains("has the host \"gitlab.com\", allowed: github.com"),
        "{said:?}"
    );
    answered(
        page,
        &["name=a_b.c", "tags=c++", "repository=github.com/a/b"],
    );
}
