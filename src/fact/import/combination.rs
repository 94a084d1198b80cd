//! One fact of what several results say.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Amount, Attributed};
use crate::fact::Dimensions;
use crate::model::EntityRef;

/// Makes one fact of what several files of a run say of an entity, in the order of entities, names
/// and dimensions.
///
/// Hand over the results of all files of one format. Numbers of things are added (tests of several
/// `JUnit` files, vulnerabilities of several targets), shares are those of the sums (coverage of
/// several modules), means and medians those of all samples, lists have what any has. Of values
/// that stand for themselves the one that was observed last counts; among equals, that of the last
/// file. A sum was observed when its oldest part was. What one file says to be unknown, because a
/// scan failed, is left out, whatever others add to it.
#[must_use]
pub fn combine(attributed: impl IntoIterator<Item = Attributed>) -> Vec<Attributed> {
    let mut combined = fold(attributed);
    combined.retain(|result| result.amount != Amount::Unknown);
    combined
}

/// The same, with what is unknown; other files may add to it in vain.
pub(super) fn fold(attributed: impl IntoIterator<Item = Attributed>) -> Vec<Attributed> {
    let mut combined: BTreeMap<(EntityRef, Cow<'static, str>, Dimensions), Attributed> =
        BTreeMap::new();
    for result in attributed {
        let key = (
            result.entity.clone(),
            result.observation.name.clone(),
            result.observation.dimensions.clone(),
        );
        let result = match combined.remove(&key) {
            None => result,
            Some(before) => both(before, result),
        };
        combined.insert(key, result);
    }
    let with_value = |mut result: Attributed| {
        if result.amount != Amount::Unknown {
            result.observation.value = result.amount.to_value()?;
        }
        Some(result)
    };
    combined.into_values().filter_map(with_value).collect()
}

fn both(before: Attributed, result: Attributed) -> Attributed {
    let (a, b) = (
        before.observation.observed_at,
        result.observation.observed_at,
    );
    // What has no time is observed now.
    let is_newer = b.is_none() || a.is_some_and(|a| b.is_some_and(|b| b >= a));
    if before.amount.stands_alone() && result.amount.stands_alone() {
        return if is_newer { result } else { before };
    }
    let mut observation = before.observation;
    observation.observed_at = match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    observation.evidence = observation.evidence.or(result.observation.evidence);
    Attributed {
        entity: before.entity,
        observation,
        is_shared: before.is_shared || result.is_shared,
        amount: before.amount.and(result.amount, is_newer),
    }
}
