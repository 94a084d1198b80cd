//! `devportal config`: what holds, and where it comes from.

use anyhow::Result;
use devportal::config::Entry;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::session::Session;

/// Options of `config`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, clap::Subcommand)]
enum ConfigCommand {
    /// Show what is set, in the workspace and in its repositories
    Show {
        /// Say for each value where it comes from
        #[arg(long)]
        origin: bool,
    },
}

#[derive(Serialize)]
struct Shown {
    schema: &'static str,
    workspace: String,
    settings: Vec<Entry>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let ConfigCommand::Show { origin } = &args.command;
    let format = session.format(&["human", "json", "markdown", "csv"])?;
    let workspace = session.workspace()?;
    let scan = session.scan()?;
    let settings = scan.config.entries();
    if format == "json" {
        let workspace = workspace.root.to_string_lossy().into_owned();
        session.write_json(&Shown {
            schema: "devportal.config/v1",
            workspace,
            settings,
        })?;
        return Ok(Outcome::Fine);
    }
    if settings.is_empty() {
        session.hint(
            "nothing is set: there is no devportal.yaml in this workspace, and all defaults hold",
        );
        return Ok(Outcome::Fine);
    }
    session.write_view(&view(settings, *origin), format)?;
    Ok(Outcome::Fine)
}

fn view(settings: Vec<Entry>, origin: bool) -> View {
    let mut columns = vec![Column::fixed("key"), Column::flexible("value")];
    if origin {
        columns.push(Column::fixed("from"));
    }
    let rows = settings.into_iter().map(|entry| {
        let mut row = vec![Text::new(entry.key, Role::Name), Text::plain(entry.value)];
        if origin {
            row.push(Text::new(entry.origin, Role::Faint));
        }
        row
    });
    View {
        blocks: vec![Block::Table(Table {
            columns,
            rows: rows.collect(),
        })],
    }
}
