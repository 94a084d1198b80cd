//! What texts of steps mean.

use serde_json::{Value, json};

use super::super::{Engine, Options};
use super::context;

fn evaluate(value: &Value) -> Option<Value> {
    let engine = Engine::new(Options::default());
    engine.evaluate_json(value, &context()).expect("a value")
}

#[test]
fn a_single_expression_keeps_its_type() {
    for (text, expected) in [
        ("${{ l }}", Some(json!([1, 2, 3]))),
        ("${{ a }}", Some(json!({"b": 1}))),
        ("${{ a.b }}", Some(json!(1))),
        ("${{ 1 / 2 }}", Some(json!(0.5))),
        ("${{ true }}", Some(json!(true))),
        ("${{ n }}", Some(json!(null))),
        ("${{ \"\" }}", Some(json!(""))),
        ("${{ missing.x }}", None),
        ("${{ l }} ", Some(json!("1,2,3 "))),
        ("${{ a.b }}${{ a.b }}", Some(json!("11"))),
        ("x", Some(json!("x"))),
        ("", None),
        ("{# only #}", None),
        ("{% if a.b == 1 %}false{% endif %}", Some(json!(false))),
        ("{% if a %}${{ l }}{% endif %}", Some(json!([1, 2, 3]))),
        (
            "{% if a %}x${{ s }}{% endif %}",
            Some(json!("xHello World")),
        ),
        ("{% if n %}x{% endif %}", None),
    ] {
        assert_eq!(evaluate(&json!(text)), expected, "{text}");
    }
}

#[test]
fn what_is_undefined_is_left_out() {
    let value = json!({
        "${{ s }}": "${{ s }}",
        "gone": "${{ missing }}",
        "list": ["${{ missing }}", "${{ l }}", 1, null, true],
        "deep": {"gone": "${{ missing }}"},
    });
    let expected = json!({
        "${{ s }}": "Hello World",
        "list": [null, [1, 2, 3], 1, null, true],
        "deep": {},
    });
    assert_eq!(evaluate(&value), Some(expected));
}
