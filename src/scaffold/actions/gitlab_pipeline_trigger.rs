//! `gitlab:pipeline:trigger`: a pipeline, sent with `--push`.

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
    outputs: &[],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    repo_url: String,
    branch: String,
    token: Option<String>,
    variables: Option<Map<String, Value>>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    call.effects.push(Effect::Dispatch(CiRun {
        remote: RemoteRepository::of_repo_url(&input.repo_url, ForgeKind::GitLab)?,
        workflow: None,
        branch: branch_name(&input.branch)?,
        inputs: input.variables.unwrap_or_default(),
        token: input.token,
    }));
    Ok(Outputs::new())
}
