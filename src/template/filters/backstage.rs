//! Filters that Backstage adds.

use minijinja::{Error, State, Value};
use url::Url;

use super::Arguments;
use crate::template::functions::member;
use crate::template::javascript::{fields, refuse, text, text_or_empty};
use crate::template::value::object;

type Result<T> = std::result::Result<T, Error>;

/// A repository as `RepoUrlPicker` writes it: `github.com?owner=o&repo=r`.
struct RepositoryUrl {
    host: String,
    parts: Vec<(&'static str, Option<String>)>,
}

impl RepositoryUrl {
    fn parse(written: &str) -> Result<Self> {
        let url = Url::parse(&format!("https://{written}"));
        let url = url.map_err(|error| {
            refuse(format!(
                "\"{}\" is no repository URL: {error}",
                written.escape_debug()
            ))
        })?;
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => String::new(),
        };
        let parts = ["owner", "repo", "organization", "workspace", "project"].map(|name| {
            let value = url.query_pairs().find(|(it, _)| it == name);
            (name, value.map(|(_, value)| value.into_owned()))
        });
        let repository = Self {
            host,
            parts: parts.into(),
        };
        repository.check(written)?;
        Ok(repository)
    }

    fn get(&self, name: &str) -> Option<&str> {
        let part = self.parts.iter().find(|(it, _)| *it == name);
        part.and_then(|(_, value)| value.as_deref())
    }

    /// Every kind of host has parts that it needs. The kind is told by the name.
    fn check(&self, written: &str) -> Result<()> {
        let host = self.host.as_str();
        let needed: &[&str] = if host == "bitbucket.org" {
            &["workspace", "project", "repo"]
        } else if host.ends_with("azure.com")
            || host.ends_with("visualstudio.com")
            || host.contains("bitbucket")
        {
            &["project", "repo"]
        } else if host.contains("gitea") || host.contains("gerrit") {
            &["repo"]
        } else if host.contains("gitlab") && self.get("project").is_some() {
            &[]
        } else {
            &["owner", "repo"]
        };
        let missing = needed
            .iter()
            .find(|name| self.get(name).is_none_or(str::is_empty));
        match missing {
            None => Ok(()),
            Some(name) => Err(refuse(format!(
                "the repository URL \"{}\" has no \"{name}\"",
                written.escape_debug()
            ))),
        }
    }
}

pub(super) fn parse_repo_url(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    let url = RepositoryUrl::parse(&text_or_empty(value)?)?;
    let host = [("host", Value::from(url.host.as_str()))];
    let parts = url.parts.iter().map(|(name, value)| {
        (
            *name,
            value.as_deref().map_or(Value::UNDEFINED, Value::from),
        )
    });
    Ok(object(host.into_iter().chain(parts)))
}

pub(super) fn project_slug(_: &State<'_, '_>, value: &Value, _: &Arguments<'_>) -> Result<Value> {
    let url = RepositoryUrl::parse(&text_or_empty(value)?)?;
    // JavaScript prints what is not there, and so do existing templates.
    let part = |name: &str| url.get(name).unwrap_or("undefined");
    Ok(Value::from(format!("{}/{}", part("owner"), part("repo"))))
}

pub(super) fn parse_entity_ref(
    _: &State<'_, '_>,
    value: &Value,
    arguments: &Arguments<'_>,
) -> Result<Value> {
    let written = text_or_empty(value)?;
    let defaults = arguments.get(0, "context");
    let default = |name: &str| {
        let value = fields(&defaults).and_then(|it| it.get(name));
        value.and_then(|it| it.as_str().map(str::to_owned))
    };
    let colon = written.find(':');
    let slash = written.find('/');
    let (kind, rest) = match (colon, slash) {
        (Some(colon), slash) if slash.is_none_or(|it| colon < it) => (
            written.get(..colon),
            written.get(colon + 1..).unwrap_or_default(),
        ),
        _ => (None, written.as_ref()),
    };
    let (namespace, name) = match rest.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, rest),
    };
    if kind == Some("") || namespace == Some("") || name.is_empty() {
        let message = format!(
            "\"{}\" is no entity reference: [<kind>:][<namespace>/]<name>",
            written.escape_debug()
        );
        return Err(refuse(message));
    }
    let kind = kind.map(str::to_owned).or_else(|| default("defaultKind"));
    let Some(kind) = kind else {
        let message = format!(
            "the entity reference \"{}\" has no kind",
            written.escape_debug()
        );
        return Err(refuse(message));
    };
    let namespace = namespace
        .map(str::to_owned)
        .or_else(|| default("defaultNamespace"));
    let namespace = namespace.unwrap_or_else(|| "default".to_owned());
    Ok(object([
        ("kind", Value::from(kind)),
        ("namespace", Value::from(namespace)),
        ("name", Value::from(name)),
    ]))
}

/// A field by its path: `a.b[0]`.
pub(super) fn pick(_: &State<'_, '_>, value: &Value, arguments: &Arguments<'_>) -> Result<Value> {
    let path = arguments.get(0, "path");
    let path = text(&path)?;
    if let Some(found) = fields(value).and_then(|it| it.get(&path)) {
        return Ok(found.clone());
    }
    let mut value = value.clone();
    for name in path.split(['.', '[', ']']).filter(|it| !it.is_empty()) {
        value = member(&value, &Value::from(name.trim_matches(['"', '\''])))?;
    }
    Ok(value)
}
