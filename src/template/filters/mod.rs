//! The filters: those of Nunjucks, and those that Backstage adds.

mod backstage;
mod list;
mod markup;
mod text;

use minijinja::value::{Kwargs, Rest, ValueOrKwargs};
use minijinja::{Environment, Error, State, Value};

use super::javascript::{Type, items, type_of};
use super::methods;

/// What a filter is given behind its value.
#[derive(Debug)]
pub(super) struct Arguments<'values> {
    positional: &'values [Value],
    named: Option<Kwargs>,
}

impl Arguments<'_> {
    /// An argument by its place, or by its name; undefined when it is not there.
    fn get(&self, at: usize, name: &str) -> Value {
        let named = || {
            self.named
                .as_ref()
                .and_then(|it| it.peek::<Value>(name).ok())
        };
        self.positional
            .get(at)
            .cloned()
            .or_else(named)
            .unwrap_or_default()
    }
}

type Filter = fn(&State<'_, '_>, &Value, &Arguments<'_>) -> Result<Value, Error>;

/// All filters, by name.
static FILTERS: &[(&str, Filter)] = &[
    ("abs", text::abs),
    ("batch", list::batch),
    ("capitalize", text::capitalize),
    ("center", text::center),
    ("d", default),
    ("default", default),
    ("dictsort", list::dictsort),
    ("dump", text::dump),
    ("e", markup::escape),
    ("escape", markup::escape),
    ("first", list::first),
    ("float", text::float),
    ("forceescape", markup::escape),
    ("groupby", list::groupby),
    ("indent", text::indent),
    ("int", text::int),
    ("join", list::join),
    ("last", list::last),
    ("length", |_, value, _| Ok(super::functions::count(value))),
    ("list", list::list),
    ("lower", text::lower),
    ("nl2br", markup::nl2br),
    ("parseEntityRef", backstage::parse_entity_ref),
    ("parseRepoUrl", backstage::parse_repo_url),
    ("pick", backstage::pick),
    ("projectSlug", backstage::project_slug),
    ("random", list::random),
    ("reject", list::reject),
    ("rejectattr", list::rejectattr),
    ("replace", text::replace),
    ("reverse", list::reverse),
    ("round", text::round),
    ("safe", text::string),
    ("select", list::select),
    ("selectattr", list::selectattr),
    ("slice", list::slice),
    ("sort", list::sort),
    ("string", text::string),
    ("striptags", markup::striptags),
    ("sum", list::sum),
    ("title", text::title),
    ("trim", text::trim),
    ("truncate", text::truncate),
    ("upper", text::upper),
    ("urlencode", markup::urlencode),
    ("urlize", markup::urlize),
    ("wordcount", text::wordcount),
];

/// A filter by its name.
pub(super) fn find(name: &str) -> Option<&'static (&'static str, Filter)> {
    FILTERS.iter().find(|(it, _)| *it == name)
}

/// The names of all filters.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FILTERS.iter().map(|(name, _)| *name)
}

/// Whether a filter is there to be given what is undefined.
pub(super) fn takes_undefined(name: &str) -> bool {
    matches!(name, "default" | "d")
}

/// Adds all of them.
pub(super) fn add_to(environment: &mut Environment<'_>) {
    for (name, filter) in FILTERS {
        add(environment, name, *filter);
    }
}

/// Adds those that `cookiecutterCompat` has besides.
pub(super) fn add_cookiecutter_to(environment: &mut Environment<'_>) {
    add(environment, "jsonify", text::dump);
}

fn add(environment: &mut Environment<'_>, name: &'static str, filter: Filter) {
    let function = move |state: &mut State, value: Value, rest: Rest<ValueOrKwargs>| {
        let rest = rest.into_values();
        if let Some(items) = items(&value) {
            state.consume_fuel(items.len() as u64 / 4)?;
        }
        let (positional, named) = match rest.split_last() {
            Some((last, others)) if last.is_kwargs() => {
                (others, Kwargs::try_from(last.clone()).ok())
            }
            _ => (rest.as_slice(), None),
        };
        filter(state, &value, &Arguments { positional, named })
    };
    environment.add_filter(name, function);
}

#[expect(clippy::unnecessary_wraps, reason = "it has the type of a filter")]
fn default(_: &State<'_, '_>, value: &Value, arguments: &Arguments<'_>) -> Result<Value, Error> {
    let default = arguments.get(0, "default");
    let is_replaced = if arguments.get(1, "bool").is_true() || arguments.get(1, "boolean").is_true()
    {
        !value.is_true()
    } else {
        value.is_undefined()
    };
    Ok(if is_replaced { default } else { value.clone() })
}

/// What a filter says to a value that it cannot take.
fn cannot_take(filter: &str, value: &Value) -> Error {
    let what = match type_of(value) {
        Type::Undefined => "what is undefined",
        _ => methods::described(value),
    };
    super::javascript::refuse(format!("\"{filter}\" cannot take {what}"))
}
