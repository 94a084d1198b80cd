//! What the errors of the parser mean, in the words of people.

use granit_parser::ErrorKind as Kind;
use granit_parser::ScanError;

use super::Problem;
use super::document::{DEPTH_LIMIT, OpenBracket};
use super::mistake;
use super::site::Site;
use crate::diagnostic::register::YAML_SYNTAX;
use crate::model::Span;

const TEMPLATE_HELP: &str =
    "this looks like a template that was not rendered; render it, or put the expression in quotes";

/// What an error of the parser means; `bracket` is the outermost one that was open.
pub(super) fn explain(error: &ScanError, text: &str, bracket: Option<OpenBracket>) -> Problem {
    let site = Site::new(text, error.marker());
    if *error.kind() == Kind::RecursionLimitExceeded {
        return mistake::too_deep(DEPTH_LIMIT, site.span(0));
    }
    let (span, message, help) = None
        .or_else(|| conflict(&site))
        .or_else(|| unclosed(&site, bracket))
        .or_else(|| template(&site, error.kind()))
        .or_else(|| value(&site, error.kind(), bracket.is_some()))
        .or_else(|| quotes(&site, error.kind()))
        .or_else(|| brackets(&site, error.kind()))
        .or_else(|| structure(&site, error.kind()))
        .or_else(|| rare(&site, error.kind()))
        .unwrap_or_else(|| (site.span(0), uncapitalized(&error.info()), None));
    Problem {
        code: &YAML_SYNTAX,
        message,
        help,
        span,
    }
}

/// A place, what is wrong there, and what to do about it.
type Explanation = (Span, String, Option<String>);

#[expect(
    clippy::unnecessary_wraps,
    reason = "it ends the arms of functions that may have no answer"
)]
fn said(span: Span, message: impl Into<String>, help: impl Into<String>) -> Option<Explanation> {
    Some((span, message.into(), Some(help.into())))
}

/// A merge that was given up half-way.
fn conflict(site: &Site<'_>) -> Option<Explanation> {
    let is_marker = |line: &str| {
        ["<<<<<<<", "=======", ">>>>>>>"]
            .iter()
            .any(|marker| line.starts_with(marker))
    };
    if !is_marker(site.line) && !is_marker(site.line_above()) {
        return None;
    }
    said(
        site.span(0),
        "a merge conflict is not resolved",
        "keep one of the two versions, and delete the marks",
    )
}

/// A bracket that is still open where the next key stands.
fn unclosed(site: &Site<'_>, bracket: Option<OpenBracket>) -> Option<Explanation> {
    let bracket = bracket?;
    let least = bracket.block_column.map_or(0, |column| column + 1);
    if site.number <= bracket.span.line || site.indent() >= least {
        return None;
    }
    never_closed(bracket.span, bracket.character)
}

fn never_closed(span: Span, open: char) -> Option<Explanation> {
    let close = if open == '[' { ']' } else { '}' };
    said(
        span,
        format!("\"{open}\" is never closed"),
        format!("close it with \"{close}\""),
    )
}

/// `{% if … %}` and `{{- … }}`, which only a template engine understands.
fn template(site: &Site<'_>, kind: &Kind) -> Option<Explanation> {
    let opening = match kind {
        Kind::UnexpectedCharacter { character: '%' } if site.before.ends_with('{') => "{%",
        Kind::BlockEntryInFlowCollection if site.before.ends_with("{{") => "{{-",
        Kind::ExpectedBlockMappingKey if site.before.contains("}}") => "{{",
        Kind::MappingValueNotAllowed if site.before.trim_end().ends_with("}}") => "{{",
        _ => return None,
    };
    said(
        site.whole_value(),
        format!("\"{opening}\" of a template is not YAML"),
        TEMPLATE_HELP,
    )
}

