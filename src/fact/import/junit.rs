//! Results of tests as `JUnit` XML, which no standard describes.
//!
//! Suites may have suites. Of a suite with cases the cases count, or its attributes where those
//! say more, because some tools leave out what passed. Attributes of a suite that has suites are
//! the sums of those, and do not count. A case that passed when it was run again passed.

use super::document::{counted, looks_like, text, time};
use super::xml::{Element, Xml};
use super::{Amount, ImportError, ImportFile, ImportFormat, Imported, Subject};
use jiff::Timestamp;

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "junit",
    source: "junit",
    about: "results of tests: JUnit XML, as Ant, Maven Surefire 3 \
            (maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report-3.0.xsd), \
            pytest and others write it (github.com/testmoapp/junitxml)",
    gives: &["test.count", "test.failed", "test.skipped", "test.duration"],
    recognises: |file| {
        looks_like(file, &["<testsuite"]) && super::document::begins_with(file, &['<'])
    },
    read,
};

/// A suite while it is read, with those in it.
#[derive(Default)]
struct Suite {
    /// What its attributes say.
    said: Counts,
    /// Its own cases.
    cases: Counts,
    /// The suites in it.
    below: Counts,
    has_suites: bool,
    seconds: Option<f64>,
    seconds_below: f64,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    tests: u64,
    failed: u64,
    skipped: u64,
}

/// A case while it is read.
#[derive(Clone, Copy, Default)]
struct Case {
    is_failed: bool,
    is_skipped: bool,
}

/// What all suites say.
#[derive(Default)]
struct Reading {
    /// The root, and the suites that are open.
    suites: Vec<Suite>,
    case: Option<(Case, usize)>,
    started: Option<Timestamp>,
    odd_durations: usize,
}

fn read(file: &ImportFile<'_>) -> Result<Imported, ImportError> {
    let text = text(file)?;
    let mut xml = Xml::new(&text);
    let mut reading = Reading {
        suites: vec![Suite::default()],
        ..Reading::default()
    };
    while let Some(element) = xml.next()? {
        let depth = xml.depth();
        if depth == 1 && element.is_opened && !element.name.starts_with("testsuite") {
            let message = format!("<{}> is not JUnit", element.name);
            return Err(ImportError::new(message));
        }
        if element.is_opened {
            reading.open(&element, depth);
        } else {
            reading.close(&element, depth);
        }
    }
    let mut imported = Imported::observed(file, reading.started);
    if reading.odd_durations > 0 {
        let odd = reading.odd_durations;
        imported.problem(counted(odd, "duration is no time", "durations are no time"));
    }
    let root = reading.suites.pop().unwrap_or_default();
    let Counts {
        tests,
        failed,
        skipped,
    } = root.below;
    for (name, count) in [
        ("test.count", tests),
        ("test.failed", failed),
        ("test.skipped", skipped),
    ] {
        imported.add(&Subject::File, name, Amount::count(count));
    }
    let duration = Amount::Count(root.seconds_below);
    imported.add(&Subject::File, "test.duration", duration);
    Ok(imported)
}

impl Reading {
    fn open(&mut self, element: &Element, depth: usize) {
        match element.name.as_str() {
            "testsuite" => {
                let count = |name: &str| element.count(name).unwrap_or_default();
                let seconds = self.seconds(element);
                self.suites.push(Suite {
                    said: Counts {
                        tests: count("tests"),
                        failed: count("failures").saturating_add(count("errors")),
                        skipped: count("skipped").max(count("disabled")),
                    },
                    seconds,
                    ..Suite::default()
                });
                let started = time(element.attribute("timestamp"));
                self.started = self.started.max(started);
            }
            "testcase" => {
                let seconds = self.seconds(element).unwrap_or_default();
                let is_skipped = matches!(element.attribute("status"), "notrun" | "disabled");
                let case = Case {
                    is_skipped,
                    is_failed: false,
                };
                self.case = Some((case, depth));
                if let Some(suite) = self.suites.last_mut() {
                    suite.seconds_below += seconds;
                }
            }
            name => {
                if let Some((case, _)) = self.case.as_mut().filter(|(_, of)| of + 1 == depth) {
                    case.is_failed |= matches!(name, "failure" | "error");
                    case.is_skipped |= name == "skipped";
                }
            }
        }
    }

    fn close(&mut self, element: &Element, depth: usize) {
        match element.name.as_str() {
            "testcase" if self.case.is_some_and(|(_, of)| of == depth + 1) => {
                let case = self.case.take().map(|(case, _)| case).unwrap_or_default();
                if let Some(suite) = self.suites.last_mut() {
                    suite.cases.tests += 1;
                    suite.cases.failed += u64::from(case.is_failed);
                    suite.cases.skipped += u64::from(case.is_skipped && !case.is_failed);
                }
            }
            "testsuite" if self.suites.len() > 1 => {
                let Some(suite) = self.suites.pop() else {
                    return;
                };
                let counts = suite.counts();
                if let Some(above) = self.suites.last_mut() {
                    above.has_suites = true;
                    above.below = above.below.plus(counts);
                    above.seconds_below += suite.seconds.unwrap_or(suite.seconds_below);
                }
            }
            _ => {}
        }
    }

    /// Seconds, perhaps with commas between the thousands.
    fn seconds(&mut self, element: &Element) -> Option<f64> {
        let text = element.attribute("time").replace(',', "");
        if text.is_empty() {
            return None;
        }
        let seconds = text.trim().parse().ok();
        let seconds = seconds.filter(|seconds| (0.0..1e9).contains(seconds));
        self.odd_durations += usize::from(seconds.is_none());
        seconds
    }
}

impl Suite {
    fn counts(&self) -> Counts {
        if self.has_suites {
            return self.below.plus(self.cases);
        }
        Counts {
            tests: self.cases.tests.max(self.said.tests),
            failed: self.cases.failed.max(self.said.failed),
            skipped: self.cases.skipped.max(self.said.skipped),
        }
    }
}

impl Counts {
    const fn plus(self, other: Self) -> Self {
        Self {
            tests: self.tests.saturating_add(other.tests),
            failed: self.failed.saturating_add(other.failed),
            skipped: self.skipped.saturating_add(other.skipped),
        }
    }
}
