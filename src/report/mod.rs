//! What a lead reads: reports about the whole organisation, one file each.
//!
//! A [`Report`] is a pure function of what is known at one moment. It gives a view for people and
//! the rows that the view shows for machines, so that both say the same. Everything has a date
//! and nothing "3 days ago", so that a page that was kept stays true.

mod known;
mod page;
mod team;

mod ownership;
mod support;
mod health;

use serde_json::Value;

use crate::catalog::Catalog;
use crate::fact::Facts;
use crate::maturity::ScorecardResult;
use crate::view::View;

/// What reports are made of.
#[derive(Debug)]
pub struct ReportInput<'a> {
    /// The entities, and what they are to each other.
    pub catalog: &'a Catalog,
    /// What is known of them, and the moment.
    pub facts: &'a Facts,
    /// What became of the scorecards for all entities; none where the report asks for none.
    pub results: &'a [ScorecardResult<'a>],
}

/// A report.
#[derive(Debug)]
pub struct Report {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it says, in a line.
    pub about: &'static str,
    /// The facts that it looks at.
    pub facts: &'static [&'static str],
    /// Whether it looks at what became of scorecards.
    pub needs_scorecards: bool,
    /// Writes it.
    pub write: fn(&ReportInput<'_>) -> serde_json::Result<WrittenReport>,
}

/// A report that is written.
#[derive(Clone, Debug)]
pub struct WrittenReport {
    /// For people.
    pub view: View,
    /// The same for machines: an object with a list for each table.
    pub rows: Value,
}

/// All reports.
pub const REPORTS: &[Report] = &[ownership::REPORT, health::REPORT, support::REPORT];
