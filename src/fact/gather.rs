//! All facts of a run: those of the repositories, and those of the ledger.

use jiff::Timestamp;

use super::{FactSelection, Facts, Register, import, ledger, repository};
use crate::cache::Cache;
use crate::catalog::{Catalog, EntityId};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::model::Moment;
use crate::repo::Repository;

/// What facts are gathered of.
pub struct FactRequest<'a> {
    /// The entities.
    pub catalog: &'a Catalog,
    /// The repositories.
    pub repositories: &'a [Repository],
    /// The configuration.
    pub config: &'a Config,
    /// The moment whose state is looked at.
    pub moment: &'a Moment,
    /// That moment as a time: what expires, and how old things are.
    pub now: Timestamp,
    /// The facts that are needed.
    pub selection: FactSelection,
    /// The entities that are asked about.
    pub entities: AskedEntities<'a>,
    /// Where results that take long are kept.
    pub cache: &'a Cache,
}

/// The entities that are asked about. Ledgers and files of tools are read for all in any case.
#[derive(Clone, Copy, Debug)]
pub enum AskedEntities<'a> {
    /// All.
    All,
    /// These and no others.
    Only(&'a [EntityId]),
    /// These, and so much of the others that what nobody has is seen: whose home is that of none
    /// of these is asked about, too, and who lives beside one of them is only asked for what is not
    /// the same for all in a home.
    AndOtherHomes(&'a [EntityId]),
}

impl<'a> AskedEntities<'a> {
    /// The entities beside which no others count; `None` where all do.
    #[must_use]
    pub const fn only(self) -> Option<&'a [EntityId]> {
        match self {
            Self::Only(entities) => Some(entities),
            Self::All | Self::AndOtherHomes(_) => None,
        }
    }
}

/// What was gathered.
#[derive(Debug)]
pub struct Gathered {
    /// The facts.
    pub facts: Facts,
    /// What could not be read.
    pub problems: Vec<Diagnostic>,
}

/// Gathers facts.
#[must_use]
pub fn gather(request: FactRequest<'_>) -> Gathered {
    let settings = &request.config.organisation().facts;
    let (declared, mut problems) = Register::declared(settings);
    let register = Register::with(declared);
    let request = FactRequest {
        selection: request.selection.with_times_of_ages(&register),
        ..request
    };
    let read = repository::read(&request);
    problems.extend(read.problems);
    let (mut others, said) = import::read_configured(&request, &register);
    problems.extend(said);
    let (kept, said) = ledger::read(&request);
    others.extend(kept);
    problems.extend(said);
    let environment = settings.default_environment();
    let mut facts = Facts::of_entities(read.facts, register, request.now, environment);
    facts.extend(others);
    Gathered { facts, problems }
}
