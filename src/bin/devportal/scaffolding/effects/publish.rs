//! `publish:HOST`: the remote repository, and the first push to it.

use anyhow::{Context, Result, anyhow};
use devportal::scaffold::Publication;

use super::forge::{self, Forge};
use super::{EffectReport, EffectRequest, git};
use crate::scaffolding::writing::WrittenRepository;

/// Makes the remote repository where it is missing, and pushes to it.
pub(super) fn publish(
    publication: &Publication,
    written: &WrittenRepository,
    request: &EffectRequest<'_>,
) -> EffectReport {
    if written.commit.is_none() {
        let error = anyhow!("not pushed, because there is no commit");
        return EffectReport::failed(&error);
    }
    let folder = written.destination.to_string_lossy();
    let by_hand = format!(
        "git -C {} push --set-upstream origin {}",
        shell_words::quote(&folder),
        shell_words::quote(&publication.branch)
    );
    let host = &publication.remote.host;
    if !forge::has_api(&publication.remote, request.settings) {
        let message = format!(
            "not pushed: no repository can be made on {host} from here; make it there, and push"
        );
        return EffectReport::waits(message).command(by_hand);
    }
    if !request.push {
        let message = "not pushed; --push makes it there and pushes, or push it yourself";
        return EffectReport::waits(message).command(by_hand);
    }
    make_and_push(publication, written, request)
        .unwrap_or_else(|error| EffectReport::failed(&error.context("not pushed")))
}

fn make_and_push(
    publication: &Publication,
    written: &WrittenRepository,
    request: &EffectRequest<'_>,
) -> Result<EffectReport> {
    let git = git()?;
    let forge = Forge::of(&publication.remote, request.settings)?;
    let forge = forge.context("its forge has no API that is known here")?;
    let made = forge.ensure(publication)?;
    let url = forge::git_url(&made.clone_url)?;
    let git = forge.for_git(git);
    git.push(&written.destination, &url, &publication.branch)?;
    forge.show_branch(publication)?;
    let word = if made.is_new {
        "made and pushed"
    } else {
        "pushed"
    };
    Ok(EffectReport::done(word).url(made.web_url))
}
