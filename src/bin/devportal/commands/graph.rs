//! `devportal graph`: what is connected with what, and questions of the graph as a whole.

mod critical;
mod cycles;
mod neighbourhood;
mod path;

use anyhow::Result;
use clap::Subcommand;
use devportal::view::{Block, Column, Table, Text, View};

use super::impact;
use crate::Outcome;
use crate::session::Session;

/// Options of `graph`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    question: Option<Question>,
    #[command(flatten)]
    neighbourhood: neighbourhood::Args,
}

#[derive(Debug, Subcommand)]
enum Question {
    /// Show everything that feels a change, by owner, and whom to tell
    Impact(impact::Args),
    /// Show the shortest ways from one entity to another
    Path(path::Args),
    /// Show what depends on itself, is part of itself, or is its own parent
    Cycles(cycles::Args),
    /// Show what most depends on, and where that has no owner
    Critical(critical::Args),
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    match &args.question {
        None => neighbourhood::run(&args.neighbourhood, session),
        Some(Question::Impact(args)) => impact::run(args, session),
        Some(Question::Path(args)) => path::run(args, session),
        Some(Question::Cycles(args)) => cycles::run(args, session),
        Some(Question::Critical(args)) => critical::run(args, session),
    }
}

/// A table of one column, for CSV.
fn one_column(name: &str, texts: impl Iterator<Item = Text>) -> View {
    let table = Table {
        columns: vec![Column::fixed(name)],
        rows: texts.map(|text| vec![text]).collect(),
    };
    View {
        blocks: vec![Block::Table(table)],
    }
}
