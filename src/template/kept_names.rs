//! Names that outlive loops, in frames as Nunjucks has them.
//!
//! A `set` changes the name in the nearest frame that has it, else it makes it in its own. Loops
//! and macros have frames; those of macros cannot change what is outside of them.

use minijinja::{Environment, State, Value};

#[derive(Debug, Default)]
struct Frame {
    values: Vec<(String, Value)>,
    /// Whether nothing outside of it is changed, or seen except for the outermost.
    is_apart: bool,
}

impl Frame {
    fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let entry = self.values.iter_mut().find(|(it, _)| it == name);
        entry.map(|(_, value)| value)
    }

    fn put(&mut self, name: &str, value: Value) {
        match self.get_mut(name) {
            Some(old) => *old = value,
            None => self.values.push((name.to_owned(), value)),
        }
    }
}

/// The frames of a rendering; the first one is that of the template.
#[derive(Debug)]
struct Frames(Vec<Frame>);

impl Default for Frames {
    fn default() -> Self {
        Self(vec![Frame::default()])
    }
}

impl Frames {
    fn set(&mut self, name: &str, value: Value) {
        for frame in self.0.iter_mut().rev() {
            if let Some(old) = frame.get_mut(name) {
                *old = value;
                return;
            }
            if frame.is_apart {
                break;
            }
        }
        self.declare(name, value);
    }

    fn declare(&mut self, name: &str, value: Value) {
        if let Some(frame) = self.0.last_mut() {
            frame.put(name, value);
        }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        let lookup = |frame: &'_ Frame| frame.values.iter().position(|(it, _)| it == name);
        for frame in self.0.iter().rev() {
            if let Some(at) = lookup(frame) {
                return frame.values.get(at).map(|(_, value)| value);
            }
            if frame.is_apart {
                break;
            }
        }
        let outermost = self.0.first()?;
        outermost
            .values
            .get(lookup(outermost)?)
            .map(|(_, value)| value)
    }
}

fn frames<'state>(state: &'state mut State<'_, '_>) -> &'state mut Frames {
    state.get_or_insert_extension_with(Frames::default)
}

pub(super) fn add_to(environment: &mut Environment<'_>) {
    environment.add_function("__push", |state: &mut State, is_apart: bool| {
        frames(state).0.push(Frame {
            values: Vec::new(),
            is_apart,
        });
    });
    environment.add_function("__pop", |state: &mut State| {
        let frames = frames(state);
        if frames.0.len() > 1 {
            frames.0.pop();
        }
    });
    environment.add_function("__set", |state: &mut State, name: &str, value: Value| {
        frames(state).set(name, value);
    });
    environment.add_function(
        "__declare",
        |state: &mut State, name: &str, value: Value| {
            frames(state).declare(name, value);
        },
    );
    environment.add_function("__get", |state: &mut State, name: &str, outside: Value| {
        let kept = frames(state).get(name).cloned();
        kept.filter(|it| !it.is_undefined()).unwrap_or(outside)
    });
}
