//! `publish:HOST`: the remote repository, and the first push to it.

use anyhow::Result;
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
    let subject = publication.remote.identity();
    let folder = written.destination.to_string_lossy().into_owned();
    let push_by_hand = format!(
        "git -C {} push --set-upstream origin {}",
        shell_words::quote(&folder),
        shell_words::quote(&publication.branch)
    );
    if !request.push {
        return EffectReport::waits(subject, "not pushed; --push does it, or")
            .command(push_by_hand);
    }
    if written.commit.is_none() {
        return EffectReport::waits(subject, "not pushed, because there is no commit")
            .command(push_by_hand);
    }
    match make_and_push(publication, written, request) {
        Ok(Pushed::All(message, url)) => EffectReport::done(subject, message).url(url),
        Ok(Pushed::ByHand(message)) => EffectReport::waits(subject, message).command(push_by_hand),
        Err(error) => EffectReport::failed(subject, &error).command(push_by_hand),
    }
}

enum Pushed {
    All(String, String),
    ByHand(String),
}

fn make_and_push(
    publication: &Publication,
    written: &WrittenRepository,
    request: &EffectRequest<'_>,
) -> Result<Pushed> {
    let git = git()?;
    let Some(forge) = Forge::of(&publication.remote, request.settings)? else {
        let message = format!(
            "devportal cannot make repositories on {}; make it there, and then",
            publication.remote.host
        );
        return Ok(Pushed::ByHand(message));
    };
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
    Ok(Pushed::All(word.to_owned(), made.web_url))
}
