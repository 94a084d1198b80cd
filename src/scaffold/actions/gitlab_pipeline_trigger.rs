//! `gitlab:pipeline:trigger`: a pipeline, sent with `--push`.
//!
//! Backstage makes a trigger token with the API token that it has or that `token` names, uses it
//! once, and removes it. Whoever runs a template here has a token of their own, which starts the
//! pipeline without a second one; a token that a template brings is not used.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Action, Needs};
use crate::model::ForgeKind;
use crate::scaffold::publishing::branch_name;
use crate::scaffold::{Call, CiRun, Effect, Outputs, RemoteRepository, StepError};

pub(super) static ACTION: Action = Action {
    name: "gitlab:pipeline:trigger",
    summary: "start a pipeline of GitLab",
    needs: Needs::Push,
    outputs: &["pipelineUrl"],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    repo_url: String,
    branch: String,
    project_id: Option<Value>,
    variables: Option<Map<String, Value>>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let remote = RemoteRepository::of_repo_url(&input.repo_url, ForgeKind::GitLab)?;
    let project = input.project_id.as_ref().map(project_number).transpose()?;
    // Which pipeline it will be is known when it is started; the page of all shows it first.
    let pipelines = format!(
        "https://{}/{}/{}/-/pipelines",
        remote.host, remote.owner, remote.name
    );
    call.effects.push(Effect::Dispatch(CiRun {
        remote,
        workflow: None,
        branch: branch_name(&input.branch)?,
        inputs: input.variables.unwrap_or_default(),
        project,
    }));
    Ok(Outputs::from_iter([(
        "pipelineUrl".to_owned(),
        pipelines.into(),
    )]))
}

/// The number of a project, which templates write as a number or a text.
fn project_number(value: &Value) -> Result<u64, StepError> {
    let number = value.as_u64();
    let number = number.or_else(|| value.as_str()?.trim().parse().ok());
    number.ok_or_else(|| StepError::new(format!("input \"projectId\" is no number: {value}")))
}
