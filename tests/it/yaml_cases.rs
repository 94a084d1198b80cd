//! YAML as Backstage reads it: verdicts and values, places, messages, limits, and what no input may do.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use devportal::diagnostic::Severity;
use devportal::model::{Node, NodeKind, Span, Tree};
use devportal::yaml::{self, Document};
use proptest::prelude::*;
use serde_json::Value;

/// Cases in which Backstage's parser is not followed, each with the reason.
const ON_PURPOSE: &[(&str, &str)] = &[];

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    yaml: String,
    documents: Vec<Value>,
}

fn value(document: &Document) -> Value {
    document
        .tree
        .as_ref()
        .and_then(Tree::root)
        .map_or(Value::Null, Node::to_json)
}

/// Whether a document is what npm `yaml` makes of it: `{"ok": value}`, or any error.
fn agrees(document: &Document, expected: &Value) -> bool {
    match expected.get("ok") {
        Some(expected) => {
            let value = value(document);
            let both_numbers =
                |a: &Value, b: &Value| a.as_f64().is_some() && a.as_f64() == b.as_f64();
            document.is_valid() && same(&value, expected, both_numbers)
        }
        None => !document.is_valid(),
    }
}

fn same(a: &Value, b: &Value, both_numbers: fn(&Value, &Value) -> bool) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b, both_numbers))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b, both_numbers)))
        }
        _ => a == b || both_numbers(a, b),
    }
}

#[test]
fn verdicts_and_values_are_those_of_backstage() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("fixtures/yaml_cases.json")).unwrap();
    assert_eq!(cases.len(), 82);
    let differ: Vec<&str> = cases
        .iter()
        .filter(|case| {
            let documents = yaml::parse(&case.yaml);
            documents.len() != case.documents.len()
                || documents
                    .iter()
                    .zip(&case.documents)
                    .any(|(ours, npm)| !agrees(ours, npm))
        })
        .map(|case| case.name.as_str())
        .collect();
    let on_purpose: Vec<&str> = ON_PURPOSE.iter().map(|(name, _)| *name).collect();
    assert_eq!(differ, on_purpose);
}

