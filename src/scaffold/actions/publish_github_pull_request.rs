//! `publish:github:pull-request`: a branch with one commit in a repository of GitHub.

use super::{Action, Needs};
use crate::model::ForgeKind;
use crate::scaffold::publishing::propose;

pub(super) static ACTION: Action = Action {
    name: "publish:github:pull-request",
    summary: "make a branch with one commit in a repository of GitHub",
    needs: Needs::Push,
    outputs: &["remoteUrl", "targetBranchName"],
    run: |call| propose(call, ForgeKind::GitHub, "remoteUrl"),
};
