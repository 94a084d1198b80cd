//! Text of others, made safe to show on one line or on several.
//!
//! What a scanned repository says may hold terminal escapes, bidirectional overrides, invisible
//! characters, or lines that a CI runner takes for commands. All of it is shown as an escape of
//! the form `\u{1b}`; accents, other scripts and emoji stay as they are.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Ranges of characters that are never shown as they are: controls, format characters (`Cf`),
/// line and paragraph separators, and what else `Default_Ignorable_Code_Point` makes invisible.
///
/// U+FE0E and U+FE0F are left out: they choose between the two looks of an emoji. The others of
/// their block only serve to hide text.
static HIDDEN: &[(char, char)] = &[
    ('\u{0}', '\u{1f}'),
    ('\u{7f}', '\u{9f}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0d}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// The text on one line, with everything escaped that is not plainly visible.
#[must_use]
pub fn safe(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        Cow::Borrowed(text)
    } else {
        escape(text, false)
    }
}

/// The text on as many lines as it has: line feeds and tabs stay, everything else is as in
/// [`safe`]. A carriage return before a line feed is dropped.
#[must_use]
pub fn safe_lines(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        Cow::Borrowed(text)
    } else if text.contains("\r\n") {
        Cow::Owned(escape(&text.replace("\r\n", "\n"), true).into_owned())
    } else {
        escape(text, true)
    }
}

/// Whether a character must not reach a terminal or a file as it is.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    // The last two of every plane are no characters at all, and XML refuses them.
    let noncharacter = u32::from(c) & 0xfffe == 0xfffe;
    noncharacter || {
        let after = HIDDEN.partition_point(|(first, _)| *first <= c);
        after > 0 && c <= HIDDEN[after - 1].1
    }
}

/// Whether `rest` begins with what the log readers of CI services take for a command wherever
/// it stands in a line: `##[group]`, `##vso[task.setvariable]`, `##teamcity[…]`.
pub(super) fn begins_log_command(rest: &str) -> bool {
    rest.strip_prefix("##").is_some_and(|rest| {
        rest.trim_start_matches(|c: char| c.is_ascii_alphabetic())
            .starts_with('[')
    })
}

/// The common case: visible ASCII without anything that could become a command of a CI service.
fn is_plain(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.all(|byte| matches!(byte, b' '..=b'~') && byte != b'#')
        && !text.trim_start().starts_with("::")
}

fn escape(text: &str, several_lines: bool) -> Cow<'_, str> {
    let mut escaped = Escaped {
        text,
        written: String::new(),
        copied: 0,
    };
    let mut line_start = true;
    for (at, c) in text.char_indices() {
        let kept = several_lines && matches!(c, '\n' | '\t');
        // A runner of GitHub obeys `::command::` where a line begins, after any white space.
        let command = match c {
            ':' => line_start && text[at..].starts_with("::"),
            '#' => begins_log_command(&text[at..]),
            _ => false,
        };
        let replaced = command || (is_hidden(c) && !kept);
        if replaced {
            escaped.replace(at, c);
        }
        line_start = !replaced && (c == '\n' || (line_start && c.is_whitespace()));
    }
    escaped.finish()
}

/// A copy that is made only once something has to be replaced.
struct Escaped<'text> {
    text: &'text str,
    written: String,
    copied: usize,
}

impl<'text> Escaped<'text> {
    fn replace(&mut self, at: usize, c: char) {
        self.written.push_str(&self.text[self.copied..at]);
        // Writing to a String cannot fail.
        let _ = write!(self.written, "\\u{{{:x}}}", u32::from(c));
        self.copied = at + c.len_utf8();
    }

    fn finish(mut self) -> Cow<'text, str> {
        if self.copied == 0 {
            return Cow::Borrowed(self.text);
        }
        self.written.push_str(&self.text[self.copied..]);
        Cow::Owned(self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::{safe, safe_lines};

    #[test]
    fn ordinary_text_of_any_script_stays() {
        for text in [
            "",
            "payments",
            "Zahlungsabwicklung für Köln",
            "支払い",
            "‏".trim_matches('\u{200f}'),
            "🚀 ❤️ 👍🏽",
            "a::b #12 \u{fffd}",
        ] {
            assert_eq!(safe(text), text);
            assert_eq!(safe_lines(text), text);
        }
    }

    #[test]
    fn e01_terminal_escapes_are_shown() {
        let cases = [
            ("\u{1b}[2J", r"\u{1b}[2J"),
            ("\u{1b}]0;title\u{7}", r"\u{1b}]0;title\u{7}"),
            (
                "\u{1b}]8;;http://evil\u{1b}\\",
                r"\u{1b}]8;;http://evil\u{1b}\",
            ),
            ("\u{1b}]52;c;AAAA\u{7}", r"\u{1b}]52;c;AAAA\u{7}"),
            ("\u{1b}Pq\u{9c}", r"\u{1b}Pq\u{9c}"),
            ("\u{9b}31m", r"\u{9b}31m"),
            ("owner\rroot", r"owner\u{d}root"),
            ("a\tb\nc", r"a\u{9}b\u{a}c"),
            ("\u{202e}txt.exe", r"\u{202e}txt.exe"),
            ("pay\u{200b}ments", r"pay\u{200b}ments"),
            ("\u{e0041}\u{fe01}\u{3164}", r"\u{e0041}\u{fe01}\u{3164}"),
            ("\u{7f}\u{ffff}", r"\u{7f}\u{ffff}"),
        ];
        for (raw, shown) in cases {
            assert_eq!(safe(raw), shown);
        }
    }

    #[test]
    fn e03_no_line_begins_a_command_of_a_runner() {
        assert_eq!(safe("::error::x"), r"\u{3a}:error::x");
        assert_eq!(safe("  ::add-mask::x"), r"  \u{3a}:add-mask::x");
        assert_eq!(
            safe("a\n::set-env name=PATH::/tmp"),
            r"a\u{a}::set-env name=PATH::/tmp"
        );
        assert_eq!(
            safe_lines("a\r\n ::set-env name=PATH::/tmp"),
            "a\n \\u{3a}:set-env name=PATH::/tmp"
        );
        assert_eq!(safe("x ##[group]y"), r"x \u{23}#[group]y");
        assert_eq!(
            safe("###vso[task.setvariable]"),
            r"#\u{23}#vso[task.setvariable]"
        );
        assert_eq!(safe("# Title ## [link]"), "# Title ## [link]");
    }
}
