//! The engine: options, and what they make of texts and values.

use std::error::Error as _;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};

use super::document;
use super::error::TemplateError;
use super::filters;
use super::functions::{self, UnknownName};
use super::javascript::{LARGEST_TEXT, print};
use super::methods;
use super::syntax::{Expression, Mistake, Part};
use super::translate::{Printed, Translation, translate, translate_as_json, translate_expression};
use super::value::{Values, to_json};
use super::{Dialect, Options};
use crate::diagnostic::did_you_mean;

/// The largest text with tags that is rendered, in bytes.
pub(super) const LARGEST_TEMPLATE: usize = 256 << 10;
/// Steps of one rendering. A step also pays for 64 bytes of what is made, so that this bounds
/// the memory, too.
pub(super) const FUEL: u64 = 1_000_000;
const TOO_MUCH: &str =
    "the template does more than the limit of 1,000,000 steps, or makes more than 64 MB";
/// How deep macros may call macros.
const DEEPEST_CALLS: usize = 200;
/// How deep values may nest whose texts are evaluated.
const DEEPEST_VALUE: usize = 128;

/// Roots of the expressions of workflows, which look like ours.
const ROOTS_OF_WORKFLOWS: [&str; 10] = [
    "github", "secrets", "matrix", "env", "runner", "needs", "inputs", "vars", "job", "jobs",
];

/// What parts of a text give, and how many steps that took.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) text: String,
    pub(super) steps: u64,
}

/// Renders texts, all with the same options.
#[derive(Debug)]
pub struct Engine {
    options: Options,
    environment: Environment<'static>,
}

