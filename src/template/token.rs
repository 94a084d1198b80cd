//! The words of a tag.

use super::syntax::Mistake;

/// The most words that one tag may have.
const MOST_TOKENS: usize = 4096;

/// Operators and brackets; a longer one stands before those it begins with.
const SIGNS: [&str; 31] = [
    "===", "!==", "==", "!=", "<=", ">=", "//", "**", "&&", "||", "(", ")", "[", "]", "{", "}",
    ",", ":", "~", "|", ".", "+", "-", "*", "/", "%", "<", ">", "=", "!", "?",
];

/// A word of a tag, and where it begins.
#[derive(Clone, Debug)]
pub(super) struct Token<'text> {
    pub(super) at: usize,
    pub(super) kind: TokenKind<'text>,
}

/// What a word is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind<'text> {
    Name(&'text str),
    Text(String),
    Number(f64),
    Sign(&'static str),
    Regex { pattern: String, flags: String },
    End,
}

/// The words between the delimiters of a tag.
#[derive(Debug)]
pub(super) struct Tag<'text> {
    /// The last one is [`TokenKind::End`].
    pub(super) tokens: Vec<Token<'text>>,
    /// Where the text goes on.
    pub(super) end: usize,
    /// Whether it ends with `-`, which takes the white space after it away.
    pub(super) trims: bool,
}

/// Reads a tag whose words begin at a place, up to its closing delimiter.
pub(super) fn read_tag<'text>(
    text: &'text str,
    from: usize,
    closing: &str,
) -> Result<Tag<'text>, Mistake> {
    let mut lexer = Lexer { text, at: from };
    let mut tokens = Vec::new();
    let mut open_braces = 0_usize;
    loop {
        lexer.skip_space();
        let at = lexer.at;
        let rest = lexer.rest();
        let trimmed = rest.strip_prefix('-').filter(|it| it.starts_with(closing));
        // A brace of an object may stand before the closing ones: `{a: {b: 1}}`.
        let may_end = open_braces == 0 || closing == "%}";
        if may_end && (trimmed.is_some() || rest.starts_with(closing)) {
            tokens.push(Token {
                at,
                kind: TokenKind::End,
            });
            let trims = trimmed.is_some();
            return Ok(Tag {
                tokens,
                end: at + closing.len() + usize::from(trims),
                trims,
            });
        }
        if tokens.len() >= MOST_TOKENS {
            let message = format!("the tag has more than {MOST_TOKENS} words");
            return Err(Mistake::new(at, message));
        }
        let kind = lexer.token(closing, from)?;
        match kind {
            TokenKind::Sign("{") => open_braces += 1,
            TokenKind::Sign("}") => open_braces = open_braces.saturating_sub(1),
            _ => {}
        }
        tokens.push(Token { at, kind });
    }
}

struct Lexer<'text> {
    text: &'text str,
    at: usize,
}

impl<'text> Lexer<'text> {
    fn rest(&self) -> &'text str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn token(&mut self, closing: &str, from: usize) -> Result<TokenKind<'text>, Mistake> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            let message = format!("the tag is not closed: \"{closing}\" is missing");
            return Err(Mistake::new(from, message));
        };
        if matches!(first, '"' | '\'') {
            return self.text_literal(first);
        }
        if first.is_ascii_digit() {
            return Ok(self.number());
        }
        if rest.starts_with("r/") {
            return self.regex();
        }
        if first.is_alphabetic() || first == '_' {
            let length = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            self.at += length;
            return Ok(TokenKind::Name(rest.get(..length).unwrap_or_default()));
        }
        let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
        let Some(sign) = sign else {
            let message = format!("unexpected character \"{}\"", first.escape_debug());
            return Err(Mistake::new(self.at, message));
        };
        self.at += sign.len();
        Ok(TokenKind::Sign(sign))
    }

    fn text_literal(&mut self, quote: char) -> Result<TokenKind<'text>, Mistake> {
        let mut value = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((offset, character)) = characters.next() {
            if character == quote {
                self.at += offset + 1;
                return Ok(TokenKind::Text(value));
            }
            let plain = match character {
                '\\' => match characters.next().map(|(_, escaped)| escaped) {
                    Some('n') => '\n',
                    Some('t') => '\t',
                    Some('r') => '\r',
                    Some(other) => other,
                    None => break,
                },
                other => other,
            };
            value.push(plain);
        }
        Err(Mistake::new(self.at, "the text has no closing quote"))
    }

    fn number(&mut self) -> TokenKind<'text> {
        let rest = self.rest();
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let mut length = digits(rest);
        if let Some(fraction) = rest.get(length..).and_then(|it| it.strip_prefix('.'))
            && digits(fraction) > 0
        {
            length += 1 + digits(fraction);
        }
        self.at += length;
        let number = rest.get(..length).and_then(|text| text.parse().ok());
        TokenKind::Number(number.unwrap_or(f64::NAN))
    }

    /// `r/pattern/flags`
    fn regex(&mut self) -> Result<TokenKind<'text>, Mistake> {
        let rest = self.rest();
        let mut is_escaped = false;
        let end = rest.char_indices().skip(2).find(|(_, character)| {
            let is_end = *character == '/' && !is_escaped;
            is_escaped = *character == '\\' && !is_escaped;
            is_end
        });
        let Some((end, _)) = end else {
            let message = "the regular expression has no closing \"/\"";
            return Err(Mistake::new(self.at, message));
        };
        let after = rest.get(end + 1..).unwrap_or_default();
        let flags = after.bytes().take_while(|b| b"gimy".contains(b)).count();
        self.at += end + 1 + flags;
        Ok(TokenKind::Regex {
            pattern: rest.get(2..end).unwrap_or_default().to_owned(),
            flags: after.get(..flags).unwrap_or_default().to_owned(),
        })
    }
}
