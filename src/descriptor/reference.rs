//! The references of an entity to others, as far as one document can tell.

use crate::diagnostic::{Diagnostic, register};
use crate::model::{Entity, RefError, RefParts, relation_fields};

/// The references that cannot be read.
pub(super) fn problems(entity: &Entity) -> Vec<Diagnostic> {
    let Some(spec) = entity.spec() else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    for field in relation_fields(entity.kind()) {
        for target in field.targets(spec) {
            let text = target.text();
            // An empty one is a violation of the shape already.
            if text.is_empty() {
                continue;
            }
            let error = match RefParts::parse(text) {
                Err(error) => error,
                Ok(parts) if parts.kind.or(field.default_kind).is_none() => RefError::MissingKind,
                Ok(_) => continue,
            };
            let message = format!("\"spec.{}\" has \"{text}\": {error}", field.name);
            let help = match error {
                RefError::MissingKind => {
                    format!("write the kind before it, as in \"component:{text}\"")
                }
                RefError::EmptyPart => {
                    "write \"kind:namespace/name\", of which kind and namespace may be left out"
                        .to_owned()
                }
            };
            let problem = Diagnostic::new(&register::INVALID_REFERENCE, message).help(help);
            problems.push(
                problem
                    .entity(entity.reference())
                    .subject(text)
                    .at(entity.place_of(target)),
            );
        }
    }
    problems
}
