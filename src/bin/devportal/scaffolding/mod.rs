//! Running templates from the command line: what `new` and the commands of `template` share.

pub(crate) mod catalog;
pub(crate) mod effects;
pub(crate) mod files;
pub(crate) mod locating;
pub(crate) mod plan_page;
pub(crate) mod stack;
pub(crate) mod writing;

use std::path::PathBuf;

use anyhow::Result;
use devportal::model::Tree;
use devportal::scaffold::{TargetPath, WorkTree};

use crate::session::Session;

/// The folder that the repositories of the workspace lie in: the workspace, or what is above it
/// when it is a repository itself.
pub(crate) fn folder_beside(session: &Session) -> Result<PathBuf> {
    let workspace = session.workspace()?;
    let is_repository = workspace.root.join(".git").symlink_metadata().is_ok();
    Ok(match workspace.root.parent() {
        Some(above) if is_repository => above.to_path_buf(),
        _ => workspace.root,
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
