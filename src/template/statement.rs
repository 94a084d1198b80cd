//! The statements of `{% %}`.

use super::parser::Parser;
use super::syntax::{Expression, Kind, Mistake, Statement};
use crate::diagnostic::did_you_mean;

/// Names of statements, for those who mistype one.
const STATEMENTS: [&str; 26] = [
    "block",
    "call",
    "case",
    "default",
    "elif",
    "else",
    "elseif",
    "endblock",
    "endcall",
    "endfilter",
    "endfor",
    "endif",
    "endmacro",
    "endraw",
    "endset",
    "endswitch",
    "endverbatim",
    "filter",
    "for",
    "if",
    "macro",
    "raw",
    "set",
    "switch",
    "verbatim",
    "endeach",
];

/// Names that the language has for itself.
const RESERVED: [&str; 12] = [
    "true", "false", "none", "null", "True", "False", "None", "loop", "self", "not", "and", "or",
];

/// Reads the rest of a statement after its name.
pub(super) fn read(
    parser: &mut Parser<'_, '_>,
    name: &str,
    at: usize,
) -> Result<Statement, Mistake> {
    Ok(match name {
        "if" | "ifAsync" => Statement::If(parser.expression()?),
        "elif" | "elseif" => Statement::ElseIf(parser.expression()?),
        "else" => Statement::Else,
        "for" | "asyncEach" | "asyncAll" => for_loop(parser)?,
        "set" => set(parser)?,
        "macro" => {
            let name = target(parser)?;
            let parameters = parser.parameters()?;
            Statement::Macro { name, parameters }
        }
        "call" => call(parser)?,
        "filter" => Statement::Filter(parser.applied("the name of a filter")?),
        "block" => {
            parser.name("the name of the block")?;
            Statement::Block
        }
        "switch" => Statement::Switch(parser.expression()?),
        "case" => Statement::Case(parser.expression()?),
        "default" => Statement::Default,
        "endif" => Statement::End("if"),
        "endfor" | "endeach" | "endall" => Statement::End("for"),
        "endset" => Statement::End("set"),
        "endmacro" => Statement::End("macro"),
        "endcall" => Statement::End("call"),
        "endfilter" => Statement::End("filter"),
        "endswitch" => Statement::End("switch"),
        "endblock" => {
            // The name may be said again.
            let _ = parser.name("the name of the block");
            Statement::End("block")
        }
        "include" | "import" | "from" | "extends" => {
            let message = format!("\"{name}\" reads another file, which templates may not");
            return Err(Mistake::new(at, message)
                .with_help("write the text here, or make a macro of it in this file"));
        }
        _ => return Err(unknown(name, at)),
    })
}

fn unknown(name: &str, at: usize) -> Mistake {
    let mistake = Mistake::new(at, format!("there is no statement \"{name}\""));
    match did_you_mean(name, STATEMENTS) {
        Some(other) => mistake.with_help(format!("did you mean \"{other}\"?")),
        None => mistake,
    }
}

/// A name that may be given a value.
fn target(parser: &mut Parser<'_, '_>) -> Result<String, Mistake> {
    let at = parser.at();
    let name = parser.name("a name")?;
    if RESERVED.contains(&name) {
        let message = format!("\"{name}\" cannot be given a value");
        return Err(Mistake::new(at, message));
    }
    Ok(name.to_owned())
}

fn targets(parser: &mut Parser<'_, '_>) -> Result<Vec<String>, Mistake> {
    let mut names = vec![target(parser)?];
    while parser.take_sign(",") {
        names.push(target(parser)?);
    }
    Ok(names)
}

fn for_loop(parser: &mut Parser<'_, '_>) -> Result<Statement, Mistake> {
    let names = targets(parser)?;
    if !parser.take_word("in") {
        return Err(parser.unexpected("\"in\""));
    }
    let of = parser.expression()?;
    Ok(Statement::For { names, of })
}

fn set(parser: &mut Parser<'_, '_>) -> Result<Statement, Mistake> {
    let names = targets(parser)?;
    let value = if parser.take_sign("=") {
        Some(parser.expression()?)
    } else {
        None
    };
    Ok(Statement::Set { names, value })
}

fn call(parser: &mut Parser<'_, '_>) -> Result<Statement, Mistake> {
    let parameters = match parser.peek() {
        super::token::TokenKind::Sign("(") => parser.parameters()?,
        _ => Vec::new(),
    };
    let call: Expression = parser.expression()?;
    match call.kind {
        Kind::Call(..) => Ok(Statement::Call { parameters, call }),
        _ => Err(Mistake::new(call.at, "expected the call of a macro")),
    }
}
