//! How long a host asks us to wait.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// From here on a number is a time since 1970, and not a number of seconds to wait.
const SMALLEST_TIME: u64 = 1_000_000_000;

/// How long the host asks us to wait before the request is sent again; `None` when it does not.
///
/// `Retry-After` has seconds or a date (RFC 9110). The headers of rate limits have seconds
/// (`GitLab`, `PagerDuty`) or a time since 1970 (`GitHub`), and count when nothing is left.
pub(super) fn asked_for(status: u16, header: &dyn Fn(&str) -> Option<String>) -> Option<Duration> {
    // GitHub tells of its limits with 403, too.
    if !matches!(status, 403 | 429 | 503) {
        return None;
    }
    // The clock of the host, so that nobody waits for ours to be set right.
    let now = header("date").and_then(|date| seconds_of_date(&date));
    let now = now.unwrap_or_else(seconds_of_clock);
    if let Some(value) = header("retry-after") {
        let value = value.trim();
        let seconds = value.parse().ok();
        let seconds = seconds.or_else(|| Some(seconds_of_date(value)?.saturating_sub(now)));
        return seconds.map(Duration::from_secs);
    }
    let limits = [
        ("x-ratelimit-remaining", "x-ratelimit-reset"),
        ("ratelimit-remaining", "ratelimit-reset"),
    ];
    limits.into_iter().find_map(|(remaining, reset)| {
        let is_used_up = header(remaining).is_some_and(|left| left.trim() == "0");
        let reset: u64 = header(reset)?.trim().parse().ok()?;
        let wait = if reset >= SMALLEST_TIME {
            reset.saturating_sub(now)
        } else {
            reset
        };
        is_used_up.then(|| Duration::from_secs(wait))
    })
}

fn seconds_of_date(date: &str) -> Option<u64> {
    let time: Timestamp = rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
    u64::try_from(time.as_second()).ok()
}

fn seconds_of_clock() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::asked_for;

    #[test]
    fn f02_every_way_to_ask_for_patience_is_understood() {
        let wait = |status, headers: &[(&str, &str)]| {
            let header = |name: &str| {
                let found = headers.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            asked_for(status, &header).map(|wait| wait.as_secs())
        };
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(wait(429, &[("retry-after", " 7 ")]), Some(7));
        let later = ("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT");
        assert_eq!(wait(503, &[date, later]), Some(30));
        let earlier = ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT");
        assert_eq!(wait(503, &[date, earlier]), Some(0));
        assert_eq!(wait(429, &[("retry-after", "tomorrow")]), None);
        assert_eq!(wait(200, &[("retry-after", "7")]), None);
        let none_left = ("x-ratelimit-remaining", "0");
        let date = ("date", "Tue, 14 Nov 2023 22:13:20 GMT");
        let reset = ("x-ratelimit-reset", "1700000042");
        assert_eq!(wait(403, &[date, none_left, reset]), Some(42));
        let some_left = ("x-ratelimit-remaining", "9");
        assert_eq!(wait(403, &[date, some_left, reset]), None);
        let others = [("ratelimit-remaining", "0"), ("ratelimit-reset", "12")];
        assert_eq!(wait(429, &others), Some(12));
    }
}
