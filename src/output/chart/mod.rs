//! Charts, for formats that draw.

pub(super) mod mermaid;
pub(super) mod svg;

use std::collections::BTreeSet;

use crate::view::{Chart, ChartShape, Rgb, Series};

/// Colours of series that have none, on light and dark grounds: Okabe and Ito's, which people who
/// do not see all colours can tell apart.
const COLORS: [Rgb; 6] = [
    rgb(0x00, 0x72, 0xb2),
    rgb(0xd5, 0x5e, 0x00),
    rgb(0x00, 0x9e, 0x73),
    rgb(0xcc, 0x79, 0xa7),
    rgb(0xb8, 0x86, 0x0b),
    rgb(0x7f, 0x7f, 0x7f),
];

/// Longer names are cut.
const LONGEST_NAME: usize = 28;

const fn rgb(red: u8, green: u8, blue: u8) -> Rgb {
    Rgb { red, green, blue }
}

/// The colour of a series.
pub(super) fn color(series: &Series, number: usize) -> Rgb {
    series.color.unwrap_or(COLORS[number % COLORS.len()])
}

/// A colour as `#cd7f32`.
pub(super) fn hex(color: Rgb) -> String {
    format!("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue)
}

/// The numbers of a scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    /// From one mark to the next.
    pub(super) step: f64,
    /// The last mark, which nothing is above.
    pub(super) top: f64,
}

/// A scale from zero, with at most five marks above it at round numbers.
pub(super) fn scale(chart: &Chart) -> Scale {
    const MARKS: f64 = 5.0;
    let highest = (0..chart.labels.len()).map(|at| {
        let values = chart
            .series
            .iter()
            .filter_map(|series| *series.values.get(at)?);
        match chart.shape {
            ChartShape::Lines => values.fold(0.0, f64::max),
            ChartShape::StackedBars => values.sum(),
        }
    });
    let highest: f64 = highest
        .filter(|value| value.is_finite())
        .fold(0.0, f64::max);
    if highest <= 0.0 {
        return Scale {
            step: 1.0,
            top: 1.0,
        };
    }
    let power = 10_f64.powf((highest / MARKS).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
    let step = steps.into_iter().find(|step| step * MARKS >= highest);
    let step = step.unwrap_or(highest);
    let all = chart.series.iter().flat_map(|series| &series.values);
    let are_counts = all.flatten().all(|value| value.fract() == 0.0);
    let step = if are_counts { step.max(1.0) } else { step };
    Scale {
        step,
        top: (highest / step).ceil() * step,
    }
}

/// A number with at most one digit behind the point.
pub(super) fn shown(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// The last number of a series that is known.
pub(super) fn last(series: &Series) -> Option<f64> {
    let mut values = series.values.iter().rev();
    values.find_map(|value| *value)
}

/// Whether the labels are dates, which are read from their neighbours; names must all be read.
fn are_dates(labels: &[String]) -> bool {
    labels.iter().all(|label| {
        label.starts_with(|c: char| c.is_ascii_digit())
            && label.chars().all(|c| c.is_ascii_digit() || c == '-')
    })
}

/// Dates without their days, where the months alone tell them apart.
fn without_days(labels: &[String]) -> Vec<String> {
    let month = |label: &String| label.get(..7).map(str::to_owned);
    let are_days = are_dates(labels) && labels.iter().all(|label| label.len() == 10);
    let months: BTreeSet<Option<String>> = labels.iter().map(month).collect();
    if are_days && months.len() == labels.len() {
        labels.iter().filter_map(month).collect()
    } else {
        labels.to_vec()
    }
}

fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(longest - 1).collect();
    format!("{beginning}…")
}

/// A number of things as a length.
fn pixels(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
