//! What a run brought.

use std::collections::BTreeSet;

use super::{CollectError, CollectErrorKind};
use crate::fact::{Fact, Observation};
use crate::model::EntityRef;

/// What a run brought.
#[derive(Debug, Default)]
pub struct Collected {
    /// By source, in the order in which they were given.
    pub sources: Vec<CollectedSource>,
}

/// What a source gave.
#[derive(Debug)]
pub struct CollectedSource {
    /// The source.
    pub name: String,
    /// How many targets it has.
    pub targets: usize,
    /// How many of them were asked for.
    pub asked: usize,
    /// What it says, in the order of the targets.
    pub facts: Vec<Fact>,
    /// Why that is not all, in the order of the targets.
    pub failures: Vec<Failure>,
    /// What is switched off there, or not part of what was bought: nothing is missing, and the
    /// facts stay unknown.
    pub not_offered: Vec<Failure>,
    /// The entities that its targets are about.
    pub asked_about: BTreeSet<EntityRef>,
    /// Those of them of which something was not answered: a target failed, or was not asked for.
    pub unanswered: BTreeSet<EntityRef>,
}

/// Why a target has no answer, or not all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The target.
    pub target: String,
    /// The entities that it is about.
    pub entities: Vec<EntityRef>,
    /// What happened.
    pub error: CollectError,
}

impl Collected {
    /// Whether everything that was asked for is here.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.sources.iter().all(CollectedSource::is_complete)
    }

    /// Whether somebody must be let in first.
    #[must_use]
    pub fn needs_credential(&self) -> bool {
        let mut sources = self.sources.iter();
        sources.any(CollectedSource::needs_credential)
    }
}

impl CollectedSource {
    /// Whether everything that it was asked for is here.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty() && self.asked == self.targets
    }

    /// What it says, as the ledger is given it.
    #[must_use]
    pub fn observations(&self) -> Vec<(EntityRef, Observation)> {
        let facts = self.facts.iter();
        facts
            .map(|fact| {
                let observation = Observation {
                    name: fact.name.to_string().into(),
                    dimensions: fact.dimensions.clone(),
                    value: fact.value.clone(),
                    observed_at: Some(fact.observed_at),
                    evidence: fact.evidence.as_deref().map(str::to_owned),
                };
                (fact.entity.clone(), observation)
            })
            .collect()
    }

    /// Whether it does not accept the token, or wants one.
    #[must_use]
    pub fn needs_credential(&self) -> bool {
        let mut failures = self.failures.iter();
        failures.any(|failure| failure.error.kind == CollectErrorKind::NeedsCredential)
    }
}
