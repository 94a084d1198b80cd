//! JSON and YAML that a step reads.

use serde_json::Value;

use super::StepError;
use crate::diagnostic::Severity;
use crate::model::{Node, Tree};
use crate::yaml;

/// The value of a JSON text; `what` names it in errors.
///
/// # Errors
/// When it is no JSON.
pub(super) fn read_json(what: &str, text: &str) -> Result<Value, StepError> {
    serde_json::from_str(text).map_err(|error| {
        // serde_json's message quotes what it found, but says the place well enough alone.
        StepError::new(format!(
            "{what} is no JSON, from line {} column {} on",
            error.line(),
            error.column()
        ))
    })
}

/// The value of a YAML text with one document; null where there is none.
///
/// # Errors
/// When it is no YAML, or has more than one document.
pub(super) fn read_yaml(what: &str, text: &str) -> Result<Value, StepError> {
    let mut documents = read_yaml_documents(what, text)?;
    if documents.len() > 1 {
        return Err(StepError::new(format!(
            "{what} has {} documents, and one was expected",
            documents.len()
        )));
    }
    Ok(documents.pop().unwrap_or(Value::Null))
}

/// The values of all documents of a YAML text.
///
/// # Errors
/// When it is no YAML.
pub(super) fn read_yaml_documents(what: &str, text: &str) -> Result<Vec<Value>, StepError> {
    let documents = yaml::parse(text);
    let problem = documents
        .iter()
        .flat_map(|document| &document.problems)
        .find(|problem| problem.code.severity() == Severity::Error);
    if let Some(problem) = problem {
        let error = StepError::new(format!(
            "{what} is no YAML, in line {}: {}",
            problem.span.line, problem.message
        ));
        return Err(match &problem.help {
            Some(help) => error.help(help.clone()),
            None => error,
        });
    }
    let values = documents.iter().map(|document| {
        let root = document.tree.as_ref().and_then(Tree::root);
        root.map_or(Value::Null, Node::to_json)
    });
    Ok(values.collect())
}
