//! Placeholders in queries and URLs: `{{ name }}`, `{{ annotations["KEY"] }}`.
//!
//! They are replaced once, by values that the caller makes harmless for where they stand. This is
//! no language of templates: there are no conditions, filters or loops.

use crate::model::Entity;

/// A text with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Name,
    Namespace,
    Kind,
    Environment,
    Annotation(String),
}

/// What stands for the placeholders.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) entity: &'a Entity,
    pub(super) environment: &'a str,
}

impl Pattern {
    /// Reads a text.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (inside, after) = after
                .split_once("}}")
                .ok_or_else(|| format!("a placeholder of \"{text}\" has no end"))?;
            parts.push(Part::Text(before.to_owned()));
            parts.push(Part::parse(inside.trim())?);
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self { parts })
    }

    /// Whether it differs from environment to environment.
    pub(super) fn has_environment(&self) -> bool {
        self.parts.contains(&Part::Environment)
    }

    /// The text for an entity; `None` when an annotation that it needs is not there. Each value
    /// passes through `harmless`, with what stands before it.
    pub(super) fn fill(
        &self,
        values: Values<'_>,
        harmless: &dyn Fn(&str, &str) -> Result<String, String>,
    ) -> Option<Result<String, String>> {
        let entity = values.entity;
        let mut filled = String::new();
        for part in &self.parts {
            let value = match part {
                Part::Text(text) => {
                    filled.push_str(text);
                    continue;
                }
                Part::Name => entity.name(),
                Part::Namespace => entity.namespace(),
                Part::Kind => entity.kind(),
                Part::Environment => values.environment,
                Part::Annotation(key) => {
                    let value = entity.annotation(key).map(str::trim);
                    value.filter(|value| !value.is_empty())?
                }
            };
            match harmless(&filled, value) {
                Ok(value) => filled.push_str(&value),
                Err(error) => return Some(Err(error)),
            }
        }
        Some(Ok(filled))
    }
}

impl Part {
    fn parse(text: &str) -> Result<Self, String> {
        Ok(match text {
            "name" => Self::Name,
            "namespace" => Self::Namespace,
            "kind" => Self::Kind,
            "environment" => Self::Environment,
            _ => {
                let key = text.strip_prefix("annotations[");
                let key = key.and_then(|key| key.strip_suffix(']'));
                let quoted = |quote| {
                    let key = key?.strip_prefix(quote)?;
                    key.strip_suffix(quote)
                };
                let key = quoted('"').or_else(|| quoted('\'')).ok_or_else(|| {
                    format!(
                        "\"{{{{ {text} }}}}\" is no placeholder: use name, namespace, kind, environment or annotations[\"KEY\"]"
                    )
                })?;
                Self::Annotation(key.to_owned())
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn what_is_no_placeholder_is_said() {
        for text in [
            "a {{ nam }}",
            "{{ name | upper }}",
            "{{ annotations[a] }}",
            "{{ annotations[\"a] }}",
            "{{ name",
        ] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
        for text in ["", "plain {x}", "{{name}} {{ annotations['a/b'] }}"] {
            assert!(Pattern::parse(text).is_ok(), "{text}");
        }
    }
}
