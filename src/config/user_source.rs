//! `sources` of the user's own configuration: where facts are asked for, and how.
//!
//! Only this file may name an address to call or a program to run. What an organisation wants to
//! know of a source is in its `devportal.yaml`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Setting;
use super::user::Reading;
use crate::model::Node;

/// How a source of facts is asked.
#[derive(Clone, Debug, Default)]
pub struct UserSource {
    /// `api`: the URL of its API.
    pub api: Option<Setting<String>>,
    /// `token-command`: the program that prints a token, and its arguments.
    pub token_command: Option<Setting<Vec<String>>>,
    /// `token-variable`: the variable of the environment that has the token.
    pub token_variable: Option<Setting<String>>,
    /// `type`: what else it is than a connector.
    pub own: Option<OwnSource>,
}

/// A source that only its user knows.
#[derive(Clone, Debug)]
pub enum OwnSource {
    /// `http-json`: an API that answers with JSON.
    HttpJson(HttpJsonSettings),
    /// `program`: a program that prints facts.
    Program(ProgramSettings),
}

/// An API that answers with JSON.
#[derive(Clone, Debug)]
pub struct HttpJsonSettings {
    /// `url`: with placeholders of the entity.
    pub url: Setting<String>,
    /// `headers`, without any token.
    pub headers: BTreeMap<String, String>,
    /// `token-header`: the header of the token, where it is not `Authorization: Bearer`.
    pub token_header: Option<String>,
    /// `annotation`: what an entity must have to be asked about.
    pub annotation: Option<String>,
    /// `facts`: where in the answer each fact is.
    pub facts: BTreeMap<String, String>,
}

/// A program that prints facts.
#[derive(Clone, Debug)]
pub struct ProgramSettings {
    /// `command`: the program and its arguments, which no shell reads.
    pub command: Setting<Vec<String>>,
    /// `variables`: what of the environment it gets beside `PATH` and `HOME`.
    pub variables: Vec<String>,
    /// `annotation`: what an entity must have to be asked about.
    pub annotation: Option<String>,
    /// `seconds`: how long it may take for an entity.
    pub time: Option<Duration>,
}

/// The keys of a source, which no scanned repository may set.
pub(super) const KEYS: [&str; 12] = [
    "type",
    "api",
    "token-command",
    "token-variable",
    "url",
    "headers",
    "token-header",
    "annotation",
    "facts",
    "command",
    "variables",
    "seconds",
];
/// Headers that carry a secret, which no file may have.
const SECRET_HEADERS: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

impl Reading {
    /// Reads a source.
    pub(super) fn source(&mut self, name: &str, value: Node<'_>) {
        if !value.is_mapping() {
            let found = value.kind().name();
            let message = format!("\"sources.{name}\" must be a mapping, found {found}");
            self.problem(value.span(), message, None);
            return;
        }
        let mut source = UserSource::default();
        for (key, value) in value.entries() {
            let full = format!("sources.{name}.{}", key.text());
            match key.text() {
                "api" => source.api = self.api(&full, value),
                "token-command" => source.token_command = self.command(&full, value),
                "token-variable" => source.token_variable = self.variable(&full, value),
                known if KEYS.contains(&known) => {}
                _ => self.unknown_key(key, &KEYS),
            }
        }
        source.own = match value.str_at("type") {
            None => None,
            Some("http-json") => self.http_json(name, value).map(OwnSource::HttpJson),
            Some("program") => self.program(name, value).map(OwnSource::Program),
            Some(other) => {
                let message = format!("\"sources.{name}.type\" cannot be \"{other}\"");
                let help = "use http-json or program, or leave it out for a connector";
                self.problem(value.span(), message, Some(help.to_owned()));
                return;
            }
        };
        self.settings.sources.insert(name.to_owned(), source);
    }

    fn http_json(&mut self, name: &str, value: Node<'_>) -> Option<HttpJsonSettings> {
        let Some(url) = value.get("url").filter(|url| url.as_str().is_some()) else {
            let message = format!("\"sources.{name}\" has no \"url\"");
            self.problem(value.span(), message, None);
            return None;
        };
        let facts = self.texts(name, value, "facts");
        if facts.is_empty() {
            let message = format!("\"sources.{name}\" has no \"facts\"");
            let help = "write where each is in the answer, as in {cost.month: /total/amount}";
            self.problem(value.span(), message, Some(help.to_owned()));
            return None;
        }
        let mut headers = self.texts(name, value, "headers");
        headers.retain(|header, _| {
            let is_secret = SECRET_HEADERS.contains(&header.to_lowercase().as_str());
            if is_secret {
                let message = format!("\"sources.{name}.headers\" cannot have \"{header}\"");
                let help = "a token comes from \"token-command\" or \"token-variable\"";
                self.problem(value.span(), message, Some(help.to_owned()));
            }
            !is_secret
        });
        Some(HttpJsonSettings {
            url: self.setting(url.text().to_owned(), url),
            headers,
            token_header: value.str_at("token-header").map(str::to_owned),
            annotation: value.str_at("annotation").map(str::to_owned),
            facts,
        })
    }

