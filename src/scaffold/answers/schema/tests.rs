//! Schemas that are odd, wrong or hostile.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::scaffold::answers::answer;
use crate::scaffold::answers::tests::{answered, given, problems, template};

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

    let definition = "{properties: {a: {type: string}}}";
    let large: Vec<String> = (0..5_000)
        .map(|number| format!("d{number}: {definition}"))
        .collect();
    let uses: Vec<String> = (0..10_000)
        .map(|number| format!("  p{number}: {{type: array, items: {{$ref: '#/definitions/d1'}}}}"))
        .collect();
    let page = format!(
        "definitions: {{{}}}\nproperties:\n{}",
        large.join(", "),
        uses.join("\n")
    );
    let _ = answer(&template(&page), &given(&["p1=[{a: x}]"]));

    let asked: Vec<String> = (0..2_000)
        .map(|number| format!("  p{number}: {{default: x}}"))
        .collect();
    let bring: Vec<String> = (0..2_000)
        .map(|number| format!("  p{number}: {{oneOf: [{{properties: {{p{number}: {{const: x}}, q{number}: {{default: y}}}}}}]}}"))
        .collect();
    let page = format!(
        "properties:\n{}\ndependencies:\n{}",
        asked.join("\n"),
        bring.join("\n")
    );
    assert_eq!(answered(&page, &[]).answers.0.len(), 4_000);
    assert!(
        begin.elapsed() < Duration::from_mins(1),
        "{:?}",
        begin.elapsed()
    );
}
