//! What steps can do, one file an action.

mod catalog_fetch;
mod catalog_register;
mod catalog_write;
mod debug_log;
mod debug_wait;
mod fetch_plain;
mod fetch_plain_file;
mod fetch_template;
mod fetch_template_file;
mod fs_delete;
mod fs_readdir;
mod fs_rename;
mod github_actions_dispatch;
mod gitlab_pipeline_trigger;
mod publish_azure;
mod publish_bitbucket_cloud;
mod publish_bitbucket_cloud_pull_request;
mod publish_bitbucket_server;
mod publish_bitbucket_server_pull_request;
mod publish_gerrit;
mod publish_gitea;
mod publish_github;
mod publish_github_pull_request;
mod publish_gitlab;
mod publish_gitlab_merge_request;
mod roadiehq_fs_append;
mod roadiehq_fs_parse;
mod roadiehq_fs_replace;
mod roadiehq_fs_write;
mod roadiehq_json_merge;
mod roadiehq_merge;
mod roadiehq_serialize_json;
mod roadiehq_serialize_yaml;
mod roadiehq_sleep;
mod run_command;
mod workspace_template;
mod workspace_template_file;
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
    &catalog_register::ACTION,
    &catalog_write::ACTION,
    &debug_log::ACTION,
    &debug_wait::ACTION,
    &fetch_plain::ACTION,
    &fetch_plain_file::ACTION,
    &fetch_template::ACTION,
    &fetch_template_file::ACTION,
    &fs_delete::ACTION,
    &fs_readdir::ACTION,
    &fs_rename::ACTION,
    &github_actions_dispatch::ACTION,
    &gitlab_pipeline_trigger::ACTION,
    &publish_azure::ACTION,
    &publish_bitbucket_cloud::ACTION,
    &publish_bitbucket_cloud_pull_request::ACTION,
    &publish_bitbucket_server::ACTION,
    &publish_bitbucket_server_pull_request::ACTION,
    &publish_gerrit::ACTION,
    &publish_gitea::ACTION,
    &publish_github::ACTION,
    &publish_github_pull_request::ACTION,
    &publish_gitlab::ACTION,
    &publish_gitlab_merge_request::ACTION,
    &roadiehq_fs_append::ACTION,
    &roadiehq_fs_parse::ACTION,
    &roadiehq_fs_replace::ACTION,
    &roadiehq_fs_write::ACTION,
    &roadiehq_json_merge::ACTION,
    &roadiehq_merge::ACTION,
    &roadiehq_serialize_json::ACTION,
    &roadiehq_serialize_yaml::ACTION,
    &roadiehq_sleep::ACTION,
    &run_command::ACTION,
    &workspace_template::ACTION,
    &workspace_template_file::ACTION,
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
