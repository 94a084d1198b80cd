//! How large a ledger becomes, and how long it takes to read: run by hand, because it takes
//! minutes. `cargo test --release --test it ledger::volume -- --ignored --nocapture`

use std::fmt::Write as _;
use std::fs;
use std::time::Instant;

use devportal::fact::FactSelection;

use super::{Ledger, component, files};
use crate::sandbox::Sandbox;

const COMPONENTS: usize = 10_000;
const DAYS: i64 = 365;
/// Of a thousand values, so many change a day.
const CHANGES: u64 = 20;

/// A fact of the ledger: source, name, dimensions, and what its values look like.
type Kept = (&'static str, &'static str, &'static str, fn(u64) -> String);

fn small(random: u64) -> String {
    (random % 30).to_string()
}

fn share(random: u64) -> String {
    format!("{}.{}", 60 + random % 40, random / 40 % 10)
}

fn truth(random: u64) -> String {
    (random.is_multiple_of(2)).to_string()
}

fn moment(random: u64) -> String {
    let (day, minute) = (random % 28 + 1, random / 28 % 60);
    format!("\"2026-01-{day:02}T08:{minute:02}:00Z\"")
}

fn version(random: u64) -> String {
    format!(
        "\"{}.{}.{}\"",
        random % 4,
        random / 4 % 30,
        random / 120 % 10
    )
}

const PRODUCTION: &str = ",\"dimensions\":{\"environment\":\"production\"}";
const STAGING: &str = ",\"dimensions\":{\"environment\":\"staging\"}";

/// Twenty values a component, of five sources.
const KEPT: [Kept; 20] = [
    ("snyk", "vulnerability.critical", "", small),
    ("snyk", "vulnerability.high", "", small),
    ("snyk", "vulnerability.medium", "", small),
    ("snyk", "vulnerability.low", "", small),
    ("snyk", "vulnerability.fixable", "", small),
    ("snyk", "vulnerability.high.since", "", moment),
    ("sonarqube", "coverage.lines", "", share),
    ("sonarqube", "coverage.branches", "", share),
    ("sonarqube", "quality-gate.passed", "", truth),
    ("sonarqube", "quality.bugs", "", small),
    ("github", "deployment.at", PRODUCTION, moment),
    ("github", "deployment.version", PRODUCTION, version),
    ("github", "ci.run.succeeded", "", truth),
    ("github", "pull-request.open", "", small),
    ("pagerduty", "incident.open", "", small),
    ("pagerduty", "incidents.30d", "", small),
    ("pagerduty", "incident.last", "", moment),
    ("prometheus", "availability", PRODUCTION, share),
    ("prometheus", "availability", STAGING, share),
    ("prometheus", "latency.p95", PRODUCTION, small),
];

/// Numbers without a pattern, the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
}

/// The name of a component, as long as names are.
fn name(number: usize) -> String {
    const WORDS: [&str; 10] = [
        "payments",
        "orders",
        "search",
        "inventory",
        "identity",
        "billing",
        "catalog",
        "shipping",
        "pricing",
        "returns",
    ];
    let word = WORDS[number % 10];
    format!("{word}-{}-{number}", ["api", "worker", "web"][number % 3])
}

/// Writes the lines of a day, a file a source.
fn write_day(ledger: &Ledger, day: i64, names: &[String], random: &mut Random) {
    let start: jiff::Timestamp = "2026-01-01T05:00:00Z".parse().unwrap();
    let at = start + jiff::SignedDuration::from_hours(24 * day);
    let until = at + jiff::SignedDuration::from_hours(24 * 7);
    for source in ["snyk", "sonarqube", "github", "pagerduty", "prometheus"] {
        let mut text = String::new();
        for name in names {
            for (_, fact, dimensions, value) in KEPT.iter().filter(|kept| kept.0 == source) {
                if day == 0 || random.next() % 1000 < CHANGES {
                    let value = value(random.next());
                    writeln!(
                        text,
                        "{{\"entity\":\"component:default/{name}\",\"fact\":\"{fact}\"{dimensions},\
                         \"value\":{value},\"at\":\"{at}\"}}"
                    )
                    .unwrap();
                }
            }
        }
        let values = KEPT.iter().filter(|kept| kept.0 == source).count() * names.len();
        writeln!(
            text,
            "{{\"run\":{{\"at\":\"{at}\",\"complete\":true,\"until\":\"{until}\",\"values\":{values}}}}}"
        )
        .unwrap();
        let date = at.to_string();
        ledger.put(
            &format!("{source}/{}/{}-ci.jsonl", &date[..7], &date[8..10]),
            text,
        );
    }
}

#[test]
#[ignore = "it takes minutes"]
#[expect(clippy::print_stderr, reason = "what it measures is for people")]
fn a_year_of_ten_thousand_components() {
    let sandbox = Sandbox::new();
    sandbox.repository("");
    let names: Vec<String> = (0..COMPONENTS).map(name).collect();
    let components: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let ledger = Ledger::at(sandbox.root(), &components);
    let mut random = Random(7);
    for day in 0..DAYS {
        write_day(&ledger, day, &names, &mut random);
        sandbox.commit_on("2026-01-15", "");
    }
    let written = files(&sandbox.root().join("facts"));
    let bytes: usize = written.iter().map(|(_, content)| content.len()).sum();
    let lines: usize = written
        .iter()
        .map(|(_, content)| content.split(|byte| *byte == b'\n').count() - 1)
        .sum();
    eprintln!("{} files, {lines} lines, {bytes} bytes", written.len());
    sandbox.git("", &["gc", "--quiet", "--prune=now"]);
    let packed = files(&sandbox.root().join(".git/objects"));
    let packed: u64 = packed
        .iter()
        .map(|(path, _)| fs::metadata(path).unwrap().len())
        .sum();
    eprintln!("{packed} bytes packed");
    let now = "2026-12-31T12:00:00Z";
    let start = Instant::now();
    let (all, problems) = ledger.read(now);
    eprintln!("all {} facts: {:?}", all.len(), start.elapsed());
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(all.len(), COMPONENTS * KEPT.len());
    let id = ledger.catalog.id(&component(&names[4711])).unwrap();
    let start = Instant::now();
    let (one, _) = ledger.read_some(now, FactSelection::All, Some(&[id]));
    eprintln!("one entity, {} facts: {:?}", one.len(), start.elapsed());
    assert_eq!(one.len(), KEPT.len());
    let start = Instant::now();
    let selection: FactSelection = ["vulnerability.high"].into_iter().collect();
    let (of_fact, _) = ledger.read_some(now, selection, None);
    eprintln!(
        "one fact, {} entities: {:?}",
        of_fact.len(),
        start.elapsed()
    );
    let start = Instant::now();
    let history = ledger.history(now, &names[4711]);
    eprintln!(
        "history of one entity, {} values: {:?}",
        history.len(),
        start.elapsed()
    );
    assert!(bytes <= 250_000_000, "{bytes}");
    assert!(packed <= 40_000_000, "{packed}");
}
