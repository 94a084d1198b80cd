//! The REST APIs of forges, with the user's addresses and tokens.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use devportal::config::{UserForge, UserSettings};
use devportal::forge_api::{
    self, Connection, Dispatch, Ensured, ForgeError, RemoteRepository as WantedRepository,
    Visibility,
};
use devportal::http::{Client, Secret};
use devportal::model::ForgeKind;
use devportal::repo::{GitProgram, GitUrl};
use devportal::scaffold::{CiRun, Publication, RemoteRepository};
use serde_json::Value;

use crate::{environment, token_command};

/// The hosts that get a token of the environment without being named in the user's
/// configuration, each that of its own forge. A template chooses the host and the action, and
/// must not choose who learns a token.
const KNOWN_HOSTS: [(&str, ForgeKind); 2] = [
    ("github.com", ForgeKind::GitHub),
    ("gitlab.com", ForgeKind::GitLab),
];

/// A forge that can be asked.
pub(super) struct Forge {
    kind: ForgeKind,
    api_url: String,
    token: Secret,
    /// The token, as Git is given it.
    password: String,
    client: Client,
}

/// A remote repository that is there.
pub(super) struct RemoteIsThere {
    pub(super) clone_url: String,
    pub(super) web_url: String,
    pub(super) is_new: bool,
}

impl Forge {
    /// The forge of a repository; `None` for those that have no API here.
    ///
    /// # Errors
    /// When there is no token for it.
    pub(super) fn of(remote: &RemoteRepository, settings: &UserSettings) -> Result<Option<Self>> {
        let host = remote.host.as_str();
        let kind = kind(remote, settings);
        let Some(usual) = forge_api::default_api_url(kind, host) else {
            return Ok(None);
        };
        let configured = settings.forges.get(host);
        let api_url = configured.and_then(|forge| forge.api.as_ref());
        let password = token(kind, host, configured)?;
        Ok(Some(Self {
            kind,
            api_url: api_url.map_or(usual, |setting| setting.value.clone()),
            token: Secret::new(&password),
            password,
            client: environment::client()?,
        }))
    }

    /// Makes the remote repository where it is missing.
    pub(super) fn ensure(&self, publication: &Publication) -> Result<RemoteIsThere> {
        let ensured = self.ask(|api| api.ensure_repository(&wanted(publication)?))?;
        let (addresses, is_new) = match ensured {
            Ensured::Created(addresses) => (addresses, true),
            Ensured::Existed(addresses) => (addresses, false),
        };
        Ok(RemoteIsThere {
            clone_url: addresses.clone_url,
            web_url: addresses.web_url,
            is_new,
        })
    }

    /// Git with the token of this forge, for the push that follows.
    pub(super) fn for_git(&self, git: GitProgram) -> GitProgram {
        let user = match self.kind {
            ForgeKind::GitLab => "oauth2",
            _ => "x-access-token",
        };
        git.with_token(user, &self.password)
    }

    /// Has the forge show the branch first that was pushed.
    pub(super) fn show_branch(&self, publication: &Publication) -> Result<()> {
        self.ask(|api| api.set_default_branch(&wanted(publication)?))
    }

    /// Starts a run of CI.
    pub(super) fn dispatch(&self, run: &CiRun) -> Result<()> {
        let inputs: BTreeMap<String, String> = run
            .inputs
            .iter()
            .map(|(name, value)| (name.clone(), input_text(value)))
            .collect();
        let work = match &run.workflow {
            Some(workflow) => Dispatch::Workflow {
                owner: run.remote.owner.clone(),
                name: run.remote.name.clone(),
                workflow: workflow.clone(),
                reference: run.branch.clone(),
                inputs,
            },
            None => Dispatch::Pipeline {
                project: match run.project {
                    Some(project) => project.to_string(),
                    None => format!("{}/{}", run.remote.owner, run.remote.name),
                },
                reference: run.branch.clone(),
                variables: inputs,
            },
        };
        self.ask(|api| api.dispatch(&work))
    }

    fn ask<T>(
        &self,
        ask: impl FnOnce(&dyn forge_api::ForgeApi) -> Result<T, ForgeError>,
    ) -> Result<T> {
        let connection = Connection {
            api_url: self.api_url.clone(),
            token: &self.token,
            client: &self.client,
        };
        let api = forge_api::api(self.kind, connection)
            .with_context(|| format!("{} cannot be asked", self.kind.name()))?;
        ask(api.as_ref()).map_err(anyhow::Error::from)
    }
}

