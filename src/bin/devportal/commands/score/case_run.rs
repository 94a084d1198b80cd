//! `devportal score test`: the cases of scorecards.

use std::path::PathBuf;

use anyhow::Result;
use devportal::diagnostic::{Diagnostic, Severity};
use devportal::maturity::{CaseResult, Scorecard};
use devportal::view::{Block, Role, Text, TreeItem, View};
use serde::Serialize;

use super::draft;
use super::selection::tell_mistakes;
use crate::Outcome;
use crate::maturity::Maturity;
use crate::session::Session;

/// Options of `score test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files with scorecards; those of the workspace without any
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// The answer in one object: `devportal.score-test/v1`.
#[derive(Serialize)]
struct Answer<'a> {
    schema: &'static str,
    passed: usize,
    failed: usize,
    cases: Vec<CaseRecord<'a>>,
}

/// What became of a case.
#[derive(Serialize)]
struct CaseRecord<'a> {
    scorecard: &'a str,
    name: &'a str,
    passed: bool,
    /// What is not as it must be.
    mismatches: &'a [String],
    path: &'a str,
    line: Option<u32>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(&["human", "json", "yaml", "markdown"])?;
    let scan = session.scan()?;
    let mut scorecards = Vec::new();
    for file in &args.files {
        match draft::read(file, &scan, session)? {
            Some(read) => scorecards.extend(read),
            None => return Ok(Outcome::Failure),
        }
    }
    if args.files.is_empty() {
        let maturity = Maturity::read(&scan);
        let mistakes: Vec<&Diagnostic> = maturity
            .mistakes(|entity| entity.kind() == "scorecard")
            .collect();
        if !mistakes.is_empty() {
            tell_mistakes(&mistakes, session);
            return Ok(Outcome::Failure);
        }
        scorecards = maturity.scorecards;
        // Those that come along are tested where they are made.
        scorecards.retain(|card| card.place.file.repository() != "devportal");
    }
    let (register, now) = (Session::register(&scan), session.now());
    let results: Vec<(&Scorecard, CaseResult<'_>)> = scorecards
        .iter()
        .flat_map(|card| {
            let results = card.test(&register, now).into_iter();
            results.map(move |result| (card, result))
        })
        .collect();
    let failed = |(_, result): &&(_, CaseResult<'_>)| !result.mismatches.is_empty();
    let failed = results.iter().filter(failed).count();
    let answer = Answer {
        schema: "devportal.score-test/v1",
        passed: results.len() - failed,
        failed,
        cases: results.iter().map(|(card, it)| record(card, it)).collect(),
    };
    match format {
        "json" => session.write_json(&answer)?,
        "yaml" => session.write_yaml(&serde_json::to_value(&answer)?)?,
        _ if results.is_empty() => {}
        format => session.write_view(&view(&scorecards, &answer), format)?,
    }
    if results.is_empty() {
        session.hint("there are no cases: write some below \"spec.cases\" of a scorecard");
    }
    Ok(if failed > 0 || results.is_empty() {
        Outcome::Findings
    } else {
        Outcome::Fine
    })
}

fn record<'a>(scorecard: &'a Scorecard, result: &'a CaseResult<'_>) -> CaseRecord<'a> {
    CaseRecord {
        scorecard: scorecard.reference.name(),
        name: &result.case.name,
        passed: result.mismatches.is_empty(),
        mismatches: &result.mismatches,
        path: result.case.place.file.path(),
        line: result.case.place.span.map(|span| span.line),
    }
}

fn view(scorecards: &[Scorecard], answer: &Answer<'_>) -> View {
    let mut view = View::new();
    let mut roots = Vec::new();
    for scorecard in scorecards {
        let name = scorecard.reference.name();
        let own = answer.cases.iter().filter(|case| case.scorecard == name);
        let children: Vec<TreeItem> = own.map(item).collect();
        if !children.is_empty() {
            roots.push(TreeItem {
                text: Text::new(name, Role::Name),
                children,
            });
        }
    }
    view.push(Block::Tree(roots));
    let role = match answer.failed {
        0 => Role::Good,
        _ => Role::Bad(Severity::Error),
    };
    let sum = format!("{} passed, {} failed", answer.passed, answer.failed);
    view.push(Block::Paragraph(Text::new(sum, role)));
    view
}

fn item(case: &CaseRecord<'_>) -> TreeItem {
    let text = if case.passed {
        Text::new("ok", Role::Good)
    } else {
        Text::new("FAILED", Role::Bad(Severity::Error))
    };
    let mut text = text.then(format!(" {}", case.name), Role::Plain);
    if !case.passed {
        let line = case.line.map(|line| format!(":{line}")).unwrap_or_default();
        text = text
            .then("  ", Role::Plain)
            .then(format!("{}{line}", case.path), Role::File);
    }
    let children = case.mismatches.iter().map(|mismatch| TreeItem {
        text: Text::plain(mismatch),
        children: Vec::new(),
    });
    TreeItem {
        text,
        children: children.collect(),
    }
}
