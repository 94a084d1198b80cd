//! Who works on the code, and how much.

use super::REPOSITORY;
use crate::fact::Declaration;
use crate::fact::declaration::ValueType::{List, Time};

pub(super) static DECLARATIONS: &[Declaration] = &[
    Declaration::new(
        "commit.first",
        Time,
        REPOSITORY,
        "when the first commit was made",
    ),
    Declaration::new(
        "commit.last",
        Time,
        REPOSITORY,
        "when a person changed it last; bots and reformatting do not count",
    ),
    Declaration::age(
        "commit.age",
        "commit.last",
        REPOSITORY,
        "how long ago a person changed it",
    ),
    Declaration::number(
        "commits.30d",
        "commits",
        REPOSITORY,
        "commits of people in the last 30 days",
    ),
    Declaration::number(
        "commits.90d",
        "commits",
        REPOSITORY,
        "commits of people in the last 90 days",
    ),
    Declaration::number(
        "commits.365d",
        "commits",
        REPOSITORY,
        "commits of people in the last 365 days",
    ),
    Declaration::number(
        "authors.30d",
        "people",
        REPOSITORY,
        "people who committed in the last 30 days",
    ),
    Declaration::number(
        "authors.90d",
        "people",
        REPOSITORY,
        "people who committed in the last 90 days",
    ),
    Declaration::number(
        "authors.365d",
        "people",
        REPOSITORY,
        "people who committed in the last 365 days",
    ),
    Declaration::new(
        "authors.180d.addresses",
        List,
        REPOSITORY,
        "the e-mail addresses of those who committed in the last 180 days",
    ),
    Declaration::number(
        "bus-factor",
        "people",
        REPOSITORY,
        "the fewest people who made over half of the commits of 365 days",
    ),
];
