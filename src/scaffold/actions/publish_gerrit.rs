//! `publish:gerrit`: a repository of the files, to be pushed to Gerrit.

use super::{Action, Needs};
use crate::model::ForgeKind;
use crate::scaffold::publishing::publish;

pub(super) static ACTION: Action = Action {
    name: "publish:gerrit",
    summary: "make a repository for Gerrit",
    needs: Needs::Push,
    outputs: &["remoteUrl", "repoContentsUrl"],
    run: |call| publish(call, ForgeKind::Gerrit, "master"),
};
