//! What holds for any runs of any writers.

use std::collections::BTreeMap;
use std::path::Path;

use devportal::fact::ledger::{CompactRequest, compact};
use proptest::prelude::*;
use serde_json::Value;

use super::{Ledger, Recording, files, shown};

const NAMES: &[(&str, &str)] = &[("a", ""), ("b", ""), ("c", "")];
const FACTS: [&str; 2] = ["vulnerability.high", "vulnerability.low"];
const ENTITIES: [&str; 3] = ["a", "b", "c"];

/// A run, in a form that can be shrunk.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "what may be so or not")]
pub(super) struct AnyRun {
    is_left: bool,
    /// Whether it comes after a merge of both.
    is_merged: bool,
    hours: u32,
    entities: Option<Vec<&'static str>>,
    is_complete: bool,
    is_missing_known: bool,
    values: Vec<(usize, usize, Option<u8>)>,
}

fn any_run() -> impl Strategy<Value = AnyRun> {
    let entities = prop::option::of(prop::sample::subsequence(&ENTITIES[..], 0..3));
    let value = (0..3_usize, 0..2_usize, prop::option::weighted(0.9, 0..3_u8));
    let values = prop::collection::vec(value, 0..6);
    let booleans = (
        any::<bool>(),
        prop::bool::weighted(0.3),
        prop::bool::weighted(0.7),
        any::<bool>(),
    );
    (booleans, 1..9_u32, entities, values).prop_map(
        |((is_left, is_merged, is_complete, is_missing_known), hours, entities, values)| AnyRun {
            is_left,
            is_merged,
            hours,
            entities,
            is_complete,
            is_missing_known,
            values,
        },
    )
}

fn at(hours: u32) -> String {
    let start: jiff::Timestamp = "2026-01-01T00:30:00Z".parse().unwrap();
    let time = start + jiff::SignedDuration::from_hours(i64::from(hours));
    time.to_string()
}

fn record(ledger: &Ledger, run: &AnyRun, writer: &str, hours: u32) {
    let at = at(hours);
    let mut recording = Recording::at(&at).by(writer);
    recording.entities = run.entities.as_deref();
    recording.is_complete = run.is_complete;
    recording.unanswered = if run.is_missing_known { &["b"] } else { &[] };
    for (entity, fact, value) in &run.values {
        let is_asked = run
            .entities
            .as_ref()
            .is_none_or(|asked| asked.contains(&ENTITIES[*entity]));
        if is_asked {
            let value = value.map_or(Value::Null, Value::from);
            recording = recording.value(ENTITIES[*entity], FACTS[*fact], value);
        }
    }
    ledger.record(&recording);
}

