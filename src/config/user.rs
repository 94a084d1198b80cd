//! The user's own configuration: the only one that may name programs, URLs to call and whom to
//! trust.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::{Entry, Setting, TrustedTemplate, UserSource, forge};
use crate::diagnostic::{Diagnostic, did_you_mean, register};
use crate::model::{ForgeKind, Node, Place, SourceFile, Span};
use crate::yaml;

/// What the user's `config.yaml` says.
#[derive(Clone, Debug, Default)]
pub struct UserSettings {
    /// `workspace`: the folder that is looked at when nothing else says which.
    pub workspace: Option<Setting<PathBuf>>,
    /// `user`: who uses this machine, as the catalog calls them: a name, a reference or an
    /// e-mail address.
    pub user: Option<Setting<String>>,
    /// `trust`: the templates whose programs may run.
    pub trust: Vec<Setting<TrustedTemplate>>,
    /// `forges`: how the forge of a host is asked.
    pub forges: BTreeMap<String, UserForge>,
    /// `actions`: the program that does an action of that name, and its arguments.
    pub actions: BTreeMap<String, Setting<Vec<String>>>,
    /// `sources`: how sources of facts are asked, by their names.
    pub sources: BTreeMap<String, UserSource>,
}

/// How the forge of a host is asked.
#[derive(Clone, Debug, Default)]
pub struct UserForge {
    /// `type`: what runs there.
    pub kind: Option<Setting<ForgeKind>>,
    /// `api`: the URL of its API.
    pub api: Option<Setting<String>>,
    /// `token-command`: the program that prints a token, and its arguments.
    pub token_command: Option<Setting<Vec<String>>>,
}

const KEYS: [&str; 6] = ["workspace", "user", "trust", "forges", "actions", "sources"];
const FORGE_KEYS: [&str; 3] = ["type", "api", "token-command"];

impl UserSettings {
    /// Reads the file. What is wrong in it is left out, and said.
    #[must_use]
    pub fn parse(text: &str, shown_path: &str) -> (Self, Vec<Diagnostic>) {
        let mut reading = Reading {
            file: Arc::new(SourceFile::new(
                Arc::from("user"),
                "",
                shown_path.as_bytes(),
            )),
            settings: Self::default(),
            problems: Vec::new(),
        };
        for document in yaml::parse(text) {
            for found in document.problems {
                reading.problem(found.span, found.message, found.help);
            }
            let root = document.tree.as_ref().and_then(crate::model::Tree::root);
            for (key, value) in root.iter().flat_map(|root| root.entries()) {
                reading.key(key, value);
            }
        }
        (reading.settings, reading.problems)
    }

    /// Whether the programs of a template may run without asking.
    #[must_use]
    pub fn trusts(&self, repository: &str, commit: Option<&str>) -> bool {
        let mut trusted = self.trust.iter();
        trusted.any(|setting| setting.value.covers(repository, commit))
    }

    /// The lines of `config show`.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut add = |key: String, value: String, origin: &Place| {
            let line = origin.span.map(|span| format!(":{}", span.line));
            entries.push(Entry {
                key: format!("[user] {key}"),
                value,
                origin: format!("{}{}", origin.file.path(), line.unwrap_or_default()),
            });
        };
        if let Some(Setting { value, origin }) = &self.workspace {
            add(
                "workspace".to_owned(),
                value.to_string_lossy().into_owned(),
                origin,
            );
        }
        if let Some(Setting { value, origin }) = &self.user {
            add("user".to_owned(), value.clone(), origin);
        }
        for Setting { value, origin } in &self.trust {
            add("trust".to_owned(), value.to_string(), origin);
        }
        for (host, forge) in &self.forges {
            if let Some(Setting { value, origin }) = &forge.kind {
                add(
                    format!("forges.{host}.type"),
                    value.name().to_owned(),
                    origin,
                );
            }
            if let Some(Setting { value, origin }) = &forge.api {
                add(format!("forges.{host}.api"), value.clone(), origin);
            }
            if let Some(Setting { value, origin }) = &forge.token_command {
                add(
                    format!("forges.{host}.token-command"),
                    value.join(" "),
                    origin,
                );
            }
        }
        for (action, Setting { value, origin }) in &self.actions {
            add(format!("actions.{action}"), value.join(" "), origin);
        }
        for (name, source) in &self.sources {
            for (key, value, origin) in source.entries() {
                add(format!("sources.{name}.{key}"), value, origin);
            }
        }
        entries
    }
}

