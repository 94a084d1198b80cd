//! A line of `CODEOWNERS`, word by word.

/// A line that is neither empty nor a comment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'text> {
    /// Its number, from 1.
    pub(super) number: u32,
    /// Its text, without the spaces around it.
    pub(super) text: &'text str,
    /// How many characters stand before the text.
    pub(super) indent: u32,
}

/// A word of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// What it says: without the quotes around it, and without the backslash before a space.
    pub(super) text: String,
    /// The column of its first character, from 1.
    pub(super) column: u32,
}

/// Whether a space can also be kept in a word by quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    /// They mean nothing.
    Literal,
    /// They keep what is between them together.
    Group,
}

impl Line<'_> {
    /// How many characters it has.
    pub(super) fn width(self) -> u32 {
        count(self.text.chars().count())
    }

    /// The words between spaces; a backslash keeps a space in a word.
    pub(super) fn words(self, quotes: Quotes) -> Vec<Word> {
        let mut words = Vec::new();
        let mut rest = self.text.chars().enumerate().peekable();
        loop {
            while rest.next_if(|(_, c)| c.is_whitespace()).is_some() {}
            let Some((start, _)) = rest.peek().copied() else {
                return words;
            };
            let (mut text, mut is_quoted) = (String::new(), false);
            while let Some((_, c)) = rest.next_if(|(_, c)| is_quoted || !c.is_whitespace()) {
                match (c, rest.peek()) {
                    ('\\', Some((_, ' '))) => text.extend(rest.next().map(|(_, space)| space)),
                    ('"', _) if quotes == Quotes::Group => is_quoted = !is_quoted,
                    _ => text.push(c),
                }
            }
            words.push(Word {
                text,
                column: count(start) + self.indent + 1,
            });
        }
    }
}

/// The words before a comment at the end of a line.
pub(super) fn without_comment(mut words: Vec<Word>) -> Vec<Word> {
    let comment = words.iter().position(|word| word.text.starts_with('#'));
    words.truncate(comment.unwrap_or(words.len()));
    words
}

fn count(characters: usize) -> u32 {
    u32::try_from(characters).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, quotes: Quotes) -> Vec<(String, u32)> {
        let line = Line {
            number: 1,
            text,
            indent: 0,
        };
        let words = without_comment(line.words(quotes));
        words.into_iter().map(|it| (it.text, it.column)).collect()
    }

    #[test]
    fn words_end_at_spaces_that_nothing_keeps() {
        let found = words("a\\ b  @ü\t@c # said", Quotes::Literal);
        let expected = [("a b", 1), ("@ü", 7), ("@c", 10)];
        assert_eq!(found, expected.map(|(text, at)| (text.to_owned(), at)));
        let found = words("x @\"Ada L\"", Quotes::Group);
        assert_eq!(found[1], ("@Ada L".to_owned(), 3));
        assert_eq!(words("x @\"Ada", Quotes::Group)[1].0, "@Ada");
    }
}
