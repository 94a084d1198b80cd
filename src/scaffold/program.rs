//! Programs that steps run, when the user trusts the template.

use serde_json::Value;

use super::{StepError, TargetPath, WorkTree};

/// A program that a step asks for. No shell is between: arguments arrive as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Invocation {
    /// The program.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// The folder of the tree that it runs in; the root where there is none.
    pub folder: Option<TargetPath>,
    /// What it reads from its standard input.
    pub input: Option<Value>,
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramEnd {
    /// It ran, with this on its standard output.
    Ran {
        /// Its standard output.
        stdout: String,
    },
    /// It was not run: this is only a plan.
    Planned,
}

/// What may run programs.
pub trait Programs: Sync {
    /// Runs a program in the files of a tree, and takes over what it changed in them.
    ///
    /// # Errors
    /// When it may not be run, cannot be run, or fails.
    fn run(&self, invocation: &Invocation, tree: &mut WorkTree) -> Result<ProgramEnd, StepError>;
}

/// Runs nothing: for plans.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPrograms;

impl Programs for NoPrograms {
    fn run(&self, _: &Invocation, _: &mut WorkTree) -> Result<ProgramEnd, StepError> {
        Ok(ProgramEnd::Planned)
    }
}

impl Invocation {
    /// The command line, as people write it.
    #[must_use]
    pub fn shown(&self) -> String {
        let words = std::iter::once(&self.program).chain(&self.arguments);
        words.cloned().collect::<Vec<_>>().join(" ")
    }
}
