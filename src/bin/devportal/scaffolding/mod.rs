//! Running templates from the command line: what `new` and the commands of `template` share.

pub(crate) mod catalog;
pub(crate) mod cloned_template;
pub(crate) mod effects;
pub(crate) mod files;
pub(crate) mod given;
pub(crate) mod locating;
pub(crate) mod plan_page;
pub(crate) mod stack;
pub(crate) mod updating;
pub(crate) mod writing;

use std::path::PathBuf;

use anyhow::{Result, bail};
use devportal::model::Tree;
use devportal::repo;
use devportal::scaffold::lock::{LockedSource, LockedTemplate};
use devportal::scaffold::{Manifest, TargetPath, WorkTree};

use crate::session::Session;
use crate::template_source::{Origin, TemplateSource};
use locating::Locator;

/// The folder that the repositories of the workspace lie in: the workspace, or what is above it
/// when it is a repository itself.
pub(crate) fn folder_beside(session: &Session) -> Result<PathBuf> {
    let workspace = session.workspace()?;
    let is_repository = workspace.root.join(".git").symlink_metadata().is_ok();
    Ok(match workspace.root.parent() {
        Some(above) if is_repository => above.to_path_buf(),
        _ => workspace.root.clone(),
    })
}

/// The name of the entity that a repository declares first.
pub(crate) fn entity_name(tree: &WorkTree) -> Option<String> {
    let path = TargetPath::new("catalog-info.yaml").ok()?;
    let documents = devportal::yaml::parse(tree.text(&path).ok()?);
    let root = documents.first()?.tree.as_ref().and_then(Tree::root)?;
    let name = root.get("metadata")?.str_at("name")?;
    Some(name.to_owned())
}

/// `NAME=VALUE`, taken apart.
pub(crate) fn assignments(set: &[String]) -> Result<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    for assignment in set {
        let Some((name, value)) = assignment.split_once('=') else {
            bail!("--set takes NAME=VALUE, but is \"{assignment}\"");
        };
        pairs.push((name.trim().to_owned(), value.to_owned()));
    }
    Ok(pairs)
}

/// What a lock says of a template.
pub(crate) fn locked_template(
    source: &TemplateSource,
    manifest: &Manifest,
    locator: &Locator,
) -> LockedTemplate {
    let mut locked = LockedTemplate {
        name: manifest.name.clone(),
        source: LockedSource::Binary,
        repository: None,
        path: None,
        commit: None,
        version: None,
        modified: false,
    };
    let Origin::Folder {
        root,
        folder,
        identity,
        commit,
    } = &source.origin
    else {
        locked.version = Some(env!("CARGO_PKG_VERSION").to_owned());
        return locked;
    };
    locked.source = if source.is_fetched {
        LockedSource::Git
    } else {
        LockedSource::Folder
    };
    let is_repository = commit.is_some() || root.join(".git").symlink_metadata().is_ok();
    if !is_repository {
        return locked;
    }
    locked.repository = identity.clone().or_else(|| locator.identity_of(root));
    locked.path = Some(source.file.path_in_repository().to_owned());
    locked.commit.clone_from(commit);
    if locked.commit.is_none()
        && let Some(head) = repo::head_of(root, folder)
    {
        locked.commit = Some(head.commit);
        locked.modified = head.is_modified;
    }
    locked
}
