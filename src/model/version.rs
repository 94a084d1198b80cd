//! The order of versions.

use std::cmp::Ordering;

/// The order of two versions; `None` when one of them is none.
#[must_use]
pub fn compare_versions(a: &str, b: &str) -> Option<Ordering> {
    let parts = |text: &str| {
        let text = text.strip_prefix('v').unwrap_or(text);
        let numbers = text.split('.').map(str::parse::<u64>);
        numbers.collect::<Result<Vec<u64>, _>>().ok()
    };
    Some(parts(a)?.cmp(&parts(b)?))
}
