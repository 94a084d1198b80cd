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
    /// The entities that are asked about; `None` for all.
    pub entities: Option<&'a [EntityId]>,
    /// Where results that take long are kept.
    pub cache: &'a Cache,
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
    let (mut facts, said) = repository::read(&request);
    problems.extend(said);
    let (imported, said) = import::read_configured(&request, &register);
    facts.extend(imported);
    problems.extend(said);
    let (kept, said) = ledger::read(&request);
    facts.extend(kept);
    problems.extend(said);
    let environment = settings.default_environment();
    Gathered {
        facts: Facts::new(facts, register, request.now, environment),
        problems,
    }
}
