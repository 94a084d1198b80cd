//! `publish:gitlab`: a repository of the files, to be pushed to GitLab.

use super::{Action, Needs};
use crate::model::ForgeKind;
use crate::scaffold::publishing::publish;

pub(super) static ACTION: Action = Action {
    name: "publish:gitlab",
    summary: "make a repository for GitLab",
    needs: Needs::Push,
    outputs: &["remoteUrl", "repoContentsUrl"],
    run: |call| publish(call, ForgeKind::GitLab, "master"),
};