/// Values that should be in quotes.
fn value(site: &Site<'_>, kind: &Kind, in_brackets: bool) -> Option<Explanation> {
    let quote = |value: &str| format!("put it in quotes: {}", quoted(value));
    match kind {
        Kind::UnexpectedCharacter { .. } | Kind::MissingAnchorOrAliasName => {
            let value = site.unquoted(in_brackets);
            let first = value.get(..1).unwrap_or_default();
            said(
                site.span_of(value),
                format!("a value cannot begin with \"{first}\""),
                quote(value),
            )
        }
        Kind::MappingKeyNotAllowed => said(
            site.span(1),
            "a value cannot begin with \"? \"",
            quote(site.rest()),
        ),
        Kind::BlockSequenceEntryNotAllowed => said(
            site.span_of(site.rest()),
            "a list cannot begin on the line of its key",
            "put it on a line of its own, or in quotes if it is a text",
        ),
        Kind::MappingValueNotAllowed => colon(site),
        _ => None,
    }
}

/// A `:` where no key can be.
fn colon(site: &Site<'_>) -> Option<Explanation> {
    let content = site.before.trim_start();
    if content.chars().count() > 1024 {
        return said(
            site.content_span(),
            "a key is longer than 1,024 characters",
            "shorten it",
        );
    }
    if site.line.starts_with("---") {
        let help = "begin it on the next line";
        return said(
            site.content_span(),
            "a mapping cannot begin on the line of \"---\"",
            help,
        );
    }
    if let Some(value) = site.value() {
        return said(
            site.span_of(value),
            "a value has a \":\" followed by a space",
            format!("put it in quotes: {}", quoted(value)),
        );
    }
    let above = site.line_above().trim();
    if above.contains(':') {
        let help = "align it with the key above, or take the value of that away";
        return said(
            site.content_span(),
            "a key stands below one that has a value already",
            help,
        );
    }
    said(
        site.content_span(),
        "the line above has no \":\"",
        format!("write \"{}:\"", shortened(above)),
    )
}

/// Texts in quotes.
fn quotes(site: &Site<'_>, kind: &Kind) -> Option<Explanation> {
    match kind {
        Kind::UnclosedQuotedScalar | Kind::DocumentIndicatorInQuotedScalar => {
            let quote = site.after.get(..1).unwrap_or("\"");
            said(
                site.span(1),
                format!("the quote {quote} is never closed"),
                format!("close it with {quote}"),
            )
        }
        Kind::InvalidTrailingSingleQuotedScalar => said(
            site.span_of(site.rest()),
            "there is text after the closing quote",
            "write '' for a quote inside of '…', or put all of it in quotes",
        ),
        Kind::InvalidTrailingDoubleQuotedScalar => said(
            site.span_of(site.rest()),
            "there is text after the closing quote",
            "write \\\" for a quote inside of \"…\", or put all of it in quotes",
        ),
        Kind::UnknownQuotedScalarEscape
        | Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidUnicodeEscape => {
            let (span, escape) = site.wrong_escape();
            let help = "write \\\\ for a backslash, or put the text in single quotes";
            said(span, format!("\"{escape}\" is not an escape"), help)
        }
        Kind::InvalidLowSurrogateHexEscape
        | Kind::InvalidLowSurrogate
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate => {
            let help = "write the character itself";
            said(
                site.span(0),
                "a \"\\u\" escape is half of a character",
                help,
            )
        }
        Kind::CommentInterceptedScalar => said(
            site.span(0),
            "a comment stands inside of a text that goes on below",
            "move the comment, or put the text in quotes if \" #\" is part of it",
        ),
        _ => None,
    }
}

/// Lists and mappings in brackets.
fn brackets(site: &Site<'_>, kind: &Kind) -> Option<Explanation> {
    match kind {
        Kind::UnclosedFlowCollection { open } => never_closed(site.span(1), *open),
        Kind::MismatchedFlowCollectionEnd { open, close } => said(
            site.span(1),
            format!("\"{open}\" is closed by \"{close}\""),
            "make the brackets match",
        ),
        Kind::MisplacedFlowCollectionEnd => {
            let bracket = site.after.get(..1).unwrap_or_default();
            let help = "delete it, or put the value in quotes";
            said(site.span(1), format!("\"{bracket}\" closes nothing"), help)
        }
        Kind::ExpectedFlowMappingSeparator => separator(site, '}'),
        Kind::ExpectedFlowSequenceSeparator => separator(site, ']'),
        Kind::UnexpectedEofFlowSequence
        | Kind::UnexpectedEofFlowMapping
        | Kind::UnexpectedEofImplicitFlowMapping => match site.after.chars().next() {
            Some(character @ (',' | ']' | '}')) => said(
                site.span(1),
                format!("a value is missing before \"{character}\""),
                "write the value, or delete the comma",
            ),
            _ => None,
        },
        Kind::BlockEntryInFlowCollection => said(
            site.span(1),
            "\"- \" cannot stand inside of brackets",
            "separate items by commas",
        ),
        _ => None,
    }
}