/// The problems of a text: place, width, code, message and help, one a line.
fn problems(text: &str) -> String {
    let documents = yaml::parse(text);
    let problems = documents.iter().flat_map(|document| &document.problems);
    let lines = problems.map(|problem| {
        let Span {
            line,
            column,
            end_column,
            ..
        } = problem.span;
        let help = problem.help.as_deref().unwrap_or("-");
        format!(
            "{line}:{column}+{} {}: {}; {help}",
            end_column - column,
            problem.code.name,
            problem.message
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn mistakes_are_told_in_plain_words() {
    let mut wrong = String::new();
    for (text, expected) in MISTAKES {
        let found = problems(text);
        if found != *expected {
            let _ = writeln!(wrong, "{text:?}\n  expected {expected}\n  found    {found}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

const MISTAKES: &[(&str, &str)] = &[
    (
        "owner: @team\n",
        "1:8+5 yaml-syntax: a value cannot begin with \"@\"; put it in quotes: \"@team\"",
    ),
    (
        "tags: [@a, b]\n",
        "1:8+2 yaml-syntax: a value cannot begin with \"@\"; put it in quotes: \"@a\"",
    ),
    (
        "é:\n \tb: 1\n",
        "2:2+1 yaml-syntax: a tab is used for indentation; use spaces",
    ),
    (
        "description: see: this # c\n",
        "1:14+9 yaml-syntax: a value has a \":\" followed by a space; put it in quotes: \"see: this\"",
    ),
    (
        "title: say \"a\": b\n",
        "1:8+10 yaml-syntax: a value has a \":\" followed by a space; put it in quotes: 'say \"a\": b'",
    ),
    (
        "a: \"b\nc: d\n",
        "1:4+1 yaml-syntax: the quote \" is never closed; close it with \"",
    ),
    (
        "a: [1, 2\nb: 3\n",
        "1:4+1 yaml-syntax: \"[\" is never closed; close it with \"]\"",
    ),
    (
        "a: [1}\n",
        "1:4+1 yaml-syntax: \"[\" is closed by \"}\"; make the brackets match",
    ),
    (
        "a: [\n1\n]\n",
        "2:1+0 yaml-syntax: a line between \"[\" and its end is not indented enough; \
         indent it more than the key it belongs to, or close what is open",
    ),
    (
        "a:\n  b: 1\n c: 2\n",
        "3:2+4 yaml-syntax: this line does not belong to what stands above it; \
         indent it like the other lines of its list or mapping",
    ),
    (
        "a: 1\n  b: 2\n",
        "2:3+4 yaml-syntax: a key stands below one that has a value already; \
         align it with the key above, or take the value of that away",
    ),
    (
        "metadata\n  name: x\n",
        "2:3+7 yaml-syntax: the line above has no \":\"; write \"metadata:\"",
    ),
    (
        "a: b\nc\n",
        "2:1+1 yaml-syntax: this line has no \":\"; \
         write \"key: value\", or indent it if it goes on from the line above",
    ),
    (
        "a: - b\n",
        "1:4+3 yaml-syntax: a list cannot begin on the line of its key; \
         put it on a line of its own, or in quotes if it is a text",
    ),
    (
        "a: *nope\n",
        "1:4+5 yaml-syntax: \"*nope\" refers to \"&nope\", which is not there; \
         put it in quotes if it is a text: \"*nope\"",
    ),
    (
        "a: &a [*a]\n",
        "1:8+2 yaml-syntax: \"*a\" stands inside of what it repeats; write out what it stands for",
    ),
    (
        "a: \"é\\q\"\n",
        "1:6+2 yaml-syntax: \"\\q\" is not an escape; \
         write \\\\ for a backslash, or put the text in single quotes",
    ),
    (
        "{% if x %}\na: 1\n",
        "1:1+10 yaml-syntax: \"{%\" of a template is not YAML; this looks like a template that was not rendered; \
         render it, or put the expression in quotes",
    ),
    (
        "a: 1\n<<<<<<< HEAD\nb: 1\n=======\n",
        "2:1+0 yaml-syntax: a merge conflict is not resolved; \
         keep one of the two versions, and delete the marks",
    ),
    (
        "a: 1\n... b\n",
        "2:5+0 yaml-syntax: there is text after \"...\"; begin it on the next line",
    ),
    (
        "  a: 1\nb: 2\n",
        "2:1+4 yaml-syntax: this line does not belong to the document above it; \
         indent it like the first line, or write \"---\" before it",
    ),
    (
        "m:\n  x: 1\n  x: 2\n",
        "3:3+1 yaml-duplicate-key: the key \"x\" is there twice; merge the two or delete one",
    ),
    (
        "a: !Ref b\n",
        "1:4+4 yaml-tag: the tag \"!Ref\" means nothing here; \
         the value is read as if the tag were not there; delete the tag",
    ),
    (
        "a: !!timestamp x\n",
        "1:4+11 yaml-syntax: the tag \"!!timestamp\" wants a date such as 2026-11-23; \
         correct the value or delete the tag",
    ),
    (
        "%YAML 1.1\n---\na: no\n",
        "2:1+3 yaml-version: \"%YAML 1.1\" makes words such as \"yes\" and \"off\" booleans; \
         delete the directive, unless that is what you want",
    ),
    (
        "a: b\r: c\r",
        "1:4+6 yaml-syntax: a value has a \":\" followed by a space; \
         end lines with a line feed, not with a carriage return alone",
    ),
];

#[test]
fn a_bad_document_does_not_hide_the_others() {
    let text = "a: 1\n---\nb: [\n---\nc: 3\n---\n- \"x\n---\n*x\n---\nd: 4\n";
    let documents = yaml::parse(text);
    let shown: Vec<String> = documents
        .iter()
        .map(|d| format!("{} {} {}", d.index, d.line, value(d)))
        .collect();
    assert_eq!(
        shown,
        [
            "0 1 {\"a\":1}",
            "1 2 null",
            "2 5 {\"c\":3}",
            "3 6 null",
            "4 9 null",
            "5 11 {\"d\":4}"
        ]
    );
    assert!(documents[1].tree.is_none() && documents[3].tree.is_none());
    // An alias of nothing leaves the structure whole, so the entity stays findable.
    assert!(documents[4].tree.is_some() && !documents[4].is_valid());
}

#[test]
fn a_file_of_aliases_does_not_hide_what_stands_beside_it() {
    let mut laughs = "a: 1\n---\nl0: &l0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..9 {
        let alias = format!("*l{}", level - 1);
        let _ = writeln!(
            laughs,
            "l{level}: &l{level} [{}]",
            [alias.as_str(); 9].join(",")
        );
    }
    laughs += "---\nb: 2\n";
    let documents = yaml::parse(&laughs);
    assert_eq!(documents.len(), 3);
    assert_eq!(documents[1].problems[0].code.name, "yaml-limit");
    assert_eq!(value(&documents[2]).to_string(), "{\"b\":2}");
}

/// Every node as `kind text @ line:column+width`.
fn places(node: Node<'_>, found: &mut Vec<String>) {
    let Span {
        line,
        column,
        end_column,
        ..
    } = node.span();
    found.push(format!(
        "{:?} {:?} {line}:{column}+{}",
        node.kind(),
        node.text(),
        end_column - column
    ));
    node.items().for_each(|item| places(item, found));
    for (key, value) in node.entries() {
        places(key, found);
        places(value, found);
    }
}

#[test]
fn keys_and_values_have_places() {
    let text = "é: \"ü x\"  # c\nl:\n- one\n- {k: 'v'}\nm: two\n  lines\nn:\no: *a\n";
    let text = text.replace("one", "&a one two");
    let documents = yaml::parse(&text);
    let mut found = Vec::new();
    places(
        documents[0].tree.as_ref().and_then(Tree::root).unwrap(),
        &mut found,
    );
    let expected = [
        "Mapping \"\" 1:1+0",
        "String \"é\" 1:1+1",
        "String \"ü x\" 1:4+5",
        "String \"l\" 2:1+1",
        "Sequence \"\" 3:1+0",
        "String \"one two\" 3:6+7",
        "Mapping \"\" 4:3+1",
        "String \"k\" 4:4+1",
        "String \"v\" 4:7+3",
        "String \"m\" 5:1+1",
        "String \"two lines\" 5:4+0",
        "String \"n\" 7:1+1",
        "Null \"\" 7:2+0",
        "String \"o\" 8:1+1",
        "String \"one two\" 3:6+7",
    ];
    assert_eq!(found, expected);
}

#[test]
fn control_characters_survive() {
    let documents = yaml::parse("a: \u{1B}[2J\nb: \"x\0y\"\n\u{7}: |\n  \u{7F}\r\n");
    let expected = serde_json::json!({"a": "\u{1B}[2J", "b": "x\0y", "\u{7}": "\u{7F}\n"});
    assert_eq!(
        (value(&documents[0]), documents[0].is_valid()),
        (expected, true)
    );
}

fn lines(count: usize, line: fn(usize) -> String) -> String {
    (0..count).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn deep_and_large_inputs_end_soon() {
    let laughs = format!(
        "a: &a [{}]\nb: [{}]\n",
        "x,".repeat(1000),
        "*a,".repeat(10_000)
    );
    let keys = lines(200_000, |n| format!("k{n}: 1"));
    for (name, text, limited) in [
        ("brackets", "[".repeat(200_000), true),
        ("dashes", "- ".repeat(100_000), true),
        ("questions", "? ".repeat(20_000), true),
        ("braces", "{a: ".repeat(40_000), true),
        (
            "block",
            lines(10_000, |n| format!("{}a:", " ".repeat(n % 400))),
            true,
        ),
        ("aliases", laughs, true),
        ("documents", "---\n".repeat(1_000_000), true),
        ("keys", keys, true),
        ("scalar", "x".repeat(4_000_000), false),
        ("errors", "---\n[}\n".repeat(15_000), false),
    ] {
        let start = Instant::now();
        let documents = yaml::parse(&text);
        let elapsed = start.elapsed();
        // What grows with the square of its input takes hours; a busy machine takes seconds.
        assert!(elapsed < Duration::from_mins(1), "{name} took {elapsed:?}");
        let last = documents
            .last()
            .and_then(|document| document.problems.last());
        assert_eq!(
            last.is_some_and(|problem| problem.code.name == "yaml-limit"),
            limited,
            "{name}: {last:?}"
        );
    }
}

#[test]
fn depth_counts_what_aliases_bring() {
    let nested = |depth: usize| format!("{}x{}", "[".repeat(depth), "]".repeat(depth));
    assert!(yaml::parse(&nested(128))[0].is_valid());
    assert!(!yaml::parse(&nested(129))[0].is_valid());
    assert!(yaml::parse(&format!("a: &a {}\nb: {{c: *a}}\n", nested(126)))[0].is_valid());
    let too_deep = format!("a: &a {}\nb: {{c: {{d: *a}}}}\n", nested(126));
    assert_eq!(
        problems(&too_deep),
        "2:12+2 yaml-limit: more than 128 levels of nesting; nest less deeply"
    );
}

/// A place in a text must be one that an editor can show.
fn lies_inside(span: Span, lines: &[usize]) -> bool {
    let Some(length) = lines.get(span.line as usize - 1) else {
        return false;
    };
    span.column >= 1 && span.end_column >= span.column && span.end_column as usize <= length + 1
}

fn check_invariants(text: &str) -> Result<(), TestCaseError> {
    let documents = yaml::parse(text);
    // Places count line feeds only; a file ends behind its last line.
    let mut lines: Vec<usize> = text.split('\n').map(|line| line.chars().count()).collect();
    lines.push(0);
    for (document, index) in documents.iter().zip(0..) {
        prop_assert_eq!(document.index, index);
        prop_assert!(document.line >= 1 && document.line as usize <= lines.len());
        prop_assert!(document.tree.is_some() || !document.problems.is_empty());
        for problem in &document.problems {
            prop_assert!(lies_inside(problem.span, &lines), "{problem:?}");
            prop_assert!(problem.code.severity() <= Severity::Warning);
            prop_assert!(!problem.message.contains('\n') && !problem.message.ends_with('.'));
        }
        if let Some(root) = document.tree.as_ref().and_then(Tree::root) {
            let mut nodes = vec![root];
            while let Some(node) = nodes.pop() {
                prop_assert!(
                    lies_inside(node.span(), &lines),
                    "{node:?} {:?}",
                    node.span()
                );
                nodes.extend(node.items());
                nodes.extend(node.entries().flat_map(|(key, value)| [key, value]));
                prop_assert!(node.kind() != NodeKind::Number || node.as_number().is_some());
            }
        }
    }
    prop_assert_eq!(format!("{documents:?}"), format!("{:?}", yaml::parse(text)));
    Ok(())
}

const DESCRIPTOR: &str = "\
# a component
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: &name orders
  description: >-
    Takes orders: and \"keeps\" them.
  annotations: {a.b/c: 'd', \"e\": *name}
  links:
    - url: https://example.com/#x
      title: é ü
  tags: [a, b,
    c]
spec:
  definition: |
    openapi: 3
  owner: !Ref team # c
---
? k
: - 1
";

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let (text, problem) = yaml::decode(&bytes);
        prop_assert_eq!(problem.is_none(), std::str::from_utf8(&bytes).is_ok());
        check_invariants(&text)?;
    }

    #[test]
    fn any_indicators_are_read(text in "[-?:,\\[\\]{}#&*!|>'\"%@` a1\t\r\n.~]{0,60}") {
        check_invariants(&text)?;
    }

    #[test]
    fn mutated_descriptors_are_read(
        changes in proptest::collection::vec((0..400_usize, 0..5_usize, "[-?:,\\[\\]{}#&*!|>'\"% a\t\n\r\0é]{0,3}"), 1..6),
    ) {
        let mut text: Vec<char> = DESCRIPTOR.chars().collect();
        for (at, length, with) in changes {
            let at = at.min(text.len());
            let end = (at + length).min(text.len());
            text.splice(at..end, with.chars());
        }
        check_invariants(&text.into_iter().collect::<String>())?;
    }
}
