//! What can be said about a template without values.

use super::document::{self, Document};
use super::error::{TemplateError, position};
use super::methods;
use super::parser::Foreign;
use super::regex;
use super::syntax::{Applied, Arguments, Expression, Kind, Part, Statement};
use super::translate::{printed_path, translate};
use super::{Dialect, Options};

/// What a template uses, and what of it differs from Backstage.
#[derive(Clone, Debug, Default)]
pub struct Inspection {
    /// The paths that it uses, in the order of the text.
    pub names: Vec<UsedName>,
    /// Constructs that do something else in Backstage, in the order of the text.
    pub differences: Vec<Difference>,
    /// Why it cannot be rendered at all.
    pub error: Option<TemplateError>,
}

/// A path that a template uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedName {
    /// Its names: `["values", "name"]`.
    pub path: Vec<String>,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// Whether it is printed, so that it becomes nothing when it is undefined.
    pub is_printed: bool,
    /// Whether it stands in a block that only some values reach.
    pub is_conditional: bool,
}

/// A construct that does something else in Backstage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// What differs.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// Looks at a template.
#[must_use]
pub fn inspect(text: &str, dialect: Dialect) -> Inspection {
    let options = Options {
        dialect,
        ..Options::default()
    };
    let Document {
        parts,
        foreign,
        mistake,
    } = document::read(text, options);
    let mut inspector = Inspector {
        text,
        assigned: assigned(&parts),
        conditions: 0,
        inspection: Inspection::default(),
    };
    for part in &parts {
        inspector.part(part);
    }
    for Foreign { at, sign, word } in foreign {
        let message = format!("Backstage does not read \"{sign}\"");
        inspector.differs(at, message, Some(&format!("write \"{word}\"")));
    }
    let differences = &mut inspector.inspection.differences;
    differences.sort_by_key(|it| (it.line, it.column));
    let mistake = mistake.or_else(|| translate(&parts, options).err());
    inspector.inspection.error = mistake.map(|it| TemplateError::new("template", text, it));
    inspector.inspection
}

/// Names that the template itself gives values to.
fn assigned<'parts>(parts: &'parts [Part<'_>]) -> Vec<&'parts str> {
    let mut names = vec!["loop", "caller", "range", "cycler", "joiner"];
    for part in parts {
        let Part::Statement { statement, .. } = part else {
            continue;
        };
        match statement {
            Statement::For { names: of, .. } | Statement::Set { names: of, .. } => {
                names.extend(of.iter().map(String::as_str));
            }
            Statement::Macro { name, parameters } => {
                names.push(name);
                names.extend(parameters.iter().map(|it| it.name.as_str()));
            }
            Statement::Call { parameters, .. } => {
                names.extend(parameters.iter().map(|it| it.name.as_str()));
            }
            _ => {}
        }
    }
    names
}

struct Inspector<'text, 'parts> {
    text: &'text str,
    assigned: Vec<&'parts str>,
    /// How many blocks with a condition are open.
    conditions: usize,
    inspection: Inspection,
}

impl Inspector<'_, '_> {
    fn part(&mut self, part: &Part<'_>) {
        match part {
            Part::Text(_) => {}
            Part::Print { expression, .. } => {
                let printed = printed_path(expression).map(std::ptr::from_ref);
                self.expression(expression, printed);
            }
            Part::Statement { statement, .. } => {
                self.statement(statement);
                match statement {
                    Statement::If(_) | Statement::For { .. } | Statement::Switch(_) => {
                        self.conditions += 1;
                    }
                    Statement::End("if" | "for" | "switch") => {
                        self.conditions = self.conditions.saturating_sub(1);
                    }
                    _ => {}
                }
            }
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::If(it)
            | Statement::ElseIf(it)
            | Statement::For { of: it, .. }
            | Statement::Set {
                value: Some(it), ..
            }
            | Statement::Switch(it)
            | Statement::Case(it) => self.expression(it, None),
            Statement::Macro { parameters, .. } => {
                for default in parameters.iter().filter_map(|it| it.default.as_ref()) {
                    self.expression(default, None);
                }
            }
            Statement::Call { call, .. } => self.expression(call, None),
            Statement::Filter(filter) => self.arguments(&filter.arguments),
            _ => {}
        }
    }

    fn differs(&mut self, at: usize, message: impl Into<String>, help: Option<&str>) {
        let (line, column) = position(self.text, at);
        self.inspection.differences.push(Difference {
            line,
            column,
            message: message.into(),
            help: help.map(str::to_owned),
        });
    }

    fn expression(&mut self, expression: &Expression, printed: Option<*const Expression>) {
        if let Some(path) = expression.path() {
            let is_ours = path.first().is_some_and(|it| self.assigned.contains(it));
            if !is_ours {
                let (line, column) = position(self.text, expression.at);
                self.inspection.names.push(UsedName {
                    path: path.into_iter().map(str::to_owned).collect(),
                    line,
                    column,
                    is_printed: printed.is_some_and(|it| std::ptr::eq(it, expression)),
                    is_conditional: self.conditions > 0,
                });
            }
            return;
        }
        self.construct(expression);
        for part in children(expression) {
            self.expression(part, printed);
        }
    }

    fn arguments(&mut self, arguments: &Arguments) {
        let named = arguments.named.iter().map(|(_, value)| value);
        for value in arguments.positional.iter().chain(named) {
            self.expression(value, None);
        }
    }

    /// Says what differs about an expression itself.
    fn construct(&mut self, expression: &Expression) {
        let at = expression.at;
        match &expression.kind {
            Kind::Regex { pattern, flags } => {
                if let Err(reason) = regex::compile(pattern, flags) {
                    self.differs(
                        at,
                        reason,
                        Some("look-around and back references are not read"),
                    );
                }
            }
            Kind::Call(callee, _) => {
                if let Kind::Member(_, key) = &callee.kind
                    && let Kind::Text(name) = &key.kind
                {
                    self.method(key.at, name);
                }
            }
            Kind::Member(_, key)
                if matches!(key.kind, Kind::Number(_)) && is_dotted(self.text, key.at) =>
            {
                self.differs(
                    key.at,
                    "Backstage does not read a number behind a dot",
                    Some("write it in brackets: [0]"),
                );
            }
            Kind::Filter(_, filter) => self.filter(filter),
            _ => {}
        }
    }

    fn method(&mut self, at: usize, name: &str) {
        if changes_an_array(name) {
            let message = format!("\"{name}\" changes an array, which is refused here");
            let help = "make a new one: {% set all = all.concat([…]) %}";
            self.differs(at, message, Some(help));
        } else if matches!(name, "reverse" | "sort") {
            let message = format!("\"{name}\" leaves its array as it is, and gives a new one");
            self.differs(at, message, Some("use what it gives"));
        } else if methods::is_only_here(name) {
            let message = format!("Backstage has no method \"{name}\"");
            self.differs(at, message, None);
        }
    }

    fn filter(&mut self, filter: &Applied) {
        if filter.name == "random" {
            let message = "\"random\" takes the first item, so that every run gives the same";
            self.differs(filter.at, message, None);
        }
        let takes_names = matches!(filter.name.as_str(), "sort" | "int");
        if !takes_names && let Some((name, value)) = filter.arguments.named.first() {
            let message = format!(
                "Backstage does not know \"{name}=\" of the filter \"{}\" by its name",
                filter.name
            );
            self.differs(value.at, message, Some("give the arguments in their order"));
        }
    }
}

fn changes_an_array(method: &str) -> bool {
    matches!(
        method,
        "push" | "pop" | "shift" | "unshift" | "splice" | "append" | "fill"
    )
}

/// Whether a place stands behind a dot.
fn is_dotted(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|it| it.ends_with('.'))
}