fn separator(site: &Site<'_>, close: char) -> Option<Explanation> {
    said(
        site.span(0),
        format!("\",\" or \"{close}\" is missing here"),
        "separate items by commas, and put values with brackets, commas or \": \" in quotes",
    )
}

/// Indentation and lines that do not belong where they are.
fn structure(site: &Site<'_>, kind: &Kind) -> Option<Explanation> {
    match kind {
        Kind::TabNotAllowed
        | Kind::TabInBlockIndentation
        | Kind::TabInIndentation
        | Kind::TabAtBlockScalarStart
        | Kind::TabInPlainScalar
        | Kind::InvalidBlockEntryWhitespace
        | Kind::InvalidMappingValueWhitespace => said(site.tab(), mistake::TAB, mistake::TAB_HELP),
        Kind::ExpectedBlockMappingKey
            if site.before.trim_end().ends_with([']', '}', '"', '\'']) =>
        {
            said(
                site.span_of(site.rest()),
                "there is text after the value",
                "put all of it in quotes",
            )
        }
        Kind::ExpectedBlockMappingKey | Kind::ExpectedBlockSequenceEntry => said(
            site.content_span(),
            "this line does not belong to what stands above it",
            "indent it like the other lines of its list or mapping",
        ),
        Kind::SimpleKeyExpected | Kind::InvalidSimpleKey => said(
            site.content_span(),
            "this line has no \":\"",
            "write \"key: value\", or indent it if it goes on from the line above",
        ),
        Kind::ExpectedDocumentStart if site.before.trim_end().ends_with(['"', '\'']) => said(
            site.span_of(site.rest()),
            "there is text after the closing quote",
            "write a space after the \":\", or put all of it in quotes",
        ),
        Kind::ExpectedDocumentStart if site.line_above().starts_with('%') => said(
            site.span(0),
            "a line that begins with \"%\" is a directive, and a \"---\" must follow",
            "write \"---\", or put the line in quotes if it is a text",
        ),
        Kind::ExpectedDocumentStart => said(
            site.content_span(),
            "this line does not belong to the document above it",
            "indent it like the first line, or write \"---\" before it",
        ),
        _ => None,
    }
}

/// What hardly ever happens in descriptors.
fn rare(site: &Site<'_>, kind: &Kind) -> Option<Explanation> {
    match kind {
        Kind::InvalidBlockScalarHeader => said(
            site.span_of(site.rest()),
            "a text cannot begin on the line of \"|\" or \">\"",
            "begin it on the next line, or put it in quotes",
        ),
        Kind::InvalidDocumentEnd => said(
            site.span(0),
            "there is text after \"...\"",
            "begin it on the next line",
        ),
        Kind::UndeclaredTagHandle => said(
            site.span_of(site.word()),
            format!(
                "nothing says what the tag \"{}\" means",
                shortened(site.word())
            ),
            "delete the tag, or put it in quotes if it is a text",
        ),
        Kind::ExpectedTagBang
        | Kind::InvalidTagTerminator
        | Kind::MissingTagUri
        | Kind::UnclosedVerbatimTag
        | Kind::InvalidTagEscape => {
            let help = format!("put it in quotes if it is a text: {}", quoted(site.rest()));
            said(site.span_of(site.word()), "a tag is malformed", help)
        }
        Kind::UnsupportedYamlMajorVersion
        | Kind::DuplicateVersionDirective
        | Kind::MissingYamlVersion
        | Kind::MissingYamlVersionSeparator => said(
            site.content_span(),
            "the \"%YAML\" directive is not understood",
            "delete it",
        ),
        _ => None,
    }
}

/// A text in the quotes that suit it, not too long for a message.
fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) {
        format!("'{}'", shortened(&text.replace('\'', "''")))
    } else {
        format!("\"{}\"", shortened(text))
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn uncapitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(characters).collect()
    })
}
