//! Tests of the language.

mod blocks;
mod bytes;
mod expressions;
mod filters;
mod limits;
mod many_texts;
mod names;
mod values;

use serde_json::{Value, json};

use super::{Engine, Options, TemplateError, Values};

/// Runs something on a stack as large as that of the program.
fn on_large_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(256 << 20);
        let thread = thread.spawn_scoped(scope, run).expect("a thread");
        thread.join().expect("no panic")
    })
}

fn values_of(values: &Value) -> Values {
    Values::new(values.as_object().expect("an object"))
}

fn context() -> Values {
    values_of(&json!({"a": {"b": 1}, "l": [1, 2, 3], "s": "Hello World", "n": null}))
}

fn render_with(options: Options, text: &str, values: &Values) -> Result<String, TemplateError> {
    Engine::new(options).render("file", text, values)
}

fn render(text: &str) -> Result<String, String> {
    let rendered = render_with(Options::default(), text, &context());
    rendered.map_err(|error| error.to_string())
}

/// The error of a template, rendered on a large stack.
fn error(text: &str) -> TemplateError {
    on_large_stack(|| render_with(Options::default(), text, &context())).expect_err(text)
}
