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
use devportal::output::{self, VIEW_FORMATS};
use devportal::report::{REPORTS, WrittenReport};
use serde::Serialize;
use serde_json::Value;

use crate::Outcome;
use crate::completion;
use crate::session::Session;
use crate::step_summary::StepSummary;
use crate::write_file::write_atomically;

use input::{Needs, TrendOptions, with_input};
use own_template::OwnTemplate;

/// The format of views that has room for one table only.
const ONE_TABLE: &str = "csv";

/// The report that is one page for each entity, and what it says.
const OF_ENTITIES: (&str, &str) = (
    "entity",
    "a page for an entity, or for each that fits a query",
);

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
    #[command(flatten)]
    trend: TrendOptions,
    /// Add the page to the summary of a step of GitHub Actions, too
    #[arg(long)]
    step_summary: bool,
}

fn names() -> Vec<PossibleValue> {
    let reports = REPORTS.iter().map(|report| (report.name, report.about));
    let all = reports.chain([OF_ENTITIES, PORTAL]);
    all.map(|(name, about)| PossibleValue::new(name).help(about))
        .collect()
}

/// What `--format` takes: the formats that have room for a page, and the rows.
fn formats() -> Vec<&'static str> {
    let views = VIEW_FORMATS.iter().map(|format| format.name);
    let pages = views.filter(|name| *name != ONE_TABLE);
    pages.chain(["json"]).collect()
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
    let summary = StepSummary::when(args.step_summary)?;
    let report = REPORTS.iter().find(|report| report.name == args.name);
    let Some(report) = report else {
        return entity::run(args, &form, summary.as_ref(), session);
    };
    if !args.query.is_empty() {
        bail!(
            "report \"{}\" is about everything: only \"{}\" takes a query",
            report.name,
            OF_ENTITIES.0
        );
    }
    let needs = Needs::of(report, &args.trend)?;
    let scan = session.scan()?;
    let Some(maturity) = needs.maturity(&scan, session) else {
        return Ok(Outcome::Failure);
    };
    let made = with_input(&needs, &maturity, &scan, session, |input| {
        Ok(((report.write)(input)?, input.facts.now().to_string()))
    })?;
    let (written, at) = made.answer;
    let answer = Answer::new(report.name, &written, &at, made.complete);
    match &args.output {
        Some(path) => {
            let page = form.page(&written, &answer)?;
            write_atomically(&session.base()?.join(path), &page)?;
        }
        None => form.print(&written, &answer, session)?,
    }
    if let Some(summary) = &summary {
        form.append(&written, &answer, summary, session)?;
    }
    Ok(made.outcome)
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
            _ => session.format(&formats())?,
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

    /// Adds it to what a step says, which is always a page.
    fn append(
        &self,
        written: &WrittenReport,
        answer: &Answer<'_>,
        summary: &StepSummary,
        session: &Session,
    ) -> Result<()> {
        match self {
            Self::View(_) | Self::Json => summary.append_view(&written.view, session),
            Self::Own(_) => summary.append(&self.page(written, answer)?, session),
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
    fn new(name: &str, written: &'a WrittenReport, at: &'a str, complete: bool) -> Self {
        Self {
            schema: format!("devportal.report-{name}/v1"),
            complete,
            at,
            rows: &written.rows,
        }
    }
}