    fn program(&mut self, name: &str, value: Node<'_>) -> Option<ProgramSettings> {
        let Some(command) = value.get("command") else {
            let message = format!("\"sources.{name}\" has no \"command\"");
            self.problem(value.span(), message, None);
            return None;
        };
        let command = self.command(&format!("sources.{name}.command"), command)?;
        let variables = value.get("variables");
        let variables = variables.and_then(|variables| self.typed(variables));
        let seconds = value.get("seconds");
        let seconds = seconds.and_then(|seconds| self.typed::<u32>(seconds));
        Some(ProgramSettings {
            command,
            variables: variables.unwrap_or_default(),
            annotation: value.str_at("annotation").map(str::to_owned),
            time: seconds.map(|seconds| Duration::from_secs(u64::from(seconds))),
        })
    }

    fn texts(&mut self, name: &str, value: Node<'_>, key: &str) -> BTreeMap<String, String> {
        let Some(value) = value.get(key) else {
            return BTreeMap::new();
        };
        let pairs = self
            .mapping(&format!("sources.{name}.{key}"), value)
            .into_iter();
        pairs
            .map(|(name, value)| (name, value.text().to_owned()))
            .collect()
    }

    fn variable(&mut self, key: &str, value: Node<'_>) -> Option<Setting<String>> {
        let name = value.as_str().filter(|name| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        });
        if name.is_none() {
            let message = format!("\"{key}\" must be the name of a variable");
            let help = "write the name, and never the token itself";
            self.problem(value.span(), message, Some(help.to_owned()));
        }
        name.map(|name| self.setting(name.to_owned(), value))
    }
}

impl UserSource {
    /// What it says, by key, for `config show`.
    pub(super) fn entries(&self) -> Vec<(&'static str, String, &crate::model::Place)> {
        let mut entries = Vec::new();
        if let Some(Setting { value, origin }) = &self.api {
            entries.push(("api", value.clone(), origin));
        }
        if let Some(Setting { value, origin }) = &self.token_command {
            entries.push(("token-command", value.join(" "), origin));
        }
        if let Some(Setting { value, origin }) = &self.token_variable {
            entries.push(("token-variable", value.clone(), origin));
        }
        match &self.own {
            None => {}
            Some(OwnSource::HttpJson(settings)) => {
                let Setting { value, origin } = &settings.url;
                entries.push(("url", value.clone(), origin));
            }
            Some(OwnSource::Program(settings)) => {
                let Setting { value, origin } = &settings.command;
                entries.push(("command", value.join(" "), origin));
            }
        }
        entries
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{OwnSource, UserSettings};

    #[test]
    fn sources_are_read_with_their_places() {
        let text = "\
sources:
  pagerduty: {api: https://api.eu.pagerduty.com, token-command: [pass, show, pagerduty]}
  costs:
    type: http-json
    url: https://costs.intern/{{ name }}
    headers: {X-Tenant: larkspur, Authorization: Bearer abc}
    token-variable: COSTS_TOKEN
    facts: {cost.month: /total}
  inventory: {type: program, command: [/usr/local/bin/inventory], seconds: 5}
  nothing: {type: http-json, url: https://x, facts: {}}
  wrong: {type: shell}
  leak: {token-variable: 's3cr3t token', tokn: x}
";
        let (settings, problems) = UserSettings::parse(text, "config.yaml");
        let entries = settings.entries();
        let lines = entries
            .iter()
            .map(|entry| format!("{} = {} ({})", entry.key, entry.value, entry.origin));
        assert_eq!(
            lines.collect::<Vec<_>>(),
            [
                "[user] sources.costs.token-variable = COSTS_TOKEN (config.yaml:7)",
                "[user] sources.costs.url = https://costs.intern/{{ name }} (config.yaml:5)",
                "[user] sources.inventory.command = /usr/local/bin/inventory (config.yaml:9)",
                "[user] sources.pagerduty.api = https://api.eu.pagerduty.com (config.yaml:2)",
                "[user] sources.pagerduty.token-command = pass show pagerduty (config.yaml:2)",
            ]
        );
        let Some(OwnSource::HttpJson(costs)) = &settings.sources["costs"].own else {
            panic!("costs are asked by HTTP");
        };
        assert_eq!(costs.headers.keys().collect::<Vec<_>>(), ["X-Tenant"]);
        let messages = problems.iter().map(|problem| problem.message.as_str());
        assert_eq!(
            messages.collect::<Vec<_>>(),
            [
                "\"sources.costs.headers\" cannot have \"Authorization\"",
                "\"sources.nothing\" has no \"facts\"",
                "\"sources.wrong.type\" cannot be \"shell\"",
                "\"sources.leak.token-variable\" must be the name of a variable",
                "unknown key \"tokn\"",
            ]
        );
    }
}
