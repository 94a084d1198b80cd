//! Charts as drawings inside a web page (SVG 1.1), with their legend beside them as text.

use std::io::{self, Write};

use super::{
    LONGEST_NAME, Scale, are_dates, color, cut, hex, last, pixels, scale, shown, without_days,
};
use crate::output::html::text::{escaped, write_dot};
use crate::view::{Chart, ChartShape};

/// What charts look like. It uses the colours that the page chooses for the theme.
pub(in crate::output) const STYLE: &str = "\
.chart{overflow:visible}.chart text{fill:var(--faint);font:12px system-ui,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}
.chart .grid{stroke:var(--line);stroke-width:1}.chart .axis{stroke:var(--faint);stroke-width:1}
.chart rect{stroke:var(--ground);stroke-width:.7}.chart polyline{fill:none;stroke-width:2.5;stroke-linejoin:round}
.chart circle{stroke:var(--ground);stroke-width:1}.chart .end{text-anchor:end}.chart .middle{text-anchor:middle}
";

/// All lengths are pixels.
const WIDTH: f64 = 760.0;
const PLOT_HEIGHT: f64 = 220.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 28.0;
const TOP: f64 = 26.0;
/// The width of a letter of a label, a little more than its average.
const LETTER: f64 = 6.4;
/// Longer names are cut where they stand askew.
const LONGEST_SLANTED: usize = 18;
/// Gaps between the bars, as a part of the room of one.
const GAP: f64 = 0.3;
/// Nobody needs a bar that is wider.
const WIDEST_BAR: f64 = 64.0;
/// Labels beyond these nobody can tell apart; the last are shown.
const MOST_LABELS: usize = 400;

/// Where things stand.
struct Plot<'a> {
    chart: &'a Chart,
    scale: Scale,
    /// The first label that is shown.
    first: usize,
    /// The room of a label.
    room: f64,
}

/// Writes a chart with its title and legend. Its number tells it from other drawings there.
pub(in crate::output) fn write_figure(
    chart: &Chart,
    number: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (title, count) = (escaped(&chart.title), chart.labels.len());
    let mut values = chart.series.iter().flat_map(|series| &series.values);
    if values.all(Option::is_none) {
        return writeln!(
            out,
            "<p class=\"faint\">No numbers are known for \"{title}\".</p>"
        );
    }
    let shown = count.clamp(1, MOST_LABELS);
    let plot = Plot {
        chart,
        scale: scale(chart),
        first: count.saturating_sub(shown),
        room: (WIDTH - LEFT - RIGHT) / pixels(shown),
    };
    writeln!(
        out,
        "<figure class=\"drawing\" tabindex=\"0\">\n<figcaption>{title}</figcaption>"
    )?;
    plot.write(number, out)?;
    plot.write_legend(out)?;
    writeln!(out, "</figure>")
}

