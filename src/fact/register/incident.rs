//! Incidents, and who is on call.

use std::borrow::Cow;

use jiff::SignedDuration;

use crate::fact::Declaration;
use crate::fact::declaration::ValueType::{List, Text, Time};

const PAGERDUTY: &[Cow<'static, str>] = &[Cow::Borrowed("pagerduty")];
const INCIDENTS: &[Cow<'static, str>] = &[Cow::Borrowed("pagerduty"), Cow::Borrowed("incidents")];
const BY_ENVIRONMENT: &[&str] = &["environment"];
const MINUTES: SignedDuration = SignedDuration::from_mins(15);
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

pub(super) static DECLARATIONS: &[Declaration] = &[
    Declaration::number(
        "incident.open",
        "incidents",
        INCIDENTS,
        "incidents that are not resolved",
    )
    .by(BY_ENVIRONMENT)
    .holds(MINUTES),
    Declaration::number(
        "incidents.30d",
        "incidents",
        INCIDENTS,
        "incidents of the last 30 days",
    )
    .by(BY_ENVIRONMENT)
    .holds(A_DAY),
    Declaration::new(
        "incident.last",
        Time,
        INCIDENTS,
        "when the last incident began",
    )
    .by(BY_ENVIRONMENT)
    .holds(A_DAY),
    Declaration::age(
        "incident.age",
        "incident.last",
        INCIDENTS,
        "how long ago the last incident began",
    )
    .by(BY_ENVIRONMENT)
    .holds(A_DAY),
    Declaration::number(
        "incident.time-to-resolve",
        "hours",
        INCIDENTS,
        "the mean time from the begin of an incident to its end, over the last 30 days",
    )
    .by(BY_ENVIRONMENT)
    .holds(A_DAY),
    Declaration::new(
        "incident.report",
        Text,
        INCIDENTS,
        "where the incidents are listed",
    )
    .holds(A_DAY),
    Declaration::new(
        "on-call.schedule",
        Text,
        PAGERDUTY,
        "the schedule or escalation policy that says who is on call",
    )
    .holds(A_DAY),
    Declaration::new("on-call.url", Text, PAGERDUTY, "where the schedule is").holds(A_DAY),
    Declaration::new(
        "on-call.people",
        List,
        PAGERDUTY,
        "who is on call; asked for, shown, and not kept",
    )
    .holds(MINUTES)
    .not_kept(),
];
