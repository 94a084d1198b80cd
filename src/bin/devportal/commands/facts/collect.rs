//! `devportal facts collect`: asks APIs and programs for facts.

mod keeping;
mod page;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap_complete::engine::ArgValueCompleter;
use devportal::fact::collect::USUAL_DAYS;
use devportal::model::Moment;
use jiff::{SignedDuration, Timestamp};

use crate::Outcome;
use crate::asking::Asking;
use crate::collecting::{Means, candidates};
use crate::completion;
use crate::selection::{nothing_found, parse_query};
use crate::session::Session;

use super::location;
use keeping::Keeping;
use page::Page;

/// How long a run may take.
const LONGEST_RUN: Duration = Duration::from_mins(15);

/// Options of `facts collect`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Ask about these entities alone: words and qualifiers as "find" has them
    #[arg(value_name = "QUERY", add = ArgValueCompleter::new(completion::query))]
    query: Vec<String>,
    /// Ask this source alone; can be given several times
    #[arg(long = "source", value_name = "SOURCE")]
    sources: Vec<String>,
    /// Ask for what happened since a day, instead of the last 30 days
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// List what would be asked, and ask nothing
    #[arg(long)]
    dry_run: bool,
    /// Who writes; without it, a name of this clone, work tree and branch
    #[arg(long, value_name = "NAME")]
    writer: Option<String>,
    /// Let the programs of your own configuration run
    #[arg(long)]
    trust: bool,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(&["table", "json", "yaml", "markdown"])?;
    if session.moment() != Moment::Present {
        bail!("sources are asked about now: leave out \"--at\"");
    }
    let since = args.since.as_deref().map(moment).transpose()?;
    let query = parse_query(&args.query)?;
    let user = session.user_settings().clone();
    let candidates = candidates(&args.sources, &user)?;
    let scan = session.scan()?;
    let entities = session.select(&scan, &query)?;
    if entities.is_empty() {
        session.hint(&nothing_found(&query, &scan.catalog));
        return Ok(Outcome::Findings);
    }
    let register = Session::register(&scan);
    let means = Means::new(&register, args.trust, Instant::now() + LONGEST_RUN)?;
    let run = Asking {
        scan: &scan,
        entities: &entities,
        means: &means,
        now: session.now(),
        since,
    };
    let prepared = run.prepare(&candidates, args.dry_run);
    if args.dry_run {
        let page = Page::of_targets(&prepared);
        page.write(format, session)?;
        return Ok(page.outcome(session));
    }
    let location = location(session, &scan)?;
    let (collected, asked) = run.ask(prepared, session);
    let query = args.query.join(" ");
    let keeping = Keeping {
        location: &location,
        writer: args.writer.as_deref(),
        register: &register,
        catalog: &scan.catalog,
        now: session.now(),
        query: (!query.is_empty()).then_some(query.as_str()),
        entities: &entities,
        is_limited: since.is_some_and(|since| since > usual_start(session.now())),
    };
    let kept = keeping.keep(&collected, session)?;
    let page = Page::of_answers(&collected, &asked, kept, &register);
    page.write(format, session)?;
    Ok(page.outcome(session))
}

/// From when on sources are asked where nobody says so: who asks for less has less of an answer.
fn usual_start(now: Timestamp) -> Timestamp {
    let usual = SignedDuration::from_hours(USUAL_DAYS * 24);
    now.checked_sub(usual).unwrap_or(now)
}

fn moment(text: &str) -> Result<Timestamp> {
    match Moment::parse(text) {
        Moment::Time(time) => Ok(time),
        _ => bail!("\"{text}\" is no date: write it as 2026-03-31"),
    }
}
