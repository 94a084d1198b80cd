//! Text of others inside Markdown: it is shown as it is and becomes nothing else.

use std::borrow::Cow;

use super::hyperlink::page_target;
use super::safe_text::safe;

/// A reference to the zero-width space, which parts what a forge would turn into a mention or a
/// link. No escape does: forges look for mentions in the finished page.
const APART: &str = "&#8203;";

/// Text inside a line: no emphasis, link, image, HTML, mention, reference or table border.
pub(super) fn inline(text: &str) -> String {
    let text = safe(text);
    let mut markdown = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            // Not as a backslash and the character: implementations differ about backslashes
            // before the border of a table.
            '|' => markdown.push_str("&#124;"),
            '<' => markdown.push_str("&lt;"),
            '>' => markdown.push_str("&gt;"),
            '&' => markdown.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '$' => markdown.extend(['\\', c]),
            _ => markdown.push(c),
        }
        if parts_after(&text[..at], c, &text[at + c.len_utf8()..]) {
            markdown.push_str(APART);
        }
    }
    markdown
}

/// Text at the beginning of a line, where it could also begin a heading, a list, a quotation, a
/// rule or a block of code.
pub(super) fn line(text: &str) -> String {
    let markdown = inline(safe(text).trim_start());
    let digits = markdown.len()
        - markdown
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .len();
    let marker = markdown[digits..].chars().next();
    let begins_block = match marker {
        Some('#' | '-' | '+' | '=' | ':') => digits == 0,
        Some('.' | ')') => digits > 0,
        _ => false,
    };
    if begins_block {
        format!("{}\\{}", &markdown[..digits], &markdown[digits..])
    } else {
        markdown
    }
}

/// Text as code inside a line.
pub(super) fn code(text: &str) -> String {
    let text = safe(text);
    let plain = !text.is_empty() && !text.contains(['`', '|', '\\']) && text.trim() == text;
    if plain {
        format!("`{text}`")
    } else {
        format!("<code>{}</code>", inline(&text))
    }
}

/// Where a link leads, so that nothing in it ends the link.
pub(super) fn link_target(target: &str) -> Option<String> {
    let target = page_target(target)?;
    Some(
        target
            .replace('(', "%28")
            .replace(')', "%29")
            .replace('\'', "%27")
            .replace('|', "%7C"),
    )
}

/// Lines as a block of code, between fences that do not occur in them.
pub(super) fn block(text: &str) -> String {
    let text: Cow<'_, str> = super::safe_text::safe_lines(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}\n{text}{end}{fence}\n")
}

/// Whether a forge would make a link or a mention of what `c` is in the middle of.
fn parts_after(before: &str, c: char, after: &str) -> bool {
    let next = |accepted: fn(char) -> bool| after.starts_with(accepted);
    match c {
        // Mentions; GitLab also knows `~label`, `%milestone`, `!merge-request`, `&epic`.
        '@' => next(|c| c.is_alphanumeric() || c == '_'),
        '#' | '!' | '%' => next(|c| c.is_ascii_digit()),
        // `GH-12`, the older spelling of `#12`.
        '-' => next(|c| c.is_ascii_digit()) && ends_with_ignoring_case(before, "gh"),
        // The only links are those that a reader expects.
        ':' => {
            after.starts_with("//")
                && !["http", "https"]
                    .iter()
                    .any(|scheme| ends_with_ignoring_case(before, scheme))
        }
        _ => false,
    }
}

/// Whether the last word of `before` is that word.
fn ends_with_ignoring_case(before: &str, word: &str) -> bool {
    let start = before.len()
        - before
            .bytes()
            .rev()
            .take_while(u8::is_ascii_alphanumeric)
            .count();
    before[start..].eq_ignore_ascii_case(word)
}
