//! `devportal explain`: the page of a code.

use anyhow::{Result, bail};
use clap_complete::engine::ArgValueCompleter;
use devportal::check::all_codes;
use devportal::diagnostic::{Code, did_you_mean};
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::completion;
use crate::listing::LISTING_FORMATS;
use crate::session::Session;

/// Options of `explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The code; without one, all codes are listed
    #[arg(add = ArgValueCompleter::new(completion::codes))]
    code: Option<String>,
}

#[derive(Serialize)]
struct Page {
    schema: &'static str,
    codes: Vec<CodeRecord>,
}

#[derive(Serialize)]
struct CodeRecord {
    code: &'static str,
    severity: &'static str,
    summary: String,
    explanation: String,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(match args.code {
        Some(_) => &["human", "markdown", "json", "yaml"],
        None => LISTING_FORMATS,
    })?;
    let codes = match &args.code {
        Some(name) => vec![find(name)?],
        None => all_codes(),
    };
    match (format, &args.code) {
        ("json", _) => session.write_json(&answer(codes))?,
        ("yaml", _) => session.write_yaml(&answer(codes))?,
        ("jsonl", _) => {
            let records = answer(codes).codes;
            records
                .iter()
                .try_for_each(|it| session.write_json_line(it))?;
        }
        (format, None) => session.write_view(&list(&codes), format)?,
        (format, Some(_)) => {
            for code in codes {
                session.write_view(&page(code), format)?;
            }
        }
    }
    Ok(Outcome::Fine)
}

fn answer(codes: Vec<&'static Code>) -> Page {
    Page {
        schema: "devportal.explain/v1",
        codes: codes.into_iter().map(record).collect(),
    }
}

fn find(name: &str) -> Result<&'static Code> {
    let codes = all_codes();
    if let Some(code) = codes.iter().find(|code| code.name == name) {
        return Ok(code);
    }
    match did_you_mean(name, codes.iter().map(|code| code.name)) {
        Some(meant) => bail!("there is no code \"{name}\"; did you mean \"{meant}\"?"),
        None => bail!("there is no code \"{name}\"; \"devportal explain\" lists all"),
    }
}

fn list(codes: &[&'static Code]) -> View {
    let columns = vec![
        Column::fixed("code"),
        Column::fixed("severity"),
        Column::flexible("what it is"),
    ];
    let rows = codes.iter().map(|code| {
        let severity = code.severity();
        vec![
            Text::new(code.name, Role::Name),
            Text::new(severity.name(), Role::Bad(severity)),
            Text::plain(code.explanation().summary),
        ]
    });
    View {
        blocks: vec![Block::Table(Table {
            columns,
            rows: rows.collect(),
        })],
    }
}

fn page(code: &'static Code) -> View {
    let explanation = code.explanation();
    let severity = code.severity();
    let heading =
        Text::new(code.name, Role::Name).then(format!("  {severity}"), Role::Bad(severity));
    let mut blocks = vec![
        Block::Heading(heading),
        Block::Paragraph(Text::plain(explanation.summary)),
    ];
    let paragraphs = explanation
        .body
        .split("\n\n")
        .filter(|paragraph| !paragraph.trim().is_empty());
    blocks.extend(paragraphs.map(|paragraph| {
        Block::Paragraph(Text::plain(
            paragraph.split_whitespace().collect::<Vec<_>>().join(" "),
        ))
    }));
    View { blocks }
}

fn record(code: &'static Code) -> CodeRecord {
    let explanation = code.explanation();
    CodeRecord {
        code: code.name,
        severity: code.severity().name(),
        summary: explanation.summary,
        explanation: explanation.body,
    }
}
