use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Answered, Given, Question, QuestionKind, answer, finish, questions, start};
use crate::model::{SourceFile, Tree};
use crate::scaffold::Manifest;
use crate::yaml;

/// A template that asks one page.
fn template(page: &str) -> Manifest {
    let text = format!(
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {{name: t}}\n\
         spec:\n  type: service\n  steps: []\n  parameters:\n    - {}\n",
        page.trim().replace('\n', "\n      ")
    );
    let file = SourceFile::new("r".into(), "", b"template.yaml");
    Manifest::read(&text, &Arc::new(file), &|_| Err("none".to_owned())).expect("a template")
}

fn value(text: &str) -> Value {
    let document = yaml::parse(text).pop().expect("a document");
    let tree = document.tree.expect("a tree");
    Tree::root(&tree).expect("a root").to_json()
}

fn given(set: &[&str]) -> Given {
    let set = set.iter().map(|pair| {
        let (name, value) = pair.split_once('=').expect("a pair");
        (name.to_owned(), value.to_owned())
    });
    Given {
        set: set.collect(),
        ..Given::default()
    }
}

fn answered(page: &str, set: &[&str]) -> Answered {
    answer(&template(page), &given(set)).expect("answers")
}

/// `message (help)` of each problem.
fn problems(page: &str, given: &Given) -> Vec<String> {
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

fn names(questions: &[Question]) -> Vec<&str> {
    questions.iter().map(|it| it.name.as_str()).collect()
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
fn conditions_bring_their_parameters_along() {
    let page = "
properties:
  network: {type: string, enum: [new, old], default: new}
  flag: {type: boolean}
  kind: {type: string}
dependencies:
  flag: [reason]
  network:
    oneOf:
      - properties:
          network: {enum: [new]}
          range: {type: string, default: 10.0.0.0/24}
      - required: [id]
        properties:
          network: {const: old}
          id: {type: string}
          region: {type: string, default: eu, enum: [eu, us]}
        dependencies:
          region:
            oneOf:
              - properties: {region: {const: us}, state: {type: string, default: ny}}
allOf:
  - if: {properties: {kind: {const: api}}, required: [kind]}
    then: {properties: {port: {type: integer, default: 80}}}
    else: {properties: {why: {type: string}}}
";
    for (set, expected) in [
        (&[][..], json!({"network": "new", "range": "10.0.0.0/24"})),
        (
            &["id=i", "network=old", "region=us"],
            json!({"id": "i", "network": "old", "region": "us", "state": "ny"}),
        ),
        (
            &["kind=api", "port=1"],
            json!({"kind": "api", "port": 1, "network": "new", "range": "10.0.0.0/24"}),
        ),
        // What no condition asks for now is taken all the same, as Backstage takes it.
        (
            &["id=i"],
            json!({"id": "i", "network": "new", "range": "10.0.0.0/24"}),
        ),
    ] {
        let answers = answered(page, set).answers.0;
        assert_eq!(Value::Object(answers), expected, "{set:?}");
    }
    assert_eq!(
        problems(page, &given(&["network=old", "flag=true"])),
        [
            "\"id\" is missing (--set id=VALUE)",
            "\"reason\" is missing (--set reason=VALUE)",
        ]
    );
    let manifest = template(page);
    let open = |text: &str| {
        let values = value(text).as_object().expect("a mapping").clone();
        names(&questions(&manifest, &values)).join(" ")
    };
    assert_eq!(open("{}"), "network flag kind why");
    assert_eq!(
        open("{network: old, flag: true}"),
        "kind why id region reason"
    );
    assert_eq!(
        open("{network: new, flag: true, reason: x, kind: api}"),
        "port range"
    );
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

#[test]
fn questions_are_asked_as_their_fields_and_types_say() {
    let page = "
ui:order: [last, '*']
properties:
  owner: {type: string, ui:field: OwnerPicker}
  entity: {type: string, ui:field: EntityPicker, ui:options: {catalogFilter: [{kind: Component, spec.type: website}], allowArbitraryValues: false}}
  many: {type: array, ui:field: MultiEntityPicker, ui:options: {catalogFilter: {kind: [Group]}}}
  text: {type: string, ui:widget: textarea}
  unknown: {type: integer, ui:field: CompanyPicker}
  objects: {type: array, items: {type: object}}
  hidden: {type: string, ui:widget: hidden, default: x}
  fixed: {type: string, ui:disabled: true, default: x}
  flagged: {type: string, backstage:featureFlag: beta}
  last: {type: boolean, title: Last}
";
    let manifest = template(page);
    let asked = questions(&manifest, &serde_json::Map::new());
    let kinds: Vec<String> = asked
        .iter()
        .map(|it| format!("{}: {}", it.name, it.kind.name()))
        .collect();
    assert_eq!(
        kinds,
        [
            "last: boolean",
            "owner: group or user",
            "entity: component",
            "many: list of group",
            "text: text",
            "unknown: integer",
            "objects: list of YAML",
        ]
    );
    let QuestionKind::Entity {
        filter,
        allows_arbitrary,
    } = &asked[2].kind
    else {
        panic!("an entity");
    };
    assert!(!allows_arbitrary);
    let website = |field: &str| match field {
        "kind" => vec!["Component".to_owned()],
        "spec.type" => vec!["website".to_owned()],
        _ => Vec::new(),
    };
    assert!(filter.takes(&website));
    assert!(!filter.takes(&|field| if field == "spec.type" {
        Vec::new()
    } else {
        website(field)
    }));
}

#[test]
fn asking_begins_with_what_was_given_and_ends_with_defaults() {
    let page = "
required: [name]
properties: {name: {type: string, minLength: 3}, port: {type: integer, default: 80}}
";
    let manifest = template(page);
    let wrong = start(&manifest, &given(&["name=x"])).expect_err("a problem");
    assert_eq!(wrong.len(), 1);
    let mut values = start(&manifest, &given(&[])).expect("nothing is wrong yet");
    let asked = questions(&manifest, &values);
    let name = &asked[0];
    assert!(name.read("x").is_err());
    let answer = name.read("orders").expect("an answer");
    name.answer(&mut values, answer);
    let answered = finish(&manifest, values).expect("answers");
    assert_eq!(
        Value::Object(answered.answers.0),
        json!({"name": "orders", "port": 80})
    );
}

#[test]
fn schemas_that_no_validator_takes_are_understood_as_the_form_does() {
    let page = "
definitions: {name: {type: string, maxLength: 3}}
properties:
  odd: {type: text, required: true, enum: nothing}
  list: {type: array, items: {$ref: '#/definitions/name'}}
  one: {$ref: '#/definitions/name'}
  gone: {$ref: '#/definitions/gone'}
required: [undeclared]
";
    let found = answered(
        page,
        &["odd=x", "list=abc", "one=abc", "gone=x", "undeclared=y"],
    );
    assert_eq!(found.answers.0["undeclared"], json!("y"));
    let said = problems(page, &given(&["list=abcd", "one=abcd"]));
    assert_eq!(said.len(), 3, "{said:?}");
}

#[test]
fn rules_about_several_answers_hold_too() {
    let page = "
properties: {a: {type: string}, b: {type: string}}
maxProperties: 1
";
    assert_eq!(
        problems(page, &given(&["a=1", "b=2"])),
        ["the answers to \"the parameters\" do not fit together (maxProperties)"]
    );
}

#[test]
fn hostile_schemas_cost_little() {
    let begin = Instant::now();
    let parameters: Vec<String> = (0..10_000)
        .map(|number| format!("  p{number}: {{type: string, default: x, pattern: ^x$}}"))
        .collect();
    let page = format!("properties:\n{}", parameters.join("\n"));
    assert_eq!(answered(&page, &["p7=x"]).answers.0.len(), 10_000);

    let values: Vec<String> = (0..200_000).map(|number| number.to_string()).collect();
    let page = format!("properties:\n  e: {{enum: [{}]}}", values.join(","));
    assert_eq!(
        answered(&page, &["e=199999"]).answers.0["e"],
        json!(199_999)
    );

    let page = "properties: {e: {type: string, pattern: '^(?:a+(?=[a!]))+b$'}, f: {type: string, pattern: '(((a{1000}){1000}){1000})'}}";
    let long = format!("e={}!", "a".repeat(50));
    let said = problems(page, &given(&[&long, "f=a"]));
    assert!(said[0].contains("takes too long"), "{said:?}");
    assert!(said[1].contains("cannot be used"), "{said:?}");

    let page = "
definitions: {a: {allOf: [{$ref: '#/definitions/a'}, {$ref: '#/definitions/a'}]}}
properties: {x: {$ref: '#/definitions/a'}}
";
    let _ = answer(&template(page), &given(&["x=1"]));
    assert!(
        begin.elapsed() < Duration::from_mins(1),
        "{:?}",
        begin.elapsed()
    );
}
