//! Statements → blocks of the engine.

use std::fmt::Write as _;

use super::Translator;
use crate::template::syntax::{Expression, Mistake, Parameter, Part, Statement};

/// How deep blocks may nest.
const DEEPEST: usize = 48;
/// How many alternatives one `if` or `switch` may have.
const MOST_ALTERNATIVES: usize = 256;

/// A block that is not closed yet.
#[derive(Debug)]
pub(super) struct Open<'parts> {
    at: usize,
    name: &'static str,
    alternatives: usize,
    has_else: bool,
    /// Names that get what a `set` captured.
    targets: &'parts [String],
    /// Which `switch` it is.
    number: usize,
    /// Cases without a body, which the next one takes along.
    cases: Vec<&'parts Expression>,
}

impl Open<'_> {
    /// Whether what it prints goes elsewhere first.
    pub(super) fn captures(&self) -> bool {
        matches!(self.name, "set" | "macro" | "call" | "filter")
    }

    pub(super) fn not_closed(&self) -> Mistake {
        let name = self.name;
        let message = format!("\"{name}\" is not closed: \"{{% end{name} %}}\" is missing");
        Mistake::new(self.at, message)
    }
}

impl<'parts> Translator<'parts> {
    /// Translates a statement; the part after it tells whether a case has a body.
    pub(super) fn statement(
        &mut self,
        at: usize,
        statement: &'parts Statement,
        next: Option<&'parts Part<'_>>,
    ) -> Result<(), Mistake> {
        self.mark(at);
        match statement {
            Statement::If(condition) => {
                self.open(at, "if")?;
                self.tag("if ", condition)
            }
            Statement::ElseIf(condition) => {
                self.alternative(at, "if", "elif")?;
                self.tag("elif ", condition)
            }
            Statement::Else => self.otherwise(at),
            Statement::For { names, of } => self.for_loop(at, names, of),
            Statement::Set { names, value } => self.set(at, names, value.as_ref()),
            Statement::Macro { name, parameters } => {
                self.open(at, "macro")?;
                self.push("{% macro ");
                self.push(name);
                self.parameters(parameters)?;
                self.push(" %}");
                self.enter(true, parameters.iter().map(|it| it.name.as_str()));
                Ok(())
            }
            Statement::Call { parameters, call } => {
                self.open(at, "call")?;
                self.push("{% call");
                self.parameters(parameters)?;
                self.push(" ");
                self.expression(call)?;
                self.push(" %}");
                self.enter(false, parameters.iter().map(|it| it.name.as_str()));
                Ok(())
            }
            Statement::Filter(filter) => {
                self.open(at, "filter")?;
                // The same check as that of a filter in an expression.
                let start = self.result.source.len();
                self.filter_name(filter)?;
                self.result.source.truncate(start);
                self.push("{% filter ");
                self.filter_call(filter)?;
                self.push(" %}");
                Ok(())
            }
            Statement::Block => self.open(at, "block"),
            Statement::Switch(subject) => self.switch(at, subject),
            Statement::Case(value) => self.case(at, value, next),
            Statement::Default => self.default(at),
            Statement::End(name) => self.end(at, name),
        }
    }

    fn tag(&mut self, start: &str, expression: &Expression) -> Result<(), Mistake> {
        self.push("{% ");
        self.push(start);
        self.expression(expression)?;
        self.push(" %}");
        Ok(())
    }

    fn open(&mut self, at: usize, name: &'static str) -> Result<(), Mistake> {
        if self.open.len() >= DEEPEST {
            let message = format!("blocks nest deeper than {DEEPEST} levels");
            return Err(Mistake::new(at, message));
        }
        self.open.push(Open {
            at,
            name,
            alternatives: 0,
            has_else: false,
            targets: &[],
            number: 0,
            cases: Vec::new(),
        });
        Ok(())
    }

