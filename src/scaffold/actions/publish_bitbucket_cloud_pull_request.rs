//! `publish:bitbucketCloud:pull-request`: a branch with one commit in a repository of Bitbucket Cloud.

use super::{Action, Needs};
use crate::model::ForgeKind;
use crate::scaffold::publishing::propose;

pub(super) static ACTION: Action = Action {
    name: "publish:bitbucketCloud:pull-request",
    summary: "make a branch with one commit in a repository of Bitbucket Cloud",
    needs: Needs::Push,
    outputs: &["pullRequestUrl", "targetBranchName"],
    run: |call| propose(call, ForgeKind::Bitbucket, "pullRequestUrl"),
};
