//! What a definition says, in plain values that all formats share.

use crate::model::Span;

/// More operations of one definition are not listed.
pub const MOST_OPERATIONS: usize = 20_000;
/// More mistakes of one definition are not told.
pub const MOST_MISTAKES: usize = 100;
/// More servers or groups are left out.
const MOST_LISTED: usize = 20;
/// Characters of a name, which no real one has.
const MOST_OF_NAME: usize = 1000;
/// Characters of what is only a hint: the sentence about an operation, its parameters.
const MOST_OF_SENTENCE: usize = 300;

/// The definition of an API.
#[derive(Clone, Debug, Default)]
pub struct Definition {
    /// The name of its format.
    pub format: &'static str,
    /// The version of the format, as it is written: `3.1.0`, `proto3`.
    pub format_version: Option<String>,
    /// What the API is called; of protobuf, the package.
    pub title: Option<String>,
    /// The version of the API.
    pub version: Option<String>,
    /// Where it can be reached, in the order of the definition.
    pub servers: Vec<String>,
    /// What can be done with it, in the order of the definition.
    pub operations: Vec<Operation>,
    /// What is wrong with it, in the order in which it was found.
    pub mistakes: Vec<Mistake>,
    is_full: bool,
}

/// Something that an API can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operation {
    /// `GET` and its like; `publish`, `subscribe`, `send`, `receive`; `query`, `mutation`,
    /// `subscription`; `rpc`.
    pub method: String,
    /// The path, the channel, the field, or `Service/Method`.
    pub name: String,
    /// What goes in and out, where the format has it in a few words.
    pub signature: Option<String>,
    /// The name that programs call it by.
    pub id: Option<String>,
    /// What it does, in a sentence.
    pub summary: Option<String>,
    /// Whether it is going to be removed.
    pub deprecated: bool,
    /// The tags it has, or the service it belongs to.
    pub groups: Vec<String>,
    /// The line on which it is declared.
    pub line: u32,
}

/// Something wrong in a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub span: Span,
}

impl Definition {
    pub(super) fn new(format: &'static str) -> Self {
        Self {
            format,
            ..Self::default()
        }
    }

    /// Whether there is no room for another operation, so that no more need be looked for.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Adds an operation, while there is room.
    pub(super) fn add(&mut self, mut operation: Operation) {
        if self.is_full {
            return;
        }
        if self.operations.len() == MOST_OPERATIONS {
            self.is_full = true;
            let message = format!("more than {MOST_OPERATIONS} operations: the rest is left out");
            self.mistakes.truncate(MOST_MISTAKES - 1);
            return self.mistake(message, Span::on_line(operation.line, 1, 0));
        }
        operation.name = cut(&operation.name, MOST_OF_NAME);
        operation.id = operation.id.map(|id| cut(&id, MOST_OF_NAME));
        operation.signature = operation.signature.map(|text| cut(&text, MOST_OF_SENTENCE));
        operation.groups.truncate(MOST_LISTED);
        for group in &mut operation.groups {
            *group = cut(group, MOST_OF_SENTENCE);
        }
        self.operations.push(operation);
    }

    /// Adds a place where the API can be reached.
    pub(super) fn add_server(&mut self, server: &str) {
        if self.servers.len() < MOST_LISTED {
            self.servers.push(cut(server, MOST_OF_NAME));
        }
    }

    /// Tells what is wrong, once too often for a definition that has nothing right.
    pub(super) fn mistake(&mut self, message: impl Into<String>, span: Span) {
        if self.mistakes.len() < MOST_MISTAKES {
            self.mistakes.push(Mistake {
                message: cut(&message.into(), MOST_OF_NAME),
                span,
            });
        }
    }
}

/// The first paragraph of a description, on one line.
pub(super) fn sentence(text: &str) -> Option<String> {
    let lines = text.lines().map(str::trim);
    let paragraph = lines
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty());
    let mut sentence = String::new();
    for word in paragraph.flat_map(str::split_whitespace) {
        if !sentence.is_empty() {
            sentence.push(' ');
        }
        sentence.push_str(word);
        if sentence.len() > MOST_OF_SENTENCE * 4 {
            break;
        }
    }
    (!sentence.is_empty()).then(|| cut(&sentence, MOST_OF_SENTENCE))
}

/// At most so many characters of a text.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn a_sentence_is_the_first_paragraph() {
        let of = |text| sentence(text).unwrap_or_default();
        assert_eq!(
            of("\n  Places an\n  order.\n\n  Then more."),
            "Places an order."
        );
        assert_eq!(of(" \n "), "");
        assert_eq!(of(&"x".repeat(5000)).chars().count(), 301);
    }
}
