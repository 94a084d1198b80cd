//! Finding and replacing as JavaScript's `replaceAll` does, in bounded time and size.

use std::borrow::Cow;

use regex::{Captures, Regex, RegexBuilder};

use super::StepError;

/// The most memory that one compiled expression may take.
const MOST_COMPILED: usize = 1 << 20;
/// The deepest nesting of an expression.
const DEEPEST: u32 = 100;

/// What is looked for.
pub(super) struct Search(Regex);

impl Search {
    /// Looks for a text.
    ///
    /// # Errors
    /// When it is too long.
    pub(super) fn text(text: &str) -> Result<Self, StepError> {
        compile(&regex::escape(text)).map(Self).map_err(|_| {
            StepError::new(format!(
                "the text to find has {} bytes, which is too long",
                text.len()
            ))
        })
    }

    /// Looks for what a regular expression of JavaScript matches.
    ///
    /// # Errors
    /// When it is none, or needs what only a search without a bound can do.
    pub(super) fn expression(expression: &str) -> Result<Self, StepError> {
        compile(&translated(expression)).map(Self).map_err(|error| {
            let reason = match error {
                regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
                // The last line says why; those before it draw where.
                other => {
                    let text = other.to_string();
                    let line = text.lines().last().unwrap_or_default();
                    line.trim_start_matches("error: ").to_owned()
                }
            };
            StepError::new(format!(
                "the regular expression \"{expression}\" cannot be used: {reason}"
            ))
            .help("look-around and references back to a group are not supported")
        })
    }

    /// The text with every match replaced; `None` when it would have more than `most` bytes.
    pub(super) fn replace_all<'text>(
        &self,
        text: &'text str,
        replacement: &str,
        most: usize,
    ) -> Option<Cow<'text, str>> {
        let mut replaced = String::new();
        let mut matches = self.0.captures_iter(text).peekable();
        if matches.peek().is_none() {
            return Some(Cow::Borrowed(text));
        }
        let mut done = 0;
        for captures in matches {
            let whole = captures.get_match();
            replaced.push_str(&text[done..whole.start()]);
            done = whole.end();
            self.expand(replacement, &captures, text, &mut replaced, most);
            if replaced.len() > most {
                return None;
            }
        }
        replaced.push_str(&text[done..]);
        (replaced.len() <= most).then_some(Cow::Owned(replaced))
    }

    /// Adds a replacement: `$$`, `$&`, `` $` ``, `$'`, `$1` and `$<name>` mean what they mean to
    /// JavaScript. Stops when there is more than `most`.
    fn expand(
        &self,
        replacement: &str,
        captures: &Captures<'_>,
        text: &str,
        out: &mut String,
        most: usize,
    ) {
        let whole = captures.get_match();
        let has_names = self.0.capture_names().flatten().next().is_some();
        let mut rest = replacement;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let (part, length) = match rest.as_bytes().first() {
                Some(b'$') => ("$", 1),
                Some(b'&') => (whole.as_str(), 1),
                Some(b'`') => (&text[..whole.start()], 1),
                Some(b'\'') => (&text[whole.end()..], 1),
                Some(b'<') => named_group(rest, has_names, captures).unwrap_or(("$", 0)),
                _ => numbered_group(rest, captures).unwrap_or(("$", 0)),
            };
            out.push_str(part);
            rest = &rest[length..];
            if out.len() > most {
                return;
            }
        }
        out.push_str(rest);
    }
}

fn compile(expression: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(expression)
        .size_limit(MOST_COMPILED)
        .dfa_size_limit(MOST_COMPILED)
        .nest_limit(DEEPEST)
        .build()
}

/// An expression of JavaScript in the language of the regex crate: a `{` that counts nothing is a
/// brace, in a class of characters `[`, `&` and `~` are themselves, digits and words are those of
/// ASCII, and `.` is no end of a line of any system.
fn translated(expression: &str) -> String {
    let mut text = String::with_capacity(expression.len() + 8);
    let mut in_class = false;
    let mut characters = expression.char_indices();
    while let Some((at, character)) = characters.next() {
        let follows = &expression[at + character.len_utf8()..];
        match character {
            '\\' => {
                let escaped = characters.next().map(|(_, escaped)| escaped);
                if let Some(class) = escaped.and_then(|it| ascii_class(it, in_class)) {
                    text.push_str(class);
                    continue;
                }
                text.push('\\');
                text.extend(escaped);
                // The braces of `\p{…}` and `\u{…}` are their own.
                if matches!(escaped, Some('p' | 'P' | 'u')) && follows[1..].starts_with('{') {
                    text.push('{');
                    characters.next();
                    for (_, part) in characters.by_ref() {
                        text.push(part);
                        if part == '}' {
                            break;
                        }
                    }
                }
            }
            '[' if !in_class => {
                in_class = true;
                // `[^]` is anything, and `[]` is nothing.
                if follows.starts_with("^]") {
                    text.push_str("[\\s\\S]");
                    in_class = false;
                    characters.nth(1);
                } else if follows.starts_with(']') {
                    text.push_str("[^\\s\\S]");
                    in_class = false;
                    characters.next();
                } else {
                    text.push('[');
                }
            }
            ']' if in_class => {
                in_class = false;
                text.push(']');
            }
            '[' | '&' | '~' if in_class => {
                text.push('\\');
                text.push(character);
            }
            '.' if !in_class => text.push_str("[^\\n\\r\\u{2028}\\u{2029}]"),
            '{' if !in_class && !is_count(follows) => text.push_str("\\{"),
            _ => text.push(character),
        }
    }
    text
}

