//! One `devportal.yaml`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::user_source::KEYS as USER_KEYS;
use super::{FactSettings, Setting, SourceSettings, forge};
use crate::diagnostic::{Diagnostic, Severity, did_you_mean, parse_version, register};
use crate::model::{ForgeKind, Moment, Node, Place, SourceFile, Span};
use crate::yaml;

/// What a `devportal.yaml` says.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The file.
    pub place: Option<Place>,
    /// `organisation`: the name of the organisation, which makes this the catalog repository.
    pub organisation: Option<Setting<String>>,
    /// `repositories`: folders and patterns, relative to the file.
    pub repositories: Option<Setting<Vec<String>>>,
    /// `forges`: what runs on which host.
    pub forges: BTreeMap<String, Setting<ForgeKind>>,
    /// `checks`: how bad each code is.
    pub checks: BTreeMap<String, Setting<CheckSetting>>,
    /// `checks.as-of`: the version whose defaults hold.
    pub as_of: Option<Setting<(u32, u32)>>,
    /// `kinds`: custom kinds, each with the path of its JSON Schema where there is one.
    pub kinds: BTreeMap<String, Setting<Option<String>>>,
    /// `backstage.rules`: whether the kinds that Backstage's default rules refuse are reported.
    pub default_rules: Option<Setting<bool>>,
    /// `backstage.alpha`: whether Backstage's alpha models are accepted.
    pub alpha: Option<Setting<bool>>,
    /// `descriptors`: patterns of further descriptors.
    pub descriptors: Option<Setting<Vec<String>>>,
    /// `baseline`: the file of findings that are accepted.
    pub baseline: Option<Setting<String>>,
    /// `now`: the moment that is taken for now, as in a sample whose history has ended.
    pub now: Option<Setting<Moment>>,
    /// `scorecards`: those of devportal's own that count.
    pub scorecards: Option<Setting<Vec<String>>>,
    /// `environments`, `bots`, `imports`, `facts`, `sources`: what is said about facts.
    pub facts: FactSettings,
}

/// How bad a code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckSetting {
    /// The severity.
    pub severity: Severity,
    /// Whether repositories cannot change it.
    pub locked: bool,
}

const KEYS: [&str; 15] = [
    "organisation",
    "repositories",
    "forges",
    "checks",
    "kinds",
    "backstage",
    "descriptors",
    "baseline",
    "scorecards",
    "now",
    "environments",
    "bots",
    "imports",
    "facts",
    "sources",
];

impl Settings {
    /// Reads a file. What is wrong in it is left out, and said.
    #[must_use]
    pub fn parse(text: &str, file: &Arc<SourceFile>, codes: &[&str]) -> (Self, Vec<Diagnostic>) {
        let mut reading = Reading {
            file,
            codes,
            settings: Self::default(),
            problems: Vec::new(),
        };
        reading.settings.place = Some(Place::file(Arc::clone(file)));
        for document in yaml::parse(text) {
            for problem in document.problems {
                reading.problem(problem.span, problem.message, problem.help);
            }
            match document.tree.as_ref().and_then(crate::model::Tree::root) {
                Some(root) if root.is_mapping() => reading.root(root),
                Some(root) if !root.is_null() => {
                    reading.problem(
                        root.span(),
                        "the configuration must be a mapping".to_owned(),
                        None,
                    );
                }
                _ => {}
            }
        }
        (reading.settings, reading.problems)
    }

    /// These settings where they are set, else the others.
    pub(super) fn before(self, other: Self) -> Self {
        let mut forges = other.forges;
        forges.extend(self.forges);
        let mut checks = other.checks;
        checks.extend(self.checks);
        let mut kinds = other.kinds;
        kinds.extend(self.kinds);
        Self {
            place: self.place.or(other.place),
            organisation: self.organisation.or(other.organisation),
            repositories: self.repositories.or(other.repositories),
            forges,
            checks,
            as_of: self.as_of.or(other.as_of),
            kinds,
            default_rules: self.default_rules.or(other.default_rules),
            alpha: self.alpha.or(other.alpha),
            descriptors: self.descriptors.or(other.descriptors),
            baseline: self.baseline.or(other.baseline),
            scorecards: self.scorecards.or(other.scorecards),
            now: self.now.or(other.now),
            facts: self.facts.before(other.facts),
        }
    }

    /// The settings of a repository's own file that only the catalog repository can make.
    pub(super) fn only_for_organisation(&self) -> Vec<Diagnostic> {
        let forges = self
            .forges
            .values()
            .next()
            .map(|setting| ("forges", &setting.origin));
        let kinds = self
            .kinds
            .values()
            .next()
            .map(|setting| ("kinds", &setting.origin));
        let rules = self
            .default_rules
            .as_ref()
            .map(|setting| ("backstage.rules", &setting.origin));
        let alpha = self
            .alpha
            .as_ref()
            .map(|setting| ("backstage.alpha", &setting.origin));
        let as_of = self
            .as_of
            .as_ref()
            .map(|setting| ("checks.as-of", &setting.origin));
        let now = self.now.as_ref().map(|setting| ("now", &setting.origin));
        let scorecards = self
            .scorecards
            .as_ref()
            .map(|setting| ("scorecards", &setting.origin));
        let found = [forges, kinds, rules, alpha, as_of, scorecards, now]
            .into_iter()
            .flatten();
        let found = found.chain(self.facts.only_for_organisation());
        found
            .map(|(key, place)| {
                Diagnostic::new(
                    &register::CONFIGURATION,
                    format!("\"{key}\" is left out: this is not the catalog repository"),
                )
                .help("only the devportal.yaml with \"organisation\" may set it")
                .subject(key)
                .at(place.clone())
            })
            .collect()
    }
}

