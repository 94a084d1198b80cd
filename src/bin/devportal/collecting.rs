//! The sources of facts that can be asked: their addresses, tokens and programs, from the
//! environment and the user's own configuration.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};
use devportal::config::{OwnSource, ProgramSettings, UserSettings, UserSource};
use devportal::diagnostic::did_you_mean;
use devportal::fact::Register;
use devportal::fact::collect::{
    Authorization, CONNECTORS, Connected, Connection, Connector, HttpJson, Program, Source,
};
use devportal::http::{Client, Secret};
use devportal::repo;

use crate::{environment, token_command};

/// A source that somebody could ask.
pub(crate) struct Candidate<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    what: What<'a>,
    user: Option<&'a UserSource>,
    /// Whether the user named it: on the command line or in their own configuration.
    pub(crate) is_wanted: bool,
}

enum What<'a> {
    Connector(&'static Connector),
    Own(&'a OwnSource),
    /// A name of the user's configuration that is no connector, and does not say what else it is.
    Nothing,
}

/// Why a source cannot be asked.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    /// What is missing.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) help: String,
}

/// What sources are made with.
pub(crate) struct Means<'a> {
    /// What facts mean.
    pub(crate) register: &'a Register,
    /// Whether programs may run.
    pub(crate) trust: bool,
    /// When the run has taken long enough.
    pub(crate) until: Instant,
    client: Client,
}

impl<'a> Means<'a> {
    pub(crate) fn new(register: &'a Register, trust: bool, until: Instant) -> Result<Self> {
        Ok(Self {
            register,
            trust,
            until,
            client: environment::client()?,
        })
    }
}

/// The sources that are asked for; all where none is named.
///
/// # Errors
/// When there is no source of a name.
pub(crate) fn candidates<'a>(
    wanted: &'a [String],
    user: &'a UserSettings,
) -> Result<Vec<Candidate<'a>>> {
    let own = user.sources.iter();
    let own = own.map(|(name, source)| {
        let what = match (&source.own, connector(name)) {
            (Some(own), _) => What::Own(own),
            (None, Some(connector)) => What::Connector(connector),
            (None, None) => What::Nothing,
        };
        (name.as_str(), what, Some(source))
    });
    let connectors = CONNECTORS.iter();
    let connectors = connectors.filter(|connector| !user.sources.contains_key(connector.name));
    let connectors = connectors.map(|it| (it.name, What::Connector(it), None));
    let mut all: Vec<Candidate<'a>> = connectors
        .chain(own)
        .map(|(name, what, user)| Candidate {
            name,
            what,
            user,
            is_wanted: user.is_some() || wanted.iter().any(|wanted| wanted == name),
        })
        .collect();
    all.sort_by_key(|candidate| candidate.name);
    for name in wanted {
        if all.iter().any(|candidate| candidate.name == name) {
            continue;
        }
        let names = all.iter().map(|candidate| candidate.name);
        let help = did_you_mean(name, names.clone()).map_or_else(
            || format!("use {}", names.collect::<Vec<_>>().join(", ")),
            |meant| format!("did you mean \"{meant}\"?"),
        );
        bail!("there is no source \"{name}\": {help}");
    }
    if !wanted.is_empty() {
        all.retain(|candidate| wanted.iter().any(|wanted| wanted == candidate.name));
    }
    Ok(all)
}

fn connector(name: &str) -> Option<&'static Connector> {
    CONNECTORS.iter().find(|connector| connector.name == name)
}

impl<'a> Candidate<'a> {
    /// Whether it is a program of the user's.
    pub(crate) const fn is_program(&self) -> bool {
        matches!(self.what, What::Own(OwnSource::Program(_)))
    }

