//! The surroundings of an error.

use granit_parser::Marker;

use super::place::number;
use crate::model::Span;

/// A tab that is to blame is looked for on so many lines.
const LINES: usize = 1000;

/// A place in a text, with its line.
pub(super) struct Site<'text> {
    text: &'text str,
    offset: usize,
    column: usize,
    /// The line, without its end.
    pub(super) line: &'text str,
    /// Its number, from 1.
    pub(super) number: u32,
    /// What stands before the place on its line.
    pub(super) before: &'text str,
    /// What stands from the place on to the end of its line.
    pub(super) after: &'text str,
}

impl<'text> Site<'text> {
    pub(super) fn new(text: &'text str, mark: &Marker) -> Self {
        let offset = mark
            .byte_offset()
            .filter(|at| text.is_char_boundary(*at))
            .unwrap_or(text.len());
        let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
        let end = text[offset..]
            .find('\n')
            .map_or(text.len(), |at| offset + at);
        Self {
            text,
            offset,
            column: mark.col() + 1,
            line: text[start..end].trim_end_matches('\r'),
            number: number(mark.line()),
            before: &text[start..offset],
            after: text[offset..end].trim_end_matches('\r'),
        }
    }

    /// The place, so many characters wide.
    pub(super) fn span(&self, width: u32) -> Span {
        Span::on_line(self.number, number(self.column), width)
    }

    /// The place of a part of the line.
    pub(super) fn span_of(&self, part: &str) -> Span {
        let start = part.as_ptr().addr().wrapping_sub(self.line.as_ptr().addr());
        match self.line.get(..start) {
            Some(before) => {
                let column = before.chars().count() + 1;
                Span::on_line(self.number, number(column), number(part.chars().count()))
            }
            None => self.span(0),
        }
    }

    /// The place of the line without indentation and comment.
    pub(super) fn content_span(&self) -> Span {
        self.span_of(without_comment(self.line).trim())
    }

    /// By how many characters the line is indented.
    pub(super) fn indent(&self) -> usize {
        self.line.len() - self.line.trim_start_matches(' ').len()
    }

    /// The text that begins here and should be in quotes: a key up to its colon, else a value, inside
    /// of brackets up to what ends it.
    pub(super) fn unquoted(&self, in_brackets: bool) -> &'text str {
        let rest = self.rest();
        let end = rest.find(": ").unwrap_or(rest.len());
        let end = if in_brackets {
            rest.find([',', ']', '}']).unwrap_or(end).min(end)
        } else {
            end
        };
        rest[..end].trim_end()
    }

    /// What stands from the place on, without a comment.
    pub(super) fn rest(&self) -> &'text str {
        without_comment(self.after).trim_end()
    }

    /// What stands from the place on to the next blank.
    pub(super) fn word(&self) -> &'text str {
        self.after.split([' ', '\t']).next().unwrap_or_default()
    }

    /// The value on the line, if the place is inside of it: what follows the first `: `.
    pub(super) fn value(&self) -> Option<&'text str> {
        let key = self.before.find(": ").or_else(|| self.before.find(":\t"))?;
        Some(without_comment(&self.line[key + 1..]).trim())
    }

    /// The place of the value on the line, or of all that is on it.
    pub(super) fn whole_value(&self) -> Span {
        self.value()
            .map_or_else(|| self.content_span(), |value| self.span_of(value))
    }

    /// The last line above that is not blank.
    pub(super) fn line_above(&self) -> &'text str {
        let above = &self.text[..self.offset - self.before.len()];
        above
            .lines()
            .rev()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default()
    }

    /// The place of the tab that is used for indentation, on this line or on one below.
    pub(super) fn tab(&self) -> Span {
        let blanks = self.before.trim_end_matches([' ', '\t']).len();
        if blanks > 0
            && let Some(tab) = self.before[blanks..].find('\t')
        {
            return self.span_of(&self.line[blanks + tab..=blanks + tab]);
        }
        let start = self.text.len() - self.text[self.offset..].len() - self.before.len();
        for (line, number_of_line) in self.text[start..].lines().zip(self.number..).take(LINES) {
            let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
            if let Some(tab) = line[..indentation].find('\t') {
                return Span::on_line(number_of_line, number(tab + 1), 1);
            }
        }
        self.span(0)
    }

    /// The first escape that is none in the quoted text that begins here, with its place.
    pub(super) fn wrong_escape(&self) -> (Span, &'text str) {
        let text = &self.text[self.offset..];
        let (mut line, mut column) = (self.number, self.column);
        let mut characters = text.char_indices();
        while let Some((at, character)) = characters.next() {
            if character == '\\' {
                let next = text[at + 1..].chars().next();
                if !next.is_some_and(|next| is_escape(next, &text[at + 1 + next.len_utf8()..])) {
                    let length = next.map_or(0, char::len_utf8);
                    return (
                        Span::on_line(line, number(column), 1 + u32::from(next.is_some())),
                        &text[at..at + 1 + length],
                    );
                }
                characters.next();
                column += 1;
            }
            column += 1;
            if text[at..].starts_with('\n') || text[at..].starts_with("\\\n") {
                (line, column) = (line + 1, 1);
            }
        }
        (self.span(0), "\\")
    }
}

