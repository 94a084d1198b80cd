//! Expressions → expressions of the engine.

use std::fmt::Write as _;

use super::{Printed, Translator};
use crate::diagnostic::did_you_mean;
use crate::template::filters;
use crate::template::functions;
use crate::template::syntax::{
    Applied, Arguments, Comparison, Expression, Kind, Mistake, Operator,
};

/// Names that mean something else to the engine.
const TAKEN: [&str; 14] = [
    "self", "True", "False", "None", "true", "false", "none", "and", "or", "not", "in", "is", "if",
    "else",
];
/// Roots that are there without a value.
const BUILT_IN: [&str; 5] = ["loop", "caller", "range", "cycler", "joiner"];

impl Translator<'_> {
    pub(super) fn expression(&mut self, expression: &Expression) -> Result<(), Mistake> {
        self.mark(expression.at);
        let must_be_known = self
            .to_check
            .take_if(|it| std::ptr::eq(*it, std::ptr::from_ref(expression)));
        if must_be_known.is_some() && self.check(expression)? {
            return Ok(());
        }
        match &expression.kind {
            Kind::Null => self.push("none"),
            Kind::Boolean(true) => self.push("true"),
            Kind::Boolean(false) => self.push("false"),
            Kind::Number(number) => self.number(*number),
            Kind::Text(text) => self.constant(text),
            Kind::Regex { pattern, flags } => {
                self.push("__regex(");
                self.constant(pattern);
                self.push(", ");
                self.constant(flags);
                self.push(")");
            }
            Kind::Name(name) => self.name(name),
            Kind::Array(items) => self.call("__array", items)?,
            Kind::Object(fields) => {
                self.push("__object(");
                for (key, value) in fields {
                    self.expression(key)?;
                    self.push(", ");
                    self.expression(value)?;
                    self.push(", ");
                }
                self.push(")");
            }
            Kind::Member(of, key) => self.member(of, key)?,
            Kind::Slice(of, parts) => self.slice(of, parts)?,
            Kind::Call(callee, arguments) => self.callee(callee, arguments)?,
            Kind::Filter(of, filter) => self.filter(of, filter)?,
            Kind::Test {
                subject,
                test,
                is_negated,
            } => self.test(subject, test, *is_negated)?,
            Kind::Not(value) => self.negated(true, |it| it.expression(value))?,
            Kind::Negated(value) => self.call("__negate", [value.as_ref()])?,
            Kind::AsNumber(value) => self.call("__number", [value.as_ref()])?,
            Kind::Any(operands) => self.joined(operands, " or ")?,
            Kind::All(operands) => self.joined(operands, " and ")?,
            Kind::Chain(first, rest) => self.chain(first, rest)?,
            Kind::Group(value) => self.expression(value)?,
            Kind::Comparison(first, others) => self.comparison(first, others)?,
            Kind::Contains {
                item,
                container,
                is_negated,
            } => self.negated(*is_negated, |it| {
                it.call("__in", [item.as_ref(), container.as_ref()])
            })?,
            Kind::Choice {
                condition,
                then,
                otherwise,
            } => {
                self.push("(");
                self.expression(then)?;
                self.push(" if ");
                self.expression(condition)?;
                self.push(" else ");
                match otherwise {
                    Some(otherwise) => self.expression(otherwise)?,
                    None => self.push("\"\""),
                }
                self.push(")");
            }
        }
        Ok(())
    }

    /// A path that must be known. Whether there is anything to ask.
    fn check(&mut self, expression: &Expression) -> Result<bool, Mistake> {
        let path = expression.path().unwrap_or_default();
        let Some(root) = path.first() else {
            return Ok(false);
        };
        if self.scopes.is_assigned(root) || BUILT_IN.contains(root) {
            return Ok(false);
        }
        let path: Vec<String> = path.into_iter().map(str::to_owned).collect();
        let number = self.result.printed.len();
        self.push("__known(");
        self.expression(expression)?;
        // Writing to a String cannot fail.
        let _ = write!(self.result.source, ", {number}, ");
        for name in path.iter().take(2) {
            self.constant(name);
            self.push(", ");
        }
        self.push(")");
        self.result.printed.push(Printed {
            at: expression.at,
            path,
        });
        Ok(true)
    }

    fn number(&mut self, number: f64) {
        let is_whole = number.fract() == 0.0 && number.abs() < 9e15;
        let _ = if is_whole {
            write!(self.result.source, "{number:.0}")
        } else {
            write!(self.result.source, "{number:?}")
        };
    }

    fn name(&mut self, name: &str) {
        let constant = match name {
            "True" => Some("true"),
            "False" => Some("false"),
            "None" => Some("none"),
            _ => None,
        };
        match constant {
            Some(constant) if self.is_cookiecutter() => self.push(constant),
            _ if self.scopes.is_kept(name) => {
                self.push("__get(\"");
                self.push(name);
                self.push("\", ");
                self.push(name);
                self.push(")");
            }
            _ if TAKEN.contains(&name) || !name.is_ascii() => {
                self.push("__lookup(\"");
                self.push(name);
                self.push("\")");
            }
            _ => self.push(name),
        }
    }

    fn list<'a>(&mut self, items: impl IntoIterator<Item = &'a Expression>) -> Result<(), Mistake> {
        for item in items {
            self.expression(item)?;
            self.push(", ");
        }
        Ok(())
    }

    pub(super) fn call<'a>(
        &mut self,
        function: &str,
        arguments: impl IntoIterator<Item = &'a Expression>,
    ) -> Result<(), Mistake> {
        self.push(function);
        self.push("(");
        self.list(arguments)?;
        self.push(")");
        Ok(())
    }

    fn chain(
        &mut self,
        first: &Expression,
        rest: &[(Operator, Expression)],
    ) -> Result<(), Mistake> {
        let operands = std::iter::once(first).chain(rest.iter().map(|(_, operand)| operand));
        if rest
            .iter()
            .all(|(operator, _)| *operator == Operator::Concatenate)
        {
            return self.call("__concatenate", operands);
        }
        self.push("__calculate(\"");
        for (operator, _) in rest {
            self.result.source.push(code_of_operator(*operator));
        }
        self.push("\", ");
        self.list(operands)?;
        self.push(")");
        Ok(())
    }

    fn arguments(&mut self, arguments: &Arguments) -> Result<(), Mistake> {
        self.push("(");
        self.list(&arguments.positional)?;
        for (name, value) in &arguments.named {
            self.push(name);
            self.push("=");
            self.expression(value)?;
            self.push(", ");
        }
        self.push(")");
        Ok(())
    }

    fn member(&mut self, of: &Expression, key: &Expression) -> Result<(), Mistake> {
        match &key.kind {
            Kind::Text(name) if name != "length" && is_identifier(name) => {
                self.operand(of)?;
                self.push(".");
                self.push(name);
                Ok(())
            }
            _ => self.call("__member", [of, key]),
        }
    }

    /// What stands before a dot.
    fn operand(&mut self, value: &Expression) -> Result<(), Mistake> {
        if matches!(value.kind, Kind::Number(_) | Kind::Filter(..)) {
            self.push("(");
            self.expression(value)?;
            self.push(")");
            return Ok(());
        }
        self.expression(value)
    }

    fn slice(
        &mut self,
        of: &Expression,
        parts: &[Option<Box<Expression>>; 3],
    ) -> Result<(), Mistake> {
        self.push("__slice(");
        self.expression(of)?;
        for part in parts {
            self.push(", ");
            match part {
                Some(part) => self.expression(part)?,
                None => self.push("none"),
            }
        }
        self.push(")");
        Ok(())
    }

    fn callee(&mut self, callee: &Expression, arguments: &Arguments) -> Result<(), Mistake> {
        match &callee.kind {
            Kind::Member(of, key) if is_method(key) => {
                self.operand(of)?;
                // The place of an error is that of the method.
                self.mark(key.at);
                let Kind::Text(name) = &key.kind else {
                    return Ok(());
                };
                self.push(".");
                self.push(name);
            }
            Kind::Name(name) if !TAKEN.contains(&name.as_str()) => self.expression(callee)?,
            _ => {
                self.push("(");
                self.expression(callee)?;
                self.push(")");
            }
        }
        let most = match &callee.kind {
            Kind::Name(name) => self.scopes.parameters_of(name),
            _ => None,
        };
        match most {
            // What a macro does not take is nothing to it.
            Some(most) if arguments.positional.len() > most => {
                let mut taken = arguments.clone();
                taken.positional.truncate(most);
                self.arguments(&taken)
            }
            _ => self.arguments(arguments),
        }
    }

    fn filter(&mut self, of: &Expression, filter: &Applied) -> Result<(), Mistake> {
        self.expression(of)?;
        self.filter_name(filter)
    }

    pub(super) fn filter_name(&mut self, filter: &Applied) -> Result<(), Mistake> {
        let is_known = filters::find(&filter.name).is_some()
            || (self.is_cookiecutter() && filter.name == "jsonify");
        if !is_known {
            return Err(unknown("filter", filter, filters::names()));
        }
        self.mark(filter.at);
        self.push("|");
        self.filter_call(filter)
    }

    pub(super) fn filter_call(&mut self, filter: &Applied) -> Result<(), Mistake> {
        self.push(&filter.name);
        if filter.arguments.positional.is_empty() && filter.arguments.named.is_empty() {
            return Ok(());
        }
        self.arguments(&filter.arguments)
    }

    fn test(
        &mut self,
        subject: &Expression,
        test: &Applied,
        is_negated: bool,
    ) -> Result<(), Mistake> {
        if !functions::TESTS.contains(&test.name.as_str()) {
            let names = functions::TESTS.iter().copied();
            return Err(unknown("test", test, names));
        }
        self.negated(is_negated, |it| {
            it.push("__is(");
            it.constant(&test.name);
            it.push(", ");
            it.expression(subject)?;
            it.push(", ");
            it.list(&test.arguments.positional)?;
            it.push(")");
            Ok(())
        })
    }

    fn negated(
        &mut self,
        is_negated: bool,
        write: impl FnOnce(&mut Self) -> Result<(), Mistake>,
    ) -> Result<(), Mistake> {
        if !is_negated {
            return write(self);
        }
        self.push("(not ");
        write(self)?;
        self.push(")");
        Ok(())
    }

    fn joined(&mut self, operands: &[Expression], word: &str) -> Result<(), Mistake> {
        self.push("(");
        for (number, operand) in operands.iter().enumerate() {
            if number > 0 {
                self.push(word);
            }
            self.expression(operand)?;
        }
        self.push(")");
        Ok(())
    }

    fn comparison(
        &mut self,
        first: &Expression,
        others: &[(Comparison, Expression)],
    ) -> Result<(), Mistake> {
        for (comparison, _) in others.iter().rev() {
            self.push(function_of_comparison(*comparison));
            self.push("(");
        }
        self.expression(first)?;
        for (_, operand) in others {
            self.push(", ");
            self.expression(operand)?;
            self.push(")");
        }
        Ok(())
    }
}