    /// The source without its token, which only knows what there is to ask.
    pub(crate) fn unasked(&self, means: &Means<'a>) -> Result<Box<dyn Source + 'a>, Refusal> {
        self.source(means, None)
    }

    /// The source, ready to be asked.
    pub(crate) fn ready(&self, means: &Means<'a>) -> Result<Box<dyn Source + 'a>, Refusal> {
        if let What::Connector(connector) = self.what
            && self.api(connector).is_empty()
        {
            let name = self.name;
            return Err(Refusal {
                message: "its address is not known".to_owned(),
                help: format!(
                    "set {}, or \"sources: {{{name}: {{api: URL}}}}\" in your own configuration",
                    connector.api_variable
                ),
            });
        }
        if matches!(self.what, What::Own(OwnSource::Program(_))) && !means.trust {
            return Err(Refusal {
                message: "it is a program".to_owned(),
                help: "--trust lets it run".to_owned(),
            });
        }
        let token = self.token()?;
        self.source(means, token)
    }

    fn source(
        &self,
        means: &Means<'a>,
        token: Option<Secret>,
    ) -> Result<Box<dyn Source + 'a>, Refusal> {
        let name = self.name;
        let client = means.client.clone();
        let refuse = |message: String| Refusal {
            message,
            help: format!("it is \"sources.{name}\" of your own configuration"),
        };
        match self.what {
            What::Connector(connector) => {
                let api = self.api(connector);
                let connection = Connection::new(client, api, token, connector.authorization);
                Ok(Box::new(Connected {
                    connector,
                    connection: connection.until(means.until),
                }))
            }
            What::Own(OwnSource::HttpJson(settings)) => {
                let authorization = match &settings.token_header {
                    Some(header) => Authorization::Header(header),
                    None => Authorization::Scheme("Bearer"),
                };
                let connect = |api| {
                    let connection = Connection::new(client, api, token, authorization);
                    connection
                        .with_headers(&settings.headers)
                        .until(means.until)
                };
                let source = HttpJson::new(name, settings, means.register, connect);
                Ok(Box::new(source.map_err(refuse)?))
            }
            What::Own(OwnSource::Program(settings)) => {
                Ok(Box::new(program(name, settings, means).map_err(refuse)?))
            }
            What::Nothing => Err(refuse(format!("there is no source \"{name}\""))),
        }
    }

    /// Where the API is: as the user's configuration says, the environment, or everybody knows.
    fn api(&self, connector: &Connector) -> String {
        let configured = self.user.and_then(|user| user.api.as_ref());
        let configured = configured.map(|setting| setting.value.clone());
        let set = || environment::token(connector.api_variable);
        configured
            .or_else(set)
            .unwrap_or_else(|| connector.api.to_owned())
    }

    /// The token; `None` where none is needed.
    fn token(&self) -> Result<Option<Secret>, Refusal> {
        let name = self.name;
        if let Some(command) = self.user.and_then(|user| user.token_command.as_ref()) {
            return match token_command::token(&command.value) {
                Ok(token) => Ok(Some(Secret::new(token))),
                Err(error) => Err(Refusal {
                    message: format!("its token command fails: {error:#}"),
                    help: format!(
                        "it is \"{}\" in your own configuration",
                        command.value.join(" ")
                    ),
                }),
            };
        }
        let own = self.user.and_then(|user| user.token_variable.as_ref());
        let (names, is_needed): (Vec<&str>, bool) = match (own, &self.what) {
            (Some(variable), _) => (vec![variable.value.as_str()], true),
            // Where everybody has their own server, it may be open to all who reach it.
            (None, What::Connector(connector)) => (
                connector.token_variables.to_vec(),
                !connector.api.is_empty(),
            ),
            (None, _) => (Vec::new(), false),
        };
        let token = names.iter().find_map(|name| environment::token(name));
        if token.is_none() && is_needed {
            return Err(Refusal {
                message: "there is no token for it".to_owned(),
                help: format!(
                    "set {}, or \"sources: {{{name}: {{token-command: [PROGRAM, ARGUMENT]}}}}\" in your own configuration",
                    names.join(" or ")
                ),
            });
        }
        Ok(token.map(Secret::new))
    }
}

/// A program with the little of the environment that it gets.
fn program<'a>(
    name: &'a str,
    settings: &'a ProgramSettings,
    means: &Means<'a>,
) -> Result<Program<'a>, String> {
    let path = environment::search_path();
    let command = settings.command.value.first();
    let command = command.map_or("", String::as_str);
    let file = if command.starts_with('/') {
        PathBuf::from(command)
    } else {
        repo::find_program(&path, command).ok_or_else(|| {
            format!("there is no program \"{command}\": write its whole path, or put it into PATH")
        })?
    };
    let home = environment::variable("HOME");
    let mut variables = vec![(OsString::from("PATH"), repo::absolute_folders(&path))];
    variables.extend(home.clone().map(|home| ("HOME".into(), home)));
    let mut secrets = Vec::new();
    for variable in &settings.variables {
        if let Some(value) = environment::variable(variable) {
            secrets.push(Secret::new(value.to_string_lossy()));
            variables.push((variable.into(), value));
        }
    }
    let home = home.map(PathBuf::from);
    let folder = home.filter(|home| home.is_absolute() && home.is_dir());
    Ok(Program {
        name,
        settings,
        file,
        folder: folder.unwrap_or_else(|| PathBuf::from("/")),
        environment: variables,
        secrets,
        until: Some(means.until),
    })
}
