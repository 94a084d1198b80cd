//! `publish:bitbucketServer`: a repository of the files, to be pushed to Bitbucket Server.

use super::{Action, Needs};
use crate::model::ForgeKind;
use crate::scaffold::publishing::publish;

pub(super) static ACTION: Action = Action {
    name: "publish:bitbucketServer",
    summary: "make a repository for Bitbucket Server",
    needs: Needs::Push,
    outputs: &["remoteUrl", "repoContentsUrl"],
    run: |call| publish(call, ForgeKind::BitbucketServer, "master"),
};
