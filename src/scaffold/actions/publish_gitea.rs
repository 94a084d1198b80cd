//! `publish:gitea`: a repository of the files, to be pushed to Gitea.

use super::{Action, Needs};
use crate::model::ForgeKind;
use crate::scaffold::publishing::publish;

pub(super) static ACTION: Action = Action {
    name: "publish:gitea",
    summary: "make a repository for Gitea",
    needs: Needs::Push,
    outputs: &["remoteUrl", "repoContentsUrl"],
    run: |call| publish(call, ForgeKind::Gitea, "main"),
};
