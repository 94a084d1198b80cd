//! How much of a campaign was left when, drawn.

use crate::model::seconds_of_time;
use crate::view::{Chart, ChartShape, Series};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Draws how much was left on some days (`2026-01-31`), the earliest first, and the straight line
/// to the deadline; nothing with less than two days, or where nothing was ever left.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "nobody has 2^52 entities or days"
)]
pub fn burn_down(title: String, left: &[(&str, usize)], deadline: &str) -> Option<Chart> {
    let [first, .., last] = left else {
        return None;
    };
    if left.iter().all(|(_, open)| *open == 0) {
        return None;
    }
    let day = |date: &str| Some(seconds_of_time(date)?.div_euclid(DAY));
    let begin = day(first.0);
    let length = day(deadline).zip(begin).map(|(end, begin)| end - begin);
    let ideal = |date: &str| {
        let passed = day(date)? - begin?;
        let share = passed as f64 / length.filter(|days| *days > 0)? as f64;
        let left = first.1 as f64 * (1.0 - share).max(0.0);
        Some((left * 10.0).round() / 10.0)
    };
    let mut days: Vec<&str> = left.iter().map(|(date, _)| *date).collect();
    let open = left.iter().map(|(_, open)| Some(*open as f64));
    let mut open: Vec<Option<f64>> = open.collect();
    if *last.0 < *deadline {
        days.push(deadline);
        open.push(None);
    }
    let ideal = days.iter().map(|date| ideal(date)).collect();
    let series = |name: &str, values| Series {
        name: name.to_owned(),
        color: None,
        values,
    };
    Some(Chart {
        title,
        shape: ChartShape::Lines,
        unit: "entities".to_owned(),
        labels: days.into_iter().map(str::to_owned).collect(),
        series: vec![
            series("left", open),
            series("a straight line to the deadline", ideal),
        ],
    })
}
