//! Tests, coverage, and gates of quality.

use std::borrow::Cow;

use jiff::SignedDuration;

use crate::fact::Declaration;
use crate::fact::declaration::ValueType::Boolean;

const TESTS: &[Cow<'static, str>] = &[Cow::Borrowed("junit")];
const COVERAGE: &[Cow<'static, str>] = &[
    Cow::Borrowed("cobertura"),
    Cow::Borrowed("lcov"),
    Cow::Borrowed("sonarqube"),
];
const SONARQUBE: &[Cow<'static, str>] = &[Cow::Borrowed("sonarqube")];
const A_MONTH: SignedDuration = SignedDuration::from_hours(30 * 24);
const A_WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

pub(super) static DECLARATIONS: &[Declaration] = &[
    Declaration::number("test.count", "tests", TESTS, "tests that ran last").holds(A_MONTH),
    Declaration::number(
        "test.failed",
        "tests",
        TESTS,
        "tests of the last run that failed",
    )
    .holds(A_MONTH),
    Declaration::number(
        "test.skipped",
        "tests",
        TESTS,
        "tests of the last run that were skipped",
    )
    .holds(A_MONTH),
    Declaration::number("test.duration", "seconds", TESTS, "how long the tests took")
        .holds(A_MONTH),
    Declaration::number(
        "coverage.lines",
        "percent",
        COVERAGE,
        "lines that tests reach",
    )
    .holds(A_MONTH),
    Declaration::number(
        "coverage.branches",
        "percent",
        COVERAGE,
        "branches that tests reach",
    )
    .holds(A_MONTH),
    Declaration::new(
        "quality-gate.passed",
        Boolean,
        SONARQUBE,
        "whether the gate of quality is passed",
    )
    .holds(A_WEEK),
    Declaration::number(
        "quality.bugs",
        "bugs",
        SONARQUBE,
        "bugs that the analysis found",
    )
    .holds(A_WEEK),
    Declaration::number(
        "quality.code-smells",
        "findings",
        SONARQUBE,
        "code smells that the analysis found",
    )
    .holds(A_WEEK),
    Declaration::number(
        "quality.duplication",
        "percent",
        SONARQUBE,
        "lines that are duplicated",
    )
    .holds(A_WEEK),
];
