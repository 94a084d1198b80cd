//! How many columns a text takes, and where to cut it.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::output::safe_text::safe;

/// What stands for the part of a text that was cut off.
pub(in crate::output) const ELLIPSIS: &str = "…";

/// The columns that a safe text takes on a terminal.
pub(in crate::output) fn columns(text: &str) -> usize {
    // Control characters are gone by now, so every ASCII character takes one column.
    if text.is_ascii() {
        text.len()
    } else {
        text.width()
    }
}

/// The longest beginning of a safe text that takes at most `width` columns.
pub(in crate::output) fn beginning(text: &str, width: usize) -> &str {
    if text.is_ascii() {
        return text.get(..width).unwrap_or(text);
    }
    let mut taken = 0;
    let mut last_width = 0;
    for (at, c) in text.char_indices() {
        // The emoji variation selector widens the character before it.
        let more = if c == '\u{fe0f}' {
            usize::from(last_width == 1)
        } else {
            c.width().unwrap_or(0)
        };
        taken += more;
        if taken > width {
            return &text[..at];
        }
        last_width = more;
    }
    text
}

/// A text on one line, safe to show, cut and filled up to exactly so many columns.
#[must_use]
pub fn fitted(text: &str, width: usize) -> String {
    let text = safe(text);
    let mut line = if columns(&text) <= width {
        text.into_owned()
    } else {
        format!("{}{ELLIPSIS}", beginning(&text, width.saturating_sub(1)))
    };
    line.extend(std::iter::repeat_n(
        ' ',
        width.saturating_sub(columns(&line)),
    ));
    line
}

#[cfg(test)]
mod tests {
    use super::{beginning, columns};

    #[test]
    fn wide_and_combining_characters_count_as_shown() {
        assert_eq!(columns("支払い"), 6);
        assert_eq!(columns("e\u{301}a"), 2);
        assert_eq!(beginning("支払い", 5), "支払");
        assert_eq!(beginning("e\u{301}a", 1), "e\u{301}");
        assert_eq!(beginning("payments", 3), "pay");
        assert_eq!(beginning("payments", 0), "");
        assert_eq!(beginning("é", 0), "");
    }

    proptest::proptest! {
        #[test]
        fn a_beginning_fits(text in "\\PC*", width in 0usize..30) {
            let cut = beginning(&text, width);
            proptest::prop_assert!(text.starts_with(cut));
            proptest::prop_assert!(columns(cut) <= width, "{cut:?}");
        }
    }
}
