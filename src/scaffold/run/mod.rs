//! Running the steps of a template on a tree of files in memory.
//!
//! Steps behave as in Backstage's `NunjucksWorkflowRunner` (scaffolder-backend 4): what they may
//! refer to, when they are skipped, and what they leave for later ones.

mod condition;
mod context;
mod output;
mod step;
mod unsupported;

use serde_json::{Map, Value};

use super::{Effect, Manifest, StepError, StepLog, WorkTree, World};
use crate::model::Span;

pub use output::{Output, OutputLink, OutputText};
pub use unsupported::{Unsupported, unsupported};

use context::Context;
use step::StepRun;

/// What a run is given.
pub struct RunRequest<'a> {
    /// The template.
    pub manifest: &'a Manifest,
    /// The answers to its parameters.
    pub answers: &'a Map<String, Value>,
    /// Answers that nobody may see: inputs of steps get them, and nothing else.
    pub secrets: &'a Map<String, Value>,
    /// Who runs it, as the catalog knows them: reference and entity.
    pub user: Option<(String, Option<Value>)>,
    /// What actions can look up.
    pub world: &'a World<'a>,
    /// Actions of the user's configuration, each a program with its arguments.
    pub programs: &'a [(String, Vec<String>)],
    /// Whether steps whose action does not exist here are left out, with those that need them.
    pub skips_unsupported: bool,
}

/// What came out of a run.
#[derive(Debug, Default)]
pub struct Ran {
    /// The files.
    pub tree: WorkTree,
    /// What is to happen outside of them, in order.
    pub effects: Vec<Effect>,
    /// What became of each step, in order.
    pub steps: Vec<StepReport>,
    /// What the template tells at the end.
    pub output: Output,
}

/// What became of a step.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepReport {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its action.
    pub action: String,
    /// Whether it ran.
    pub status: StepStatus,
    /// Why it did not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it has to tell.
    #[serde(flatten)]
    pub log: StepLog,
}

/// Whether a step ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StepStatus {
    /// It ran.
    Done,
    /// Its condition does not hold.
    Skipped,
    /// Its action does not exist here.
    Unsupported,
    /// It failed.
    Failed,
}

/// Why a run fails.
#[derive(Clone, Debug)]
pub struct RunError {
    /// The step that failed first: its id and name.
    pub step: (String, String),
    /// Its action.
    pub action: String,
    /// Where the step stands in the template.
    pub span: Span,
    /// What is wrong.
    pub error: StepError,
    /// What became of each step: those may have run that ask for failures.
    pub steps: Vec<StepReport>,
}

/// Runs the steps of a template. Nothing is written, and nothing leaves this machine.
///
/// # Errors
/// When a step fails: the first one that does.
pub fn run(request: &RunRequest<'_>) -> Result<Ran, Box<RunError>> {
    let mut ran = Ran::default();
    let mut context = Context::new(request);
    let left_out = unsupported(request.manifest, request.programs);
    let mut failure: Option<Box<RunError>> = None;
    for step in &request.manifest.steps {
        let mut report = StepReport {
            id: step.id.clone(),
            name: step.name.clone(),
            action: step.action.clone(),
            status: StepStatus::Skipped,
            reason: None,
            log: StepLog::default(),
        };
        if let Some(unsupported) = left_out.iter().find(|it| it.id == step.id) {
            report.status = StepStatus::Unsupported;
            report.reason = Some(unsupported.reason.clone());
            ran.steps.push(report);
            continue;
        }
        let has_failed = failure.is_some();
        if has_failed && !condition::asks_for_status(step.condition.as_ref()) {
            report.reason = Some("an earlier step failed".to_owned());
            ran.steps.push(report);
            continue;
        }
        context.set_failed(has_failed);
        let outcome = StepRun {
            step,
            request,
            context: &context,
        }
        .run(&mut ran, &mut report.log);
        match outcome {
            Ok(Some(outputs)) => {
                report.status = StepStatus::Done;
                context.add_outputs(&step.id, &outputs);
            }
            Ok(None) => report.reason = Some("its condition does not hold".to_owned()),
            Err(error) => {
                report.status = StepStatus::Failed;
                report.reason = Some(error.message.clone());
                failure.get_or_insert_with(|| {
                    Box::new(RunError {
                        step: (step.id.clone(), step.name.clone()),
                        action: step.action.clone(),
                        span: step.span,
                        error,
                        steps: Vec::new(),
                    })
                });
            }
        }
        ran.steps.push(report);
    }
    if let Some(mut failure) = failure {
        failure.steps = ran.steps;
        return Err(failure);
    }
    ran.output = Output::of(request.manifest, &context);
    Ok(ran)
}

#[cfg(test)]
mod tests;
