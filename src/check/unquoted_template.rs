//! A template expression stands without quotes.
//!
//! YAML reads `{{ x }}` as a mapping in a mapping, not as text. Put it in quotes, or render the
//! template before it is committed.

use super::{Check, CheckInput, WARNING};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Entity, Node};

pub(super) static CHECK: Check = Check {
    code: Code::new(
        "unquoted-template",
        WARNING,
        include_str!("unquoted_template.rs"),
    ),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    input.catalog.entities().iter().flat_map(problems).collect()
}

fn problems(entity: &Entity) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    // The keys on the way to a node, each with the place of the one above it.
    let mut keys: Vec<(&str, Option<usize>)> = vec![("metadata", None), ("spec", None)];
    let parts = [entity.metadata(), entity.spec()].into_iter().enumerate();
    let mut open: Vec<(usize, Node<'_>)> =
        parts.filter_map(|(key, node)| Some((key, node?))).collect();
    while let Some((key, node)) = open.pop() {
        if node
            .entries()
            .next()
            .is_some_and(|(key, _)| key.text().starts_with('{'))
        {
            problems.push(problem(entity, &path(&keys, key), node));
            continue;
        }
        open.extend(node.items().map(|item| (key, item)));
        for (name, value) in node.entries() {
            keys.push((name.text(), Some(key)));
            open.push((keys.len() - 1, value));
        }
    }
    problems
}

/// The keys on the way to a node, as `spec.owner`; of a long way only the end.
fn path(keys: &[(&str, Option<usize>)], key: usize) -> String {
    const LONGEST: usize = 200;
    let way = std::iter::successors(Some(key), |key| keys[*key].1);
    let mut names: Vec<&str> = Vec::new();
    let mut length = 0;
    for name in way.map(|key| keys[key].0) {
        length += name.len();
        if length > LONGEST {
            names.push("…");
            break;
        }
        names.push(name);
    }
    names.reverse();
    names.join(".")
}

fn problem(entity: &Entity, path: &str, node: Node<'_>) -> Diagnostic {
    Diagnostic::new(
        &CHECK.code,
        format!("\"{path}\" is a mapping: an expression in braces stands without quotes"),
    )
    .help("put quotes around it: \"{{ … }}\"")
    .entity(entity.reference())
    .subject(path)
    .at(entity.place_of(node))
}
