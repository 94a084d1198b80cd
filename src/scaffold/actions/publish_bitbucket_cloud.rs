//! `publish:bitbucketCloud`: a repository of the files, to be pushed to Bitbucket Cloud.

use super::{Action, Needs};
use crate::model::ForgeKind;
use crate::scaffold::publishing::publish;

pub(super) static ACTION: Action = Action {
    name: "publish:bitbucketCloud",
    summary: "make a repository for Bitbucket Cloud",
    needs: Needs::Push,
    outputs: &["remoteUrl", "repoContentsUrl"],
    run: |call| publish(call, ForgeKind::Bitbucket, "master"),
};
