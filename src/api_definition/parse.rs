//! The text of a definition → what it says.

use super::{Definition, Format, Language};
use crate::model::{Node, Span};
use crate::yaml;

/// Reads the text of a definition: as what it says it is, else as what `spec.type` says.
///
/// # Errors
/// When operations of such APIs are not read, with the reason for people. Everything that is
/// wrong in a definition that is read is among its mistakes.
pub fn parse(text: &str, spec_type: &str) -> Result<Definition, String> {
    let format = Format::of_type(spec_type);
    if let Some(format) = format
        && let Language::Text { read } = format.language
    {
        let mut definition = Definition::new(format.name);
        read(text, &mut definition);
        return Ok(definition);
    }
    let mut documents = yaml::parse(text);
    let several = documents.len() > 1;
    let document = (!documents.is_empty()).then(|| documents.swap_remove(0));
    let root = document.as_ref().and_then(|it| it.tree.as_ref()?.root());
    let mut definition = match (root, format) {
        (Some(root), _) => parse_tree(root, spec_type)?,
        (None, Some(format)) => Definition::new(format.name),
        (None, None) => return Err(unknown_type(spec_type)),
    };
    // What is wrong with the text explains what is wrong with its content.
    let mistakes = std::mem::take(&mut definition.mistakes);
    if several {
        let message = "there are several documents, of which the first is read";
        definition.mistake(message, Span::on_line(1, 1, 0));
    }
    match document {
        None => definition.mistake("it is empty", Span::on_line(1, 1, 0)),
        Some(document) => {
            for problem in document.problems {
                definition.mistake(problem.message, problem.span);
            }
        }
    }
    for mistake in mistakes {
        definition.mistake(mistake.message, mistake.span);
    }
    Ok(definition)
}

/// Reads a definition that was written as a mapping, like [`parse`].
pub(super) fn parse_tree(root: Node<'_>, spec_type: &str) -> Result<Definition, String> {
    let of_type = Format::of_type(spec_type);
    let of_document = Format::of_document(root);
    let format = of_document.or(of_type);
    let format = format.ok_or_else(|| unknown_type(spec_type))?;
    let mut definition = Definition::new(format.name);
    if let Some(of_type) = of_type.filter(|of_type| of_type.name != format.name) {
        let message = format!(
            "\"spec.type\" says {}, but the definition is {}",
            of_type.name, format.name
        );
        definition.mistake(message, root.span());
    }
    match format.language {
        Language::Document { read, .. } if of_document.is_some() => read(root, &mut definition),
        Language::Document { keys, .. } => {
            let message = format!("it is not {}: it has no \"{}\"", format.name, keys[0]);
            definition.mistake(message, root.span());
        }
        Language::Text { .. } => {
            let message = format!("{} must be a text", format.name);
            definition.mistake(message, root.span());
        }
    }
    Ok(definition)
}

fn unknown_type(spec_type: &str) -> String {
    format!("operations of APIs of type \"{spec_type}\" are not read")
}

#[cfg(test)]
mod tests;
