//! Bytes → text, with a word about what was not UTF-8.

use std::borrow::Cow;

use super::Problem;
use crate::diagnostic::register::INVALID_UTF8;
use crate::model::Span;

/// The text of a file.
///
/// A byte-order mark is left out. UTF-16 is read when its byte-order mark says so, and wrong
/// bytes become U+FFFD as in a browser; a [`Problem`] says either.
#[must_use]
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, Option<Problem>) {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes, "little"),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes, "big"),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, 3),
        _ => utf8(bytes, 0),
    }
}

fn utf8(bytes: &[u8], skipped: usize) -> (Cow<'_, str>, Option<Problem>) {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return (Cow::Borrowed(text), None),
        Err(error) => error,
    };
    let valid = error.valid_up_to();
    let wrong = bytes.get(valid).copied().unwrap_or_default();
    let span = place_after(&String::from_utf8_lossy(&bytes[..valid]));
    let problem = Problem {
        code: &INVALID_UTF8,
        message: format!(
            "byte 0x{wrong:02X} at offset {} is not UTF-8",
            valid + skipped
        ),
        help: Some("save the file as UTF-8".to_owned()),
        span,
    };
    (String::from_utf8_lossy(bytes), Some(problem))
}

fn utf16(
    bytes: &[u8],
    unit: fn([u8; 2]) -> u16,
    order: &str,
) -> (Cow<'static, str>, Option<Problem>) {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let decoded = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)));
    let mut text: String = decoded
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    if !odd.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    let problem = Problem {
        code: &INVALID_UTF8,
        message: format!("the file is UTF-16 ({order} endian), not UTF-8"),
        help: Some("save the file as UTF-8; Backstage cannot read it".to_owned()),
        span: Span::on_line(1, 1, 0),
    };
    (Cow::Owned(text), Some(problem))
}

/// The place just after a text.
fn place_after(text: &str) -> Span {
    let mut line = 1;
    let mut start = 0;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
            line += 1;
            start = at + 1;
        }
    }
    let column = u32::try_from(text[start..].chars().count() + 1).unwrap_or(u32::MAX);
    Span::on_line(line, column, 1)
}

#[cfg(test)]
mod tests {
    use super::decode;
    use crate::model::Span;

    #[test]
    fn a_wrong_byte_has_a_place() {
        let (text, problem) = decode(b"a: 1\r\nb: caf\xE9 au lait\n");
        assert_eq!(text, "a: 1\r\nb: caf\u{FFFD} au lait\n");
        let problem = problem.unwrap();
        assert_eq!(problem.span, Span::on_line(2, 7, 1));
        assert_eq!(problem.message, "byte 0xE9 at offset 12 is not UTF-8");
    }

    #[test]
    fn wrong_sequences_are_replaced_as_browsers_do() {
        // A truncated sequence is one replacement, an impossible one a replacement a byte.
        assert_eq!(
            decode(b"\xF0\x9F\x98 \xED\xA0\x80").0,
            "\u{FFFD} \u{FFFD}\u{FFFD}\u{FFFD}"
        );
    }

    #[test]
    fn byte_order_marks() {
        let (text, problem) = decode(b"\xEF\xBB\xBFa: 1");
        assert_eq!((text.as_ref(), problem.is_none()), ("a: 1", true));
        let (text, problem) = decode(b"\xFF\xFEa\0:\0 \0=\xD8\0\xDE");
        assert_eq!(text, "a: \u{1F600}");
        assert!(problem.unwrap().message.contains("UTF-16"));
        assert_eq!(decode(b"\xFE\xFF\0a").0, "a");
        assert_eq!(decode(b"\xFF\xFEa\0b").0, "a\u{FFFD}");
    }
}
