//! What scorecards and campaigns said, as `devportal score --record` keeps it.

use std::borrow::Cow;

use jiff::SignedDuration;

use crate::fact::Declaration;
use crate::fact::declaration::ValueType::{List, Text};

const SCORECARDS: &[Cow<'static, str>] = &[Cow::Borrowed("scorecards")];
const CAMPAIGNS: &[Cow<'static, str>] = &[Cow::Borrowed("campaigns")];
const WHICH: &[&str] = &["scorecard"];
/// A level holds until the next monthly job, and a few days more.
const A_MONTH: SignedDuration = SignedDuration::from_hours(35 * 24);

pub(super) static DECLARATIONS: &[Declaration] = &[
    Declaration::new(
        "score.level",
        Text,
        SCORECARDS,
        "the level that it reached, as the scorecard calls it; \"none\" for none",
    )
    .by(WHICH)
    .holds(A_MONTH),
    Declaration::number(
        "score.percent",
        "percent",
        SCORECARDS,
        "how much of what counts in a scorecard is passed, by weight",
    )
    .by(WHICH)
    .holds(A_MONTH),
    Declaration::new(
        "score.failed",
        List,
        SCORECARDS,
        "the rules of a scorecard that fail, by their ids",
    )
    .by(WHICH)
    .holds(A_MONTH),
    Declaration::new(
        "score.unknown",
        List,
        SCORECARDS,
        "the rules of a scorecard of which nobody knows whether they hold, by their ids",
    )
    .by(WHICH)
    .holds(A_MONTH),
    Declaration::new(
        "campaign.state",
        Text,
        CAMPAIGNS,
        "how far a campaign is: done, left, overdue, unknown or exempt",
    )
    .by(&["campaign"])
    .holds(A_MONTH),
];
