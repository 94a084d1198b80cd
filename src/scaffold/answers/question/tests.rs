//! Questions, and what is made of answers to them.

use serde_json::{Value, json};

use crate::scaffold::answers::tests::{given, template};
use crate::scaffold::answers::{QuestionKind, finish, questions, start};

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
