//! The lines of `config show` that a `devportal.yaml` makes.

use super::{Entry, Settings};
use crate::model::Place;

impl Settings {
    /// The lines of `config show`, each key with a prefix.
    pub(super) fn entries(&self, prefix: &str) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut add = |key: String, value: String, origin: &Place| {
            let line = origin
                .span
                .map(|span| format!(":{}", span.line))
                .unwrap_or_default();
            entries.push(Entry {
                key: format!("{prefix}{key}"),
                value,
                origin: format!("{}{line}", origin.file.path()),
            });
        };
        if let Some(setting) = &self.organisation {
            add(
                "organisation".to_owned(),
                setting.value.clone(),
                &setting.origin,
            );
        }
        if let Some(setting) = &self.repositories {
            add(
                "repositories".to_owned(),
                setting.value.join(", "),
                &setting.origin,
            );
        }
        for (host, setting) in &self.forges {
            add(
                format!("forges.{host}"),
                setting.value.name().to_owned(),
                &setting.origin,
            );
        }
        if let Some(setting) = &self.as_of {
            add(
                "checks.as-of".to_owned(),
                format!("{}.{}", setting.value.0, setting.value.1),
                &setting.origin,
            );
        }
        for (code, setting) in &self.checks {
            let locked = if setting.value.locked {
                " (locked)"
            } else {
                ""
            };
            add(
                format!("checks.{code}"),
                format!("{}{locked}", setting.value.severity),
                &setting.origin,
            );
        }
        for (kind, setting) in &self.kinds {
            add(
                format!("kinds.{kind}"),
                setting
                    .value
                    .clone()
                    .unwrap_or_else(|| "no schema".to_owned()),
                &setting.origin,
            );
        }
        if let Some(setting) = &self.default_rules {
            let value = if setting.value { "default" } else { "all" };
            add(
                "backstage.rules".to_owned(),
                value.to_owned(),
                &setting.origin,
            );
        }
        if let Some(setting) = &self.alpha {
            add(
                "backstage.alpha".to_owned(),
                setting.value.to_string(),
                &setting.origin,
            );
        }
        if let Some(setting) = &self.descriptors {
            add(
                "descriptors".to_owned(),
                setting.value.join(", "),
                &setting.origin,
            );
        }
        if let Some(setting) = &self.baseline {
            add(
                "baseline".to_owned(),
                setting.value.clone(),
                &setting.origin,
            );
        }
        entries
    }
}
