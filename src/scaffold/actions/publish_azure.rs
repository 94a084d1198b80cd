//! `publish:azure`: a repository of the files, to be pushed to Azure DevOps.

use super::{Action, Needs};
use crate::model::ForgeKind;
use crate::scaffold::publishing::publish;

pub(super) static ACTION: Action = Action {
    name: "publish:azure",
    summary: "make a repository for Azure DevOps",
    needs: Needs::Push,
    outputs: &["remoteUrl", "repoContentsUrl"],
    run: |call| publish(call, ForgeKind::Azure, "master"),
};
