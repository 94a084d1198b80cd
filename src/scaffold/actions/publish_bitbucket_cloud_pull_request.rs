//! `publish:bitbucketCloud:pull-request`: a branch with one commit in a repository of Bitbucket Cloud.

use super::{Action, Needs};
use crate::model::ForgeKind;
use crate::scaffold::Outputs;
use crate::scaffold::publishing::propose;

pub(super) static ACTION: Action = Action {
    name: "publish:bitbucketCloud:pull-request",
    summary: "make a branch with one commit in a repository of Bitbucket Cloud",
    needs: Needs::Push,
    outputs: &["pullRequestUrl", "targetBranchName"],
    run: |call| {
        let (url, base) = propose(call, ForgeKind::Bitbucket)?;
        Ok(Outputs::from_iter([
            ("pullRequestUrl".to_owned(), url.into()),
            ("targetBranchName".to_owned(), base.into()),
        ]))
    },
};
