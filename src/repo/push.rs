//! Pushing a branch of a repository.
//!
//! Git runs in data that is made for the push and only borrows the repository's objects. So the
//! repository's own configuration, which somebody else may have written, names no program and no
//! other address.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use git2::{Oid, Reference, Repository as Git};

use super::folder_of_commit::open;
use super::git_program::{GitOutput, run};
use super::layout::GitFolders;
use super::template_clone::make_bare;
use super::{GitProgram, GitProgramError, GitUrl, Layout};

/// What a push did to the branch of the remote repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It was not there, and now is.
    Created,
    /// It was moved forward.
    Updated,
    /// It was there already, with the same commit.
    UpToDate,
}

impl GitProgram {
    /// Pushes a branch under its own name, never by force, and remembers what the remote has now
    /// when it is the `origin` of the repository.
    ///
    /// # Errors
    /// When there is no such branch, or the remote does not take it. A [`GitProgramError`] among
    /// the causes has what Git said.
    pub fn push(&self, root: &Path, url: &GitUrl, branch: &str) -> Result<Pushed> {
        let reference = format!("refs/heads/{branch}");
        if branch.starts_with('-') || !Reference::is_valid_name(&reference) {
            return Err(anyhow!("\"{branch}\" cannot be the name of a branch"));
        }
        let git = open(root)?;
        let commit = git
            .find_reference(&reference)
            .and_then(|found| found.peel_to_commit())
            .map_err(|_| anyhow!("there is no branch \"{branch}\""))?
            .id();
        let layout = Layout::of(root, root);
        let folders = layout.as_ref().and_then(Layout::git);
        let folders = folders.ok_or_else(|| anyhow!("there is no Git repository"))?;
        let data = PushData::make(folders, &reference, commit)
            .context("cannot prepare the push in the repository's Git data")?;
        let mut command = self.command(Some(&data.folder), url);
        command
            .args(["-c", "push.gpgSign=false", "-c", "push.followTags=false"])
            // What is pushed goes where it was meant to go.
            .args(["-c", "http.followRedirects=false"])
            .args([
                "push",
                "--porcelain",
                "--no-recurse-submodules",
                "--no-verify",
            ])
            .args(["--", url.as_str(), &format!("{reference}:{reference}")]);
        let run = run(&mut command)?;
        let pushed = what_happened(&run, &reference)
            .with_context(|| format!("cannot push branch \"{branch}\" to \"{url}\""))?;
        // The push is done, whether it can be noted or not.
        let _ = remember(&git, url, branch, commit);
        Ok(pushed)
    }
}

fn what_happened(run: &GitOutput, reference: &str) -> Result<Pushed, GitProgramError> {
    let of_branch = format!("{reference}:{reference}\t");
    let line = |line: &str| {
        let (flag, rest) = line.split_once('\t')?;
        let summary = rest.strip_prefix(&of_branch)?;
        Some((flag.to_owned(), summary.to_owned()))
    };
    let found = run.output.lines().find_map(line);
    match found
        .as_ref()
        .map(|(flag, summary)| (flag.as_str(), summary))
    {
        Some(("*", _)) if run.is_success => Ok(Pushed::Created),
        Some(("=", _)) if run.is_success => Ok(Pushed::UpToDate),
        Some(_) if run.is_success => Ok(Pushed::Updated),
        Some(("!", summary))
            if summary.contains("non-fast-forward") || summary.contains("fetch first") =>
        {
            Err(GitProgramError {
                message: "the remote branch has commits that this one does not".to_owned(),
                needs_credential: false,
            })
        }
        _ => Err(run.error()),
    }
}

/// Git's data for one push, inside of the repository's, and gone after it.
struct PushData {
    folder: PathBuf,
}

impl PushData {
    fn make(folders: &GitFolders, reference: &str, commit: Oid) -> Result<Self> {
        let folder = folders
            .common
            .join(format!("devportal-push-{}", std::process::id()));
        // What a process of that number left there.
        let _ = std::fs::remove_dir_all(&folder);
        let data = Self { folder };
        make_bare(&data.folder)?;
        let objects = folders.common.join("objects").canonicalize()?;
        let mut line = super::walk::to_bytes(&objects).into_vec();
        line.push(b'\n');
        std::fs::write(data.folder.join("objects/info/alternates"), line)?;
        if let Some(shallow) = super::layout::read_small(&folders.common.join("shallow")) {
            std::fs::write(data.folder.join("shallow"), shallow)?;
        }
        // Opened again, so that the borrowed objects are seen.
        let git = Git::open_bare(&data.folder)?;
        git.reference(reference, commit, true, "")?;
        Ok(data)
    }
}

impl Drop for PushData {
    fn drop(&mut self) {
        // A folder that stays does no harm.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Notes what `origin` has now, and that the branch follows it, as `git push --set-upstream` does.
fn remember(git: &Git, url: &GitUrl, branch: &str, commit: Oid) -> Result<(), git2::Error> {
    let is_origin = git
        .find_remote("origin")
        .is_ok_and(|origin| origin.url().is_ok_and(|origin| origin == url.as_str()));
    if !is_origin {
        return Ok(());
    }
    let name = format!("refs/remotes/origin/{branch}");
    git.reference(&name, commit, true, "update by push")?;
    let mut local = git.find_branch(branch, git2::BranchType::Local)?;
    local.set_upstream(Some(&format!("origin/{branch}")))
}
