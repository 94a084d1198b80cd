//! What is certain of a text with expressions, before anything is known of their values.

use super::expression::has_tags;

/// The text with a letter in the place of every expression: what leads out of a folder in it, does
/// so whatever the values are. `None` where statements decide what the text is.
pub(super) fn with_letters(text: &str) -> Option<String> {
    rewritten(text, |_| "x".to_owned())
}

/// The text with its expressions in one form, so that two that are the same look the same.
pub(super) fn normalised(text: &str) -> Option<String> {
    rewritten(text, |inner| {
        let words: String = inner.split_whitespace().collect();
        format!("${{{{{words}}}}}")
    })
}

/// The text itself, where it has no tags.
pub(super) fn plain(text: &str) -> Option<&str> {
    (!has_tags(text)).then_some(text)
}

fn rewritten(text: &str, expression: impl Fn(&str) -> String) -> Option<String> {
    if text.contains("{%") || text.contains("{#") {
        return None;
    }
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let (inner, after) = after.split_once("}}")?;
        result.push_str(before);
        result.push_str(&expression(inner));
        rest = after;
    }
    result.push_str(rest);
    Some(result)
}
