//! The colours of roles.

use std::fmt::Write as _;

use anstyle::{Ansi256Color, AnsiColor, Style};

use crate::diagnostic::Severity;
use crate::output::safe_text::safe;
use crate::output::{Terminal, hyperlink};
use crate::view::{Rgb, Role, Text};

/// The colour and weight of a role.
pub(in crate::output) fn style(role: Role) -> Style {
    let plain = Style::new();
    match role {
        Role::Plain | Role::File => plain,
        Role::Name => plain.bold(),
        Role::Faint | Role::Bad(Severity::Off) => plain.dimmed(),
        Role::Good => AnsiColor::Green.on_default(),
        Role::Bad(Severity::Error) => AnsiColor::Red.on_default().bold(),
        Role::Bad(Severity::Warning) => AnsiColor::Yellow.on_default(),
        Role::Bad(Severity::Note) => AnsiColor::Cyan.on_default(),
        Role::Code => AnsiColor::BrightBlue.on_default(),
        Role::Url => AnsiColor::Blue.on_default().underline(),
        Role::Tint(color) => Ansi256Color(nearest(color)).on_default(),
    }
}

/// The nearest of the 256 colours that every terminal with colours has: those of its cube, or one
/// of its greys.
pub(super) fn nearest(color: Rgb) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let parts = [color.red, color.green, color.blue];
    let away = |candidate: [u8; 3]| {
        let pairs = parts.into_iter().zip(candidate);
        pairs
            .map(|(own, other)| u32::from(own.abs_diff(other)).pow(2))
            .sum::<u32>()
    };
    let cube = (0..216_u8).map(|index| {
        let step = |at: u8| STEPS[usize::from(at % 6)];
        (16 + index, [step(index / 36), step(index / 6), step(index)])
    });
    let greys = (0..24_u8).map(|index| (232 + index, [8 + 10 * index; 3]));
    let all = cube.chain(greys);
    all.min_by_key(|(_, candidate)| away(*candidate))
        .map_or(7, |(index, _)| index)
}

/// Adds safe text to a line, in a style when there are colours.
pub(in crate::output) fn push(line: &mut String, text: &str, style: Style, color: bool) {
    // Two harmless pieces must not become the beginning of a command for a runner of GitHub.
    let text = match text.strip_prefix(':') {
        Some(rest) if line.trim_start() == ":" => &format!("\\u{{3a}}{rest}"),
        _ => text,
    };
    if color && style != Style::new() && !text.is_empty() {
        // Writing to a String cannot fail.
        let _ = write!(line, "{style}{text}{style:#}");
    } else {
        line.push_str(text);
    }
}

/// Adds a piece of text to a line: safe, in the style of its role, and as a link where it is one.
pub(super) fn push_piece(line: &mut String, text: &str, role: Role, terminal: &Terminal) {
    let shown = safe(text);
    let targets = terminal.links.as_ref();
    match targets.and_then(|targets| hyperlink::target(text, role, targets)) {
        Some(target) => push(
            line,
            &hyperlink::linked(&shown, &target),
            style(role),
            terminal.color,
        ),
        None => push(line, &shown, style(role), terminal.color),
    }
}

/// A text on one line.
pub(super) fn text(text: &Text, terminal: &Terminal) -> String {
    let mut line = String::new();
    for piece in &text.pieces {
        push_piece(&mut line, &piece.text, piece.role, terminal);
    }
    line.truncate(line.trim_end_matches(' ').len());
    line
}
