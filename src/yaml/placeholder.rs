//! What `$text`, `$json` and `$yaml` stand for: the content of another file as a tree.

use crate::diagnostic::Severity;
use crate::model::{NodeKind, Span, Tree, TreeBuilder};

/// The content of a file as a placeholder understands it: `$yaml` and `$json` take one document,
/// any other the text as it is.
///
/// # Errors
/// What is wrong with the content, as the end of a sentence about the file.
pub fn placeholder_content(placeholder: &str, text: &str) -> Result<Tree, String> {
    match placeholder {
        "$yaml" => {
            let document = one_document(text)?;
            let is_error = |problem: &&super::Problem| problem.code.severity() == Severity::Error;
            match document.problems.iter().find(is_error) {
                Some(problem) => Err(format!("is not valid YAML: {}", problem.message)),
                None => document.tree.ok_or_else(|| "is not valid YAML".to_owned()),
            }
        }
        // JSON is YAML, but not the other way round; a key that is there twice is JSON.
        "$json" => serde_json::from_str::<serde::de::IgnoredAny>(text)
            .map_err(|error| format!("is not JSON: {error}"))
            .and_then(|_| one_document(text))
            .and_then(|document| document.tree.ok_or_else(|| "is not valid YAML".to_owned())),
        _ => Ok(text_tree(text)),
    }
}

fn one_document(text: &str) -> Result<super::Document, String> {
    let mut documents = super::parse(text);
    if documents.len() > 1 {
        return Err("has more than one document".to_owned());
    }
    documents.pop().ok_or_else(|| "is empty".to_owned())
}

fn text_tree(text: &str) -> Tree {
    let mut builder = TreeBuilder::default();
    builder.scalar(NodeKind::String, text, Span::default());
    builder.finish()
}
