//! `devportal template update`: what the template changed since, merged into a repository.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use devportal::repo;
use devportal::scaffold::lock::LOCK_PATH;
use devportal::scaffold::update::{FileChange, FileUpdate};
use devportal::view::{Block, Role, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::scaffolding::updating::{Outdated, locked_in};
use crate::session::Session;

/// Options of `template update`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The repositories to update; the current folder unless some are named
    #[arg(value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Update every repository of the workspace that was made from a template
    #[arg(long, conflicts_with = "folders")]
    all: bool,
    /// Answer a question that the template did not ask before
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Print the patch, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Let templates be fetched by Git
    #[arg(long)]
    fetch: bool,
}

/// What was done, for machines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    schema: &'static str,
    dry_run: bool,
    repositories: &'a [Updated],
}

/// An update of a repository.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Updated {
    repository: String,
    template: String,
    /// Files of which it is not known what the template made before: every difference is a
    /// conflict.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    two_sided: Vec<String>,
    files: Vec<UpdatedFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    patch: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Serialize)]
struct UpdatedFile {
    path: String,
    change: FileChange,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(&["human", "json", "markdown"])?;
    let set = crate::scaffolding::assignments(&args.set)?;
    let folders = match (args.all, args.folders.as_slice()) {
        (false, []) => vec![PathBuf::from(".")],
        (_, folders) => folders.to_vec(),
    };
    let updated = locked_in(
        session,
        &folders,
        args.fetch,
        &set,
        |repository, standing, outdated| {
            let mut updated = Updated {
                repository: repository.shown_folder().to_owned(),
                template: standing.map_or_else(String::new, |it| it.then.name.clone()),
                two_sided: Vec::new(),
                files: Vec::new(),
                patch: None,
                error: None,
            };
            let root = &repository.root;
            let done = outdated.and_then(|outdated| update(args, root, &outdated, &mut updated));
            updated.error = done.err().map(|error| format!("{error:#}"));
            updated
        },
    )?;
    if updated.is_empty() {
        bail!("no repository there was made from a template: {LOCK_PATH} is missing");
    }
    if format == "json" {
        session.write_json(&Record {
            schema: "devportal.template-update/v1",
            dry_run: args.dry_run,
            repositories: &updated,
        })?;
    } else if args.dry_run {
        write_patches(session, &updated)?;
    } else {
        session.write_view(&page(&updated), format)?;
    }
    for failed in updated.iter().filter(|it| it.error.is_some()) {
        let error = failed.error.as_deref().unwrap_or_default();
        session.hint(&format!("{}: {error}", failed.repository));
    }
    let needs_look =
        |file: &UpdatedFile| matches!(file.change, FileChange::Conflict | FileChange::Kept);
    Ok(if updated.iter().any(|it| it.error.is_some()) {
        Outcome::Failure
    } else if updated.iter().flat_map(|it| &it.files).any(needs_look) {
        Outcome::Findings
    } else {
        Outcome::Fine
    })
}

/// Brings one repository up to date, or says how that would look.
fn update(args: &Args, root: &Path, outdated: &Outdated, updated: &mut Updated) -> Result<()> {
    updated.two_sided.clone_from(&outdated.two_sided);
    let files = outdated.update.files.iter();
    updated.files = files
        .map(|file| UpdatedFile {
            path: file.path.to_string(),
            change: file.change,
        })
        .collect();
    if args.dry_run {
        let patch = outdated.update.patch()?;
        updated.patch = Some(String::from_utf8_lossy(&patch).into_owned());
        return Ok(());
    }
    if !repo::is_clean(root)? {
        updated.files.clear();
        bail!("it has changes that are not committed: commit or stash them first");
    }
    if outdated.update.files.is_empty() && outdated.lock == outdated.old_lock {
        return Ok(());
    }
    let with_lock = outdated.with_lock()?;
    refuse_untracked(root, with_lock.written())?;
    with_lock.write(root)
}

/// A file that Git does not know cannot be brought back, so it is not written over.
fn refuse_untracked<'a>(root: &Path, files: impl Iterator<Item = &'a FileUpdate>) -> Result<()> {
    let there = files.filter(|file| file.old.is_some());
    let paths: Vec<&str> = there.map(|file| file.path.as_str()).collect();
    let untracked = repo::untracked(root, &paths)?;
    if untracked.is_empty() {
        return Ok(());
    }
    bail!(
        "these files would be written over, and Git does not know them: {}",
        untracked.join(", ")
    )
}

fn write_patches(session: &mut Session, updated: &[Updated]) -> Result<()> {
    let mut view = View::new();
    for update in updated {
        if updated.len() > 1 {
            view.push(Block::Heading(update.repository.clone().into()));
        }
        if let Some(patch) = update.patch.as_ref().filter(|patch| !patch.is_empty()) {
            view.push(Block::Verbatim(patch.clone()));
        }
        for file in update
            .files
            .iter()
            .filter(|it| it.change == FileChange::Kept)
        {
            session.hint(&format!("\"{}\" would stay as it is here", file.path));
        }
    }
    session.write_view(&view, "human")
}

fn page(updated: &[Updated]) -> View {
    let mut view = View::new();
    for update in updated {
        let mut title = Text::new(&update.repository, Role::Name);
        if !update.template.is_empty() {
            title = title.then(format!(" from template {}", update.template), Role::Plain);
        }
        view.push(Block::Heading(title));
        if update.error.is_some() {
            view.push(Block::Paragraph("not updated".into()));
            continue;
        }
        if update.files.is_empty() {
            view.push(Block::Paragraph("is up to date".into()));
            continue;
        }
        if !update.two_sided.is_empty() {
            let files = update.two_sided.join(", ");
            let text = format!(
                "What the template made before is not known of {files}: every difference is a conflict."
            );
            view.push(Block::Paragraph(text.into()));
        }
        let rows = update.files.iter().map(|file| {
            let (word, role) = told(file.change);
            (file.path.clone(), Text::new(word, role))
        });
        view.push(Block::KeyValues(rows.collect()));
    }
    view
}

fn told(change: FileChange) -> (&'static str, Role) {
    use devportal::diagnostic::Severity::Warning;
    match change {
        FileChange::Added => ("added", Role::Good),
        FileChange::Changed => ("changed", Role::Good),
        FileChange::Merged => ("merged with what was done here", Role::Good),
        FileChange::Removed => ("removed", Role::Good),
        FileChange::Conflict => ("has conflicts: look for <<<<<<<", Role::Bad(Warning)),
        FileChange::Kept => (
            "changed or removed here and in the template: stays as it is",
            Role::Bad(Warning),
        ),
    }
}
