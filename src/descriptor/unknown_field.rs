//! Fields that nobody knows: Backstage takes them silently and does nothing with them.

use std::collections::BTreeSet;

use super::Schema;
use crate::diagnostic::{Diagnostic, did_you_mean, register};
use crate::model::{Entity, Node, known_kind};

/// Fields that catalogs add to what they ingest, and that people copy back.
const INGESTED: [&str; 4] = ["uid", "etag", "generation", "relations"];

/// The fields of `metadata` and `spec` that the schema does not know.
pub(super) fn problems(entity: &Entity, schema: &Schema) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut look = |part: Option<Node<'_>>, name: &str, definition: &str| {
        let (Some(part), Some(known)) = (part, schema.fields(definition)) else {
            return;
        };
        for (key, _) in part
            .entries()
            .filter(|(key, _)| !known.contains(key.text()))
        {
            if name == "metadata" && INGESTED.contains(&key.text()) {
                continue;
            }
            problems.push(problem(entity, key, name, known));
        }
    };
    look(entity.metadata(), "metadata", "Metadata");
    if let Some(kind) = known_kind(entity.kind()) {
        look(entity.spec(), "spec", &definition_of(kind.name));
    }
    problems
}

/// The name of the schema's definition of a kind's `spec`.
fn definition_of(kind: &str) -> String {
    if kind == "API" {
        "ApiSpec".to_owned()
    } else {
        format!("{kind}Spec")
    }
}

fn problem(entity: &Entity, key: Node<'_>, part: &str, known: &BTreeSet<String>) -> Diagnostic {
    let name = key.text();
    let message = format!("\"{part}.{name}\" is not a field of {}", entity.kind());
    let problem = Diagnostic::new(&register::UNKNOWN_FIELD, message);
    let problem = match did_you_mean(name, known.iter().map(String::as_str)) {
        Some(meant) => problem.help(format!("did you mean \"{meant}\"?")),
        None if part == "metadata" => problem
            .help("facts of your own belong into \"metadata.annotations\" or \"metadata.labels\""),
        None => problem.help(
            "Backstage keeps it without using it; annotations are the place for facts of your own",
        ),
    };
    problem
        .entity(entity.reference())
        .subject(format!("{part}.{name}"))
        .at(entity.place_of(key))
}
