use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Spanned, TypedError, from_node};
use crate::model::Span;
use crate::yaml::parse;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Config {
    name: String,
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    weight: f64,
    #[serde(default)]
    tags: Vec<Spanned<String>>,
    #[serde(default)]
    forges: BTreeMap<String, Forge>,
    #[serde(default)]
    target: Option<Target>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Forge {
    Github,
    BitbucketServer,
    Custom(String),
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Target {
    One(String),
    Many(Vec<String>),
    Number(i64),
}

fn read(text: &str) -> Result<Config, TypedError> {
    let documents = parse(text);
    from_node(documents[0].tree.as_ref().unwrap().root().unwrap())
}

fn error(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn reads_what_fits() {
    let text = "name: x\nlimit: 5\nweight: 2\ntags: [a, b]\nforges:\n  a: github\n  b: {custom: u}\ntarget: [x]\n";
    let config = read(text).unwrap();
    assert_eq!((config.name.as_str(), config.limit), ("x", Some(5)));
    assert!((config.weight - 2.0).abs() < f64::EPSILON);
    assert_eq!(
        config.tags[1],
        Spanned {
            value: "b".to_owned(),
            span: Span::on_line(4, 11, 1)
        }
    );
    assert_eq!(config.forges["a"], Forge::Github);
    assert_eq!(config.forges["b"], Forge::Custom("u".to_owned()));
    assert_eq!(config.target, Some(Target::Many(vec!["x".to_owned()])));
    assert_eq!(
        read("name: x\nlimit:\ntarget: 5").unwrap().target,
        Some(Target::Number(5))
    );
}

#[test]
fn errors_have_places_and_remedies() {
    assert_eq!(
        error("name: 2001\n"),
        "1:7: expected a text, found a number; put it in quotes: \"2001\""
    );
    assert_eq!(
        error("# c\n\nlimit: 5\n"),
        "3:1: the field \"name\" is missing"
    );
    assert_eq!(
        error("name: x\nlimits: 5\n"),
        "2:1: unknown field \"limits\"; did you mean \"limit\"?"
    );
    assert_eq!(
        error("name: x\nowner: 5\n"),
        "2:1: unknown field \"owner\"; allowed: name, limit, weight, tags, forges, target"
    );
    assert_eq!(
        error("name: x\nlimit: -5\n"),
        "2:8: expected a whole number, 0 or more, found -5"
    );
    assert_eq!(
        error("name: x\ntags:\n  - a\n  - [b]\n"),
        "4:5: expected a text, found a list"
    );
    assert_eq!(
        error("name: x\nforges: {a: gitub}\n"),
        "2:13: unknown value \"gitub\"; did you mean \"github\"?"
    );
    assert_eq!(
        error("name: x\nforges: {a: custom}\n"),
        "2:13: \"custom\" needs a value after a \":\""
    );
    assert_eq!(
        error("name: x\nforges: {a: 5}\n"),
        "2:13: expected one of github, bitbucket-server, custom, found a number"
    );
    assert_eq!(error("- 1\n"), "1:1: expected a mapping, found a list");
    assert!(error("name: x\ntarget: {}\n").starts_with("2:9: data did not match any variant"));
}
