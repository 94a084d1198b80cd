//! Templates of repositories that are named by a Git URL.

use anyhow::{Result, anyhow};
use devportal::repo::{GitProgram, GitRevision, GitUrl};

use super::locating::{cache_folder, page};
use crate::environment;
use crate::template_source::TemplateSource;

const TEMPLATE_FILE: &str = "template.yaml";

/// Fetches the template that a URL names: of a repository, whose root has it, or of a folder or
/// file as the pages of its forge show them (`…/tree/main/templates/service`).
///
/// # Errors
/// When the URL is none that may be fetched, or there is no template.
pub(crate) fn template(
    url: &str,
    revision: Option<&str>,
    allows_local: bool,
) -> Result<TemplateSource> {
    let page = if allows_local && url.starts_with("file:") {
        None
    } else {
        page(url).map_err(|reason| anyhow!("cannot fetch the template: {reason}"))?
    };
    let page = page.filter(|page| !page.path.is_empty());
    let (clone, shown, path) = match page {
        Some(page) => (
            format!("https://{}.git", page.identity),
            page.revision,
            file_of(&page.path),
        ),
        None => (url.to_owned(), None, TEMPLATE_FILE.to_owned()),
    };
    let revision = revision.map(str::to_owned).or(shown);
    let url = GitUrl::parse(&clone, allows_local)
        .map_err(|reason| anyhow!("cannot fetch the template: {reason}"))?;
    let revision = revision.as_deref().map(GitRevision::parse).transpose();
    let revision = revision.map_err(|reason| anyhow!("{reason}"))?;
    let git = GitProgram::find(&environment::search_path())
        .ok_or_else(|| anyhow!("there is no program \"git\" to fetch the template with"))?;
    let folder = cache_folder(&url)?;
    let commit = git.clone_at(&url, revision.as_ref(), &folder)?;
    let source = TemplateSource::in_repository(&folder, &url.identity(), &path, Some(&commit))?;
    Ok(TemplateSource {
        is_fetched: true,
        ..source
    })
}

/// The file of a template that a path names.
fn file_of(path: &str) -> String {
    let path = path.trim_end_matches('/');
    let is_file = [".yaml", ".yml"].iter().any(|end| path.ends_with(end));
    if is_file {
        path.to_owned()
    } else {
        format!("{path}/{TEMPLATE_FILE}")
    }
}
