//! What an expression is made of at its outside: conditions that "and", "or" and "not" join.
//!
//! Where values may be unknown, each condition has to be asked by itself: an unknown one does not
//! matter beside one that decides.

use std::ops::Range;

use super::token::{Token, TokenKind, tokens};

/// An expression, taken apart where "and", "or" and "not" join conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joined {
    /// All must hold.
    All(Vec<Joined>),
    /// One must hold.
    Any(Vec<Joined>),
    /// It must not hold.
    Not(Box<Joined>),
    /// A condition, by its place in the text (bytes).
    One(Range<usize>),
}

impl Joined {
    /// Takes an expression apart, which must be one: what is none gives anything.
    #[must_use]
    pub fn of(expression: &str) -> Self {
        let tokens = tokens(expression);
        if tokens.is_empty() {
            return Self::One(0..expression.len());
        }
        part(&tokens)
    }
}

fn part(tokens: &[Token]) -> Joined {
    let is_choice = !places(tokens, "if").is_empty();
    if is_choice {
        return one(tokens);
    }
    for (word, join) in [
        ("or", Joined::Any as fn(Vec<Joined>) -> Joined),
        ("and", Joined::All),
    ] {
        let places = places(tokens, word);
        if !places.is_empty() {
            return join(between(tokens, &places).map(part).collect());
        }
    }
    match tokens {
        [first, rest @ ..] if first.kind.is_word("not") && !rest.is_empty() => {
            Joined::Not(Box::new(part(rest)))
        }
        [first, inside @ .., last]
            if first.kind.is_sign('(') && last.kind.is_sign(')') && is_group(inside) =>
        {
            part(inside)
        }
        _ => one(tokens),
    }
}

fn one(tokens: &[Token]) -> Joined {
    let start = tokens.first().map_or(0, |token| token.start);
    Joined::One(start..tokens.last().map_or(start, |token| token.end))
}

/// Whether what stands between two parentheses belongs to them alone, and is no list.
fn is_group(inside: &[Token]) -> bool {
    let mut depth = 0_i32;
    for token in inside {
        match token.kind {
            TokenKind::Sign('(' | '[' | '{') => depth += 1,
            TokenKind::Sign(')' | ']' | '}') => depth -= 1,
            TokenKind::Sign(',') if depth == 0 => return false,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    !inside.is_empty()
}

/// Where a word stands outside of all parentheses, and is no field.
fn places(tokens: &[Token], word: &str) -> Vec<usize> {
    let mut depth = 0_i32;
    let mut places = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_field = at
            .checked_sub(1)
            .is_some_and(|before| tokens[before].kind.is_sign('.'));
        match token.kind {
            TokenKind::Sign('(' | '[' | '{') => depth += 1,
            TokenKind::Sign(')' | ']' | '}') => depth -= 1,
            _ if depth == 0 && !is_field && token.kind.is_word(word) => places.push(at),
            _ => {}
        }
    }
    places
}

/// The tokens between some of them.
fn between<'a>(tokens: &'a [Token], places: &'a [usize]) -> impl Iterator<Item = &'a [Token]> {
    let starts = std::iter::once(0).chain(places.iter().map(|at| at + 1));
    let ends = places.iter().copied().chain([tokens.len()]);
    starts.zip(ends).map(|(start, end)| &tokens[start..end])
}

#[cfg(test)]
mod tests {
    use super::Joined;

    fn shown(text: &str) -> String {
        fn show(joined: &Joined, text: &str) -> String {
            let all = |parts: &[Joined], word: &str| {
                let parts: Vec<String> = parts.iter().map(|part| show(part, text)).collect();
                format!("({})", parts.join(word))
            };
            match joined {
                Joined::All(parts) => all(parts, " & "),
                Joined::Any(parts) => all(parts, " | "),
                Joined::Not(part) => format!("!{}", show(part, text)),
                Joined::One(range) => format!("<{}>", &text[range.clone()]),
            }
        }
        show(&Joined::of(text), text)
    }

    #[test]
    fn conditions_are_taken_apart_where_they_are_joined() {
        for (text, parts) in [
            ("a", "<a>"),
            ("a and not b in c or d", "((<a> & !<b in c>) | <d>)"),
            (
                "(a or b) and (c, d)|length",
                "((<a> | <b>) & <(c, d)|length>)",
            ),
            ("((a))", "<a>"),
            ("(a) == (b)", "<(a) == (b)>"),
            (
                "x.or and y['and'] is not defined",
                "(<x.or> & <y['and'] is not defined>)",
            ),
            ("a if b and c else d", "<a if b and c else d>"),
            ("f(a and b) == 'x or y'", "<f(a and b) == 'x or y'>"),
            ("not (a and b)", "!(<a> & <b>)"),
        ] {
            assert_eq!(shown(text), parts, "{text}");
        }
    }

    #[test]
    fn any_text_is_taken_apart() {
        for text in [
            "", "not", "and", "(", ")", "a and", "())(", "not not", "or or",
        ] {
            let _ = Joined::of(text);
        }
    }
}
