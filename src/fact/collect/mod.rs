//! Facts from APIs, asked when a command says so and never else.
//!
//! Each connector is a file and a line of [`CONNECTORS`]. It says what there is to ask for the
//! entities of a catalog ([`Target`]), and asks one target at a time; concurrency, patience and
//! what happens when something fails are the same for all.

mod answer;
mod collected;
mod connection;
mod http_json;
mod link;
mod listing;
mod observed;
mod pages;
mod placeholder;
mod program;
mod run;
mod source;
mod target;

mod github;
mod gitlab;
mod pagerduty;
mod prometheus;
mod snyk;
mod sonarqube;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Observation;
use crate::catalog::{Catalog, EntityId};
use crate::config::SourceSettings;
use crate::model::EntityRef;

pub use crate::http::Authorization;
pub use collected::{Collected, CollectedSource, Failure};
pub use connection::{CollectError, CollectErrorKind, Connection, Page, encoded};
pub use http_json::HttpJson;
pub use pages::Pages;
pub use program::Program;
pub use run::{CollectRequest, Progress, USUAL_DAYS, run, targets};
pub use source::{Connected, Source};

/// A source that is asked through its API.
pub struct Connector {
    /// The name, as `--source` has it, and that of the source in the ledger.
    pub name: &'static str,
    /// What it is asked for, and of which version of which documentation (with its address) this
    /// is written.
    pub about: &'static str,
    /// The annotations by which an entity is known there.
    pub annotations: &'static [&'static str],
    /// The names of the facts that it gives, as they are declared.
    pub gives: &'static [&'static str],
    /// Where the API is, unless the user says otherwise; empty where everybody has their own.
    pub api: &'static str,
    /// The variable of the environment that says where the API is.
    pub api_variable: &'static str,
    /// The variables of the environment that may have the token; the first that is set counts.
    pub token_variables: &'static [&'static str],
    /// How the token is sent.
    pub authorization: Authorization<'static>,
    /// What there is to ask, in a fixed order.
    pub targets: fn(&TargetRequest<'_>) -> Vec<Target>,
    /// Asks for one target. What arrived before a failure is part of the answer.
    pub ask: fn(&Connection, &Target, &AskContext<'_>) -> Answer,
}

/// Of what targets are made.
pub struct TargetRequest<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// The entities that are asked about.
    pub entities: &'a [EntityId],
    /// What the organisation wants of this source.
    pub settings: &'a SourceSettings,
    /// The environments of the organisation, the default first.
    pub environments: &'a [String],
}

/// Something to ask: a service, a project, a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What it is, as progress and errors name it: `service PABC123`.
    pub label: String,
    /// What the connector needs to ask for it.
    pub parameters: BTreeMap<&'static str, String>,
    /// The entities that it is about.
    pub entities: Vec<EntityRef>,
}

/// What holds for all targets of a run.
#[derive(Clone, Copy, Debug)]
pub struct AskContext<'a> {
    /// The moment of the run.
    pub now: Timestamp,
    /// From when on things are asked for (`--since`); 30 days before now where it is not said.
    pub since: Timestamp,
    /// What the organisation wants of this source.
    pub settings: &'a SourceSettings,
}

/// What came back for a target.
#[derive(Debug, Default)]
pub struct Answer {
    /// What it says, of each of the target's entities unless one is named.
    pub observations: Vec<(Option<EntityRef>, Observation)>,
    /// Why it is not all; nothing when it is.
    pub errors: Vec<CollectError>,
}

/// All connectors, in the order of the documentation.
pub static CONNECTORS: &[Connector] = &[
    pagerduty::CONNECTOR,
    snyk::CONNECTOR,
    github::CONNECTOR,
    gitlab::CONNECTOR,
    prometheus::CONNECTOR,
    sonarqube::CONNECTOR,
];