impl Engine {
    /// Prepares an engine.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let is_cookiecutter = options.dialect == Dialect::Cookiecutter;
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_fuel(Some(FUEL));
        environment.set_debug(true);
        environment.set_recursion_limit(DEEPEST_CALLS);
        if let Ok(syntax) = SyntaxConfig::builder().keep_trailing_newline(true).build() {
            environment.set_syntax(syntax);
        }
        environment.set_formatter(|out, _, value| match value.as_str() {
            Some(text) => Ok(out.write_str(text)?),
            None => print(out, value),
        });
        environment.set_unknown_method_callback(move |state, value, name, arguments| {
            methods::call(state, value, name, arguments, is_cookiecutter)
        });
        functions::add_to(&mut environment);
        filters::add_to(&mut environment);
        if is_cookiecutter {
            filters::add_cookiecutter_to(&mut environment);
        }
        Self {
            options,
            environment,
        }
    }

    /// Lets expressions ask how the steps so far went: `always()` and `failure()`.
    pub fn set_failed(&mut self, has_failed: bool) {
        self.environment.add_function("always", || true);
        self.environment.add_function("failure", move || has_failed);
    }

    /// Renders a text; its name is that of errors.
    ///
    /// # Errors
    /// When it is no template, or asks for what cannot be done or is too much.
    pub fn render(&self, name: &str, text: &str, values: &Values) -> Result<String, TemplateError> {
        if !self.options.dialect.delimiters().are_in(text) {
            return Ok(text.to_owned());
        }
        let parts = self.parts(name, text)?;
        Ok(self.render_parts(name, text, &parts, values)?.text)
    }

    /// What a text of a step means: one that is a single `${{ }}` keeps the type of its value.
    /// `None` is what is undefined, or a text that renders to nothing, as in Backstage.
    ///
    /// # Errors
    /// When it is no template, or asks for what cannot be done or is too much.
    pub fn evaluate(
        &self,
        text: &str,
        values: &Values,
    ) -> Result<Option<serde_json::Value>, TemplateError> {
        let name = "expression";
        if !self.options.dialect.delimiters().are_in(text) {
            return Ok(some_text(text.to_owned()));
        }
        let parts = self.parts(name, text)?;
        if let [
            Part::Print {
                at: 0, expression, ..
            },
        ] = parts.as_slice()
            && text.ends_with("}}")
        {
            return self.evaluate_single(name, text, expression, values);
        }
        if is_one_block(&parts)
            && let Some(value) = self.evaluate_block(name, &parts, values)
        {
            return Ok(Some(value));
        }
        let rendered = self.render_parts(name, text, &parts, values)?;
        Ok(some_text(rendered.text))
    }

    /// What a text that is a single block means, when it prints JSON.
    fn evaluate_block(
        &self,
        name: &str,
        parts: &[Part<'_>],
        values: &Values,
    ) -> Option<serde_json::Value> {
        let translation = translate_as_json(parts, self.options).ok()?;
        let source = &translation.source;
        let rendered = self
            .environment
            .render_named_str(name, source, values.root());
        serde_json::from_str(&rendered.ok()?).ok()
    }

    /// Evaluates all texts of a value, not the names of its fields. A field that is undefined is
    /// left out, an item is null.
    ///
    /// # Errors
    /// When one of the texts cannot be evaluated.
    pub fn evaluate_json(
        &self,
        value: &serde_json::Value,
        values: &Values,
    ) -> Result<Option<serde_json::Value>, TemplateError> {
        self.evaluate_nested(value, values, 0)
    }

    fn evaluate_nested(
        &self,
        value: &serde_json::Value,
        values: &Values,
        depth: usize,
    ) -> Result<Option<serde_json::Value>, TemplateError> {
        if depth > DEEPEST_VALUE {
            let message = format!("the value nests deeper than {DEEPEST_VALUE} levels");
            return Err(TemplateError::new(
                "expression",
                "",
                Mistake::new(0, message),
            ));
        }
        Ok(Some(match value {
            serde_json::Value::String(text) => return self.evaluate(text, values),
            serde_json::Value::Array(items) => {
                let mut evaluated = Vec::with_capacity(items.len());
                for item in items {
                    let item = self.evaluate_nested(item, values, depth + 1)?;
                    evaluated.push(item.unwrap_or_default());
                }
                evaluated.into()
            }
            serde_json::Value::Object(fields) => {
                let mut evaluated = serde_json::Map::new();
                for (name, field) in fields {
                    if let Some(field) = self.evaluate_nested(field, values, depth + 1)? {
                        evaluated.insert(name.clone(), field);
                    }
                }
                evaluated.into()
            }
            other => other.clone(),
        }))
    }

    /// The options that it was prepared with.
    pub(super) fn options(&self) -> Options {
        self.options
    }

    /// Reads a text as a template.
    pub(super) fn parts<'text>(
        &self,
        name: &str,
        text: &'text str,
    ) -> Result<Vec<Part<'text>>, TemplateError> {
        if text.len() > LARGEST_TEMPLATE {
            let limit = LARGEST_TEMPLATE >> 10;
            let message =
                format!("a text with tags is rendered up to {limit} KiB, this one is larger");
            let mistake = Mistake::new(0, message)
                .with_help("leave it to \"copyWithoutTemplating\", or cut it");
            return Err(TemplateError::new(name, text, mistake));
        }
        let document = document::read(text, self.options);
        match document.mistake {
            None => Ok(document.parts),
            Some(mistake) => Err(TemplateError::new(name, text, mistake)),
        }
    }

    /// Renders parts of a text; its other parts do not matter.
    pub(super) fn render_parts(
        &self,
        name: &str,
        text: &str,
        parts: &[Part<'_>],
        values: &Values,
    ) -> Result<Rendered, TemplateError> {
        let translation = translate(parts, self.options)
            .map_err(|mistake| TemplateError::new(name, text, mistake))?;
        let rendered = self
            .environment
            .template_from_named_str(name, &translation.source)
            .and_then(|template| template.render_captured(values.root()))
            .map_err(|error| Self::explain(name, text, &translation, &error, values))?;
        let steps = rendered.state().fuel_levels().map_or(0, |(used, _)| used);
        let output = rendered.into_output();
        if output.len() <= LARGEST_TEXT {
            return Ok(Rendered {
                text: output,
                steps,
            });
        }
        Err(TemplateError::new(name, text, too_large(0)))
    }

    fn evaluate_single(
        &self,
        name: &str,
        text: &str,
        expression: &Expression,
        values: &Values,
    ) -> Result<Option<serde_json::Value>, TemplateError> {
        let translation = translate_expression(expression, self.options)
            .map_err(|mistake| TemplateError::new(name, text, mistake))?;
        let value: Result<Value, Error> = self
            .environment
            .compile_expression(&translation.source)
            .and_then(|it| it.eval(values.root()));
        match value {
            Ok(value) => Ok(to_json(&value)),
            Err(error) => Err(Self::explain(name, text, &translation, &error, values)),
        }
    }

    /// An error of the engine, at its place in the original.
    fn explain(
        name: &str,
        text: &str,
        translation: &Translation,
        error: &Error,
        values: &Values,
    ) -> TemplateError {
        let unknown = error
            .source()
            .and_then(|it| it.downcast_ref::<UnknownName>());
        if let Some(printed) = unknown.and_then(|it| translation.printed.get(it.0)) {
            return TemplateError::new(name, text, Self::unknown_name(printed, values));
        }
        let place = error.range().map_or(0, |it| translation.origin(it.start));
        let detail = error.detail().map(str::to_owned);
        let mut mistake = Mistake::new(place, detail.unwrap_or_else(|| error.kind().to_string()));
        match error.kind() {
            ErrorKind::OutOfFuel => mistake = too_many_steps(place),
            ErrorKind::WriteFailure => {
                let limit = LARGEST_TEXT >> 20;
                mistake.message = format!("the text would be larger than the limit of {limit} MiB");
            }
            _ => {}
        }
        TemplateError::new(name, text, mistake)
    }

    fn unknown_name(printed: &Printed, values: &Values) -> Mistake {
        let path = printed.path.join(".");
        let root = printed.path.first().map(String::as_str).unwrap_or_default();
        let names = values.names(None);
        let is_root_known = names.iter().any(|it| it == root);
        let (wrong, candidates) = match printed.path.get(1) {
            Some(field) if is_root_known => (field.as_str(), values.names(Some(root))),
            _ => (root, names),
        };
        let mistake = Mistake::new(printed.at, format!("\"{path}\" is not among the values"));
        if let Some(other) = did_you_mean(wrong, candidates.iter().map(String::as_str)) {
            let help = match printed.path.get(1) {
                Some(_) if is_root_known => format!("did you mean \"{root}.{other}\"?"),
                _ => format!("did you mean \"{other}\"?"),
            };
            return mistake.with_help(help);
        }
        if ROOTS_OF_WORKFLOWS.contains(&root) || (root == "steps" && !is_root_known) {
            return mistake.with_help(
                "put it between {% raw %} and {% endraw %} so that it reaches the workflow",
            );
        }
        mistake.with_help("give it a value, or say what holds else: |default(\"\")")
    }
}

/// The text takes more steps than it may.
pub(super) fn too_many_steps(at: usize) -> Mistake {
    Mistake::new(at, TOO_MUCH).with_help("does a loop or a macro never end?")
}

/// The text becomes larger than it may.
pub(super) fn too_large(at: usize) -> Mistake {
    let limit = LARGEST_TEXT >> 20;
    Mistake::new(
        at,
        format!("the output is larger than the limit of {limit} MiB"),
    )
}

/// Whether the parts are one block and nothing beside it.
fn is_one_block(parts: &[Part<'_>]) -> bool {
    let mut depth = 0;
    let mut depths = parts.iter().map(|part| {
        if let Part::Statement { statement, .. } = part {
            depth += statement.opens();
        }
        depth
    });
    let inside = parts.len().saturating_sub(1);
    inside > 0 && depths.by_ref().take(inside).all(|it| it > 0) && depths.next() == Some(0)
}

/// A text, unless it is empty.
fn some_text(text: String) -> Option<serde_json::Value> {
    (!text.is_empty()).then_some(serde_json::Value::String(text))
}