/// The parts of an expression, in their order.
fn children(expression: &Expression) -> Vec<&Expression> {
    fn of_arguments(arguments: &Arguments) -> impl Iterator<Item = &Expression> {
        let named = arguments.named.iter().map(|(_, value)| value);
        arguments.positional.iter().chain(named)
    }
    match &expression.kind {
        Kind::Null
        | Kind::Boolean(_)
        | Kind::Number(_)
        | Kind::Text(_)
        | Kind::Regex { .. }
        | Kind::Name(_) => Vec::new(),
        Kind::Array(items) | Kind::Any(items) | Kind::All(items) => items.iter().collect(),
        Kind::Chain(first, rest) => {
            let rest = rest.iter().map(|(_, operand)| operand);
            std::iter::once(first.as_ref()).chain(rest).collect()
        }
        Kind::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| [key, value])
            .collect(),
        Kind::Member(of, key) => vec![of, key],
        Kind::Slice(of, parts) => {
            let parts = parts.iter().flatten().map(AsRef::as_ref);
            std::iter::once(of.as_ref()).chain(parts).collect()
        }
        Kind::Call(callee, arguments) => {
            // The name of a method is no path of its own.
            let callee = match &callee.kind {
                Kind::Member(of, key) if matches!(key.kind, Kind::Text(_)) => of,
                _ => callee,
            };
            std::iter::once(callee.as_ref())
                .chain(of_arguments(arguments))
                .collect()
        }
        Kind::Filter(of, filter) => std::iter::once(of.as_ref())
            .chain(of_arguments(&filter.arguments))
            .collect(),
        Kind::Test { subject, test, .. } => std::iter::once(subject.as_ref())
            .chain(of_arguments(&test.arguments))
            .collect(),
        Kind::Group(value) | Kind::Not(value) | Kind::Negated(value) | Kind::AsNumber(value) => {
            vec![value]
        }
        Kind::Comparison(first, others) => {
            let others = others.iter().map(|(_, operand)| operand);
            std::iter::once(first.as_ref()).chain(others).collect()
        }
        Kind::Contains {
            item, container, ..
        } => vec![item, container],
        Kind::Choice {
            condition,
            then,
            otherwise,
        } => {
            let mut parts = vec![then.as_ref(), condition.as_ref()];
            parts.extend(otherwise.as_deref());
            parts
        }
    }
}
