//! `catalog:register`: nothing where the new repository lies in the workspace, else a Location in
//! the catalog repository.

use std::path::Path;

use anyhow::{Context, Result};
use devportal::model::{ForgeKind, Forges, RepositoryUrl};
use devportal::repo::{
    BranchCommit, CommittedContent, CommittedFile, Repository, commit_on_branch,
};
use devportal::scaffold::{Plan, Registration, RemoteRepository};

use super::propose::Branch;
use super::{EffectReport, EffectRequest};
use crate::environment;
use crate::scaffolding::writing::{WrittenRepository, identity};
use crate::session::Session;

/// Lets the catalog know a descriptor.
pub(super) fn register(
    session: &mut Session,
    registration: &Registration,
    plan: &Plan,
    made: &[WrittenRepository],
    request: &EffectRequest<'_>,
) -> Result<EffectReport> {
    let forges = forges(request);
    let parsed = forges.parse(&registration.url);
    if let Some(folder) = new_folder(registration, parsed.as_ref(), plan, made) {
        if request.locator.sees(folder) {
            return Ok(EffectReport::done(
                "known, because the new repository lies in the workspace",
            ));
        }
    } else if parsed
        .as_ref()
        .is_some_and(|it| request.locator.find(&it.identity).is_some())
    {
        return Ok(EffectReport::done(
            "known, because its repository lies in the workspace",
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
            "not registered: it lies outside of the workspace, and no catalog repository is in sight",
        ));
    };
    let added = add_location(catalog, registration, parsed.as_ref()).and_then(|branch| {
        let what = format!(
            "branch \"{branch}\" of {} with a Location of it",
            catalog.identity
        );
        offer(catalog, &branch, &what, &forges, request)
    });
    Ok(added.unwrap_or_else(|error| EffectReport::failed(&error)))
}

/// What runs on which host, as far as the user says it.
fn forges(request: &EffectRequest<'_>) -> Forges {
    let mut forges = Forges::default();
    for (host, forge) in &request.settings.forges {
        if let Some(kind) = &forge.kind {
            forges.insert(host, kind.value);
        }
    }
    forges
}

/// The folder of the new repository that a descriptor is in, when it is in one.
fn new_folder<'a>(
    registration: &Registration,
    parsed: Option<&RepositoryUrl>,
    plan: &Plan,
    made: &'a [WrittenRepository],
) -> Option<&'a Path> {
    let mut pairs = plan.repositories.iter().zip(made);
    let found = pairs.find(|(planned, _)| match &planned.publication {
        Some(publication) => {
            let remote = &publication.remote;
            let contents = remote.contents_url(&publication.branch);
            registration.url.starts_with(&contents)
                || parsed.is_some_and(|it| it.identity.eq_ignore_ascii_case(&remote.identity()))
        }
        // Where the template publishes nothing, the files are those that it means.
        None => true,
    });
    found.map(|(_, written)| written.destination.as_path())
}

/// Has the branch pushed where its repository has a remote and that was asked for.
fn offer(
    catalog: &Repository,
    branch: &str,
    what: &str,
    forges: &Forges,
    request: &EffectRequest<'_>,
) -> Result<EffectReport> {
    let kind = |identity: &str| -> ForgeKind {
        forges.kind(identity.split('/').next().unwrap_or_default())
    };
    let remote = catalog.remote.as_deref();
    let remote = remote.and_then(|it| RemoteRepository::of_identity(it, kind(it)));
    let Some(remote) = remote else {
        let folder = catalog.root.to_string_lossy();
        let command = format!(
            "git -C {} merge {}",
            shell_words::quote(&folder),
            shell_words::quote(branch)
        );
        return Ok(EffectReport::waits(format!("{what} is made; merge it")).command(command));
    };
    let branch = Branch {
        repository: catalog,
        remote: &remote,
        name: branch,
        base: None,
    };
    branch.offer(request, what)
}

/// Commits a Location on a branch of the catalog repository. Returns the branch.
fn add_location(
    catalog: &Repository,
    registration: &Registration,
    parsed: Option<&RepositoryUrl>,
) -> Result<String> {
    let author = identity(None, None).context("Git does not know who you are")?;
    let name = location_name(registration, parsed);
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

/// A name of the catalog's, made of what the URL names: the repository without its host, and the
/// folder in it.
fn location_name(registration: &Registration, parsed: Option<&RepositoryUrl>) -> String {
    const LONGEST: usize = 63;
    let named = parsed.map(|parsed| {
        let repository = parsed.identity.split_once('/').map_or("", |(_, path)| path);
        let folder = parsed
            .path
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        format!("{repository}/{folder}")
    });
    let url = registration.url.as_str();
    let named = named.unwrap_or_else(|| url.split("://").last().unwrap_or(url).to_owned());
    let words = named.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let name: String = words.join("-").chars().take(LONGEST).collect();
    name.trim_end_matches('-').to_owned()
}
