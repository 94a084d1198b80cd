//! What a lead reads: reports about the whole organisation, one file each.
//!
//! A [`Report`] is a pure function of what is known at one moment. It gives a view for people and
//! the rows that the view shows for machines, so that both say the same. Everything has a date
//! and nothing "3 days ago", so that a page that was kept stays true.

mod known;
mod page;
mod team;
mod fact_lines;
mod entity_facts;
pub mod level_text;
pub mod badge;

mod trend_text;
mod gaps;
mod burn_down;

mod entity;
mod maturity;
mod campaigns;
mod dependencies;
mod inventory;
mod ownership;
mod support;
mod health;
mod portal;

use serde_json::Value;

use crate::catalog::Catalog;
use crate::documentation::Documentation;
use crate::fact::Facts;
use crate::maturity::{CampaignResult, ScorecardResult, Trend};
use crate::model::{EntityRef, Place};
use crate::view::View;

pub use burn_down::burn_down;
pub use entity::entity_pages;
pub use entity_facts::{EntityFacts, FactRecord, TellTime};
pub use portal::{Portal, PortalPage, file_name};

/// What reports are made of.
#[derive(Debug)]
pub struct ReportInput<'a> {
    /// The entities, and what they are to each other.
    pub catalog: &'a Catalog,
    /// What is known of them, and the moment.
    pub facts: &'a Facts,
    /// What became of the scorecards for all entities; none where the report asks for none.
    pub results: &'a [ScorecardResult<'a>],
    /// How far the campaigns are; none where the report asks for none.
    pub campaigns: &'a [CampaignResult<'a>],
    /// What became of both before; nothing where the report does not ask for it.
    pub trend: Option<&'a Trend>,
    /// What there is to read.
    pub documentation: &'a Documentation<'a>,
    /// Where names and files lead.
    pub links: Links<'a>,
}

/// Says where something leads, if it does.
pub type Address<'a, T> = Box<dyn Fn(&T) -> Option<String> + Sync + 'a>;

/// Where names and files lead: to the forge in a report, to other pages in a portal.
pub struct Links<'a> {
    /// Where the name of an entity leads.
    pub entity: Address<'a, EntityRef>,
    /// Where a place in a file leads.
    pub place: Address<'a, Place>,
}

impl std::fmt::Debug for Links<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Links")
    }
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
    /// Whether it looks at how far campaigns are.
    pub needs_campaigns: bool,
    /// Whether it looks at what became of either before.
    pub needs_trend: bool,
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
pub const REPORTS: &[Report] = &[
    maturity::REPORT,
    campaigns::REPORT,
    support::REPORT,
    inventory::REPORT,
    ownership::REPORT,
    dependencies::REPORT,
    health::REPORT,
];