/// The file while it is read.
pub(super) struct Reading {
    file: Arc<SourceFile>,
    pub(super) settings: UserSettings,
    problems: Vec<Diagnostic>,
}

impl Reading {
    fn key(&mut self, key: Node<'_>, value: Node<'_>) {
        match key.text() {
            "workspace" => match value.as_str() {
                Some(folder) => self.settings.workspace = Some(self.setting(folder.into(), value)),
                None => self.problem(value.span(), "\"workspace\" must be a path", None),
            },
            "user" => match value.as_str() {
                Some(user) => self.settings.user = Some(self.setting(user.to_owned(), value)),
                None => self.problem(
                    value.span(),
                    "\"user\" must be a name or an e-mail address",
                    None,
                ),
            },
            "trust" => self.trust(value),
            "forges" => {
                for (host, value) in self.mapping("forges", value) {
                    self.forge(&host.to_lowercase(), value);
                }
            }
            "actions" => {
                for (name, value) in self.mapping("actions", value) {
                    if let Some(command) = self.command(&format!("actions.{name}"), value) {
                        self.settings.actions.insert(name, command);
                    }
                }
            }
            "sources" => {
                for (name, value) in self.mapping("sources", value) {
                    self.source(&name, value);
                }
            }
            _ => self.unknown_key(key, &KEYS),
        }
    }

    fn trust(&mut self, value: Node<'_>) {
        let Some(all) = self.typed::<Vec<String>>(value) else {
            return;
        };
        for (text, item) in all.iter().zip(value.items()) {
            match TrustedTemplate::parse(text) {
                Ok(trusted) => {
                    let setting = self.setting(trusted, item);
                    self.settings.trust.push(setting);
                }
                Err(message) => {
                    let help = "write \"host/owner/name\", or \"host/owner/name@COMMIT\"";
                    self.problem(item.span(), message, Some(help.to_owned()));
                }
            }
        }
    }

    fn forge(&mut self, host: &str, value: Node<'_>) {
        let mut forge = UserForge::default();
        if value.is_mapping() {
            for (key, value) in value.entries() {
                match key.text() {
                    "type" => forge.kind = self.kind(value),
                    "api" => forge.api = self.api(&format!("forges.{host}.api"), value),
                    "token-command" => {
                        forge.token_command =
                            self.command(&format!("forges.{host}.token-command"), value);
                    }
                    _ => self.unknown_key(key, &FORGE_KEYS),
                }
            }
        } else {
            forge.kind = self.kind(value);
        }
        self.settings.forges.insert(host.to_owned(), forge);
    }

    fn kind(&mut self, value: Node<'_>) -> Option<Setting<ForgeKind>> {
        match forge(value.text()) {
            Ok(kind) => Some(self.setting(kind, value)),
            Err(message) => {
                self.problem(value.span(), message, None);
                None
            }
        }
    }

    pub(super) fn api(&mut self, key: &str, value: Node<'_>) -> Option<Setting<String>> {
        let url = url::Url::parse(value.text()).ok().filter(|url| {
            let has_credentials = !url.username().is_empty() || url.password().is_some();
            matches!(url.scheme(), "https" | "http") && !has_credentials
        });
        if url.is_none() {
            let help = "a token comes from \"token-command\", and is never part of the URL";
            let message = format!("\"{key}\" must be a URL without credentials");
            self.problem(value.span(), message, Some(help.to_owned()));
            return None;
        }
        Some(self.setting(value.text().to_owned(), value))
    }

