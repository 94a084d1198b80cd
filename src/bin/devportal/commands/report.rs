//! `devportal report`: pages about the whole organisation, for those who lead it.

mod entity;
mod input;
mod links;
mod own_template;
mod portal;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap_complete::engine::ArgValueCompleter;
use devportal::output;
use devportal::report::{REPORTS, WrittenReport};
use devportal::scan::Scan;
use serde::Serialize;
use serde_json::Value;

use crate::Outcome;
use crate::completion;
use crate::session::Session;
use crate::write_file::write_atomically;

use input::{Needs, with_input};
use own_template::OwnTemplate;

/// What `--format` takes.
const FORMATS: &[&str] = &["human", "markdown", "html", "json"];

/// The report that is one page for each entity, and what it says.
const OF_ENTITIES: (&str, &str) = ("entity", "a page for an entity, or for each that fits a query");

/// The report that is a folder of linked pages, and what it says.
const PORTAL: (&str, &str) = ("portal", "linked pages about everything, with a search");

/// Options of `report`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The report
    #[arg(value_parser = PossibleValuesParser::new(names()))]
    name: String,
    /// Of "entity": a reference or a query; all components without one
    #[arg(value_name = "REF|QUERY", add = ArgValueCompleter::new(completion::query))]
    query: Vec<String>,
    /// Write into this file, as Markdown where no format is given; pages of several entities, and
    /// a portal, go into this folder
    #[arg(long, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
    /// Render this template over what "--json" has, instead of a page
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
}

fn names() -> Vec<PossibleValue> {
    let reports = REPORTS.iter().map(|report| (report.name, report.about));
    let all = reports.chain([OF_ENTITIES, PORTAL]);
    all.map(|(name, about)| PossibleValue::new(name).help(about))
        .collect()
}

/// How a report is written.
enum Form {
    View(&'static str),
    Json,
    Own(OwnTemplate),
}

/// The answer in one object: `devportal.report-NAME/v1`.
#[derive(Serialize)]
struct Answer<'a> {
    schema: String,
    complete: bool,
    /// The moment that it speaks of.
    at: &'a str,
    #[serde(flatten)]
    rows: &'a Value,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    if args.name == PORTAL.0 {
        return portal::run(args, session);
    }
    let form = Form::read(args, session)?;
    let report = REPORTS.iter().find(|report| report.name == args.name);
    let Some(report) = report else {
        return entity::run(args, &form, session);
    };
    if !args.query.is_empty() {
        bail!(
            "report \"{}\" is about everything: only \"{}\" takes a query",
            report.name,
            OF_ENTITIES.0
        );
    }
    let scan = session.scan()?;
    let needs = Needs::of(report);
    let Some(maturity) = needs.maturity(&scan, session) else {
        return Ok(Outcome::Failure);
    };
    let (written, at) = with_input(needs, &maturity, &scan, session, |input| {
        Ok(((report.write)(input)?, input.facts.now().to_string()))
    })?;
    let answer = Answer::new(report.name, &written, &at, &scan, session);
    match &args.output {
        Some(path) => {
            let page = form.page(&written, &answer)?;
            write_atomically(&session.base()?.join(path), &page)?;
        }
        None => form.print(&written, &answer, session)?,
    }
    Ok(session.outcome_of_answer(&scan))
}

impl Form {
    fn read(args: &Args, session: &Session) -> Result<Self> {
        if let Some(path) = &args.template {
            if session.has_format() {
                bail!("--template and --format exclude each other");
            }
            return Ok(Self::Own(OwnTemplate::read(path, session)?));
        }
        let format = match &args.output {
            Some(_) if !session.has_format() => "markdown",
            _ => session.format(FORMATS)?,
        };
        Ok(match format {
            "json" => Self::Json,
            format => Self::View(format),
        })
    }

    /// What a file is made of.
    fn page(&self, written: &WrittenReport, answer: &Answer<'_>) -> Result<Vec<u8>> {
        let mut page = Vec::new();
        match self {
            Self::View(format) => Session::render_view(&written.view, format, &mut page)?,
            Self::Json => output::json::write(answer, &mut page)?,
            Self::Own(template) => page = template.render(answer)?.into_bytes(),
        }
        Ok(page)
    }

    fn print(
        &self,
        written: &WrittenReport,
        answer: &Answer<'_>,
        session: &mut Session,
    ) -> Result<()> {
        match self {
            Self::View(format) => session.write_view(&written.view, format),
            Self::Json => session.write_json(answer),
            Self::Own(template) => {
                let text = template.render(answer)?;
                Ok(session.stdout().write_all(text.as_bytes())?)
            }
        }
    }

    /// How files of this form are called behind the point.
    fn extension(&self) -> &str {
        match self {
            Self::View("markdown") => "md",
            Self::View("human") => "txt",
            Self::View(format) => format,
            Self::Json => "json",
            Self::Own(template) => template.extension(),
        }
    }
}

impl<'a> Answer<'a> {
    fn new(
        name: &str,
        written: &'a WrittenReport,
        at: &'a str,
        scan: &Scan,
        session: &Session,
    ) -> Self {
        Self {
            schema: format!("devportal.report-{name}/v1"),
            complete: session.is_complete(scan),
            at,
            rows: &written.rows,
        }
    }
}
