//! `devportal report`: pages about the whole organisation, for those who lead it.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::builder::PossibleValuesParser;
use devportal::catalog::EntityId;
use devportal::diagnostic::Diagnostic;
use devportal::fact::FactSelection;
use devportal::maturity::Scorecard;
use devportal::output;
use devportal::report::{Links, REPORTS, Report, ReportInput, WrittenReport};
use devportal::scan::Scan;
use serde::Serialize;
use serde_json::Value;

use crate::Outcome;
use crate::maturity::Maturity;
use crate::session::Session;
use crate::write_file::write_atomically;

/// What `--format` takes.
const FORMATS: &[&str] = &["human", "markdown", "html", "json"];

/// Options of `report`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The report
    #[arg(value_parser = PossibleValuesParser::new(REPORTS.iter().map(|report| {
        clap::builder::PossibleValue::new(report.name).help(report.about)
    })))]
    name: String,
    /// Write into this file, as Markdown where no format is given
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The answer in one object: `devportal.report-NAME/v1`.
#[derive(Serialize)]
struct Answer<'a> {
    schema: String,
    complete: bool,
    /// The moment that it speaks of.
    at: String,
    #[serde(flatten)]
    rows: &'a Value,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = match &args.output {
        Some(_) if !session.has_format() => "markdown",
        _ => session.format(FORMATS)?,
    };
    let report = REPORTS.iter().find(|report| report.name == args.name);
    let report = report.with_context(|| format!("there is no report \"{}\"", args.name))?;
    let scan = session.scan()?;
    let maturity = report.needs_scorecards.then(|| Maturity::read(&scan));
    let maturity = maturity.unwrap_or_default();
    let mistakes: Vec<&Diagnostic> = maturity
        .mistakes(|entity| entity.kind() == "scorecard")
        .collect();
    if !mistakes.is_empty() {
        for mistake in mistakes {
            session.hint(&output::diagnostic_line(mistake));
        }
        session.hint("nothing was reported: there are mistakes in scorecards");
        return Ok(Outcome::Failure);
    }
    let (written, at) = write(report, &maturity, &scan, session)?;
    let answer = Answer {
        schema: format!("devportal.report-{}/v1", report.name),
        complete: session.is_complete(&scan),
        at,
        rows: &written.rows,
    };
    match &args.output {
        Some(path) => {
            let mut page = Vec::new();
            match format {
                "json" => output::json::write(&answer, &mut page)?,
                format => Session::render_view(&written.view, format, &mut page)?,
            }
            write_atomically(&session.base()?.join(path), &page)?;
        }
        None if format == "json" => session.write_json(&answer)?,
        None => session.write_view(&written.view, format)?,
    }
    Ok(session.outcome_of_answer(&scan))
}

/// The report, and the moment that it speaks of.
fn write(
    report: &Report,
    maturity: &Maturity,
    scan: &Scan,
    session: &Session,
) -> Result<(WrittenReport, String)> {
    let scorecards: Vec<Scorecard> = maturity
        .scorecards
        .iter()
        .filter(|scorecard| !scorecard.is_draft)
        .cloned()
        .collect();
    let own: FactSelection = report.facts.iter().copied().collect();
    let selection = scorecards
        .iter()
        .fold(own, |selection, it| selection.and(it.facts()));
    let gathered = session.facts(scan, selection, None);
    session.keep_unread(&gathered.problems);
    let entities: Vec<EntityId> = scan.catalog.ids().collect();
    let results = session.evaluate(scan, &gathered.facts, &scorecards, &entities);
    let links = Links {
        entity: Box::new(|_| None),
        place: Box::new(|_| None),
    };
    let input = ReportInput {
        catalog: &scan.catalog,
        facts: &gathered.facts,
        results: &results,
        campaigns: &[],
        trend: None,
        links,
    };
    let written = (report.write)(&input)?;
    Ok((written, gathered.facts.now().to_string()))
}
