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
    let mut expressions = Vec::new();
    let mut open: Vec<(String, Node<'_>)> =
        [("metadata", entity.metadata()), ("spec", entity.spec())]
            .into_iter()
            .filter_map(|(name, node)| Some((name.to_owned(), node?)))
            .collect();
    while let Some((path, node)) = open.pop() {
        if node
            .entries()
            .next()
            .is_some_and(|(key, _)| key.text().starts_with('{'))
        {
            expressions.push((path, node));
            continue;
        }
        open.extend(node.items().map(|item| (path.clone(), item)));
        open.extend(
            node.entries()
                .map(|(key, value)| (format!("{path}.{}", key.text()), value)),
        );
    }
    expressions
        .into_iter()
        .map(|(path, node)| {
            Diagnostic::new(
                &CHECK.code,
                format!("\"{path}\" is a mapping: an expression in braces stands without quotes"),
            )
            .help("put quotes around it: \"{{ … }}\"")
            .entity(entity.reference())
            .subject(path)
            .at(entity.place_of(node))
        })
        .collect()
}
