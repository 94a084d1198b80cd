//! `devportal config`: what holds, and where it comes from.

use anyhow::Result;
use devportal::config::Entry;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::listing::LISTING_FORMATS;
use crate::session::Session;

/// Options of `config`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, clap::Subcommand)]
enum ConfigCommand {
    /// Show what is set, in the workspace, in its repositories and by the user
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
    let format = session.format(LISTING_FORMATS)?;
    let workspace = session.workspace()?.clone();
    let scan = session.scan()?;
    let mut settings = scan.config.entries();
    settings.extend(session.user_settings().entries());
    let shown = Shown {
        schema: "devportal.config/v1",
        workspace: workspace.root.to_string_lossy().into_owned(),
        settings,
    };
    let settings = &shown.settings;
    match format {
        "json" => session.write_json(&shown)?,
        "yaml" => session.write_yaml(&shown)?,
        "jsonl" => {
            let mut settings = settings.iter();
            settings.try_for_each(|setting| session.write_json_line(setting))?;
        }
        format => write_table(settings, *origin, format, session)?,
    }
    Ok(Outcome::Fine)
}

fn write_table(
    settings: &[Entry],
    origin: bool,
    format: &str,
    session: &mut Session,
) -> Result<()> {
    if settings.is_empty() {
        session.hint(
            "nothing is set: there is no devportal.yaml in this workspace, and all defaults hold",
        );
        return Ok(());
    }
    session.write_view(&view(settings, origin), format)
}

fn view(settings: &[Entry], origin: bool) -> View {
    let mut columns = vec![Column::fixed("key"), Column::flexible("value")];
    if origin {
        columns.push(Column::fixed("from"));
    }
    let rows = settings.iter().map(|entry| {
        let (key, value) = (entry.key.clone(), entry.value.clone());
        let mut row = vec![Text::new(key, Role::Name), Text::plain(value)];
        if origin {
            row.push(Text::new(entry.origin.clone(), Role::Faint));
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
