//! `devportal find`: entities by a query.

use anyhow::{Result, anyhow};
use clap_complete::engine::ArgValueCompleter;
use devportal::catalog::EntityId;
use devportal::model::Moment;
use devportal::output::{self, Terminal};
use devportal::query::Condition;
use devportal::scan::Scan;
use serde::Serialize;

use crate::Outcome;
use crate::columns::{self, Field, SortKey};
use crate::completion;
use crate::entity_page::EntityPage;
use crate::listing::{ENTITY_LISTING_FORMATS, Listing};
use crate::picker::{self, Picked};
use crate::selection::{nothing_found, parse_query};
use crate::session::Session;

/// Options of `find`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Words and qualifiers such as kind:api or owner:payments; "devportal help query" explains
    #[arg(value_name = "QUERY", add = ArgValueCompleter::new(completion::query))]
    query: Vec<String>,
    /// Only entities for which an expression holds: 'spec.replicas|default(1) > 2'
    #[arg(long = "where", value_name = "EXPR")]
    condition: Option<String>,
    /// The columns of a table: name, owner, label.KEY, …
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',', add = ArgValueCompleter::new(completion::fields))]
    columns: Vec<Field>,
    /// What to sort by; a "-" before it puts the largest first
    #[arg(
        long,
        value_name = "FIELD,…",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    sort: Vec<SortKey>,
    /// Show so many at most
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,
    /// Pick one on the terminal, and print its reference
    #[arg(short, long, conflicts_with = "count")]
    interactive: bool,
    /// Print how many there are
    #[arg(long, conflicts_with_all = ["columns", "sort", "limit"])]
    count: bool,
}

/// The answer to `--count`.
#[derive(Serialize)]
struct Counted {
    schema: &'static str,
    complete: bool,
    count: usize,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let formats: &[&str] = if args.count {
        &["table", "json", "yaml"]
    } else {
        ENTITY_LISTING_FORMATS
    };
    let format = if args.interactive && !session.has_format() {
        "name"
    } else {
        session.format(formats)?
    };
    let query = parse_query(&args.query)?;
    let condition = args.condition.as_deref().map(Condition::parse).transpose();
    let condition = condition.map_err(|error| anyhow!("{error}"))?;
    let scan = session.scan()?;
    let catalog = &scan.catalog;
    let mut found = session.select(&scan, &query)?.entities;
    if let Some(condition) = &condition {
        let selected = condition.select(catalog, found);
        found = selected.map_err(|error| anyhow!("{error}"))?;
    }
    if args.count {
        write_count(found.len(), &scan, format, session)?;
    } else {
        columns::sort(catalog, &mut found, &args.sort);
        if args.interactive && !found.is_empty() {
            match pick_one(&scan, &found)? {
                Ok(picked) => found = vec![picked],
                Err(outcome) => return Ok(outcome),
            }
        }
        let shown = args.limit.unwrap_or(found.len()).min(found.len());
        write_entities(&found[..shown], args, &scan, format, session)?;
        if shown < found.len() {
            session.finish()?;
            session.hint(&format!("and {} more", found.len() - shown));
        }
    }
    let outcome = session.outcome_of_answer(&scan);
    if !found.is_empty() {
        return Ok(outcome);
    }
    let is_present = session.moment() == Moment::Present;
    match (&outcome, catalog.entities()) {
        // What is out of sight was said, and may be all there is.
        (Outcome::Incomplete, []) => {}
        (_, []) if !is_present => session.hint("there were no entities here then"),
        _ => session.hint(&nothing_found(&query, catalog)),
    }
    Ok(if outcome == Outcome::Fine {
        Outcome::Findings
    } else {
        outcome
    })
}

/// Lets people pick one of the entities; how the run ends when they do not.
fn pick_one(scan: &Scan, found: &[EntityId]) -> Result<Result<EntityId, Outcome>> {
    let catalog = &scan.catalog;
    let line = |id: &EntityId| {
        let entity = catalog.entity(*id);
        let title = entity.title().map(|title| format!("  {title}"));
        format!(
            "{}{}",
            entity.reference().short(),
            title.unwrap_or_default()
        )
    };
    let lines: Vec<String> = found.iter().map(line).collect();
    let preview = |number: usize, width: usize| {
        let Some(id) = found.get(number) else {
            return Vec::new();
        };
        let terminal = Terminal {
            width,
            ..Terminal::default()
        };
        output::lines(&EntityPage::glance(scan, *id).view(), &terminal)
    };
    Ok(match picker::pick(&lines, &preview)? {
        Picked::Item(number) => found.get(number).copied().ok_or(Outcome::Failure),
        Picked::Nothing => Err(Outcome::Findings),
        Picked::Interrupted => Err(Outcome::Interrupted),
    })
}

fn write_entities(
    found: &[EntityId],
    args: &Args,
    scan: &Scan,
    format: &str,
    session: &mut Session,
) -> Result<()> {
    let catalog = &scan.catalog;
    let fields = if args.columns.is_empty() {
        Field::defaults()
    } else {
        args.columns.clone()
    };
    let listing = Listing {
        schema: "devportal.find/v1",
        name: "entities",
        complete: scan.is_complete(),
        rows: found.iter().map(|id| catalog.record(*id)),
        view: || columns::table(catalog, found, &fields),
    };
    if found.is_empty() && !matches!(format, "json" | "yaml") {
        return Ok(());
    }
    session.write_listing(format, listing)
}

fn write_count(count: usize, scan: &Scan, format: &str, session: &mut Session) -> Result<()> {
    let answer = Counted {
        schema: "devportal.find/v1",
        complete: scan.is_complete(),
        count,
    };
    match format {
        "json" => session.write_json(&answer),
        "yaml" => session.write_yaml(&answer),
        _ => Ok(writeln!(session.stdout(), "{count}")?),
    }
}