/// What runs on the host of a repository: as the user says, as everybody knows, as the action of
/// the template has it.
fn kind(remote: &RemoteRepository, settings: &UserSettings) -> ForgeKind {
    let host = remote.host.as_str();
    let configured = settings.forges.get(host);
    let configured = configured.and_then(|forge| forge.kind.as_ref());
    let known = || KNOWN_HOSTS.iter().find(|(known, _)| *known == host);
    configured
        .map(|setting| setting.value)
        .or_else(|| known().map(|(_, kind)| *kind))
        .unwrap_or(remote.forge)
}

/// Whether repositories can be made there through an API.
pub(super) fn has_api(remote: &RemoteRepository, settings: &UserSettings) -> bool {
    forge_api::default_api_url(kind(remote, settings), &remote.host).is_some()
}

/// Git for a push to a repository that is there: with the token for its host where there is one,
/// else with the credentials that Git has itself.
pub(super) fn git_for(remote: &RemoteRepository, settings: &UserSettings) -> Result<GitProgram> {
    let git = super::git()?;
    Ok(match Forge::of(remote, settings) {
        Ok(Some(forge)) => forge.for_git(git),
        Ok(None) | Err(_) => git,
    })
}

fn wanted(publication: &Publication) -> Result<WantedRepository, ForgeError> {
    let name = publication.visibility.as_str();
    let visibility = Visibility::of_name(name).ok_or_else(|| ForgeError {
        message: format!("\"{name}\" is no visibility: use private, internal or public"),
        help: None,
        needs_credential: false,
    })?;
    Ok(WantedRepository {
        host: publication.remote.host.clone(),
        owner: publication.remote.owner.clone(),
        name: publication.remote.name.clone(),
        description: publication.description.clone(),
        visibility,
        default_branch: publication.branch.clone(),
        topics: publication.topics.clone(),
        homepage: publication.homepage.clone(),
    })
}

/// Inputs of workflows and variables of pipelines are texts.
fn input_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The token for a host: of the user's token command, else of the environment.
fn token(kind: ForgeKind, host: &str, configured: Option<&UserForge>) -> Result<String> {
    let missing = |message: String, help: String| ForgeError {
        message,
        help: Some(help),
        needs_credential: true,
    };
    if let Some(command) = configured.and_then(|forge| forge.token_command.as_ref()) {
        return token_command::token(&command.value).map_err(|error| {
            let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
            let message = format!("the token command of {host} fails: {}", causes.join(": "));
            let help = format!(
                "it is \"{}\" in your own configuration",
                command.value.join(" ")
            );
            missing(message, help).into()
        });
    }
    let is_known = KNOWN_HOSTS.contains(&(host, kind));
    // Which variable is read must not depend on the action of a template.
    let is_named = configured.is_some_and(|forge| forge.kind.is_some());
    if !is_known && !is_named {
        let message =
            format!("no token is sent to {host}, which your own configuration does not know");
        let help = format!(
            "where it is yours, add \"forges: {{{host}: {{type: {}}}}}\" to it, or a token-command",
            kind.name()
        );
        return Err(missing(message, help).into());
    }
    let names = environment::token_names(kind);
    let token = names.iter().find_map(|name| environment::token(name));
    token.ok_or_else(|| {
        let help = format!(
            "set {}, or \"forges: {{{host}: {{token-command: [PROGRAM, ARGUMENT]}}}}\" in your own configuration",
            names.join(" or ")
        );
        missing(format!("there is no token for {host}"), help).into()
    })
}

/// Whether an error says that somebody must be let in.
pub(super) fn needs_credential(error: &(dyn std::error::Error + 'static)) -> bool {
    error
        .downcast_ref::<ForgeError>()
        .is_some_and(|error| error.needs_credential)
}

/// What can be done about an error of a forge.
pub(super) fn help(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    error.downcast_ref::<ForgeError>()?.help.clone()
}

/// The address that a repository is pushed to.
pub(super) fn git_url(clone_url: &str) -> Result<GitUrl> {
    GitUrl::parse(clone_url, false).map_err(|reason| anyhow!("\"{clone_url}\" {reason}"))
}
