//! What a forge knows beside the code.

use std::borrow::Cow;

use jiff::SignedDuration;

use crate::fact::Declaration;
use crate::fact::declaration::ValueType::{Boolean, Time};

const FORGES: &[Cow<'static, str>] = &[Cow::Borrowed("github"), Cow::Borrowed("gitlab")];
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

pub(super) static DECLARATIONS: &[Declaration] = &[
    Declaration::number(
        "pull-request.open",
        "requests",
        FORGES,
        "open pull or merge requests",
    )
    .holds(A_DAY),
    Declaration::new(
        "pull-request.oldest",
        Time,
        FORGES,
        "when the oldest open request was opened",
    )
    .holds(A_DAY),
    Declaration::age(
        "pull-request.age",
        "pull-request.oldest",
        FORGES,
        "how long the oldest open request is open",
    )
    .holds(A_DAY),
    Declaration::new(
        "branch.protected",
        Boolean,
        FORGES,
        "whether the default branch is protected",
    )
    .holds(A_DAY),
    Declaration::number(
        "branch.required-reviews",
        "reviews",
        FORGES,
        "reviews that a change of the default branch needs",
    )
    .holds(A_DAY),
];
