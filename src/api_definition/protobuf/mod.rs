//! [Protocol Buffers](https://protobuf.dev/reference/protobuf/edition-2024-spec/): the methods of
//! services, in proto2, proto3 and editions.
//!
//! Only `package` and `service` are understood; of everything else it is enough to find its end.
//! So a message that is wrong, or of a later edition, hides no service, and imports need not be
//! there.

mod token;

use super::definition::{Definition, Operation, sentence};
use super::{Format, Language};
use token::{Token, Tokens};

pub(super) static FORMAT: Format = Format {
    name: "protobuf",
    types: &["grpc", "protobuf", "proto"],
    language: Language::Text { read },
};

fn read(text: &str, definition: &mut Definition) {
    let mut reading = Reading {
        tokens: Tokens::new(text),
        next: None,
        definition,
    };
    reading.advance();
    while let Some(token) = reading.next {
        reading.statement(token);
    }
    let unclosed = reading.tokens.unclosed();
    if let Some((message, span)) = unclosed {
        reading.definition.mistake(message, span);
    }
}

struct Reading<'text, 'definition> {
    tokens: Tokens<'text>,
    next: Option<Token<'text>>,
    definition: &'definition mut Definition,
}

/// What the methods of a service have in common.
struct Service {
    name: String,
    full_name: String,
}

impl<'text> Reading<'text, '_> {
    /// Takes the next token.
    fn advance(&mut self) -> Option<Token<'text>> {
        std::mem::replace(&mut self.next, self.tokens.next())
    }

    fn is_next(&self, text: &str) -> bool {
        self.next.is_some_and(|token| token.text == text)
    }

    /// Takes the next token if it is that one.
    fn take(&mut self, text: &str) -> bool {
        let is_next = self.is_next(text);
        if is_next {
            self.advance();
        }
        is_next
    }

    /// Takes the next token, which must be that one.
    fn require(&mut self, text: &str) -> Option<()> {
        if self.take(text) {
            return Some(());
        }
        self.unexpected(&format!("\"{text}\""));
        None
    }

    /// Takes the next token, which must be a name.
    fn name(&mut self) -> Option<&'text str> {
        let Some(token) = self.next.filter(Token::is_name) else {
            self.unexpected("a name");
            return None;
        };
        self.advance();
        Some(token.text)
    }

    fn unexpected(&mut self, expected: &str) {
        let (found, span) = match self.next {
            Some(token) => (format!("\"{}\"", token.text), token.span()),
            None => ("the end".to_owned(), self.tokens.end()),
        };
        self.definition
            .mistake(format!("expected {expected}, but found {found}"), span);
    }

    fn statement(&mut self, token: Token<'text>) {
        match token.text {
            "syntax" | "edition" => self.syntax(token.text),
            "package" => self.package(),
            "service" => {
                // What is left of a service with a mistake must not be taken for statements.
                if self.service().is_none() {
                    self.skip_statement();
                }
            }
            "import" | "option" | "message" | "enum" | "extend" => self.skip_statement(),
            ";" => {
                self.advance();
            }
            _ => {
                self.unexpected("a statement");
                self.advance();
                self.skip_statement();
            }
        }
    }

    /// `syntax = "proto3";` or `edition = "2024";`
    fn syntax(&mut self, keyword: &str) {
        self.advance();
        if self.take("=")
            && let Some(token) = self.next
        {
            let value = token.text.trim_matches(['"', '\'']);
            let shown = match keyword {
                "edition" => format!("edition {value}"),
                _ => value.to_owned(),
            };
            self.definition.format_version = Some(shown);
        }
        self.skip_statement();
    }

    fn package(&mut self) {
        self.advance();
        if let Some(name) = self.name() {
            self.definition.title = Some(name.to_owned());
        }
        self.skip_statement();
    }

    fn service(&mut self) -> Option<()> {
        self.advance();
        let name = self.name()?;
        let package = self.definition.title.as_deref();
        let service = Service {
            name: name.to_owned(),
            full_name: package.map_or_else(|| name.to_owned(), |it| format!("{it}.{name}")),
        };
        self.require("{")?;
        let first = self.definition.operations.len();
        let mut is_deprecated = false;
        loop {
            let Some(token) = self.next else {
                self.unexpected("\"}\"");
                break;
            };
            match token.text {
                "rpc" => {
                    if self.method(&service).is_none() {
                        self.skip_statement();
                    }
                }
                "option" => is_deprecated |= self.option(),
                ";" => {
                    self.advance();
                }
                "}" => {
                    self.advance();
                    break;
                }
                _ => {
                    self.unexpected("a method");
                    self.advance();
                    self.skip_statement();
                }
            }
        }
        for operation in &mut self.definition.operations[first..] {
            operation.deprecated |= is_deprecated;
        }
        Some(())
    }

    /// `rpc Name (In) returns (stream Out);`, or with options in braces.
    fn method(&mut self, service: &Service) -> Option<()> {
        let keyword = self.advance()?;
        let name = self.name()?;
        let input = self.message()?;
        self.require("returns")?;
        let output = self.message()?;
        let deprecated = if self.is_next("{") {
            self.options()
        } else {
            self.require(";");
            false
        };
        self.definition.add(Operation {
            method: "rpc".to_owned(),
            name: format!("{}/{name}", service.name),
            signature: Some(format!("({input}) returns ({output})")),
            id: None,
            summary: sentence(&self.tokens.comment_before(&keyword)),
            deprecated,
            groups: vec![service.full_name.clone()],
            line: keyword.line,
        });
        Some(())
    }

    /// `(Message)` or `(stream Message)`
    fn message(&mut self) -> Option<String> {
        self.require("(")?;
        let first = self.name()?;
        let message = if first == "stream" && !self.is_next(")") {
            format!("stream {}", self.name()?)
        } else {
            first.to_owned()
        };
        self.require(")")?;
        Some(message)
    }

    /// The options of a method; whether they say that it is deprecated.
    fn options(&mut self) -> bool {
        let mut is_deprecated = false;
        self.advance();
        loop {
            let Some(token) = self.next else {
                self.unexpected("\"}\"");
                break;
            };
            match token.text {
                "option" => is_deprecated |= self.option(),
                "}" => {
                    self.advance();
                    break;
                }
                _ => {
                    self.advance();
                }
            }
        }
        is_deprecated
    }

    /// An option; whether it is `deprecated = true`.
    fn option(&mut self) -> bool {
        self.advance();
        let is_deprecated = self.take("deprecated") && self.take("=") && self.is_next("true");
        self.skip_statement();
        is_deprecated
    }

    /// Skips to behind the next `;`, or behind the block that comes before it. The end of the
    /// block around it is left alone.
    fn skip_statement(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.next {
            match token.text {
                "}" if depth == 0 => return,
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            self.advance();
            if depth == 0 && matches!(token.text, ";" | "}") {
                return;
            }
        }
        self.unexpected(if depth > 0 { "\"}\"" } else { "\";\"" });
    }
}
