//! `devportal template status`: which template each repository came from, and how far behind it
//! is.

use std::path::PathBuf;

use anyhow::Result;
use devportal::repo::Repository;
use devportal::scaffold::lock::LockedTemplate;
use devportal::scaffold::update::FileChange;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::listing::{LISTING_FORMATS, Listing};
use crate::scaffolding::updating::{Outdated, Standing, locked_in};
use crate::session::Session;

/// Options of `template status`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The repositories to look at; all of the workspace unless some are named
    #[arg(value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Let templates be fetched by Git
    #[arg(long)]
    fetch: bool,
}

/// A repository and its template.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    repository: String,
    template: String,
    source: String,
    /// The commit or version that the repository has.
    from: Option<String>,
    /// The commit or version that there is.
    now: Option<String>,
    /// Commits of the template since, where they can be counted.
    behind: Option<usize>,
    status: Status,
    /// Files that an update would change.
    changes: usize,
    /// Files that somebody would have to look at.
    conflicts: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// How a repository stands to its template.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Status {
    UpToDate,
    Outdated,
    Unknown,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(LISTING_FORMATS)?;
    let rows = locked_in(session, &args.folders, args.fetch, &[], row)?;
    if rows.is_empty() {
        session.hint(
            "no repository here was made from a template (none has .devportal/template.lock.yaml)",
        );
        return Ok(Outcome::Findings);
    }
    let is_known = rows.iter().all(|row| row.status != Status::Unknown);
    let is_current = rows.iter().all(|row| row.status == Status::UpToDate);
    for row in &rows {
        if let Some(reason) = &row.reason {
            session.hint(&format!("{}: {reason}", row.repository));
        }
    }
    session.write_listing(
        format,
        Listing {
            schema: "devportal.template-status/v1",
            name: "repositories",
            complete: is_known,
            rows: rows.iter(),
            view: || view(&rows),
        },
    )?;
    Ok(match (is_known, is_current) {
        (false, _) => Outcome::Incomplete,
        (true, true) => Outcome::Fine,
        (true, false) => Outcome::Findings,
    })
}

fn row(repository: &Repository, standing: Option<&Standing>, outdated: Result<Outdated>) -> Row {
    let revision = |it: &LockedTemplate| it.commit.clone().or_else(|| it.version.clone());
    let template = standing.map(|it| &it.then);
    let mut row = Row {
        repository: repository.shown_folder().to_owned(),
        template: template.map_or_else(String::new, |it| it.name.clone()),
        source: template.map_or_else(String::new, |it| {
            let repository = it.repository.clone();
            repository.unwrap_or_else(|| "devportal".to_owned())
        }),
        from: template.and_then(revision),
        now: standing.and_then(|it| it.now.as_ref()).and_then(revision),
        behind: standing.and_then(|it| it.behind),
        status: Status::Unknown,
        changes: 0,
        conflicts: 0,
        reason: None,
    };
    match outdated {
        Ok(outdated) => {
            row.changes = outdated.update.files.len();
            let needs_look = |change| matches!(change, FileChange::Conflict | FileChange::Kept);
            let files = outdated.update.files.iter();
            row.conflicts = files.filter(|file| needs_look(file.change)).count();
            row.status = if outdated.update.files.is_empty() {
                Status::UpToDate
            } else {
                Status::Outdated
            };
        }
        Err(error) => row.reason = Some(format!("{error:#}")),
    }
    row
}

fn view(rows: &[Row]) -> View {
    let mut view = View::new();
    let short = |revision: &Option<String>| {
        let revision = revision.as_deref().unwrap_or("");
        revision.chars().take(10).collect::<String>()
    };
    let cells = rows.iter().map(|row| {
        let (word, role) = match row.status {
            Status::UpToDate => ("up to date", Role::Good),
            Status::Outdated => (
                "outdated",
                Role::Bad(devportal::diagnostic::Severity::Warning),
            ),
            Status::Unknown => ("unknown", Role::Faint),
        };
        vec![
            Text::new(&row.repository, Role::Name),
            Text::plain(&row.template),
            Text::new(short(&row.from), Role::Faint),
            Text::new(short(&row.now), Role::Faint),
            Text::plain(
                row.behind
                    .map_or_else(String::new, |behind| behind.to_string()),
            ),
            Text::new(word, role),
            Text::plain(row.changes.to_string()),
            Text::plain(row.conflicts.to_string()),
        ]
    });
    view.push(Block::Table(Table {
        columns: vec![
            Column::fixed("repository"),
            Column::flexible("template"),
            Column::fixed("from"),
            Column::fixed("now"),
            Column::numeric("behind"),
            Column::fixed("status"),
            Column::numeric("changes"),
            Column::numeric("conflicts"),
        ],
        rows: cells.collect(),
    }));
    view
}
