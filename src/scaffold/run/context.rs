//! What expressions of steps can refer to.

use serde_json::{Map, Value, json};

use super::RunRequest;
use crate::scaffold::{Outputs, StepError, StepLog};
use crate::template::{Engine, Options, Values};

/// What expressions of steps can refer to, as it grows from step to step.
pub(super) struct Context {
    engine: Engine,
    values: Map<String, Value>,
    secrets: Value,
    is_strict: bool,
}

/// The item of `each` that a step is run for.
pub(super) struct Iteration {
    pub(super) key: Value,
    pub(super) value: Value,
}

impl Context {
    pub(super) fn new(request: &RunRequest<'_>) -> Self {
        let user = match &request.user {
            Some((reference, entity)) => json!({"ref": reference, "entity": entity}),
            None => json!({}),
        };
        let mut values = Map::new();
        values.insert(
            "parameters".to_owned(),
            Value::Object(request.answers.clone()),
        );
        values.insert("steps".to_owned(), json!({}));
        values.insert("user".to_owned(), user);
        values.insert("secrets".to_owned(), json!({}));
        values.insert(
            "environment".to_owned(),
            json!({"parameters": {}, "secrets": {}}),
        );
        values.insert("context".to_owned(), json!({"task": {"id": "devportal"}}));
        Self {
            engine: Engine::new(Options::default()),
            values,
            secrets: Value::Object(request.secrets.clone()),
            is_strict: request.world.refuses_unknown_names,
        }
    }

    /// Says whether a step has failed so far, which `failure()` asks.
    pub(super) fn set_failed(&mut self, has_failed: bool) {
        self.engine.set_failed(has_failed);
    }

    /// Adds what a step leaves for later ones.
    pub(super) fn add_outputs(&mut self, step: &str, outputs: &Outputs) {
        if let Some(Value::Object(steps)) = self.values.get_mut("steps") {
            steps.insert(step.to_owned(), json!({ "output": outputs }));
        }
    }

    /// What conditions and outputs can refer to.
    pub(super) fn values(&self) -> Values {
        Values::new(&self.values)
    }

    /// What the input of a step can refer to: secrets, too.
    pub(super) fn values_of_input(&self, iteration: Option<&Iteration>) -> Values {
        let mut values = self.values.clone();
        values.insert("secrets".to_owned(), self.secrets.clone());
        if let Some(iteration) = iteration {
            values.insert(
                "each".to_owned(),
                json!({"key": iteration.key, "value": iteration.value}),
            );
        }
        Values::new(&values)
    }

    /// Evaluates every expression in a value. One that cannot be evaluated is an error, unless
    /// the run is as lenient as Backstage: then its text stays as it is, and that is told.
    pub(super) fn evaluate(
        &self,
        value: &Value,
        values: &Values,
        log: &mut StepLog,
    ) -> Result<Option<Value>, StepError> {
        Ok(match value {
            Value::String(text) => match self.engine.evaluate(text, values) {
                Ok(value) => value,
                Err(error) if self.is_strict => {
                    return Err(StepError {
                        message: format!("\"{text}\" cannot be evaluated: {}", error.message),
                        help: error
                            .help
                            .or_else(|| Some("--allow-undefined leaves it as it is".to_owned())),
                    });
                }
                Err(error) => {
                    log.notice(format!("a text stays as it is written: {error}"));
                    Some(value.clone())
                }
            },
            Value::Array(items) => {
                let mut evaluated = Vec::with_capacity(items.len());
                for item in items {
                    evaluated.push(self.evaluate(item, values, log)?.unwrap_or(Value::Null));
                }
                Some(Value::Array(evaluated))
            }
            Value::Object(fields) => {
                let mut evaluated = Map::new();
                for (name, field) in fields {
                    if let Some(field) = self.evaluate(field, values, log)? {
                        evaluated.insert(name.clone(), field);
                    }
                }
                Some(Value::Object(evaluated))
            }
            other => Some(other.clone()),
        })
    }
}
