//! Parameters that only some answers bring along.

use serde_json::{Value, json};

use crate::scaffold::answers::tests::{answered, given, problems, template, value};
use crate::scaffold::answers::{Question, questions};

fn names(questions: &[Question]) -> Vec<&str> {
    questions.iter().map(|it| it.name.as_str()).collect()
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
