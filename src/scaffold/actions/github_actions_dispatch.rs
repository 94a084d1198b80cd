//! `github:actions:dispatch`: a run of a workflow, sent with `--push`.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Action, Needs};
use crate::model::ForgeKind;
use crate::scaffold::publishing::branch_name;
use crate::scaffold::{Call, CiRun, Effect, Outputs, RemoteRepository, StepError};

pub(super) static ACTION: Action = Action {
    name: "github:actions:dispatch",
    summary: "start a workflow of GitHub Actions",
    needs: Needs::Push,
    outputs: &[],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    repo_url: String,
    workflow_id: Value,
    branch_or_tag_name: String,
    workflow_inputs: Option<Map<String, Value>>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let workflow = match &input.workflow_id {
        Value::String(name) => name.clone(),
        other => other.to_string(),
    };
    call.effects.push(Effect::Dispatch(CiRun {
        remote: RemoteRepository::of_repo_url(&input.repo_url, ForgeKind::GitHub)?,
        workflow: Some(workflow),
        branch: branch_name(&input.branch_or_tag_name)?,
        inputs: input.workflow_inputs.unwrap_or_default(),
        project: None,
    }));
    Ok(Outputs::new())
}
