//! `devportal campaign list`: whose campaigns are, their days, and how far they are.

use anyhow::Result;
use devportal::model::EntityRef;
use devportal::view::{Block, Column, Role, Table, Text, View};

use super::evaluation::{Known, Wanted};
use super::record::Summary;
use super::state_text;
use crate::Outcome;
use crate::commands::score::level_text::shown_percent;
use crate::listing::{ENTITY_LISTING_FORMATS, Listing};
use crate::session::Session;

/// Options of `campaign list`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Also those that are drafts
    #[arg(long)]
    drafts: bool,
}

pub(super) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(ENTITY_LISTING_FORMATS)?;
    let scan = session.scan()?;
    let wanted = if args.drafts {
        Wanted::All
    } else {
        Wanted::Ready
    };
    let known = match Known::read(&wanted, &scan, session)? {
        Ok(known) => known,
        Err(outcome) => return Ok(outcome),
    };
    let evaluated = known.evaluate(&scan, session)?;
    let results = evaluated.results.iter();
    let rows: Vec<Summary<'_>> = results
        .map(|result| Summary::of(result, &evaluated.scored))
        .collect();
    let outcome = evaluated.outcome(session);
    if rows.is_empty() {
        session.hint("there are no campaigns here; \"--drafts\" lists drafts, too");
    }
    if !rows.is_empty() || matches!(format, "json" | "yaml") {
        session.write_listing(
            format,
            Listing {
                schema: "devportal.campaign-list/v1",
                name: "campaigns",
                complete: evaluated.scored.complete,
                rows: rows.iter(),
                view: || view(&rows),
            },
        )?;
    }
    Ok(outcome)
}

fn view(rows: &[Summary<'_>]) -> View {
    let rows = rows.iter().map(|row| {
        let counts = row.counts;
        vec![
            Text::new(row.name, Role::Name),
            state_text::phase(row.state),
            Text::plain(row.owner.map(EntityRef::name).unwrap_or_default()),
            Text::plain(row.start),
            Text::plain(row.deadline),
            state_text::count(counts.done),
            state_text::count(counts.left),
            state_text::count(counts.overdue),
            state_text::count(counts.unknown),
            state_text::count(counts.exempt),
            Text::plain(counts.percent.map(shown_percent).unwrap_or_default()),
        ]
    });
    View {
        blocks: vec![Block::Table(Table {
            columns: vec![
                Column::fixed("campaign"),
                Column::fixed("state"),
                Column::flexible("owner"),
                Column::fixed("start"),
                Column::fixed("deadline"),
                Column::numeric("done"),
                Column::numeric("left"),
                Column::numeric("overdue"),
                Column::numeric("unknown"),
                Column::numeric("exempt"),
                Column::numeric("percent"),
            ],
            rows: rows.collect(),
        })],
    }
}
