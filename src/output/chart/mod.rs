//! Charts, for formats that draw.

pub(super) mod mermaid;

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

/// Where the scale ends: a round number that nothing is above.
pub(super) fn top(chart: &Chart) -> f64 {
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
    let highest: f64 = highest.fold(0.0, f64::max);
    if highest <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(highest.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|step| step * power);
    let round = steps.into_iter().find(|step| *step >= highest);
    round.unwrap_or(highest)
}
