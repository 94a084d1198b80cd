//! What a `devportal.yaml` says about facts.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Setting;
use crate::model::Place;

/// What a `devportal.yaml` says about facts.
#[derive(Clone, Debug, Default)]
pub struct FactSettings {
    /// `environments`: where things run. The first is meant where none is said; without the key it
    /// is `production`.
    pub environments: Option<Setting<Vec<String>>>,
    /// `bots`: names and e-mail addresses, perhaps with `*`, that are no people.
    pub bots: Option<Setting<Vec<String>>>,
    /// `imports`: files of the repository that tools write, and their formats.
    pub imports: Option<Setting<Vec<Import>>>,
    /// `facts`: further facts, by name.
    pub declared: BTreeMap<String, Setting<DeclaredFact>>,
    /// `sources`: what is asked of sources, by the name of the source.
    pub sources: BTreeMap<String, Setting<SourceSettings>>,
}

/// Files that are read as facts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// A pattern of paths, relative to the repository.
    pub files: String,
    /// The format, as `facts import --format` has it.
    pub format: String,
    /// The entity that the files are about, where neither they nor the folder say so.
    pub entity: Option<String>,
}

/// A fact that the organisation declares.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DeclaredFact {
    /// The type of its values: boolean, number, text, version, time, list.
    #[serde(rename = "type")]
    pub value_type: String,
    /// The unit of its values.
    pub unit: Option<String>,
    /// What it means.
    pub about: String,
    /// How long it holds, as `15m`, `24h`, `7d`; a day where it is not said.
    pub time_to_live: Option<String>,
}

/// What is asked of a source. Where it is and with which token is only said in the user's own
/// configuration and the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSettings {
    /// Queries by the name of the fact that they give, as `availability`. `{{ name }}`,
    /// `{{ environment }}` and `{{ annotations["KEY"] }}` are those of the entity.
    #[serde(default)]
    pub queries: BTreeMap<String, String>,
}

impl FactSettings {
    /// These settings where they are set, else the others.
    pub(super) fn before(self, other: Self) -> Self {
        let mut declared = other.declared;
        declared.extend(self.declared);
        let mut sources = other.sources;
        sources.extend(self.sources);
        Self {
            environments: self.environments.or(other.environments),
            bots: self.bots.or(other.bots),
            imports: self.imports.or(other.imports),
            declared,
            sources,
        }
    }

    /// The settings that only the catalog repository can make, and where they are.
    pub(super) fn only_for_organisation(&self) -> Vec<(&'static str, &Place)> {
        let environments = self
            .environments
            .as_ref()
            .map(|it| ("environments", &it.origin));
        let bots = self.bots.as_ref().map(|it| ("bots", &it.origin));
        let declared = self
            .declared
            .values()
            .next()
            .map(|it| ("facts", &it.origin));
        let sources = self
            .sources
            .values()
            .next()
            .map(|it| ("sources", &it.origin));
        [environments, bots, declared, sources]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The environment that is meant where none is said.
    #[must_use]
    pub fn default_environment(&self) -> &str {
        let first = self.environments.as_ref().and_then(|all| all.value.first());
        first.map_or("production", String::as_str)
    }
}
