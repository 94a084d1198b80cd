//! What one source of the ledger said at several moments, and what of the ledger a moment depends
//! on.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::entities::LedgerEntities;
use super::location::LARGEST_FILE;
use super::reading::{self, Question};
use super::{FactRequest, LedgerLocation, facts};
use crate::fact::{Fact, FactSelection, Register};
use crate::model::Moment;

/// What a source said that holds at each of some moments, also of entities that there are no more.
/// What could not be read is left out: the same files are read, and told, with all other facts.
#[must_use]
pub fn of_source_at(
    request: &FactRequest<'_>,
    source: &str,
    times: &[Timestamp],
) -> Vec<Vec<Fact>> {
    let nothing = || vec![Vec::new(); times.len()];
    let Some(location) = LedgerLocation::of(request.repositories, request.config) else {
        return nothing();
    };
    let listing = location.list(&Moment::Time(request.now), Some(source));
    if listing.files().is_empty() {
        return nothing();
    }
    let (declared, _) = Register::declared(&request.config.organisation().facts);
    let register = Register::with(declared);
    let entities = LedgerEntities::new(request.catalog, None).with_others();
    let at = |time: &Timestamp| {
        let question = Question {
            entities: &entities,
            register: &register,
            selection: &FactSelection::All,
            now: *time,
            is_present: false,
            is_whole: true,
        };
        let (newest, _) = reading::newest(&location, &listing, &question);
        let mut holding = facts(newest, &listing, &question);
        holding.retain(|fact| {
            !fact.value.is_null() && fact.valid_until.is_none_or(|until| *time <= until)
        });
        holding.sort_by(|a, b| {
            (&a.entity, &a.name, &a.dimensions).cmp(&(&b.entity, &b.name, &b.dimensions))
        });
        holding
    };
    times.iter().map(at).collect()
}

/// For each of some moments a digest of everything in the ledger that what it says then depends
/// on: the lines up to then. A line that does not plainly say when it is from counts for all.
/// `None` where something cannot be read.
#[must_use]
pub fn digests_until(request: &FactRequest<'_>, times: &[Timestamp]) -> Option<Vec<String>> {
    let Some(location) = LedgerLocation::of(request.repositories, request.config) else {
        return Some(vec![String::new(); times.len()]);
    };
    let listing = location.list(&Moment::Time(request.now), None);
    if !listing.problems().is_empty() {
        return None;
    }
    let mut order: Vec<(Timestamp, usize)> = times.iter().copied().zip(0..).collect();
    order.sort_unstable();
    let sorted: Vec<Timestamp> = order.iter().map(|(time, _)| *time).collect();
    let files = listing.files();
    let of_files: Option<Vec<Vec<Option<[u8; 32]>>>> = files
        .par_iter()
        .map(|file| {
            let bytes = listing.read(&file.path, LARGEST_FILE).ok()?;
            Some(digests_of_file(&bytes, &sorted))
        })
        .collect();
    let of_files = of_files?;
    let mut digests = vec![String::new(); times.len()];
    for (place, (_, index)) in order.iter().enumerate() {
        let mut digest = Sha256::new();
        for (file, of_file) in files.iter().zip(&of_files) {
            let Some(Some(own)) = of_file.get(place) else {
                continue;
            };
            digest.update(file.path.as_bytes());
            digest.update([0]);
            digest.update(own);
        }
        let text = digests.get_mut(*index)?;
        for byte in digest.finalize() {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
    }
    Some(digests)
}

/// For each moment, in order, the digest of the lines of a file up to then; `None` where there are
/// none.
fn digests_of_file(bytes: &[u8], times: &[Timestamp]) -> Vec<Option<[u8; 32]>> {
    let mut seconds: BTreeMap<&[u8], usize> = BTreeMap::new();
    let mut of_lines: Vec<(usize, &[u8])> = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let first = match written_at(line) {
            None => 0,
            Some(at) => *seconds.entry(at).or_insert_with(|| first_since(at, times)),
        };
        of_lines.push((first, line));
    }
    let firsts: std::collections::BTreeSet<usize> = of_lines.iter().map(|it| it.0).collect();
    let mut last = None;
    let mut digests = Vec::with_capacity(times.len());
    for place in 0..times.len() {
        // Only where lines are new there is something new to say.
        if firsts.contains(&place) {
            let mut digest = Sha256::new();
            for (_, line) in of_lines.iter().filter(|(first, _)| *first <= place) {
                digest.update(line);
            }
            last = Some(digest.finalize().into());
        }
        digests.push(last);
    }
    digests
}

/// When a line is from, where it says so once and in the way in which lines are written. In a text
/// of the line the quotes would be escaped.
fn written_at(line: &[u8]) -> Option<&[u8]> {
    const KEY: &[u8] = b"\"at\":\"";
    let mut found = line.windows(KEY.len()).enumerate();
    let mut next = || found.find(|(_, window)| *window == KEY);
    let (start, _) = next()?;
    if next().is_some() {
        return None;
    }
    let rest = line.get(start + KEY.len()..)?;
    let end = rest.iter().position(|byte| *byte == b'"')?;
    rest.get(..end)
}

/// The place of the first moment that a time is not after; 0 for what is no time.
fn first_since(at: &[u8], times: &[Timestamp]) -> usize {
    let time: Option<Timestamp> = std::str::from_utf8(at).ok().and_then(|it| it.parse().ok());
    time.map_or(0, |at| times.partition_point(|time| *time < at))
}

#[cfg(test)]
mod tests {
    use super::{Timestamp, digests_of_file};

    const FIRST: &str =
        "{\"entity\":\"a\",\"fact\":\"b\",\"value\":1,\"at\":\"2026-01-10T00:00:00Z\"}\n";
    const SECOND: &str = "{\"run\":{\"at\":\"2026-02-10T00:00:00Z\",\"complete\":true}}\n";

    fn digests(text: &str) -> Vec<Option<[u8; 32]>> {
        let times = ["2026-01-01", "2026-01-31", "2026-02-28"];
        let times = times.map(|day| format!("{day}T00:00:00Z").parse::<Timestamp>().unwrap());
        digests_of_file(text.as_bytes(), &times)
    }

    #[test]
    fn a_moment_depends_on_the_lines_up_to_then() {
        let both = digests(&format!("{FIRST}{SECOND}"));
        assert_eq!(both[0], None);
        assert_eq!(both[..2], digests(FIRST)[..2]);
        assert_ne!(both[2], both[1]);
        // What is written later changes nothing before.
        let more = digests(&format!(
            "{FIRST}{SECOND}{}",
            SECOND.replace("02-10", "02-11")
        ));
        assert_eq!(more[..2], both[..2]);
        assert_ne!(more[2], both[2]);
    }

    #[test]
    fn what_does_not_say_when_it_is_from_counts_for_all() {
        let twice = FIRST.replace("\"value\":1", "\"value\":{\"at\":\"2026-02-10T00:00:00Z\"}");
        for line in ["broken\n", "{\"at\": \"2026-02-10T00:00:00Z\"}\n", &twice] {
            let with = digests(&format!("{FIRST}{line}"));
            assert!(with[0].is_some(), "{line}");
        }
        let quoted = SECOND.replace("true", "\"\\\"at\\\":\\\"2026\"");
        assert_eq!(digests(&quoted)[1], None);
    }
}
