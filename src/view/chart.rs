//! Numbers over dates or groups, for formats that draw.

use super::Rgb;

/// Numbers to be seen at a glance. Texts are raw, as everywhere in views.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// How it is drawn.
    pub shape: ChartShape,
    /// What the numbers are: `components`, `percent`.
    pub unit: String,
    /// What stands below the numbers: dates or names.
    pub labels: Vec<String>,
    /// The numbers; the first series stands lowest where they are stacked.
    pub series: Vec<Series>,
}

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartShape {
    /// A line for each series.
    Lines,
    /// Bars of which the series are parts.
    StackedBars,
}

/// Numbers that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What they are called.
    pub name: String,
    /// Their colour; the format chooses where there is none.
    pub color: Option<Rgb>,
    /// A number for each label; nothing where it is not known.
    pub values: Vec<Option<f64>>,
}
