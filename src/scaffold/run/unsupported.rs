//! Steps that cannot run here, known before anything starts.

use serde_json::Value;

use crate::scaffold::{Manifest, Step, actions};
use crate::template::{self, Dialect};

/// A step that cannot run here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// Its id.
    pub id: String,
    /// Its action.
    pub action: String,
    /// Why.
    pub reason: String,
    /// Whether its own action does not exist here; else it needs a step whose action does not.
    pub is_unknown_action: bool,
}

/// The steps whose action does not exist here, and those that use what such a step would leave.
#[must_use]
pub fn unsupported(manifest: &Manifest, programs: &[(String, Vec<String>)]) -> Vec<Unsupported> {
    let mut found: Vec<Unsupported> = Vec::new();
    for step in &manifest.steps {
        if step.condition == Some(Value::Bool(false)) {
            continue;
        }
        let is_known = actions::action(&step.action).is_some()
            || programs.iter().any(|(name, _)| *name == step.action);
        let needed = || found.iter().find(|earlier| uses_output(step, &earlier.id));
        let reason = if is_known {
            let Some(needed) = needed() else { continue };
            format!("it uses the output of step \"{}\"", needed.id)
        } else {
            format!("there is no action \"{}\" here", step.action)
        };
        found.push(Unsupported {
            id: step.id.clone(),
            action: step.action.clone(),
            reason,
            is_unknown_action: !is_known,
        });
    }
    found
}

/// Whether an expression of a step names the output of another.
fn uses_output(step: &Step, id: &str) -> bool {
    let input = step.input.values();
    let rest = step.condition.iter().chain(&step.each);
    input.chain(rest).any(|value| names_step(value, id))
}

fn names_step(value: &Value, id: &str) -> bool {
    match value {
        Value::String(text) if text.contains('{') => {
            let names = template::inspect(text, Dialect::Backstage).names;
            names
                .iter()
                .any(|name| name.path.starts_with(&["steps".to_owned(), id.to_owned()]))
        }
        Value::Array(items) => items.iter().any(|item| names_step(item, id)),
        Value::Object(fields) => fields.values().any(|field| names_step(field, id)),
        _ => false,
    }
}
