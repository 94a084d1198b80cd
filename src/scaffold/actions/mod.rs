//! What steps can do, one file an action.

use super::{Call, Outputs, StepError};

/// An action.
pub struct Action {
    /// Its name in `action:`.
    pub name: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// What must be given before it does it.
    pub needs: Needs,
    /// The names of its outputs, for `template lint`; `*` for names that the input decides.
    pub outputs: &'static [&'static str],
    /// Does it to the tree, or notes what is to be done as an effect.
    pub run: fn(&mut Call<'_>) -> Result<Outputs, StepError>,
}

/// What must be given before an action does what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: it works on the tree alone.
    Nothing,
    /// `--push`: without it, the part that leaves this machine is left out.
    Push,
    /// `--trust`: it runs a program.
    Trust,
}

/// All actions, by name.
pub static ACTIONS: &[&Action] = &[];

/// The action of that name.
#[must_use]
pub fn action(name: &str) -> Option<&'static Action> {
    ACTIONS.iter().copied().find(|action| action.name == name)
}
