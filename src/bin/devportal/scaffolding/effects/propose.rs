//! `publish:*:pull-request`: a branch with one commit in a clone of the repository.

use anyhow::{Context, Result, anyhow};
use devportal::repo::{BranchCommit, CommittedFile, Repository, commit_on_branch};
use devportal::scaffold::Proposal;

use super::{EffectReport, EffectRequest, forge, git};
use crate::environment;
use crate::scaffolding::writing::{content, identity};

/// Makes the branch, and pushes it where that was asked for.
pub(super) fn propose(proposal: &Proposal, request: &EffectRequest<'_>) -> EffectReport {
    let subject = proposal.remote.identity();
    let Some(repository) = request.locator.find(&subject) else {
        let error = anyhow!("it is not in the workspace: clone it, and run this again");
        return EffectReport::failed(subject, &error)
            .command(format!("git clone {}", proposal.remote.clone_url()));
    };
    match propose_in(proposal, repository, request) {
        Ok(report) => report,
        Err(error) => EffectReport::failed(subject, &error),
    }
}

fn propose_in(
    proposal: &Proposal,
    repository: &Repository,
    request: &EffectRequest<'_>,
) -> Result<EffectReport> {
    let (name, email) = proposal.author.clone();
    let author = identity(name, email).context("Git does not know who you are")?;
    let mut writes = proposal.files.below(None).filter_map(|(path, entry)| {
        Some(CommittedFile {
            path: path.as_str(),
            content: content(entry)?,
        })
    });
    let message = message(proposal);
    let committed = commit_on_branch(
        &repository.root,
        &mut BranchCommit {
            branch: &proposal.branch,
            base: proposal.base.as_deref(),
            writes: &mut writes,
            removes: &proposal.removed,
            message: &message,
            author: &author,
            time: environment::now(),
            offset_minutes: 0,
        },
    )?;
    let subject = proposal.remote.identity();
    let folder = repository.root.to_string_lossy();
    let by_hand = format!(
        "git -C {} push origin {}",
        shell_words::quote(&folder),
        shell_words::quote(&proposal.branch)
    );
    let branch = &committed.branch;
    if !request.push {
        let text = format!("branch \"{branch}\" is there; --push pushes it, or");
        return Ok(EffectReport::done(subject, text).command(by_hand));
    }
    let url = forge::git_url(&proposal.remote.clone_url())?;
    git()?.push(&repository.root, &url, branch)?;
    let base = proposal.base.as_deref().unwrap_or("main");
    Ok(EffectReport::done(
        subject,
        format!("branch \"{branch}\" is pushed; propose it at"),
    )
    .url(proposal.remote.compare_url(base, branch)))
}

/// What the commit says: the message, and below it what the change is.
fn message(proposal: &Proposal) -> String {
    let mut text = proposal.message.trim_end().to_owned();
    if !proposal.description.trim().is_empty() {
        text.push_str("\n\n");
        text.push_str(proposal.description.trim());
    }
    text.push('\n');
    text
}