    /// The innermost block, in which a statement may stand.
    fn innermost(
        &mut self,
        at: usize,
        blocks: &[&str],
        word: &str,
    ) -> Result<&mut Open<'parts>, Mistake> {
        let stray = || {
            let message = format!(
                "\"{word}\" without \"{}\" before it",
                blocks.join("\" or \"")
            );
            Mistake::new(at, message)
        };
        let open = self.open.last_mut().ok_or_else(stray)?;
        if blocks.contains(&open.name) {
            return Ok(open);
        }
        Err(stray().with_help(format!("the block that is open is \"{}\"", open.name)))
    }

    fn alternative(&mut self, at: usize, block: &'static str, word: &str) -> Result<(), Mistake> {
        let open = self.innermost(at, &[block], word)?;
        if open.has_else {
            return Err(Mistake::new(
                at,
                format!("\"{word}\" after the last alternative"),
            ));
        }
        open.alternatives += 1;
        if open.alternatives > MOST_ALTERNATIVES {
            let message = format!("\"{block}\" has more than {MOST_ALTERNATIVES} alternatives");
            return Err(Mistake::new(at, message));
        }
        Ok(())
    }

    fn otherwise(&mut self, at: usize) -> Result<(), Mistake> {
        let open = self.innermost(at, &["if", "for"], "else")?;
        if open.has_else {
            return Err(Mistake::new(at, "\"else\" after the last alternative"));
        }
        open.has_else = true;
        self.push("{% else %}");
        Ok(())
    }

    fn for_loop(
        &mut self,
        at: usize,
        names: &'parts [String],
        of: &Expression,
    ) -> Result<(), Mistake> {
        self.open(at, "for")?;
        if self.scopes.keeps_any() {
            self.push("{% do __push(false) %}");
        }
        self.push("{% for ");
        self.push(&names.join(", "));
        self.push(" in ");
        self.push(if names.len() == 1 {
            "__items("
        } else {
            "__pairs("
        });
        self.expression(of)?;
        // Writing to a String cannot fail.
        let _ = write!(self.result.source, ", {}) %}}", names.len());
        for name in names {
            self.declare(name);
        }
        Ok(())
    }

    /// Begins a scope of its own for the names that we keep.
    fn enter<'a>(&mut self, is_apart: bool, names: impl Iterator<Item = &'a str>) {
        if !self.scopes.keeps_any() {
            return;
        }
        let _ = write!(self.result.source, "{{% do __push({is_apart}) %}}");
        for name in names {
            self.declare(name);
        }
    }

    fn leave(&mut self) {
        if self.scopes.keeps_any() {
            self.push("{% do __pop() %}");
        }
    }

    /// Says that a name of the engine is one that we keep.
    fn declare(&mut self, name: &str) {
        if self.scopes.is_kept(name) {
            let _ = write!(
                self.result.source,
                "{{% do __declare(\"{name}\", {name}) %}}"
            );
        }
    }

    fn parameters(&mut self, parameters: &[Parameter]) -> Result<(), Mistake> {
        self.push("(");
        for (number, parameter) in parameters.iter().enumerate() {
            if number > 0 {
                self.push(", ");
            }
            self.push(&parameter.name);
            if let Some(default) = &parameter.default {
                self.push("=");
                self.expression(default)?;
            }
        }
        self.push(")");
        Ok(())
    }

    fn set(
        &mut self,
        at: usize,
        names: &'parts [String],
        value: Option<&Expression>,
    ) -> Result<(), Mistake> {
        let Some(value) = value else {
            self.open(at, "set")?;
            if let Some(open) = self.open.last_mut() {
                open.targets = names;
            }
            self.push("{% set __captured %}");
            return Ok(());
        };
        if let [name] = names
            && !self.scopes.is_kept(name)
        {
            let _ = write!(self.result.source, "{{% set {name} = ");
            self.expression(value)?;
            self.push(" %}");
            return Ok(());
        }
        self.push("{% set __captured = ");
        self.expression(value)?;
        self.push(" %}");
        self.assign(names);
        Ok(())
    }

    fn assign(&mut self, names: &[String]) {
        for name in names {
            let _ = if self.scopes.is_kept(name) {
                write!(
                    self.result.source,
                    "{{% do __set(\"{name}\", __captured) %}}"
                )
            } else {
                write!(self.result.source, "{{% set {name} = __captured %}}")
            };
        }
    }

    fn switch(&mut self, at: usize, subject: &Expression) -> Result<(), Mistake> {
        self.open(at, "switch")?;
        self.switches += 1;
        let number = self.switches;
        if let Some(open) = self.open.last_mut() {
            open.number = number;
        }
        let _ = write!(self.result.source, "{{% set __switch{number} = ");
        self.expression(subject)?;
        // What stands before the first case is nothing.
        self.push(" %}{% if false %}");
        Ok(())
    }

    fn case(
        &mut self,
        at: usize,
        value: &'parts Expression,
        next: Option<&'parts Part<'_>>,
    ) -> Result<(), Mistake> {
        self.alternative(at, "switch", "case")?;
        let open = self.innermost(at, &["switch"], "case")?;
        open.cases.push(value);
        let falls_through = matches!(
            next,
            Some(Part::Statement {
                statement: Statement::Case(_) | Statement::Default,
                ..
            })
        );
        if falls_through {
            return Ok(());
        }
        let number = open.number;
        let cases = std::mem::take(&mut open.cases);
        self.push("{% elif ");
        for (position, case) in cases.into_iter().enumerate() {
            if position > 0 {
                self.push(" or ");
            }
            let _ = write!(self.result.source, "__same(__switch{number}, ");
            self.expression(case)?;
            self.push(")");
        }
        self.push(" %}");
        Ok(())
    }

    fn default(&mut self, at: usize) -> Result<(), Mistake> {
        self.alternative(at, "switch", "default")?;
        let open = self.innermost(at, &["switch"], "default")?;
        open.has_else = true;
        open.cases.clear();
        self.push("{% else %}");
        Ok(())
    }

    fn end(&mut self, at: usize, name: &'static str) -> Result<(), Mistake> {
        self.innermost(at, &[name], &format!("end{name}"))?;
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        match name {
            "block" => {}
            "switch" => self.push("{% endif %}"),
            "set" => {
                self.push("{% endset %}");
                self.assign(open.targets);
            }
            "for" => {
                self.push("{% endfor %}");
                self.leave();
            }
            "macro" | "call" => {
                self.leave();
                let _ = write!(self.result.source, "{{% end{name} %}}");
            }
            _ => {
                let _ = write!(self.result.source, "{{% end{name} %}}");
            }
        }
        Ok(())
    }
}
