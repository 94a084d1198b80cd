//! Mistakes, in the words of people.

use granit_parser::Tag;

use super::Problem;
use super::place::number;
use crate::diagnostic::Code;
use crate::diagnostic::register::{
    YAML_DUPLICATE_KEY, YAML_LIMIT, YAML_SYNTAX, YAML_TAG, YAML_VERSION,
};
use crate::model::Span;

fn problem(
    code: &'static Code,
    span: Span,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Problem {
    Problem {
        code,
        message: message.into(),
        help: Some(help.into()),
        span,
    }
}

pub(super) fn duplicate_key(name: &str, span: Span) -> Problem {
    problem(
        &YAML_DUPLICATE_KEY,
        span,
        format!("the key \"{name}\" is there twice"),
        "merge the two or delete one",
    )
}

pub(super) fn unknown_tag(tag: &Tag, span: Span) -> Problem {
    problem(
        &YAML_TAG,
        span,
        format!("the tag \"{}\" means nothing here", tag.original()),
        "the value is read as if the tag were not there; delete the tag",
    )
}

pub(super) fn wrong_tag(tag: &Tag, expected: &str, span: Span) -> Problem {
    problem(
        &YAML_SYNTAX,
        span,
        format!("the tag \"{}\" wants {expected}", tag.original()),
        "correct the value or delete the tag",
    )
}

pub(super) fn endless_alias(written: &str, span: Span) -> Problem {
    problem(
        &YAML_SYNTAX,
        span,
        format!("\"{written}\" stands inside of what it repeats"),
        "write out what it stands for",
    )
}

pub(super) fn unresolved_alias(name: &str, span: Span) -> Problem {
    problem(
        &YAML_SYNTAX,
        span,
        format!("\"*{name}\" refers to \"&{name}\", which is not there"),
        format!("put it in quotes if it is a text: \"*{name}\""),
    )
}

pub(super) fn too_many_nodes(limit: usize, span: Span) -> Problem {
    problem(
        &YAML_LIMIT,
        span,
        format!(
            "the file has more than {limit} values, with every alias counted as often as it is used"
        ),
        "split the file, or use fewer aliases",
    )
}

pub(super) fn too_much_text(limit: usize, span: Span) -> Problem {
    problem(
        &YAML_LIMIT,
        span,
        format!("aliases repeat more than {} MiB of text", limit >> 20),
        "write the text once, or use fewer aliases",
    )
}

pub(super) fn too_deep(limit: usize, span: Span) -> Problem {
    problem(
        &YAML_LIMIT,
        span,
        format!("more than {limit} levels of nesting"),
        "nest less deeply",
    )
}

pub(super) fn too_many_documents(limit: usize, span: Span) -> Problem {
    problem(
        &YAML_LIMIT,
        span,
        format!("the file has more than {limit} documents; the rest is not read"),
        "split the file",
    )
}

pub(super) fn rest_not_read(span: Span) -> Problem {
    problem(
        &YAML_LIMIT,
        span,
        "the rest of the file is not read",
        "split the file, or use fewer aliases",
    )
}

pub(super) fn version(minor: u32, span: Span) -> Option<Problem> {
    let (message, help) = match minor {
        1 => (
            "\"%YAML 1.1\" makes words such as \"yes\" and \"off\" booleans".to_owned(),
            "delete the directive, unless that is what you want",
        ),
        2 => return None,
        _ => (
            format!("YAML 1.{minor} is not known; this is read as YAML 1.2"),
            "delete the directive",
        ),
    };
    Some(problem(&YAML_VERSION, span, message, help))
}

pub(super) const TAB: &str = "a tab is used for indentation";
pub(super) const TAB_HELP: &str = "use spaces";

pub(super) fn tab(span: Span) -> Problem {
    problem(&YAML_SYNTAX, span, TAB, TAB_HELP)
}

/// A line inside of brackets or quotes that is indented less than YAML wants.
pub(super) fn under_indented(opening: &str, line: usize, indent: usize) -> Problem {
    problem(
        &YAML_SYNTAX,
        Span::on_line(number(line), number(indent + 1), 0),
        match opening {
            "[" | "{" => format!("a line between \"{opening}\" and its end is not indented enough"),
            quote => format!("a line of a text in {quote} is not indented enough"),
        },
        "indent it more than the key it belongs to, or close what is open",
    )
}