impl Plot<'_> {
    fn write(&self, number: usize, out: &mut dyn Write) -> io::Result<()> {
        let slanted = self.is_slanted();
        let height = TOP + PLOT_HEIGHT + if slanted { 118.0 } else { 32.0 };
        writeln!(
            out,
            "<svg class=\"chart\" viewBox=\"0 0 {WIDTH:.0} {height:.0}\" width=\"{WIDTH:.0}\" height=\"{height:.0}\" \
             role=\"img\" aria-labelledby=\"_chart{number} _data{number}\">"
        )?;
        let title = escaped(&self.chart.title);
        writeln!(out, "<title id=\"_chart{number}\">{title}</title>")?;
        let about = escaped(&self.about());
        writeln!(out, "<desc id=\"_data{number}\">{about}</desc>")?;
        self.write_scale(out)?;
        match self.chart.shape {
            ChartShape::StackedBars => self.write_bars(out)?,
            ChartShape::Lines => self.write_lines(out)?,
        }
        self.write_labels(slanted, out)?;
        writeln!(out, "</svg>")
    }

    /// What one sees, in words: from when to when, and where it ends.
    fn about(&self) -> String {
        let labels = &self.chart.labels;
        let span = match (labels.get(self.first), labels.last()) {
            (Some(first), Some(last)) if first != last => format!(" from {first} to {last}"),
            (Some(only), _) => format!(" at {only}"),
            _ => String::new(),
        };
        let series = self.chart.series.iter().filter_map(|series| {
            let last = last(series)?;
            Some(format!("{} {}", series.name, shown(last)))
        });
        let series: Vec<String> = series.collect();
        format!(
            "{}{span}; at the end: {}",
            self.chart.unit,
            series.join(", ")
        )
    }

    fn write_scale(&self, out: &mut dyn Write) -> io::Result<()> {
        let right = WIDTH - RIGHT;
        writeln!(
            out,
            "<text x=\"{LEFT}\" y=\"14\">{}</text>",
            escaped(&self.chart.unit)
        )?;
        let mut mark = 0.0;
        while mark <= self.scale.top + self.scale.step / 2.0 {
            let y = self.y(mark);
            let class = if mark == 0.0 { "axis" } else { "grid" };
            writeln!(
                out,
                "<path class=\"{class}\" d=\"M{LEFT} {y:.1}H{right}\"/>\
                 <text class=\"end\" x=\"{:.0}\" y=\"{:.1}\">{}</text>",
                LEFT - 8.0,
                y + 4.0,
                shown(mark)
            )?;
            mark += self.scale.step;
        }
        Ok(())
    }

    fn write_bars(&self, out: &mut dyn Write) -> io::Result<()> {
        let width = (self.room * (1.0 - GAP)).min(WIDEST_BAR);
        for at in self.first..self.chart.labels.len() {
            let left = self.middle(at) - width / 2.0;
            let mut sum = 0.0;
            for (number, series) in self.chart.series.iter().enumerate() {
                let Some(value) = series.values.get(at).copied().flatten() else {
                    continue;
                };
                if !value.is_finite() || value <= 0.0 {
                    continue;
                }
                let (top, bottom) = (self.y(sum + value), self.y(sum));
                writeln!(
                    out,
                    "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{}\">\
                     <title>{}</title></rect>",
                    bottom - top,
                    hex(color(series, number)),
                    self.point(at, &series.name, value)
                )?;
                sum += value;
            }
        }
        Ok(())
    }

    fn write_lines(&self, out: &mut dyn Write) -> io::Result<()> {
        for (number, series) in self.chart.series.iter().enumerate() {
            let color = hex(color(series, number));
            let at = self.first..self.chart.labels.len();
            let points: Vec<(usize, Option<f64>)> = at
                .map(|at| (at, series.values.get(at).copied().flatten()))
                .collect();
            // What is not known is a gap, and not a line across it.
            for known in points.split(|(_, value)| value.is_none()) {
                if known.len() < 2 {
                    continue;
                }
                let corners = known.iter().map(|(at, value)| {
                    let (x, y) = (self.middle(*at), self.y(value.unwrap_or(0.0)));
                    format!("{x:.1},{y:.1}")
                });
                let corners: Vec<String> = corners.collect();
                writeln!(
                    out,
                    "<polyline points=\"{}\" stroke=\"{color}\"/>",
                    corners.join(" ")
                )?;
            }
            for (at, value) in points {
                let Some(value) = value else { continue };
                writeln!(
                    out,
                    "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\" fill=\"{color}\"><title>{}</title></circle>",
                    self.middle(at),
                    self.y(value),
                    self.point(at, &series.name, value)
                )?;
            }
        }
        Ok(())
    }

    fn write_labels(&self, slanted: bool, out: &mut dyn Write) -> io::Result<()> {
        let every = if slanted { 1 } else { self.every() };
        let last = self.chart.labels.len().saturating_sub(1);
        let all = without_days(&self.chart.labels);
        let labels = all.iter().enumerate().skip(self.first);
        // The last one is always there: it says how new this is.
        let labels = labels.filter(|(at, _)| (last - at).is_multiple_of(every));
        for (at, label) in labels {
            let (x, y) = (self.middle(at), TOP + PLOT_HEIGHT + 20.0);
            let longest = if slanted {
                LONGEST_SLANTED
            } else {
                LONGEST_NAME
            };
            let (text, whole) = (escaped(&cut(label, longest)), escaped(label));
            let place = if slanted {
                let (x, y) = (x + 4.0, y - 6.0);
                format!(
                    "class=\"end\" x=\"{x:.1}\" y=\"{y:.1}\" transform=\"rotate(-40 {x:.1} {y:.1})\""
                )
            } else {
                format!("class=\"middle\" x=\"{x:.1}\" y=\"{y:.1}\"")
            };
            writeln!(out, "<text {place}>{text}<title>{whole}</title></text>")?;
        }
        Ok(())
    }

    /// What the colours mean, from top to bottom where they are stacked.
    fn write_legend(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.chart.series.len() < 2 {
            return Ok(());
        }
        let mut series: Vec<_> = self.chart.series.iter().enumerate().collect();
        if self.chart.shape == ChartShape::StackedBars {
            series.reverse();
        }
        writeln!(out, "<ul class=\"legend\">")?;
        for (number, series) in series {
            out.write_all(b"<li>")?;
            write_dot(color(series, number), out)?;
            out.write_all(escaped(&series.name).as_bytes())?;
            if let Some(last) = last(series) {
                write!(out, " <span class=\"faint\">{}</span>", shown(last))?;
            }
            writeln!(out, "</li>")?;
        }
        writeln!(out, "</ul>")
    }

    fn point(&self, at: usize, name: &str, value: f64) -> String {
        let label = self.chart.labels.get(at).map_or("", String::as_str);
        escaped(&format!("{label}: {name} {}", shown(value)))
    }

    fn middle(&self, at: usize) -> f64 {
        LEFT + self.room * (pixels(at - self.first.min(at)) + 0.5)
    }

    fn y(&self, value: f64) -> f64 {
        let share = (value / self.scale.top).clamp(0.0, 1.0);
        TOP + PLOT_HEIGHT * (1.0 - share)
    }

    /// The room that the longest label needs.
    fn needed(&self) -> f64 {
        let labels = without_days(&self.chart.labels);
        let lengths = labels
            .iter()
            .map(|label| cut(label, LONGEST_NAME).chars().count());
        pixels(lengths.max().unwrap_or(0)) * LETTER + 6.0
    }

    /// Every how many labels one is shown, so that they do not overlap.
    fn every(&self) -> usize {
        let mut every = 1;
        while self.room * pixels(every) < self.needed() && every < MOST_LABELS {
            every += 1;
        }
        every
    }

    /// Whether the labels stand askew: names must all be read, while dates are read from their
    /// neighbours.
    fn is_slanted(&self) -> bool {
        self.every() > 1 && !are_dates(&self.chart.labels) && self.room > 14.0
    }
}
