//! Clones of templates, kept in a folder of their own: bare, shallow where the server allows it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use git2::{ErrorCode, Oid, Repository as Git, RepositoryInitOptions};

use super::git_program::run;
use super::{GitProgram, GitRevision, GitUrl};

/// Where a clone keeps what it fetched, so that nothing calls it garbage.
const KEPT: &str = "refs/devportal/commits";

impl GitProgram {
    /// Fetches a revision (the default branch where none is said) into a bare repository at
    /// `into`, which is made where it is missing, and returns the commit. A commit that is there
    /// already is not fetched again. What is read of it later is verified: an object's id is the
    /// hash of its content.
    ///
    /// # Errors
    /// When the revision is not there, Git cannot fetch, or `into` is something else. A
    /// [`GitProgramError`](super::GitProgramError) among the causes has what Git said.
    pub fn clone_at(
        &self,
        url: &GitUrl,
        revision: Option<&GitRevision>,
        into: &Path,
    ) -> Result<String> {
        let git = open_or_make(into)?;
        if let Some(commit) = revision.filter(|revision| revision.is_commit())
            && let Ok(id) = Oid::from_str(commit.as_str())
            && git.find_reference(&format!("{KEPT}/{id}")).is_ok()
            && git.find_commit(id).is_ok()
        {
            return Ok(id.to_string());
        }
        let fetched = self
            .fetch(&git, url, revision, into)
            .with_context(|| format!("cannot fetch the template from \"{url}\""))?;
        let commit = fetched.to_string();
        git.reference(&format!("{KEPT}/{commit}"), fetched, true, "")
            .with_context(|| format!("cannot write to \"{}\"", into.display()))?;
        Ok(commit)
    }

    fn fetch(
        &self,
        git: &Git,
        url: &GitUrl,
        revision: Option<&GitRevision>,
        data: &Path,
    ) -> Result<Oid> {
        // Each process has a name of its own, so that two at once do not take the other's.
        let temporary = format!("refs/devportal/fetching/{}", std::process::id());
        let name = revision.map_or("HEAD", GitRevision::as_str);
        let fetch = |depth: Option<&str>, references: &[&str]| {
            let mut command = self.command(Some(data), url);
            command
                .args(["fetch", "--quiet", "--no-tags", "--no-recurse-submodules"])
                .args(["--no-write-fetch-head", "--no-auto-maintenance", "--force"])
                .args(depth)
                .args(["--", url.as_str()])
                .args(references);
            run(&mut command)
        };
        let one = [format!("{name}:{temporary}")];
        let one = one.each_ref().map(String::as_str);
        let mut fetched = fetch(Some("--depth=1"), &one)?;
        // A server that only hands out files knows no depth.
        if fetched.messages.contains("does not support shallow") {
            fetched = fetch(None, &one)?;
        }
        let one = fetched;
        if one.is_success {
            let found = git.find_reference(&temporary);
            let mut found = found.context("git fetched nothing")?;
            let commit = found.peel_to_commit().map(|commit| commit.id());
            // It has done its work, whether it can be taken away or not.
            let _ = found.delete();
            return commit.map_err(|_| anyhow!("\"{name}\" is not a commit"));
        }
        // Not every server gives a commit by its id: then all branches and tags are fetched.
        let short = revision.filter(|revision| revision.may_be_short_commit());
        let Some(short) = short.filter(|_| !one.error().needs_credential) else {
            return Err(one.error().into());
        };
        let depth = git.is_shallow().then_some("--unshallow");
        let references = ["refs/heads/*", "refs/tags/*"];
        let references =
            references.map(|from| format!("+{from}:refs/devportal/all/{}", &from[5..]));
        let all = fetch(depth, &references.each_ref().map(String::as_str))?;
        if !all.is_success {
            return Err(all.error().into());
        }
        match git.find_commit_by_prefix(short.as_str()) {
            Ok(commit) => Ok(commit.id()),
            Err(error) if error.code() == ErrorCode::Ambiguous => {
                bail!("\"{short}\" is the beginning of several commits")
            }
            Err(_) => bail!("there is no branch, tag or commit \"{short}\""),
        }
    }
}

/// The bare repository at a path, made whole or not at all.
fn open_or_make(path: &Path) -> Result<Git> {
    let shown = path.display();
    if path.symlink_metadata().is_err() {
        let parent = path.parent().unwrap_or(path);
        std::fs::create_dir_all(parent)
            .with_context(|| format!("cannot make the folder \"{}\"", parent.display()))?;
        let unfinished = unfinished(path);
        // What an earlier run left there.
        let _ = std::fs::remove_dir_all(&unfinished);
        make_bare(&unfinished).with_context(|| format!("cannot make \"{shown}\""))?;
        if std::fs::rename(&unfinished, path).is_err() {
            // Another process was faster.
            let _ = std::fs::remove_dir_all(&unfinished);
        }
    }
    let git = Git::open_bare(path);
    git.with_context(|| format!("\"{shown}\" is not a clone: remove it, and it is made again"))
}

fn unfinished(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}", std::process::id()))
}

/// Makes a bare repository without a template of the user.
pub(super) fn make_bare(path: &Path) -> Result<Git, git2::Error> {
    let mut options = RepositoryInitOptions::new();
    options
        .bare(true)
        .external_template(false)
        .no_reinit(true)
        .mkdir(true);
    Git::init_opts(path, &options)
}