fn is_method(key: &Expression) -> bool {
    matches!(&key.kind, Kind::Text(name) if is_identifier(name))
}

fn is_identifier(name: &str) -> bool {
    let is_part = |it: u8| it.is_ascii_alphanumeric() || it == b'_';
    name.bytes().all(is_part) && !name.bytes().next().is_none_or(|it| it.is_ascii_digit())
}

fn unknown<'a>(what: &str, applied: &Applied, names: impl IntoIterator<Item = &'a str>) -> Mistake {
    let name = &applied.name;
    let mistake = Mistake::new(applied.at, format!("there is no {what} \"{name}\""));
    match did_you_mean(name, names) {
        Some(other) => mistake.with_help(format!("did you mean \"{other}\"?")),
        None => mistake,
    }
}

/// How an operator is written for the function that applies several.
fn code_of_operator(operator: Operator) -> char {
    match operator {
        Operator::Concatenate => '~',
        Operator::Add => '+',
        Operator::Subtract => '-',
        Operator::Multiply => '*',
        Operator::Divide => '/',
        Operator::DivideToFloor => 'f',
        Operator::Remainder => '%',
        Operator::Power => 'p',
    }
}

fn function_of_comparison(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "__equal",
        Comparison::NotEqual => "__not_equal",
        Comparison::Same => "__same",
        Comparison::NotSame => "__not_same",
        Comparison::Less => "__less",
        Comparison::LessOrEqual => "__less_or_equal",
        Comparison::Greater => "__greater",
        Comparison::GreaterOrEqual => "__greater_or_equal",
    }
}
