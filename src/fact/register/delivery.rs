//! Releases, deployments, and the four keys of DORA.

use std::borrow::Cow;

use jiff::SignedDuration;

use crate::fact::Declaration;
use crate::fact::declaration::ValueType::{Boolean, Text, Time, Version};

const RELEASES: &[Cow<'static, str>] = &[Cow::Borrowed("repository"), Cow::Borrowed("facts")];
const DEPLOYMENTS: &[Cow<'static, str>] = &[
    Cow::Borrowed("repository"),
    Cow::Borrowed("deployments"),
    Cow::Borrowed("github"),
    Cow::Borrowed("gitlab"),
];
const PIPELINES: &[Cow<'static, str>] = &[Cow::Borrowed("github"), Cow::Borrowed("gitlab")];
const BY_ENVIRONMENT: &[&str] = &["environment"];
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

pub(super) static DECLARATIONS: &[Declaration] = &[
    Declaration::new(
        "release.at",
        Time,
        RELEASES,
        "when the last release was tagged",
    ),
    Declaration::age(
        "release.age",
        "release.at",
        RELEASES,
        "how long ago the last release was tagged",
    ),
    Declaration::new(
        "release.version",
        Version,
        RELEASES,
        "the version of the last release",
    ),
    Declaration::number(
        "releases.90d",
        "releases",
        RELEASES,
        "releases in the last 90 days",
    ),
    Declaration::new(
        "deployment.at",
        Time,
        DEPLOYMENTS,
        "when it was deployed last, with success",
    )
    .by(BY_ENVIRONMENT)
    .holds(A_DAY),
    Declaration::age(
        "deployment.age",
        "deployment.at",
        DEPLOYMENTS,
        "how long ago it was deployed last",
    )
    .by(BY_ENVIRONMENT)
    .holds(A_DAY),
    Declaration::new(
        "deployment.version",
        Text,
        DEPLOYMENTS,
        "the version or commit that was deployed last",
    )
    .by(BY_ENVIRONMENT)
    .holds(A_DAY),
    Declaration::new(
        "deployment.succeeded",
        Boolean,
        DEPLOYMENTS,
        "whether the last deployment succeeded",
    )
    .by(BY_ENVIRONMENT)
    .holds(A_DAY),
    Declaration::number(
        "deployments.30d",
        "deployments",
        DEPLOYMENTS,
        "deployments with success in the last 30 days",
    )
    .by(BY_ENVIRONMENT)
    .holds(A_DAY),
    Declaration::number(
        "dora.deployment-frequency",
        "per week",
        DEPLOYMENTS,
        "deployments a week, over the last 90 days",
    )
    .by(BY_ENVIRONMENT)
    .holds(A_DAY),
    Declaration::number(
        "dora.lead-time",
        "hours",
        DEPLOYMENTS,
        "the median time from writing a commit to its first deployment, over the last 90 days",
    )
    .by(BY_ENVIRONMENT)
    .holds(A_DAY),
    Declaration::number(
        "dora.change-failure-rate",
        "percent",
        DEPLOYMENTS,
        "deployments of the last 90 days that led to an incident or were undone",
    )
    .by(BY_ENVIRONMENT)
    .holds(A_DAY),
    Declaration::number(
        "dora.time-to-restore",
        "hours",
        DEPLOYMENTS,
        "the median time from a failed deployment or incident to its end, over the last 90 days",
    )
    .by(BY_ENVIRONMENT)
    .holds(A_DAY),
    Declaration::new(
        "ci.run.succeeded",
        Boolean,
        PIPELINES,
        "whether the last run on the default branch succeeded",
    )
    .holds(A_DAY),
    Declaration::new(
        "ci.run.at",
        Time,
        PIPELINES,
        "when CI ran last on the default branch",
    )
    .holds(A_DAY),
    Declaration::number(
        "ci.run.success-rate",
        "percent",
        PIPELINES,
        "runs with success of those on the default branch in the last 30 days",
    )
    .holds(A_DAY),
    Declaration::number(
        "ci.run.duration",
        "minutes",
        &[Cow::Borrowed("github")],
        "the median time of a run on the default branch in the last 30 days",
    )
    .holds(A_DAY),
];
