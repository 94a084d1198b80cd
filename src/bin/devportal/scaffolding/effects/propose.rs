//! `publish:*:pull-request`: a branch with one commit in a clone of the repository.

use anyhow::{Context, Result, anyhow};
use devportal::repo::{self, BranchCommit, CommittedFile, Repository, commit_on_branch};
use devportal::scaffold::{Proposal, RemoteRepository};

use super::{EffectReport, EffectRequest, forge};
use crate::environment;
use crate::scaffolding::locating::Locator;
use crate::scaffolding::writing::{content, identity};

/// A branch of a clone that waits to be pushed.
pub(super) struct Branch<'a> {
    pub(super) repository: &'a Repository,
    /// Where the clone belongs.
    pub(super) remote: &'a RemoteRepository,
    pub(super) name: &'a str,
    /// The branch that it is for; the default branch where none is named.
    pub(super) base: Option<&'a str>,
}

/// Makes the branch, and pushes it where that was asked for.
pub(super) fn propose(proposal: &Proposal, request: &EffectRequest<'_>) -> EffectReport {
    let Some(repository) = clone_of(&proposal.remote, request.locator) else {
        let error = anyhow!("it is not in the workspace: clone it, and run this again");
        return EffectReport::failed(&error)
            .command(format!("git clone {}", proposal.remote.clone_url()));
    };
    let proposed = commit(proposal, repository).and_then(|branch| {
        let branch = Branch {
            repository,
            remote: &proposal.remote,
            name: &branch,
            base: proposal.base.as_deref(),
        };
        branch.offer(request, &format!("branch \"{}\"", branch.name))
    });
    proposed.unwrap_or_else(|error| EffectReport::failed(&error))
}

/// The clone of a repository in the workspace. Its remote may be written as the forge has it in
/// its URLs, which is not always as templates write it.
pub(super) fn clone_of<'a>(
    remote: &RemoteRepository,
    locator: &'a Locator,
) -> Option<&'a Repository> {
    let by_url = || repo::normalize_remote(&remote.clone_url());
    locator
        .find(&remote.identity())
        .or_else(|| locator.find(&by_url()?))
}

impl Branch<'_> {
    /// Pushes the branch where that was asked for, and says where to propose it.
    pub(super) fn offer(&self, request: &EffectRequest<'_>, what: &str) -> Result<EffectReport> {
        let page = self.remote.compare_url(self.base, self.name);
        if !request.push {
            return Ok(
                EffectReport::waits(format!("{what} is made; --push pushes it"))
                    .command(self.push_by_hand()),
            );
        }
        let url = forge::git_url(&self.remote.clone_url())?;
        let git = forge::git_for(self.remote, request.settings)?;
        Ok(match git.push(&self.repository.root, &url, self.name) {
            Ok(_) => EffectReport::done(format!("{what} is pushed; propose it there")).url(page),
            Err(error) => {
                let error = error.context(format!("{what} is made and not pushed"));
                EffectReport::failed(&error).command(self.push_by_hand())
            }
        })
    }

    fn push_by_hand(&self) -> String {
        let folder = self.repository.root.to_string_lossy();
        format!(
            "git -C {} push origin {}",
            shell_words::quote(&folder),
            shell_words::quote(self.name)
        )
    }
}

/// Commits the change on its branch. Returns the branch.
fn commit(proposal: &Proposal, repository: &Repository) -> Result<String> {
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
    Ok(committed.branch)
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
