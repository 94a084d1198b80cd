//! Timestamps of YAML 1.1, as JSON writes dates.

/// The date in the form `2001-12-14T21:59:43.100Z`; `None` when the text is none.
pub(super) fn normalize(text: &str) -> Option<String> {
    let mut rest = text;
    let year = digits(&mut rest, 4, 4)?;
    literal(&mut rest, '-')?;
    let month = digits(&mut rest, 1, 2)?;
    literal(&mut rest, '-')?;
    let day = digits(&mut rest, 1, 2)?;
    let milliseconds = if rest.is_empty() { 0 } else { time(rest)? };
    // `Date.UTC` takes years below 100 as years of the twentieth century.
    let year = if year < 100 { year + 1900 } else { year };
    let days = days_of_month(year, month) + day - 1;
    Some(print(days * 86_400_000 + milliseconds))
}

/// The milliseconds of `T21:59:43.10-05:00` since midnight in UTC.
fn time(text: &str) -> Option<i64> {
    let mut rest = text;
    if literal(&mut rest, 'T')
        .or_else(|| literal(&mut rest, 't'))
        .is_none()
    {
        rest = blanks(rest)?;
    }
    let hour = digits(&mut rest, 1, 2)?;
    literal(&mut rest, ':')?;
    let minute = digits(&mut rest, 1, 2)?;
    literal(&mut rest, ':')?;
    let second = digits(&mut rest, 1, 2)?;
    let mut milliseconds = ((hour * 60 + minute) * 60 + second) * 1000;
    if literal(&mut rest, '.').is_some() {
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let fraction = format!(
            "{:0<3}",
            rest.get(..length).filter(|text| !text.is_empty())?
        );
        milliseconds += fraction.get(..3)?.parse::<i64>().ok()?;
        rest = &rest[length..];
    }
    Some(milliseconds - zone(rest)?)
}

/// The milliseconds that a zone such as `Z`, `+5` or `-03:30` is ahead of UTC.
fn zone(text: &str) -> Option<i64> {
    let mut rest = blanks(text).unwrap_or(text);
    if rest.is_empty() {
        return (rest.len() == text.len()).then_some(0);
    }
    if literal(&mut rest, 'Z').is_some() {
        return rest.is_empty().then_some(0);
    }
    let sign = if literal(&mut rest, '-').is_some() {
        -1
    } else {
        literal(&mut rest, '+').map(|()| 1)?
    };
    let hours = digits(&mut rest, 1, 2).filter(|hours| *hours < 30)?;
    let minutes = match literal(&mut rest, ':') {
        Some(()) => digits(&mut rest, 2, 2)?,
        None => 0,
    };
    rest.is_empty()
        .then_some(sign * (hours * 60 + minutes) * 60_000)
}

fn literal(text: &mut &str, expected: char) -> Option<()> {
    *text = text.strip_prefix(expected)?;
    Some(())
}

fn digits(text: &mut &str, least: usize, most: usize) -> Option<i64> {
    let length = text
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    let (number, rest) = text.split_at(length);
    *text = rest;
    (length >= least).then(|| number.parse().ok())?
}

fn blanks(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches([' ', '\t']);
    (rest.len() < text.len()).then_some(rest)
}

/// Days from 1970 to the first of a month; a month beyond 12 belongs to a later year.
fn days_of_month(year: i64, month: i64) -> i64 {
    let months = year * 12 + month - 1;
    // The year is taken to begin in March, so that a leap day is its last.
    let (year, month) = ((months - 2).div_euclid(12), (months - 2).rem_euclid(12));
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (month * 153 + 2) / 5 - 719_468
}

fn print(milliseconds: i64) -> String {
    let (days, rest) = (
        milliseconds.div_euclid(86_400_000),
        milliseconds.rem_euclid(86_400_000),
    );
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let year = era * 400 + year_of_era + i64::from(month >= 10);
    let month = if month < 10 { month + 3 } else { month - 9 };
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, milli) = (rest / 1000 % 60, rest % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn dates_and_times() {
        for (text, expected) in [
            ("2001-12-14", "2001-12-14T00:00:00.000Z"),
            ("2001-12-14t21:59:43.10-05:00", "2001-12-15T02:59:43.100Z"),
            ("2001-12-14 21:59:43.10 -5", "2001-12-15T02:59:43.100Z"),
            ("2001-12-15 2:59:43.10", "2001-12-15T02:59:43.100Z"),
            ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"),
            ("2023-02-29", "2023-03-01T00:00:00.000Z"),
            ("1969-12-31", "1969-12-31T00:00:00.000Z"),
        ] {
            assert_eq!(normalize(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "2001-12",
            "2001-12-14x",
            "20011214",
            "2001-12-14 ",
            "2001-12-14T1:2",
        ] {
            assert_eq!(normalize(text), None, "{text}");
        }
    }
}
