//! Badges: a flat picture (SVG 1.1), and what shields.io makes one of ("Endpoint Badge",
//! `schemaVersion` 1).

use std::io::{self, Write};

use serde::Serialize;

use super::chart::hex;
use super::html::text::escaped;
use super::safe_text::safe;
use crate::view::{Badge, Rgb};

/// A format of badges.
#[derive(Debug)]
pub struct BadgeFormat {
    /// What `--format` calls it.
    pub name: &'static str,
    /// Writes the badge.
    pub write: fn(&Badge, &mut dyn Write) -> io::Result<()>,
}

/// All formats of badges.
pub static BADGE_FORMATS: &[BadgeFormat] = &[
    BadgeFormat {
        name: "svg",
        write: write_svg,
    },
    BadgeFormat {
        name: "shields",
        write: write_endpoint,
    },
];

/// Longer texts are cut; a badge is one line among others.
const LONGEST: usize = 60;
/// All lengths are pixels.
const HEIGHT: usize = 20;
const PADDING: f64 = 6.0;
const FONT_SIZE: f64 = 11.0;
/// The widths of the characters from the space to `~` in Verdana, in thousandths of its size; the
/// fonts that stand in for it are narrower.
const WIDTHS: [u16; 95] = [
    352, 394, 459, 818, 636, 1076, 727, 269, 454, 454, 636, 818, 364, 454, 364, 454, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 454, 454, 818, 818, 818, 545, 1000, 684, 686, 698, 771, 632,
    575, 775, 751, 421, 455, 693, 557, 843, 748, 787, 603, 787, 695, 684, 616, 732, 684, 989, 685,
    615, 685, 454, 454, 454, 818, 636, 636, 601, 623, 521, 623, 596, 352, 623, 633, 274, 344, 592,
    274, 973, 633, 607, 623, 623, 427, 521, 394, 633, 592, 818, 592, 592, 525, 635, 454, 635, 818,
];
/// The ground of the label.
const LABEL: &str = "#555";

/// Writes a badge as a picture.
///
/// # Errors
/// When `out` cannot be written to.
fn write_svg(badge: &Badge, out: &mut dyn Write) -> io::Result<()> {
    let (label, message) = (cut(&badge.label), cut(&badge.message));
    let (label_width, message_width) = (width(&label), width(&message));
    let (left, right) = (label_width + 2.0 * PADDING, message_width + 2.0 * PADDING);
    let all = left + right;
    let (ground, ink) = (hex(badge.color), ink(badge.color));
    let title = escaped(&format!("{}: {}", badge.label, badge.message));
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{all:.0}\" height=\"{HEIGHT}\" role=\"img\" \
         aria-label=\"{title}\"><title>{title}</title>\
         <clipPath id=\"r\"><rect width=\"{all:.0}\" height=\"{HEIGHT}\" rx=\"3\"/></clipPath>\
         <g clip-path=\"url(#r)\"><rect width=\"{left:.0}\" height=\"{HEIGHT}\" fill=\"{LABEL}\"/>\
         <rect x=\"{left:.0}\" width=\"{right:.0}\" height=\"{HEIGHT}\" fill=\"{ground}\"/></g>"
    )?;
    write!(
        out,
        "<g font-family=\"Verdana,Geneva,'DejaVu Sans',sans-serif\" font-size=\"{FONT_SIZE}\">"
    )?;
    write_text(&label, PADDING, label_width, "#fff", out)?;
    write_text(&message, left + PADDING, message_width, ink, out)?;
    writeln!(out, "</g></svg>")
}

/// Whatever the font is, the text takes the room that it was given.
fn write_text(text: &str, x: f64, width: f64, ink: &str, out: &mut dyn Write) -> io::Result<()> {
    write!(
        out,
        "<text x=\"{x:.1}\" y=\"14\" textLength=\"{width:.1}\" fill=\"{ink}\">{}</text>",
        escaped(text)
    )
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint<'a> {
    schema_version: u8,
    label: &'a str,
    message: &'a str,
    color: String,
}

/// Writes what shields.io asks for at an address of ours.
///
/// # Errors
/// When `out` cannot be written to.
fn write_endpoint(badge: &Badge, out: &mut dyn Write) -> io::Result<()> {
    let endpoint = Endpoint {
        schema_version: 1,
        label: &safe(&badge.label),
        message: &safe(&badge.message),
        color: hex(badge.color),
    };
    super::json::write_line(&endpoint, out)
}

fn width(text: &str) -> f64 {
    let thousandths = text.chars().map(|c| {
        let at = u32::from(c).checked_sub(u32::from(' '));
        let known = at.and_then(|at| WIDTHS.get(usize::try_from(at).ok()?));
        known.map_or_else(
            || 500.0 * columns(c).max(1.0) + 200.0,
            |width| f64::from(*width),
        )
    });
    thousandths.sum::<f64>() * FONT_SIZE / 1_000.0
}

/// The columns that a character takes on a terminal: scripts that are wide there are wide here.
fn columns(c: char) -> f64 {
    let columns = unicode_width::UnicodeWidthChar::width(c).unwrap_or(1);
    f64::from(u32::try_from(columns).unwrap_or(1))
}

/// What can be read on a ground: the relative luminance of WCAG 2 decides, roughly.
fn ink(ground: Rgb) -> &'static str {
    let part = |value: u8| (f64::from(value) / 255.0).powf(2.2);
    let luminance =
        0.2126 * part(ground.red) + 0.7152 * part(ground.green) + 0.0722 * part(ground.blue);
    if luminance > 0.18 { "#111" } else { "#fff" }
}

fn cut(text: &str) -> String {
    let text = safe(text);
    let text = text.trim();
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(LONGEST - 1).collect();
    format!("{beginning}…")
}
