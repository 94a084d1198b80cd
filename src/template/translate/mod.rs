//! Parts → a template of the engine. Every operator, whose meaning is JavaScript's, becomes a
//! call of ours; what a block is, stays a block.

mod expression;
mod scope;
mod statement;

use super::filters;
use super::syntax::{Expression, Kind, Mistake, Part};
use super::{Dialect, Options};
use scope::Scopes;
use statement::Open;

/// A template of the engine, and what its places mean in the original.
#[derive(Debug, Default)]
pub(super) struct Translation {
    pub(super) source: String,
    /// Places of the source and where they come from, in their order.
    places: Vec<(usize, usize)>,
    /// Paths that must be known when they are printed; their numbers are in the source.
    pub(super) printed: Vec<Printed>,
}

/// A path that is printed.
#[derive(Clone, Debug)]
pub(super) struct Printed {
    pub(super) at: usize,
    pub(super) path: Vec<String>,
}

impl Translation {
    /// Where a place of the source comes from, in bytes.
    pub(super) fn origin(&self, place: usize) -> usize {
        let after = self.places.partition_point(|(to, _)| *to <= place);
        let before = after.checked_sub(1).and_then(|it| self.places.get(it));
        before.map_or(0, |(_, from)| *from)
    }
}

/// Translates a template.
pub(super) fn translate(parts: &[Part<'_>], options: Options) -> Result<Translation, Mistake> {
    translate_printing(parts, options, Printing::Text)
}

/// Translates a template whose prints give JSON, so that the whole of it may be a value.
pub(super) fn translate_as_json(
    parts: &[Part<'_>],
    options: Options,
) -> Result<Translation, Mistake> {
    translate_printing(parts, options, Printing::Json)
}

fn translate_printing(
    parts: &[Part<'_>],
    options: Options,
    printing: Printing,
) -> Result<Translation, Mistake> {
    let mut translator = Translator::new(Scopes::of(parts), options);
    translator.printing = printing;
    for (number, part) in parts.iter().enumerate() {
        match part {
            Part::Text(text) => translator.text(text),
            Part::Print { at, expression, .. } => translator.print(*at, expression)?,
            Part::Statement { at, statement, .. } => {
                translator.statement(*at, statement, parts.get(number + 1))?;
            }
        }
    }
    translator.finish()
}

/// Translates a single expression.
pub(super) fn translate_expression(
    expression: &Expression,
    options: Options,
) -> Result<Translation, Mistake> {
    let mut translator = Translator::new(Scopes::default(), options);
    translator.checked(expression)?;
    translator.finish()
}

/// The path that a printed expression stands for, if it prints nothing where that is undefined.
pub(super) fn printed_path(expression: &Expression) -> Option<&Expression> {
    let mut expression = expression;
    while let Kind::Filter(of, filter) = &expression.kind {
        if filters::takes_undefined(&filter.name) {
            return None;
        }
        expression = of;
    }
    expression.path().map(|_| expression)
}

/// What prints give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Printing {
    Text,
    Json,
}

struct Translator<'parts> {
    result: Translation,
    printing: Printing,
    scopes: Scopes<'parts>,
    options: Options,
    open: Vec<Open<'parts>>,
    /// The path in the current print that must be known.
    to_check: Option<*const Expression>,
    switches: usize,
}

impl<'parts> Translator<'parts> {
    fn new(scopes: Scopes<'parts>, options: Options) -> Self {
        Self {
            result: Translation::default(),
            printing: Printing::Text,
            scopes,
            options,
            open: Vec::new(),
            to_check: None,
            switches: 0,
        }
    }

    fn push(&mut self, source: &str) {
        self.result.source.push_str(source);
    }

    /// What follows comes from here.
    fn mark(&mut self, at: usize) {
        self.result.places.push((self.result.source.len(), at));
    }

    /// Copies text. What the engine would take for a tag is printed as a constant.
    fn text(&mut self, text: &str) {
        let looks_like_tag = ["{{", "{%", "{#"].iter().any(|it| text.contains(it));
        if looks_like_tag || text.ends_with('{') {
            self.push("{{ ");
            self.constant(text);
            self.push(" }}");
        } else {
            self.push(text);
        }
    }

    fn constant(&mut self, text: &str) {
        self.push("\"");
        let mut rest = text;
        while let Some(at) = rest.find(['"', '\\', '\n', '\r', '\t']) {
            let (plain, special) = rest.split_at(at);
            self.push(plain);
            self.push(match special.as_bytes().first() {
                Some(b'"') => "\\\"",
                Some(b'\\') => "\\\\",
                Some(b'\n') => "\\n",
                Some(b'\r') => "\\r",
                _ => "\\t",
            });
            rest = special.get(1..).unwrap_or_default();
        }
        self.push(rest);
        self.push("\"");
    }

    fn print(&mut self, at: usize, expression: &Expression) -> Result<(), Mistake> {
        self.mark(at);
        self.push("{{ ");
        let is_json = self.printing == Printing::Json && !self.open.iter().any(Open::captures);
        if is_json {
            self.push("(");
        }
        self.checked(expression)?;
        self.push(if is_json { ")|dump }}" } else { " }}" });
        Ok(())
    }

    /// An expression whose path must be known, when the options say so.
    fn checked(&mut self, expression: &Expression) -> Result<(), Mistake> {
        if self.options.refuses_unknown_names {
            self.to_check = printed_path(expression).map(std::ptr::from_ref);
        }
        self.expression(expression)?;
        self.to_check = None;
        Ok(())
    }

    fn finish(self) -> Result<Translation, Mistake> {
        match self.open.last() {
            None => Ok(self.result),
            Some(open) => Err(open.not_closed()),
        }
    }

    fn is_cookiecutter(&self) -> bool {
        matches!(self.options.dialect, Dialect::Cookiecutter)
    }
}
