//! `catalog:register`: nothing where the new repository lies in the workspace, else a Location in
//! the catalog repository.

use anyhow::{Context, Result};
use devportal::repo::{
    BranchCommit, CommittedContent, CommittedFile, Repository, commit_on_branch,
};
use devportal::scaffold::Registration;

use super::{EffectReport, EffectRequest};
use crate::environment;
use crate::scaffolding::writing::{WrittenRepository, identity};
use crate::session::Session;

/// Lets the catalog know a descriptor.
pub(super) fn register(
    session: &mut Session,
    registration: &Registration,
    made: &[WrittenRepository],
    _: &EffectRequest<'_>,
) -> Result<EffectReport> {
    const SUBJECT: &str = "catalog";
    let workspace = session.workspace()?;
    let is_inside = made
        .iter()
        .any(|written| written.destination.starts_with(&workspace.root));
    if is_inside {
        return Ok(EffectReport::done(
            SUBJECT,
            "the new repository lies in the workspace, so it is known",
        ));
    }
    let scan = session.scan()?;
    let catalog = scan.config.catalog_repository();
    let catalog = catalog.and_then(|identity| {
        let mut repositories = scan.repositories.iter();
        repositories.find(|repository| *repository.identity == *identity)
    });
    let Some(catalog) = catalog else {
        return Ok(EffectReport::waits(
            SUBJECT,
            format!(
                "no catalog repository is in sight, so nobody was told of {}",
                registration.url
            ),
        ));
    };
    Ok(match add_location(catalog, registration) {
        Ok(branch) => EffectReport::done(
            SUBJECT,
            format!(
                "branch \"{branch}\" of {} has a Location of it",
                catalog.identity
            ),
        ),
        Err(error) => EffectReport::failed(SUBJECT, &error),
    })
}

/// Commits a Location on a branch of the catalog repository. Returns the branch.
fn add_location(catalog: &Repository, registration: &Registration) -> Result<String> {
    let author = identity(None, None).context("Git does not know who you are")?;
    let name = location_name(&registration.url);
    let (branch, path) = (
        format!("register-{name}"),
        format!("locations/{name}/catalog-info.yaml"),
    );
    // A text of JSON is one of YAML, whatever is in it.
    let target = serde_json::to_string(&registration.url)?;
    let text = format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: {name}\nspec:\n  type: url\n  target: {target}\n"
    );
    let mut writes = std::iter::once(CommittedFile {
        path: &path,
        content: CommittedContent::File {
            bytes: text.as_bytes(),
            executable: false,
        },
    });
    let committed = commit_on_branch(
        &catalog.root,
        &mut BranchCommit {
            branch: &branch,
            base: None,
            writes: &mut writes,
            removes: &[],
            message: &format!("Register {}\n", registration.url),
            author: &author,
            time: environment::now(),
            offset_minutes: 0,
        },
    )?;
    Ok(committed.branch)
}

/// A name of the catalog's, made of a URL: owner and name of its repository where it has them.
fn location_name(url: &str) -> String {
    const LONGEST: usize = 63;
    let path = url.split("://").last().unwrap_or(url);
    let mut parts = path.split('/').skip(1).take(2);
    let (owner, name) = (parts.next().unwrap_or("x"), parts.next().unwrap_or("x"));
    let plain: String = format!("{owner}-{name}")
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .take(LONGEST)
        .collect();
    plain.trim_matches('-').to_owned()
}
