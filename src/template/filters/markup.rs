//! Filters for HTML and URLs.

use std::fmt::Write as _;
use std::sync::LazyLock;

use minijinja::{Error, State, Value};
use regex::Regex;

use super::Arguments;
use super::text::only_text;
use crate::template::javascript::{
    Bounded, Type, check_size, fields, integer, items, part, text, text_or_empty, type_of,
};

type Result<T> = std::result::Result<T, Error>;

/// A pattern of ours; a test compiles all of them.
fn pattern(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

static TAGS: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)</?[a-z][a-z0-9]*\b[^>]*>|<!--[\s\S]*?-->"));
static E_MAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)^[\w.!#$%&'*+\-/=?^`{|}~]+@[a-z\d\-]+(\.[a-z\d\-]+)+$"));
static TOP_LEVEL: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"\.(?:org|net|com)(?::|/|$)"));

pub(super) fn escape(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    let text = text_or_empty(value)?;
    let mut out = Bounded(String::with_capacity(text.len()));
    for character in text.chars() {
        match character {
            '&' => out.write_str("&amp;")?,
            '"' => out.write_str("&quot;")?,
            '\'' => out.write_str("&#39;")?,
            '<' => out.write_str("&lt;")?,
            '>' => out.write_str("&gt;")?,
            '\\' => out.write_str("&#92;")?,
            _ => out.write_char(character)?,
        }
    }
    Ok(Value::from(out.0))
}

pub(super) fn nl2br(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    let text = text_or_empty(value)?;
    check_size(
        text.len()
            .saturating_add(text.matches('\n').count().saturating_mul(6)),
    )?;
    Ok(Value::from(
        text.replace("\r\n", "\n").replace('\n', "<br />\n"),
    ))
}

pub(super) fn striptags(
    _: &State<'_, '_>,
    value: &Value,
    arguments: &Arguments<'_>,
) -> Result<Value> {
    let text = text_or_empty(value)?;
    let bare = TAGS
        .as_ref()
        .map_or_else(|| text.clone(), |it| it.replace_all(&text, ""));
    let bare = bare.trim();
    if !arguments.get(0, "preserve_linebreaks").is_true() {
        let mut result = String::with_capacity(bare.len());
        let mut follows_space = false;
        for character in bare.chars() {
            let is_space = character.is_whitespace();
            if !(is_space && follows_space) {
                result.push(if is_space { ' ' } else { character });
            }
            follows_space = is_space;
        }
        return Ok(Value::from(result));
    }
    let bare = bare.replace("\r\n", "\n");
    let lines = bare.split('\n').map(|line| {
        let words: Vec<&str> = line.split(' ').filter(|it| !it.is_empty()).collect();
        words.join(" ")
    });
    let mut result = lines.collect::<Vec<_>>().join("\n");
    while result.contains("\n\n\n") {
        result = result.replace("\n\n\n", "\n\n");
    }
    Ok(Value::from(result))
}

/// `encodeURIComponent`
fn encode(out: &mut Bounded, text: &str) -> std::fmt::Result {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            out.write_char(char::from(byte))?;
        } else {
            write!(out, "%{byte:02X}")?;
        }
    }
    Ok(())
}

pub(super) fn urlencode(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    let mut out = Bounded(String::new());
    let mut pair = |position: usize, name: &str, value: &Value| -> Result<()> {
        if position > 0 {
            out.write_str("&")?;
        }
        encode(&mut out, name)?;
        out.write_str("=")?;
        encode(&mut out, &text(value)?)?;
        Ok(())
    };
    if let Some(fields) = fields(value) {
        for (position, (name, value)) in fields.entries().iter().enumerate() {
            pair(position, name, value)?;
        }
    } else if let Some(rows) = items(value) {
        for (position, row) in rows.iter().enumerate() {
            let row = items(row).unwrap_or_default();
            let name = row.first().cloned().unwrap_or_default();
            let value = row.get(1).cloned().unwrap_or_default();
            pair(position, &text(&name)?, &value)?;
        }
    } else {
        encode(&mut out, &text_or_empty(value)?)?;
    }
    Ok(Value::from(out.0))
}

pub(super) fn urlize(_: &State<'_, '_>, value: &Value, arguments: &Arguments<'_>) -> Result<Value> {
    let whole = only_text("urlize", value)?;
    let most = arguments.get(0, "length");
    let most = match type_of(&most) {
        Type::Number => usize::try_from(integer(&most, 0)).unwrap_or(0),
        _ => usize::MAX,
    };
    let no_follow = if arguments.get(1, "nofollow").is_true() {
        " rel=\"nofollow\""
    } else {
        ""
    };
    let mut out = Bounded(String::new());
    let mut rest = whole;
    while !rest.is_empty() {
        let space = rest.len() - rest.trim_start().len();
        let (before, after) = rest.split_at(space);
        out.write_str(before)?;
        let end = after.find(char::is_whitespace).unwrap_or(after.len());
        let (word, after) = after.split_at(end);
        link(&mut out, word, most, no_follow)?;
        rest = after;
    }
    Ok(Value::from(out.0))
}

/// Writes a word, as a link if it is one.
fn link(out: &mut Bounded, word: &str, most: usize, no_follow: &str) -> std::fmt::Result {
    let start = ["(", "<", "&lt;"]
        .into_iter()
        .find_map(|it| word.strip_prefix(it));
    let target = start.unwrap_or(word);
    let end = [".", ",", ")", "&gt;"]
        .into_iter()
        .find_map(|it| target.strip_suffix(it));
    let target = end.unwrap_or(target);
    let shown = part(target, 0, most);
    let matches = |pattern: &Option<Regex>| pattern.as_ref().is_some_and(|it| it.is_match(target));
    if target.starts_with("http://") || target.starts_with("https://") {
        write!(out, "<a href=\"{target}\"{no_follow}>{shown}</a>")
    } else if target.starts_with("www.") {
        write!(out, "<a href=\"http://{target}\"{no_follow}>{shown}</a>")
    } else if matches(&E_MAIL) {
        write!(out, "<a href=\"mailto:{target}\">{target}</a>")
    } else if matches(&TOP_LEVEL) {
        write!(out, "<a href=\"http://{target}\"{no_follow}>{shown}</a>")
    } else {
        out.write_str(word)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_patterns_are_read() {
        assert!(super::TAGS.is_some() && super::E_MAIL.is_some() && super::TOP_LEVEL.is_some());
    }
}