    /// A program and its arguments, which no shell reads.
    pub(super) fn command(&mut self, key: &str, value: Node<'_>) -> Option<Setting<Vec<String>>> {
        let words = yaml::from_node::<Vec<String>>(value).ok();
        let words = words.filter(|words| words.first().is_some_and(|first| !first.is_empty()));
        if words.is_none() {
            let help = "write it as a list, as in [gh, auth, token]: no shell reads it";
            let message = format!("\"{key}\" must be a program and its arguments");
            self.problem(value.span(), message, Some(help.to_owned()));
        }
        words.map(|words| self.setting(words, value))
    }

    pub(super) fn mapping<'tree>(
        &mut self,
        key: &str,
        value: Node<'tree>,
    ) -> Vec<(String, Node<'tree>)> {
        if !value.is_mapping() && !value.is_null() {
            let found = value.kind().name();
            let message = format!("\"{key}\" must be a mapping, found {found}");
            self.problem(value.span(), message, None);
        }
        let entries = value.entries();
        entries
            .map(|(key, value)| (key.text().to_owned(), value))
            .collect()
    }

    pub(super) fn typed<T: DeserializeOwned>(&mut self, value: Node<'_>) -> Option<T> {
        yaml::from_node(value)
            .map_err(|error| self.problem(error.span, error.message, error.help))
            .ok()
    }

    pub(super) fn unknown_key(&mut self, key: Node<'_>, allowed: &[&str]) {
        let help = did_you_mean(key.text(), allowed.iter().copied())
            .map(|meant| format!("did you mean \"{meant}\"?"));
        self.problem(key.span(), format!("unknown key \"{}\"", key.text()), help);
    }

    pub(super) fn setting<T>(&self, value: T, node: Node<'_>) -> Setting<T> {
        Setting {
            value,
            origin: Place::span(Arc::clone(&self.file), node.span()),
        }
    }

    pub(super) fn problem(&mut self, span: Span, message: impl Into<String>, help: Option<String>) {
        let message = message.into();
        let problem = Diagnostic::new(&register::CONFIGURATION, message.clone())
            .subject(message)
            .at(Place::span(Arc::clone(&self.file), span));
        self.problems.push(Diagnostic { help, ..problem });
    }
}

#[cfg(test)]
mod tests {
    use super::UserSettings;

    #[test]
    fn programs_and_trust_are_read_with_their_places() {
        let text = "\
trust:
  - github.com/acme/templates
  - github.com/acme/*
forges:
  GitLab.Intern:
    type: gitlab
    api: https://gitlab.intern/api/v4
    token-command: [pass, show, gitlab]
  bad.intern: {api: 'https://u:p@x', token-command: pass show, tokn: x}
  plain.intern: gitea
actions:
  acme:provision: [/usr/local/bin/provision, --json]
  acme:empty: []
";
        let (settings, problems) = UserSettings::parse(text, "config.yaml");
        let entries = settings.entries();
        let lines = entries
            .iter()
            .map(|entry| format!("{} = {} ({})", entry.key, entry.value, entry.origin));
        assert_eq!(
            lines.collect::<Vec<_>>(),
            [
                "[user] trust = github.com/acme/templates (config.yaml:2)",
                "[user] forges.gitlab.intern.type = gitlab (config.yaml:6)",
                "[user] forges.gitlab.intern.api = https://gitlab.intern/api/v4 (config.yaml:7)",
                "[user] forges.gitlab.intern.token-command = pass show gitlab (config.yaml:8)",
                "[user] forges.plain.intern.type = gitea (config.yaml:10)",
                "[user] actions.acme:provision = /usr/local/bin/provision --json (config.yaml:12)",
            ]
        );
        let messages = problems.iter().map(|problem| problem.message.as_str());
        assert_eq!(
            messages.collect::<Vec<_>>(),
            [
                "\"github.com/acme/*\" is not \"host/owner/name\"",
                "\"forges.bad.intern.api\" must be a URL without credentials",
                "\"forges.bad.intern.token-command\" must be a program and its arguments",
                "unknown key \"tokn\"",
                "\"actions.acme:empty\" must be a program and its arguments",
            ]
        );
        assert!(settings.trusts("github.com/acme/templates", None));
        assert!(!settings.trusts("github.com/acme/other", None));
    }
}