fn copy(from: &Path, to: &Path) {
    for (path, content) in files(&from.join("facts")) {
        let path = to.join(path.strip_prefix(from).unwrap());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
}

/// Runs of two writers, each in its own folder, which are merged now and then and at the end. The
/// number of hours that it took.
fn write(runs: &[AnyRun], left: &Ledger, right: &Ledger) -> u32 {
    let mut hours = 0;
    for run in runs {
        hours += run.hours;
        if run.is_merged {
            copy(&left.repository.root, &right.repository.root);
            copy(&right.repository.root, &left.repository.root);
        }
        let (ledger, writer) = if run.is_left {
            (left, "left")
        } else {
            (right, "right")
        };
        record(ledger, run, writer, hours);
    }
    hours
}

fn two() -> (tempfile::TempDir, Ledger, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let [left, right] = ["left", "right"].map(|name| {
        let root = folder.path().join(name);
        std::fs::create_dir(&root).unwrap();
        Ledger::at(root, NAMES)
    });
    (folder, left, right)
}

/// What is known, without what was never there: null and nothing are the same.
fn known(ledger: &Ledger, now: &str) -> Vec<String> {
    let (facts, problems) = ledger.read(now);
    assert!(problems.is_empty(), "{problems:?}");
    facts.iter().map(shown).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(runs in prop::collection::vec(any_run(), 1..8)) {
        let (_folder, ledger, _) = two();
        let mut hours = 0;
        // What each fact is, and when it was seen last.
        let mut model: BTreeMap<(usize, usize), (Value, String)> = BTreeMap::new();
        for run in &runs {
            hours += run.hours;
            record(&ledger, run, "left", hours);
            let mut seen = BTreeMap::new();
            for (entity, fact, value) in &run.values {
                let asked = run.entities.as_ref();
                if asked.is_none_or(|asked| asked.contains(&ENTITIES[*entity])) {
                    seen.insert((*entity, *fact), value.map_or(Value::Null, Value::from));
                }
            }
            for (key, value) in &seen {
                if !value.is_null() || model.contains_key(key) {
                    model.insert(*key, (value.clone(), at(hours)));
                }
            }
            if run.is_complete {
                for (key, (value, time)) in &mut model {
                    let asked = run.entities.as_ref();
                    let is_asked = asked.is_none_or(|asked| asked.contains(&ENTITIES[key.0]));
                    if is_asked && !seen.contains_key(key) {
                        *value = Value::Null;
                        *time = at(hours);
                    }
                }
            }
        }
        let (facts, problems) = ledger.read(&at(hours));
        prop_assert!(problems.is_empty(), "{:?}", problems);
        let read: BTreeMap<(usize, usize), (Value, String)> = facts.iter().map(|fact| {
            let entity = ENTITIES.iter().position(|name| *name == fact.entity.name()).unwrap();
            let name = FACTS.iter().position(|name| *name == &*fact.name).unwrap();
            ((entity, name), (fact.value.clone(), fact.observed_at.to_string()))
        }).collect();
        for (key, (value, time)) in &model {
            let (read_value, read_time) = read.get(key).unwrap();
            prop_assert_eq!(value, read_value, "{:?}", key);
            // That something is still not there may be seen without a word.
            if !value.is_null() {
                prop_assert_eq!(time, read_time, "{:?}", key);
            }
        }
        prop_assert_eq!(read.len(), model.len());
    }

    #[test]
    fn a_merge_knows_what_either_saw_last(runs in prop::collection::vec(any_run(), 1..8)) {
        let (_folder, left, right) = two();
        let runs: Vec<AnyRun> = runs.into_iter().map(|run| AnyRun { is_merged: false, ..run }).collect();
        let now = at(write(&runs, &left, &right));
        let mut apart: BTreeMap<String, devportal::fact::Fact> = BTreeMap::new();
        for fact in left.read(&now).0.into_iter().chain(right.read(&now).0) {
            let key = format!("{} {}", fact.entity.name(), fact.name);
            let known = apart.get(&key);
            if known.is_none_or(|known| known.observed_at < fact.observed_at) {
                apart.insert(key, fact);
            }
        }
        copy(&left.repository.root, &right.repository.root);
        let merged: Vec<String> = right.read(&now).0.iter().map(shown).collect();
        let apart: Vec<String> = apart.values().map(shown).collect();
        prop_assert_eq!(merged, apart);
    }

    #[test]
    fn the_names_of_writers_do_not_change_what_is_known(runs in prop::collection::vec(any_run(), 1..8)) {
        let (_folder, left, right) = two();
        let now = at(write(&runs, &left, &right));
        copy(&left.repository.root, &right.repository.root);
        let (_other, renamed, _) = two();
        for (path, content) in files(&right.repository.root.join("facts")) {
            let path = path.strip_prefix(right.repository.root.join("facts")).unwrap();
            let path = path.to_str().unwrap().replace("-left.", "-zzz.");
            renamed.put(&path, content);
        }
        prop_assert_eq!(known(&right, &now), known(&renamed, &now));
    }

    #[test]
    fn a_smaller_ledger_knows_the_same_at_the_end_of_each_day(runs in prop::collection::vec(any_run(), 1..14)) {
        let (_folder, left, right) = two();
        let hours = write(&runs, &left, &right);
        copy(&left.repository.root, &right.repository.root);
        let ends: Vec<String> = (0..=hours / 24 + 1).map(|day| {
            let end: jiff::Timestamp = "2026-01-01T23:59:59.999999999Z".parse().unwrap();
            (end + jiff::SignedDuration::from_hours(i64::from(day) * 24)).to_string()
        }).collect();
        let before: Vec<Vec<String>> = ends.iter().map(|end| right.shown_then(end)).collect();
        let location = right.location();
        compact(&request_of(&location)).unwrap();
        let after: Vec<Vec<String>> = ends.iter().map(|end| right.shown_then(end)).collect();
        prop_assert_eq!(before, after);
        let once = files(&right.repository.root);
        compact(&request_of(&location)).unwrap();
        prop_assert_eq!(once, files(&right.repository.root), "a second time changes nothing");
    }
}

fn request_of(location: &devportal::fact::ledger::LedgerLocation) -> CompactRequest<'_> {
    CompactRequest {
        location,
        before: "2027-01-01".parse().unwrap(),
        is_dry_run: false,
    }
}
