//! `publish:bitbucketServer:pull-request`: a branch with one commit in a repository of Bitbucket Server.

use super::{Action, Needs};
use crate::model::ForgeKind;
use crate::scaffold::publishing::propose;

pub(super) static ACTION: Action = Action {
    name: "publish:bitbucketServer:pull-request",
    summary: "make a branch with one commit in a repository of Bitbucket Server",
    needs: Needs::Push,
    outputs: &["pullRequestUrl", "targetBranchName"],
    run: |call| propose(call, ForgeKind::BitbucketServer, "pullRequestUrl"),
};
