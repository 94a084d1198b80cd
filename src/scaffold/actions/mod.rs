//! What steps can do, one file an action.

mod catalog_fetch;
mod catalog_write;
mod debug_log;
mod debug_wait;
mod fetch_plain;
mod fetch_plain_file;
mod fs_delete;
mod fs_readdir;
mod fs_rename;
mod roadiehq_fs_append;
mod roadiehq_fs_parse;
mod roadiehq_fs_replace;
mod roadiehq_fs_write;
mod roadiehq_json_merge;
mod roadiehq_merge;
mod roadiehq_serialize_json;
mod roadiehq_serialize_yaml;
mod roadiehq_sleep;
#[cfg(test)]
mod tests;

use super::{Call, Outputs, StepError, TargetPath};

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
pub static ACTIONS: &[&Action] = &[
    &catalog_fetch::ACTION,
    &catalog_write::ACTION,
    &debug_log::ACTION,
    &debug_wait::ACTION,
    &fetch_plain::ACTION,
    &fetch_plain_file::ACTION,
    &fs_delete::ACTION,
    &fs_readdir::ACTION,
    &fs_rename::ACTION,
    &roadiehq_fs_append::ACTION,
    &roadiehq_fs_parse::ACTION,
    &roadiehq_fs_replace::ACTION,
    &roadiehq_fs_write::ACTION,
    &roadiehq_json_merge::ACTION,
    &roadiehq_merge::ACTION,
    &roadiehq_serialize_json::ACTION,
    &roadiehq_serialize_yaml::ACTION,
    &roadiehq_sleep::ACTION,
];

/// The action of that name.
#[must_use]
pub fn action(name: &str) -> Option<&'static Action> {
    ACTIONS.iter().copied().find(|action| action.name == name)
}

/// The output of actions that write one file.
fn path_output(path: &TargetPath) -> Outputs {
    Outputs::from_iter([("path".to_owned(), path.as_str().into())])
}
