//! One step: its condition, its iterations, its action.

use serde_json::{Map, Value};

use super::condition::holds;
use super::context::{Context, Iteration};
use super::{Ran, RunRequest};
use crate::scaffold::actions::{self, Action};
use crate::scaffold::{Call, Invocation, Outputs, ProgramEnd, Step, StepError, StepLog};

/// The most iterations of a step.
const MOST_ITERATIONS: usize = 10_000;

pub(super) struct StepRun<'a> {
    pub(super) step: &'a Step,
    pub(super) request: &'a RunRequest<'a>,
    pub(super) context: &'a Context,
}

impl StepRun<'_> {
    /// Runs the step; no outputs when its condition does not hold.
    pub(super) fn run(
        &self,
        ran: &mut Ran,
        log: &mut StepLog,
    ) -> Result<Option<Outputs>, StepError> {
        let Some(each) = &self.step.each else {
            if !self.condition_holds(None, log)? {
                return Ok(None);
            }
            return self.run_once(None, ran, log).map(Some);
        };
        if self.step.condition == Some(Value::Bool(false)) {
            return Ok(None);
        }
        let mut outputs = Outputs::new();
        for iteration in self.iterations(each, log)? {
            if !self.condition_holds(Some(&iteration), log)? {
                continue;
            }
            for (name, value) in self.run_once(Some(&iteration), ran, log)? {
                let values = outputs
                    .entry(name)
                    .or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(values) = values {
                    values.push(value);
                }
            }
        }
        Ok(Some(outputs))
    }

    fn condition_holds(
        &self,
        iteration: Option<&Iteration>,
        log: &mut StepLog,
    ) -> Result<bool, StepError> {
        Ok(match &self.step.condition {
            None => true,
            Some(Value::Bool(truth)) => *truth,
            Some(condition) => {
                let values = match iteration {
                    Some(iteration) => self.context.values_of_input(Some(iteration)),
                    None => self.context.values(),
                };
                holds(self.context.evaluate(condition, &values, log)?.as_ref())
            }
        })
    }

    /// What the step is run for, one after the other.
    fn iterations(&self, each: &Value, log: &mut StepLog) -> Result<Vec<Iteration>, StepError> {
        let values = self.context.values_of_input(None);
        let iterations: Vec<Iteration> = match self.context.evaluate(each, &values, log)? {
            Some(Value::Array(items)) => items
                .into_iter()
                .enumerate()
                .map(|(index, value)| Iteration {
                    key: index.to_string().into(),
                    value,
                })
                .collect(),
            Some(Value::Object(fields)) => fields
                .into_iter()
                .map(|(name, value)| Iteration {
                    key: name.into(),
                    value,
                })
                .collect(),
            None => {
                return Err(StepError::new(format!("\"each\" has no value: {each}")));
            }
            Some(_) => {
                return Err(StepError::new("\"each\" must be a list or a mapping"));
            }
        };
        if iterations.len() > MOST_ITERATIONS {
            return Err(StepError::new(format!(
                "\"each\" has more than {MOST_ITERATIONS} items"
            )));
        }
        Ok(iterations)
    }

    fn run_once(
        &self,
        iteration: Option<&Iteration>,
        ran: &mut Ran,
        log: &mut StepLog,
    ) -> Result<Outputs, StepError> {
        let values = self.context.values_of_input(iteration);
        let input = Value::Object(self.step.input.clone());
        let input = match self.context.evaluate(&input, &values, log)? {
            Some(Value::Object(input)) => input,
            _ => Map::new(),
        };
        let mut call = Call {
            input: &input,
            tree: &mut ran.tree,
            world: self.request.world,
            effects: &mut ran.effects,
            log,
        };
        match actions::action(&self.step.action) {
            Some(Action { run, .. }) => run(&mut call),
            None => self.run_program(&mut call),
        }
    }

    /// Runs the program that the user's configuration has for the action: input on its standard
    /// input, outputs on its standard output, both JSON.
    fn run_program(&self, call: &mut Call<'_>) -> Result<Outputs, StepError> {
        let action = &self.step.action;
        let programs = self.request.programs.iter();
        let Some((_, words)) = programs.into_iter().find(|(name, _)| name == action) else {
            return Err(StepError::new(format!("there is no action \"{action}\"")));
        };
        let mut words = words.iter().cloned();
        let program = words.next().unwrap_or_default();
        let invocation = Invocation {
            program,
            arguments: words.collect(),
            folder: None,
            input: Some(Value::Object(call.input.clone())),
        };
        match call.world.programs.run(&invocation, call.tree)? {
            ProgramEnd::Planned => {
                call.log.push(format!("will run {}", invocation.shown()));
                Ok(Outputs::new())
            }
            ProgramEnd::Ran { stdout } if stdout.trim().is_empty() => Ok(Outputs::new()),
            ProgramEnd::Ran { stdout } => serde_json::from_str(&stdout).map_err(|error| {
                StepError::new(format!(
                    "the program of \"{action}\" printed no JSON object: {error}"
                ))
            }),
        }
    }
}
