//! `publish:gitlab:merge-request`: a branch with one commit in a repository of GitLab.

use super::{Action, Needs};
use crate::model::ForgeKind;
use crate::scaffold::Outputs;
use crate::scaffold::publishing::propose;

pub(super) static ACTION: Action = Action {
    name: "publish:gitlab:merge-request",
    summary: "make a branch with one commit in a repository of GitLab",
    needs: Needs::Push,
    outputs: &["mergeRequestUrl", "targetBranchName"],
    run: |call| {
        let (url, base) = propose(call, ForgeKind::GitLab)?;
        Ok(Outputs::from_iter([
            ("mergeRequestUrl".to_owned(), url.into()),
            ("targetBranchName".to_owned(), base.into()),
        ]))
    },
};