/// What `\d` and the like mean to JavaScript.
fn ascii_class(escaped: char, in_class: bool) -> Option<&'static str> {
    match escaped {
        'd' => Some("[0-9]"),
        'D' => Some("[^0-9]"),
        'w' => Some("[0-9A-Za-z_]"),
        'W' => Some("[^0-9A-Za-z_]"),
        'b' if in_class => Some("\\x08"),
        'b' => Some("(?-u:\\b)"),
        _ => None,
    }
}

/// Whether a `{` that just began counts: `{2}`, `{2,}`, `{2,3}`.
fn is_count(follows: &str) -> bool {
    let Some((count, _)) = follows.split_once('}') else {
        return false;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    match count.split_once(',') {
        Some((least, most)) => is_number(least) && (most.is_empty() || is_number(most)),
        None => is_number(count),
    }
}

/// The group of `<name>`, and the length of that; `None` where the expression has no names.
fn named_group<'text>(
    rest: &str,
    has_names: bool,
    captures: &Captures<'text>,
) -> Option<(&'text str, usize)> {
    let (name, _) = rest[1..].split_once('>').filter(|_| has_names)?;
    let group = captures.name(name);
    Some((group.map_or("", |group| group.as_str()), name.len() + 2))
}

/// The group of one or two digits, and how many those are; `None` where there is no such group.
fn numbered_group<'text>(rest: &str, captures: &Captures<'text>) -> Option<(&'text str, usize)> {
    let digits = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
    (1..=digits).rev().find_map(|length| {
        let number: usize = rest[..length].parse().ok()?;
        let exists = (1..captures.len()).contains(&number);
        exists.then(|| {
            (
                captures.get(number).map_or("", |group| group.as_str()),
                length,
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use super::Search;

    const MOST: usize = 1000;

    /// The answers are those of Node's `replaceAll`.
    #[test]
    fn expressions_and_replacements_mean_what_they_mean_to_javascript() {
        for (find, text, replacement, expected) in [
            ("\\n\\s*\\n", "a\n  \n\nb\n", "\n", "a\nb\n"),
            (
                "(a)(b)?",
                "ab a",
                "[$1|$2|$3|$$|$&]",
                "[a|b|$3|$|ab] [a||$3|$|a]",
            ),
            ("(?<x>b)", "abc", "<$<x>>", "a<b>c"),
            ("b", "abc", "$`$'", "aacc"),
            ("b", "abc", "$", "a$c"),
            ("(b)", "abc", "$10", "ab0c"),
            ("{{ x }}", "a {{ x }}", "y", "a y"),
            ("\\{\\{x}}", "{{x}}", "y", "y"),
            ("a{2}", "aaa", "b", "ba"),
            ("[[&~]", "[&~a", "x", "xxxa"),
            ("[^]", "a\n", "x", "xx"),
            ("\\/", "a/b", "-", "a-b"),
            ("^", "ab", "x", "xab"),
            ("\\u0041", "A", "b", "b"),
            ("é", "éa", "e", "ea"),
            ("b", "abc", "$<x>", "a$<x>c"),
            ("(?<x>b)", "abc", "$<y>!$<x", "a!$<xc"),
            ("(b)", "abc", "$0$00$01$1", "a$0$00bbc"),
            ("[]a]", "]a", "x", "]a"),
            ("a{,2}", "a{,2}", "x", "x"),
            ("\\d+", "a1b22\u{0663}", "n", "anbn\u{0663}"),
            ("[\\d\\w]", "a1é", "n", "nné"),
            ("a.*", "ab\r\nab", "x", "x\r\nx"),
            ("\\ba", "ba a éa", "x", "ba x éx"),
            ("}", "a}", "x", "ax"),
            ("]", "a]", "x", "ax"),
        ] {
            let search = Search::expression(find).expect(find);
            let replaced = search.replace_all(text, replacement, MOST);
            assert_eq!(replaced.as_deref(), Some(expected), "{find} in {text:?}");
        }
        let search = Search::text("a.b$").expect("a text");
        let replaced = search.replace_all("a.b$ axb$", "$&c", MOST);
        assert_eq!(replaced.as_deref(), Some("a.b$c axb$"));
    }

    #[test]
    fn what_has_no_bound_is_refused() {
        for expression in [
            "(?=a)",
            "(a)\\1",
            "(((((a{99}){99}){99}){99}){99})",
            "(",
            "[b-a]",
        ] {
            let error = Search::expression(expression).err();
            assert!(
                error.is_some_and(|it| it.message.contains(expression)),
                "{expression}"
            );
        }
        let search = Search::text("a").expect("a text");
        assert_eq!(
            search.replace_all(&"a".repeat(100), &"b".repeat(100), MOST),
            None
        );
        assert_eq!(search.replace_all("aaaa", &"$`$'".repeat(1000), MOST), None);
    }
}
