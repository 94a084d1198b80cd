//! `devportal.yaml` and the user's own configuration, with the origin of every value.
//!
//! The file of the catalog repository (the one with `organisation:`) speaks for everybody; the
//! file of another repository speaks only for itself. Neither can name a program, a token or a
//! URL to call: whoever can commit to a scanned repository must not be able to run anything.

mod fact;
mod file;
mod shown;
mod trusted;
mod user;
mod user_source;

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Severity, register};
use crate::model::{ForgeKind, Place};

pub use fact::{DeclaredFact, FactSettings, Import, SourceSettings};
pub use file::{CheckSetting, Settings};
pub use trusted::TrustedTemplate;
pub use user::{UserForge, UserSettings};
pub use user_source::{HttpJsonSettings, OwnSource, ProgramSettings, UserSource};

/// A value and where it comes from.
#[derive(Clone, Debug)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Place,
}

/// All configuration of a run.
#[derive(Clone, Debug, Default)]
pub struct Config {
    organisation: Settings,
    repositories: BTreeMap<String, Settings>,
    catalog_repository: Option<String>,
}

/// A line of `devportal config show`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Entry {
    /// The key, as `checks.missing-owner`.
    pub key: String,
    /// The value.
    pub value: String,
    /// The place it comes from, or the word `default`.
    pub origin: String,
}

impl Config {
    /// Puts the files of a workspace together: each with the identity of its repository. The
    /// one that the workspace was chosen by, if any, is named, and speaks for the organisation;
    /// else the only one with `organisation:` does. Of several that claim it none is believed,
    /// because each can be written by somebody else.
    #[must_use]
    pub fn assemble(
        files: Vec<(String, Settings)>,
        chosen: Option<Settings>,
    ) -> (Self, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let claims: Vec<&(String, Settings)> = files
            .iter()
            .filter(|(_, file)| file.organisation.is_some())
            .collect();
        let chosen_place = chosen.as_ref().and_then(|file| file.place.clone());
        let speaker = match (&chosen, claims.as_slice()) {
            (Some(file), _) if file.organisation.is_some() => claims
                .iter()
                .find(|(_, claim)| claim.place == chosen_place)
                .map(|(repository, _)| repository.clone()),
            (_, [(repository, _)]) => Some(repository.clone()),
            (_, claims) => {
                problems.extend(
                    claims
                        .iter()
                        .map(|(repository, file)| contested(repository, file)),
                );
                None
            }
        };
        let mut config = Self {
            catalog_repository: speaker.clone(),
            ..Self::default()
        };
        for (repository, file) in files {
            if Some(&repository) == speaker.as_ref() {
                config.organisation = file;
            } else {
                if file.organisation.is_none() && chosen_place != file.place {
                    problems.extend(file.only_for_organisation());
                }
                config.repositories.insert(repository, file);
            }
        }
        if let Some(file) = chosen {
            config.organisation = file.before(config.organisation);
        }
        (config, problems)
    }

    /// What the organisation's file says.
    #[must_use]
    pub const fn organisation(&self) -> &Settings {
        &self.organisation
    }

    /// What the file of a repository says.
    #[must_use]
    pub fn repository(&self, identity: &str) -> Option<&Settings> {
        self.repositories.get(identity)
    }

    /// The identity of the catalog repository.
    #[must_use]
    pub fn catalog_repository(&self) -> Option<&str> {
        self.catalog_repository.as_deref()
    }

    /// How bad a code is in a repository: what the organisation locks, else what the repository
    /// says, else what the organisation says, else the default.
    #[must_use]
    pub fn severity(&self, code: &Code, repository: &str) -> Severity {
        let organisation = self.organisation.checks.get(code.name);
        if let Some(setting) = organisation.filter(|setting| setting.value.locked) {
            return setting.value.severity;
        }
        let own = self
            .repositories
            .get(repository)
            .and_then(|file| file.checks.get(code.name));
        match own.or(organisation) {
            Some(setting) => setting.value.severity,
            None => self
                .organisation
                .as_of
                .as_ref()
                .map_or(code.severity(), |version| {
                    code.severity_as_of(version.value)
                }),
        }
    }

    /// The lines of `config show`: what is set, in the order of the keys.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries = self.organisation.entries("");
        for (repository, file) in &self.repositories {
            entries.extend(file.entries(&format!("[{repository}] ")));
        }
        entries
    }
}

/// The forge of a name, with the names that are allowed when there is none.
fn forge(name: &str) -> Result<ForgeKind, String> {
    let found = ForgeKind::NAMES.iter().find(|(known, _)| *known == name);
    found.map(|(_, kind)| *kind).ok_or_else(|| {
        let names: Vec<&str> = ForgeKind::NAMES.iter().map(|(name, _)| *name).collect();
        format!("\"{name}\" is no forge: use {}", names.join(", "))
    })
}

fn contested(repository: &str, file: &Settings) -> Diagnostic {
    let message = format!(
        "\"organisation\" of repository \"{repository}\" is not believed: other repositories claim to be the catalog repository too"
    );
    let problem = Diagnostic::new(&register::CONFIGURATION, message)
        .help("name the right one: start devportal in it, or give it with --workspace")
        .subject(repository);
    match &file.organisation {
        Some(setting) => problem.at(setting.origin.clone()),
        None => problem,
    }
}
