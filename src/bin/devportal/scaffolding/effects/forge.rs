//! The REST APIs of forges, with the user's addresses and tokens.

use anyhow::Result;
use devportal::config::UserSettings;
use devportal::repo::GitUrl;
use devportal::scaffold::{CiRun, Publication, RemoteRepository};

/// A forge that can be asked.
pub(super) struct Forge;

/// A remote repository that is there.
pub(super) struct Ensured {
    pub(super) clone_url: String,
    pub(super) is_new: bool,
}

impl Forge {
    pub(super) fn of(_: &RemoteRepository, _: &UserSettings) -> Result<Option<Self>> {
        Ok(None)
    }
    pub(super) fn ensure(&self, publication: &Publication) -> Result<Ensured> {
        Ok(Ensured {
            clone_url: publication.remote.clone_url(),
            is_new: false,
        })
    }
    pub(super) fn dispatch(&self, _: &CiRun) -> Result<()> {
        Ok(())
    }
}

pub(super) fn needs_credential(_: &(dyn std::error::Error + 'static)) -> bool {
    false
}

/// The address that a repository is pushed to.
pub(super) fn git_url(clone_url: &str, _: &UserSettings) -> Result<GitUrl> {
    GitUrl::parse(clone_url, false).map_err(|reason| anyhow::anyhow!("\"{clone_url}\" {reason}"))
}
