//! Gitea and Forgejo: regular expressions, of which each that matches a path as a whole counts;
//! `!` before one turns it round. A backslash keeps the character behind it as it is, so that the
//! one of an expression is written twice.

use regex::RegexBuilder;

use super::line::{Line, Word};
use super::pattern::Pattern;
use super::reading::{LONGEST_PATTERN, Owners, Reading, is_owner};

/// How many rules of a file are read, and how many bytes the program of each may have: they are
/// compiled, each takes up to a millisecond, and all are compared with every path.
const MOST_RULES: usize = 1000;
const LARGEST_PROGRAM: usize = 1 << 18;

pub(super) fn read(line: Line<'_>, reading: &mut Reading) {
    let words = words(line);
    let Some((written, owners)) = words.split_first() else {
        return;
    };
    if reading.rules.len() >= MOST_RULES || written.text.len() > LONGEST_PATTERN {
        let message =
            format!("no more than {MOST_RULES} rules of {LONGEST_PATTERN} bytes are read");
        return reading.mistake_in(line, written, message);
    }
    if let Some(wrong) = owners.iter().find(|owner| !is_owner(&owner.text)) {
        let message = format!("\"{}\" is no owner, and ignored", wrong.text);
        reading.mistake_in(line, wrong, message);
    }
    let text = written.text.strip_prefix('!').unwrap_or(&written.text);
    let expression = RegexBuilder::new(&format!("^(?:{text})$"))
        .size_limit(LARGEST_PROGRAM)
        .build();
    let Ok(expression) = expression else {
        let message = "it is no regular expression; the line is ignored";
        return reading.mistake_in(line, written, message);
    };
    let pattern = if written.text.starts_with('!') {
        Pattern::NotExpression(expression)
    } else {
        Pattern::Expression(expression)
    };
    let owners = owners.iter().filter(|owner| is_owner(&owner.text));
    let owners = owners.map(|owner| owner.text.clone()).collect();
    reading.rule(pattern, written, line, Owners::Named(owners));
}

/// The words before a `#`.
fn words(line: Line<'_>) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let (mut rest, mut is_between) = (line.text.chars(), true);
    let mut column = line.indent;
    while let Some(next) = rest.next() {
        column = column.saturating_add(1);
        let start = column;
        let character = match next {
            '#' => break,
            ' ' | '\t' => {
                is_between = true;
                continue;
            }
            '\\' => {
                column = column.saturating_add(1);
                rest.next().unwrap_or('\\')
            }
            other => other,
        };
        match words.last_mut().filter(|_| !is_between) {
            Some(word) => word.text.push(character),
            None => words.push(Word {
                text: character.into(),
                column: start,
            }),
        }
        is_between = false;
    }
    words
}
