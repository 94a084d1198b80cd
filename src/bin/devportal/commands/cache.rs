//! `devportal cache`: where results are kept, what that is, and removing it.

use anyhow::{Context, Result};
use devportal::cache::{Cache, CacheContents};
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::environment;
use crate::session::Session;

/// Options of `cache`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: CacheCommand,
}

#[derive(Clone, Copy, Debug, clap::Subcommand)]
enum CacheCommand {
    /// Print the folder in which results are kept
    Path,
    /// Show what is kept, and how much it may become
    Status,
    /// Remove everything that is kept; it will be found out anew
    Clean,
}

#[derive(Serialize)]
struct Shown {
    schema: &'static str,
    folder: String,
    entries: usize,
    bytes: u64,
    #[serde(rename = "mostBytes")]
    most_bytes: u64,
    /// Whether what is listed was removed.
    removed: bool,
    kinds: Vec<ShownKind>,
}

#[derive(Serialize)]
struct ShownKind {
    kind: String,
    entries: usize,
    bytes: u64,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(&["human", "json", "yaml"])?;
    let folder = environment::result_cache().context("there is no folder for a cache: set HOME")?;
    let cache = Cache::in_folder(folder.clone());
    let shown_folder = folder.to_string_lossy().into_owned();
    let contents = match args.command {
        CacheCommand::Path | CacheCommand::Status => cache.contents(),
        CacheCommand::Clean => cache.clean(),
    };
    let doing = match args.command {
        CacheCommand::Path | CacheCommand::Status => "read",
        CacheCommand::Clean => "empty",
    };
    let contents = match (contents, args.command) {
        (Ok(contents), _) => contents,
        // Where it would be is known all the same.
        (Err(_), CacheCommand::Path) => CacheContents::default(),
        (Err(error), _) => {
            return Err(error).with_context(|| format!("cannot {doing} \"{shown_folder}\""));
        }
    };
    let removed = matches!(args.command, CacheCommand::Clean);
    let shown = shown(&contents, shown_folder, cache.most_bytes(), removed);
    match (format, args.command) {
        ("json", _) => session.write_json(&shown)?,
        ("yaml", _) => session.write_yaml(&shown)?,
        (format, CacheCommand::Path) => {
            let view = View {
                blocks: vec![Block::Verbatim(shown.folder)],
            };
            session.write_view(&view, format)?;
        }
        (format, _) => session.write_view(&view(&shown), format)?,
    }
    Ok(Outcome::Fine)
}

fn shown(contents: &CacheContents, folder: String, most_bytes: u64, removed: bool) -> Shown {
    let kinds = contents.kinds.iter().map(|(kind, contents)| ShownKind {
        kind: kind.clone(),
        entries: contents.entries,
        bytes: contents.bytes,
    });
    let kinds: Vec<ShownKind> = kinds.collect();
    Shown {
        schema: "devportal.cache/v1",
        folder,
        entries: kinds.iter().map(|kind| kind.entries).sum(),
        bytes: kinds.iter().map(|kind| kind.bytes).sum(),
        most_bytes,
        removed,
        kinds,
    }
}

fn view(shown: &Shown) -> View {
    let entries = if shown.entries == 1 {
        "1 entry".to_owned()
    } else {
        format!("{} entries", shown.entries)
    };
    let size = size(shown.bytes);
    if shown.removed {
        let text = format!("removed {entries}, {size}");
        return View {
            blocks: vec![Block::Paragraph(text.into())],
        };
    }
    let most = self::size(shown.most_bytes);
    let pairs = vec![
        ("folder".to_owned(), Text::new(&*shown.folder, Role::Code)),
        ("kept".to_owned(), format!("{entries}, {size}").into()),
        ("at most".to_owned(), most.into()),
    ];
    let mut blocks = vec![Block::KeyValues(pairs)];
    if !shown.kinds.is_empty() {
        let rows = shown.kinds.iter().map(|kind| {
            vec![
                Text::new(&*kind.kind, Role::Name),
                kind.entries.to_string().into(),
                self::size(kind.bytes).into(),
            ]
        });
        blocks.push(Block::Table(Table {
            columns: vec![
                Column::fixed("kind"),
                Column::numeric("entries"),
                Column::numeric("size"),
            ],
            rows: rows.collect(),
        }));
    }
    View { blocks }
}

/// Bytes as people read them.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 3] = ["KiB", "MiB", "GiB"];
    if bytes < 1024 {
        return format!("{bytes} bytes");
    }
    let (mut tenths, mut unit) = (bytes * 10 / 1024, 0);
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let name = UNITS.get(unit).copied().unwrap_or_default();
    if tenth == 0 {
        format!("{whole} {name}")
    } else {
        format!("{whole}.{tenth} {name}")
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_units() {
        for (bytes, shown) in [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (1536, "1.5 KiB"),
            (256 << 20, "256 MiB"),
            (5 << 40, "5120 GiB"),
        ] {
            assert_eq!(size(bytes), shown);
        }
    }
}
