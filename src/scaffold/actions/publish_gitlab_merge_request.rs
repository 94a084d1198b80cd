//! `publish:gitlab:merge-request`: a branch with one commit in a repository of GitLab.

use super::{Action, Needs};
use crate::model::ForgeKind;
use crate::scaffold::publishing::propose;

pub(super) static ACTION: Action = Action {
    name: "publish:gitlab:merge-request",
    summary: "make a branch with one commit in a repository of GitLab",
    needs: Needs::Push,
    outputs: &[
        "mergeRequestUrl",
        "projectPath",
        "projectid",
        "targetBranchName",
    ],
    run: |call| propose(call, ForgeKind::GitLab, "mergeRequestUrl"),
};