/// Whether a character may follow a backslash; `rest` is what follows the character.
fn is_escape(character: char, rest: &str) -> bool {
    let length = match character {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return "0abt\tnvfre \"/\\N_LP\n\r".contains(character),
    };
    let code = rest
        .get(..length)
        .and_then(|digits| u32::from_str_radix(digits, 16).ok());
    code.is_some_and(|code| length < 8 || char::from_u32(code).is_some())
}

/// A line up to the `#` that begins a comment.
fn without_comment(line: &str) -> &str {
    let starts = line.match_indices('#').map(|(at, _)| at);
    let comment = starts
        .into_iter()
        .find(|at| *at == 0 || line[..*at].ends_with([' ', '\t']));
    comment.map_or(line, |at| &line[..at])
}

#[cfg(test)]
mod tests {
    use super::Site;
    use crate::model::Span;
    use granit_parser::Marker;

    fn site(text: &str, offset: usize, line: usize, column: usize) -> Site<'_> {
        Site::new(
            text,
            &Marker::new(offset, line, column).with_byte_offset(Some(offset)),
        )
    }

    #[test]
    fn parts_of_a_line_have_places() {
        let text = "x: 1\n\n  a: b: c # d\r\ny\n";
        let site = site(text, 12, 3, 6);
        assert_eq!(
            (site.line, site.before, site.rest()),
            ("  a: b: c # d", "  a: b", ": c")
        );
        assert_eq!(site.value(), Some("b: c"));
        assert_eq!(site.whole_value(), Span::on_line(3, 6, 4));
        assert_eq!(site.content_span(), Span::on_line(3, 3, 7));
        assert_eq!((site.line_above(), site.indent()), ("x: 1", 2));
    }

    #[test]
    fn tabs_have_places() {
        assert_eq!(site("a:\n \tb: 1\n", 5, 2, 2).tab(), Span::on_line(2, 2, 1));
        assert_eq!(site("é: -\ta: b\n", 6, 1, 5).tab(), Span::on_line(1, 5, 1));
        assert_eq!(
            site("a: b\n\tc: d\n", 3, 1, 3).tab(),
            Span::on_line(2, 1, 1)
        );
    }

    #[test]
    fn wrong_escapes_are_found() {
        let text = r#"a: "é\n\x41\qz""#;
        assert_eq!(
            site(text, 3, 1, 3).wrong_escape(),
            (Span::on_line(1, 12, 2), r"\q")
        );
        let text = "a: \"b\n  \\u12\"";
        assert_eq!(
            site(text, 3, 1, 3).wrong_escape(),
            (Span::on_line(2, 3, 2), r"\u")
        );
    }
}
