//! How a fact came to be what it is.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::entities::LedgerEntities;
use super::reading::{self, Question};
use super::{FactRequest, LedgerLocation, Register};
use crate::catalog::EntityId;
use crate::fact::{Dimensions, FactSelection, FactSelector};
use crate::model::Moment;

/// A value that a fact had since some time.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEntry {
    /// The name of the fact.
    pub name: Arc<str>,
    /// Its dimensions.
    pub dimensions: Dimensions,
    /// Who observed it.
    pub source: Arc<str>,
    /// Since when.
    pub at: Timestamp,
    /// The value; `null` when it was there and is not any more.
    pub value: Value,
    /// Where to look.
    pub evidence: Option<Arc<str>>,
}

/// All values that the ledger knows of an entity up to the moment of a request, in the order of
/// names, dimensions, sources and time; of one fact where a selector names it, with all dimensions
/// that have those of the selector. A value that is seen again is not told again.
#[must_use]
pub fn history(
    request: &FactRequest<'_>,
    entity: EntityId,
    selector: Option<&FactSelector>,
) -> Vec<HistoryEntry> {
    let Some(location) = LedgerLocation::of(request.repositories, request.config) else {
        return Vec::new();
    };
    let (declared, _) = Register::declared(&request.config.organisation().facts);
    let register = Register::with(declared);
    let selection = selector.map_or(FactSelection::All, |selector| {
        let selection: FactSelection = [selector.name.as_str()].into_iter().collect();
        selection.with_times_of_ages(&register)
    });
    let entities = LedgerEntities::new(request.catalog, Some(&[entity]));
    let question = Question {
        entities: &entities,
        register: &register,
        selection: &selection,
        now: request.now,
        is_present: !matches!(request.moment, Moment::Time(_)),
        is_whole: false,
    };
    let listing = location.list(request.moment, None);
    let lines = reading::lines_of(&listing, &question, &|key| {
        selector.is_none_or(|selector| {
            let mut asked = selector.dimensions.iter();
            asked.all(|(name, value)| key.dimensions.get(name) == Some(value))
        })
    });
    let mut entries: Vec<HistoryEntry> = Vec::new();
    for (key, lines) in lines {
        let begin = entries.len();
        for line in lines {
            let last = entries.get(begin..).and_then(<[_]>::last);
            if last.is_none_or(|last| last.value != line.value) {
                entries.push(HistoryEntry {
                    name: Arc::clone(&key.name),
                    dimensions: key.dimensions.clone(),
                    source: Arc::clone(&key.source),
                    at: line.at,
                    value: line.value,
                    evidence: line.evidence,
                });
            }
        }
    }
    entries
}
