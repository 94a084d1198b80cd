//! Availability, objectives, error budgets, cost.

use std::borrow::Cow;

use jiff::SignedDuration;

use crate::fact::Declaration;
use crate::fact::declaration::ValueType::{Boolean, Number};

const MONITORING: &[Cow<'static, str>] = &[Cow::Borrowed("prometheus")];
const OBJECTIVES: &[Cow<'static, str>] = &[Cow::Borrowed("openslo"), Cow::Borrowed("prometheus")];
const ANY: &[Cow<'static, str>] = &[Cow::Borrowed("http"), Cow::Borrowed("facts")];
const WHERE: &[&str] = &["environment", "region"];
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

pub(super) static DECLARATIONS: &[Declaration] = &[
    Declaration::number(
        "availability",
        "percent",
        MONITORING,
        "requests that were answered well, over the last 30 days",
    )
    .by(WHERE)
    .holds(A_DAY),
    Declaration::number(
        "latency.p95",
        "milliseconds",
        MONITORING,
        "the time that 95 of 100 requests stay below",
    )
    .by(WHERE)
    .holds(A_DAY),
    Declaration::number(
        "slo.count",
        "objectives",
        OBJECTIVES,
        "objectives that are declared",
    )
    .by(WHERE)
    .holds(A_DAY),
    Declaration::number(
        "slo.objective",
        "percent",
        OBJECTIVES,
        "the availability that is promised",
    )
    .by(WHERE)
    .holds(A_DAY),
    Declaration::new(
        "slo.met",
        Boolean,
        OBJECTIVES,
        "whether what is promised is kept",
    )
    .by(WHERE)
    .holds(A_DAY),
    Declaration::number(
        "error-budget.remaining",
        "percent",
        OBJECTIVES,
        "what is left of the error budget",
    )
    .by(WHERE)
    .holds(A_DAY),
    Declaration::new(
        "cost.month",
        Number,
        ANY,
        "what it costs in a month, in the currency of the organisation",
    )
    .by(WHERE)
    .holds(SignedDuration::from_hours(31 * 24)),
];
