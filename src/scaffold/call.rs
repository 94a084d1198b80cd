//! What an action is given, and what it gives back.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Effect, PathRefusal, Programs, Sources, WorkTree, input};
use crate::model::EntityRef;

/// What a step leaves for later steps: `steps.ID.output`.
pub type Outputs = Map<String, Value>;

/// One run of an action.
pub struct Call<'a> {
    /// `input` of the step, evaluated.
    pub input: &'a Map<String, Value>,
    /// The files so far: what Backstage calls the workspace of a task.
    pub tree: &'a mut WorkTree,
    /// What can be looked up.
    pub world: &'a World<'a>,
    /// What is to happen outside of the tree when the plan is applied, in order.
    pub effects: &'a mut Vec<Effect>,
    /// What there is to tell whoever runs the template.
    pub log: &'a mut StepLog,
}

/// What actions can look up.
pub struct World<'a> {
    /// Where files come from.
    pub sources: &'a dyn Sources,
    /// The catalog.
    pub entities: &'a dyn Entities,
    /// What may run programs.
    pub programs: &'a dyn Programs,
    /// The template that runs, where it has a name that a catalog knows.
    pub template: Option<&'a EntityRef>,
    /// Whether a name that no value has is an error, and not empty as in Backstage.
    pub refuses_unknown_names: bool,
}

/// The catalog, as `catalog:fetch` asks it.
pub trait Entities: Sync {
    /// The entity of that reference, whole, as its descriptor has it.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    fn entity(&self, reference: &EntityRef) -> Result<Option<Value>, StepError>;
}

/// What a step has to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct StepLog {
    /// What it did, line by line.
    #[serde(rename = "log", skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// What everybody should read, even without a look at the plan.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
}

impl StepLog {
    /// Tells what was done.
    pub fn push(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    /// Tells what everybody should read.
    pub fn notice(&mut self, line: impl Into<String>) {
        self.notices.push(line.into());
    }

    /// All of it, notices first.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.notices.iter().chain(&self.lines)
    }
}

/// Why a step fails: what is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepError {
    /// What is wrong: lower case, no full stop, the thing in quotes.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl StepError {
    /// An error with that message.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
        }
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<PathRefusal> for StepError {
    fn from(refusal: PathRefusal) -> Self {
        Self::new(refusal.to_string()).help("a template writes only below its destination")
    }
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StepError {}

impl Call<'_> {
    /// The input as a struct, in the names of Backstage's action: `rename_all = "camelCase"`. With
    /// `deny_unknown_fields`, too, it refuses what Backstage's schema of the action refuses.
    ///
    /// # Errors
    /// When something is missing or has another type; the error names its path.
    pub fn typed_input<T: DeserializeOwned>(&self) -> Result<T, StepError> {
        input::typed(self.input)
    }
}
