//! `publish:github`: a repository of the files, to be pushed to GitHub.

use super::{Action, Needs};
use crate::model::ForgeKind;
use crate::scaffold::publishing::publish;

pub(super) static ACTION: Action = Action {
    name: "publish:github",
    summary: "make a repository for GitHub",
    needs: Needs::Push,
    outputs: &["remoteUrl", "repoContentsUrl"],
    run: |call| publish(call, ForgeKind::GitHub, "main"),
};
