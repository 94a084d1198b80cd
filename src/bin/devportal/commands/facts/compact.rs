//! `devportal facts compact`: makes old months of the ledger smaller.

use anyhow::{Result, bail};
use devportal::fact::ledger::{self, CompactRequest, Compacted};
use devportal::view::{Block, Text, View};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{location, outcome};
use crate::Outcome;
use crate::session::Session;

/// So many whole months stay as they are.
const MONTHS_KEPT: i32 = 3;

/// Options of `facts compact`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files of days before this one; without it, of months before the last three
    #[arg(long, value_name = "DATE")]
    before: Option<Date>,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// The answer in one object.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Done {
    schema: &'static str,
    complete: bool,
    dry_run: bool,
    before: String,
    /// Files that were looked at.
    files: usize,
    /// Files that were written anew.
    written: usize,
    /// Lines that are not there any more.
    lines: usize,
    bytes_before: u64,
    bytes_after: u64,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(&["human", "json"])?;
    let today = TimeZone::UTC.to_datetime(session.now()).date();
    let before = match args.before {
        Some(date) if date > today => bail!("--before {date} is in the future"),
        Some(date) => date,
        None => today.first_of_month().saturating_sub(MONTHS_KEPT.months()),
    };
    let scan = session.scan()?;
    let location = location(session, &scan)?;
    let compacted = ledger::compact(&CompactRequest {
        location: &location,
        before,
        is_dry_run: args.dry_run,
    })?;
    match format {
        "json" => session.write_json(&Done {
            schema: "devportal.facts-compact/v1",
            complete: compacted.problems.is_empty(),
            dry_run: args.dry_run,
            before: before.to_string(),
            files: compacted.files,
            written: compacted.written,
            lines: compacted.lines,
            bytes_before: compacted.bytes_before,
            bytes_after: compacted.bytes_after,
        })?,
        format => session.write_view(&view(&compacted, before, args.dry_run), format)?,
    }
    Ok(outcome(session, &scan, &compacted.problems))
}

fn view(done: &Compacted, before: Date, is_dry_run: bool) -> View {
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let text = if done.written == 0 {
        let files = done.files;
        let all = if files == 0 {
            "there is none".to_owned()
        } else {
            format!("{files} file{} cannot be smaller", plural(files))
        };
        format!("nothing to do before {before}: {all}")
    } else {
        let (written, lines) = (done.written, done.lines);
        let verb = match (is_dry_run, written) {
            (true, _) => "would be",
            (false, 1) => "is",
            (false, _) => "are",
        };
        format!(
            "{written} file{} before {before} {verb} smaller: {} instead of {}, {lines} line{} less",
            plural(written),
            size(done.bytes_after),
            size(done.bytes_before),
            plural(lines),
        )
    };
    View {
        blocks: vec![Block::Paragraph(Text::plain(text))],
    }
}

/// A number of bytes with its unit.
fn size(bytes: u64) -> String {
    match bytes {
        ..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