/// A file while it is read.
struct Reading<'a> {
    file: &'a Arc<SourceFile>,
    codes: &'a [&'a str],
    settings: Settings,
    problems: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn root(&mut self, root: Node<'_>) {
        for (key, value) in root.entries() {
            match key.text() {
                "organisation" => self.settings.organisation = self.text(value),
                "repositories" => self.settings.repositories = self.texts(value),
                "forges" => self.forges(value),
                "checks" => self.checks(value),
                "kinds" => self.kinds(value),
                "backstage" => self.backstage(value),
                "descriptors" => self.settings.descriptors = self.texts(value),
                "baseline" => self.settings.baseline = self.text(value),
                "now" => self.now(value),
                "scorecards" => self.settings.scorecards = self.texts(value),
                "environments" => self.settings.facts.environments = self.texts(value),
                "bots" => self.settings.facts.bots = self.texts(value),
                "imports" => self.settings.facts.imports = self.typed(value),
                "facts" => self.settings.facts.declared = self.each(value),
                "sources" => self.sources(value),
                name @ ("trust" | "actions") => self.only_for_user(key, name),
                _ => self.unknown_key(key, &KEYS),
            }
        }
    }

    fn forges(&mut self, value: Node<'_>) {
        for (host, value) in self.mapping(value) {
            let value = if value.is_mapping() {
                for (key, _) in value.entries() {
                    match key.text() {
                        "type" => {}
                        "api" | "token-command" => {
                            self.only_for_user(key, &format!("forges.{host}.{}", key.text()));
                        }
                        _ => self.unknown_key(key, &["type"]),
                    }
                }
                let Some(kind) = value.get("type") else {
                    continue;
                };
                kind
            } else {
                value
            };
            let Some(name) = self.text(value) else {
                continue;
            };
            match forge(&name.value) {
                Ok(kind) => {
                    self.settings.forges.insert(
                        host,
                        Setting {
                            value: kind,
                            origin: name.origin,
                        },
                    );
                }
                Err(message) => self.problem(value.span(), message, None),
            }
        }
    }

    /// What is asked of sources. Where they are, and what is run, is for no repository to say.
    fn sources(&mut self, value: Node<'_>) {
        for (name, value) in self.mapping(value) {
            let mut settings = SourceSettings::default();
            for (key, value) in value.entries() {
                match key.text() {
                    "queries" => {
                        let queries = self.typed(value);
                        settings.queries = queries.map_or_else(BTreeMap::new, |it| it.value);
                    }
                    known if USER_KEYS.contains(&known) => {
                        self.only_for_user(key, &format!("sources.{name}.{known}"));
                    }
                    _ => self.unknown_key(key, &["queries"]),
                }
            }
            let setting = Setting {
                value: settings,
                origin: self.place(value.span()),
            };
            self.settings.facts.sources.insert(name, setting);
        }
    }

    fn checks(&mut self, value: Node<'_>) {
        for (key, value) in value.entries() {
            let code = key.text();
            if code == "as-of" {
                self.as_of(value);
            } else if self.codes.contains(&code) {
                self.check(code, value);
            } else {
                let meant = did_you_mean(code, self.codes.iter().copied());
                let help = meant.map(|meant| format!("did you mean \"{meant}\"?"));
                let help =
                    help.or_else(|| Some("\"devportal explain\" lists all codes".to_owned()));
                self.problem(key.span(), format!("there is no check \"{code}\""), help);
            }
        }
    }

    fn check(&mut self, code: &str, value: Node<'_>) {
        let (severity, locked) = if value.is_mapping() {
            for (key, _) in value
                .entries()
                .filter(|(key, _)| !["severity", "locked"].contains(&key.text()))
            {
                self.unknown_key(key, &["severity", "locked"]);
            }
            (
                value.get("severity"),
                value.get("locked").and_then(Node::as_bool).unwrap_or(false),
            )
        } else {
            (Some(value), false)
        };
        let Some(severity) = severity else {
            return self.problem(
                value.span(),
                format!("\"checks.{code}\" has no \"severity\""),
                None,
            );
        };
        match severity.text().parse::<Severity>() {
            Ok(severity) => {
                let value = Setting {
                    value: CheckSetting { severity, locked },
                    origin: self.place(value.span()),
                };
                self.settings.checks.insert(code.to_owned(), value);
            }
            Err(message) => self.problem(severity.span(), message, None),
        }
    }

    fn as_of(&mut self, value: Node<'_>) {
        match parse_version(value.text()) {
            Some(version) => {
                self.settings.as_of = Some(Setting {
                    value: version,
                    origin: self.place(value.span()),
                });
            }
            None => self.problem(
                value.span(),
                format!("\"{}\" is no version", value.text()),
                Some("write it as \"0.1\"".to_owned()),
            ),
        }
    }

    fn now(&mut self, value: Node<'_>) {
        match Moment::parse(value.text()) {
            time @ Moment::Time(_) => {
                self.settings.now = Some(Setting {
                    value: time,
                    origin: self.place(value.span()),
                });
            }
            _ => self.problem(
                value.span(),
                format!("\"{}\" is no date and no time", value.text()),
                Some("write it as \"2026-03-31\"".to_owned()),
            ),
        }
    }

    fn kinds(&mut self, value: Node<'_>) {
        for (kind, value) in self.mapping(value) {
            let origin = self.place(value.span());
            for (key, _) in value.entries().filter(|(key, _)| key.text() != "schema") {
                self.unknown_key(key, &["schema"]);
            }
            let schema = value.str_at("schema").map(str::to_owned);
            self.settings.kinds.insert(
                kind,
                Setting {
                    value: schema,
                    origin,
                },
            );
        }
    }

    fn backstage(&mut self, value: Node<'_>) {
        for (key, value) in value.entries() {
            let origin = self.place(value.span());
            match (key.text(), value.text(), value.as_bool()) {
                ("rules", "default", _) => {
                    let refused = CheckSetting {
                        severity: Severity::Error,
                        locked: false,
                    };
                    let setting = Setting {
                        value: refused,
                        origin: origin.clone(),
                    };
                    self.settings
                        .checks
                        .entry("kind-not-allowed".to_owned())
                        .or_insert(setting);
                    self.settings.default_rules = Some(Setting {
                        value: true,
                        origin,
                    });
                }
                ("rules", "all", _) => {
                    self.settings.default_rules = Some(Setting {
                        value: false,
                        origin,
                    });
                }
                ("rules", ..) => self.problem(
                    value.span(),
                    "\"backstage.rules\" is \"default\" or \"all\"".to_owned(),
                    None,
                ),
                ("alpha", _, Some(alpha)) => {
                    self.settings.alpha = Some(Setting {
                        value: alpha,
                        origin,
                    });
                }
                ("alpha", ..) => self.problem(
                    value.span(),
                    "\"backstage.alpha\" is true or false".to_owned(),
                    None,
                ),
                _ => self.unknown_key(key, &["rules", "alpha"]),
            }
        }
    }

    fn mapping<'tree>(&mut self, value: Node<'tree>) -> Vec<(String, Node<'tree>)> {
        if !value.is_mapping() && !value.is_null() {
            self.problem(
                value.span(),
                format!("expected a mapping, found {}", value.kind().name()),
                None,
            );
        }
        value
            .entries()
            .map(|(key, value)| (key.text().to_owned(), value))
            .collect()
    }

    fn each<T: serde::de::DeserializeOwned>(
        &mut self,
        value: Node<'_>,
    ) -> BTreeMap<String, Setting<T>> {
        let entries = self.mapping(value).into_iter();
        entries
            .filter_map(|(key, value)| Some((key, self.typed(value)?)))
            .collect()
    }

    fn text(&mut self, value: Node<'_>) -> Option<Setting<String>> {
        self.typed(value)
    }

    fn texts(&mut self, value: Node<'_>) -> Option<Setting<Vec<String>>> {
        self.typed(value)
    }

    fn typed<T: serde::de::DeserializeOwned>(&mut self, value: Node<'_>) -> Option<Setting<T>> {
        match yaml::from_node(value) {
            Ok(typed) => Some(Setting {
                value: typed,
                origin: self.place(value.span()),
            }),
            Err(error) => {
                self.problem(error.span, error.message, error.help);
                None
            }
        }
    }

    /// A key that names programs, URLs to call or whom to trust: whoever can commit to a
    /// repository must not be able to say that.
    fn only_for_user(&mut self, key: Node<'_>, name: &str) {
        self.problem(
            key.span(),
            format!("\"{name}\" is not allowed here"),
            Some("only your own configuration file may have it".to_owned()),
        );
    }

    fn unknown_key(&mut self, key: Node<'_>, allowed: &[&str]) {
        let help = match did_you_mean(key.text(), allowed.iter().copied()) {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None => format!("allowed: {}", allowed.join(", ")),
        };
        self.problem(
            key.span(),
            format!("unknown key \"{}\"", key.text()),
            Some(help),
        );
    }

    fn problem(&mut self, span: Span, message: String, help: Option<String>) {
        let problem = Diagnostic::new(&register::CONFIGURATION, message.clone())
            .subject(message)
            .at(self.place(span));
        self.problems.push(Diagnostic { help, ..problem });
    }

    fn place(&self, span: Span) -> Place {
        Place::span(Arc::clone(self.file), span)
    }
}
