//! An API of the user's own that answers with JSON: cost, inventory, anything.
//!
//! Where it is and what its answers mean is said in the user's own configuration. Values of
//! entities are encoded where they stand in the URL, so that none of them changes whom it asks.

use serde_json::Value;
use url::Url;

use super::placeholder::{Pattern, Values};
use super::{Answer, AskContext, CollectError, Connection, Source, Target, TargetRequest, encoded};
use crate::config::HttpJsonSettings;
use crate::fact::{Observation, Register, ValueType};
use crate::model::Entity;

/// An API of the user's own.
pub struct HttpJson<'a> {
    name: &'a str,
    settings: &'a HttpJsonSettings,
    register: &'a Register,
    url: Pattern,
    connection: Connection,
}

impl<'a> HttpJson<'a> {
    /// Puts the source together.
    ///
    /// # Errors
    /// When its URL cannot be understood.
    pub fn new(
        name: &'a str,
        settings: &'a HttpJsonSettings,
        register: &'a Register,
        connection: impl FnOnce(String) -> Connection,
    ) -> Result<Self, String> {
        let text = settings.url.value.as_str();
        let url = Pattern::parse(text)?;
        Ok(Self {
            name,
            settings,
            register,
            url,
            connection: connection(origin(text)?),
        })
    }

    fn target(&self, entity: &Entity, environment: Option<&str>) -> Option<Target> {
        let values = Values {
            entity,
            environment: environment.unwrap_or_default(),
        };
        let (what, text) = match self.url.fill(values, &harmless)? {
            Ok(url) => ("url", url),
            Err(error) => ("error", error),
        };
        let reference = entity.reference();
        let place = environment.map_or_else(String::new, |place| format!(" in {place}"));
        let mut target = Target {
            label: format!("{reference}{place}"),
            parameters: [(what, text)].into(),
            entities: vec![reference.clone()],
        };
        if let Some(environment) = environment {
            target
                .parameters
                .insert("environment", environment.to_owned());
        }
        Some(target)
    }

    /// A value of the answer, as the declaration of the fact wants it.
    fn value(&self, fact: &str, found: &Value) -> Option<Value> {
        let declaration = self.register.declaration(fact);
        let is_number = declaration.is_some_and(|it| it.value_type == ValueType::Number);
        match found {
            Value::Null => None,
            // Amounts of money are texts in many an API.
            Value::String(text) if is_number => {
                let number = serde_json::from_str(text.trim()).ok();
                Some(
                    number
                        .filter(Value::is_number)
                        .unwrap_or_else(|| found.clone()),
                )
            }
            other => Some(other.clone()),
        }
    }
}

impl Source for HttpJson<'_> {
    fn name(&self) -> &str {
        self.name
    }

    fn host(&self) -> String {
        self.connection.host()
    }

    fn targets(&self, request: &TargetRequest<'_>) -> Vec<Target> {
        let wanted = self.settings.annotation.as_deref();
        let entities = request.entities().filter(|entity| match wanted {
            Some(annotation) => entity.annotation(annotation).is_some(),
            None => entity.kind().eq_ignore_ascii_case("component"),
        });
        let mut targets = Vec::new();
        for entity in entities {
            if self.url.has_environment() {
                let environments = request.environments.iter();
                targets.extend(environments.filter_map(|it| self.target(entity, Some(it))));
            } else {
                targets.extend(self.target(entity, None));
            }
        }
        targets
    }

    fn ask(&self, target: &Target, _context: &AskContext<'_>) -> Answer {
        let error = target.parameter("error");
        if !error.is_empty() {
            return Answer::failed(CollectError::failed(error));
        }
        let mut answer = Answer::default();
        let Some(page) = answer.keep(self.connection.get(target.parameter("url"))) else {
            return answer;
        };
        for (fact, path) in &self.settings.facts {
            let Some(found) = at(&page.body, path) else {
                let message = format!("the answer has nothing at \"{path}\"");
                answer.errors.push(CollectError::failed(message));
                continue;
            };
            let Some(value) = self.value(fact, found) else {
                continue;
            };
            let mut observation = Observation::new(fact.clone(), value);
            let environment = target.parameter("environment");
            if !environment.is_empty() {
                observation = observation.in_environment(environment);
            }
            answer.add(observation);
        }
        answer
    }

    fn redact(&self, text: &str) -> String {
        self.connection.redact(text)
    }
}

/// What is at a JSON Pointer (`/total/0/amount`), or at the same with dots (`total.0.amount`).
fn at<'a>(answer: &'a Value, path: &str) -> Option<&'a Value> {
    if path.is_empty() || path.starts_with('/') {
        return answer.pointer(path);
    }
    let mut steps = path.split('.');
    steps.try_fold(answer, |value, step| match value {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        other => other.get(step),
    })
}

/// The part of a URL that no placeholder may touch.
fn origin(text: &str) -> Result<String, String> {
    let none = || {
        format!(
            "\"{text}\" is no URL of an API: its host stands before any placeholder, and no credentials do"
        )
    };
    let (scheme, rest) = text.split_once("://").ok_or_else(none)?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let origin = format!("{scheme}://{host}");
    let url = Url::parse(&origin).map_err(|_| none())?;
    let is_plain = !host.contains(['{', '}', '@', '\\']) && url.host().is_some();
    is_plain.then_some(origin).ok_or_else(none)
}

/// A value of an entity as part of a path or query, and never as a step upwards.
fn harmless(_before: &str, value: &str) -> Result<String, String> {
    if value.bytes().all(|byte| byte == b'.') {
        return Err(format!("\"{value}\" cannot be a part of the URL"));
    }
    Ok(encoded(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{at, harmless, origin};

    #[test]
    fn values_are_found_by_pointer_and_by_dots() {
        let answer = json!({"total": [{"amount": 7, "a.b": 8}]});
        assert_eq!(at(&answer, "/total/0/amount"), Some(&json!(7)));
        assert_eq!(at(&answer, "total.0.amount"), Some(&json!(7)));
        assert_eq!(at(&answer, "/total/0/a.b"), Some(&json!(8)));
        assert_eq!(at(&answer, "total.1.amount"), None);
        assert_eq!(at(&answer, "total.amount"), None);
    }

    #[test]
    fn no_entity_chooses_the_host() {
        assert_eq!(
            origin("https://a.example/{{ name }}").as_deref(),
            Ok("https://a.example")
        );
        assert_eq!(
            origin("http://[::1]:80?x").as_deref(),
            Ok("http://[::1]:80")
        );
        for url in [
            "https://{{ name }}.example/",
            "https://a.example{{ name }}",
            "https://user:secret@a.example/",
            "https://a.example\\{{ name }}",
            "{{ name }}",
            "https:///x",
        ] {
            assert!(origin(url).is_err(), "{url}");
        }
        assert_eq!(
            harmless("", "a/../b?c=d#e&@").as_deref(),
            Ok("a%2F..%2Fb%3Fc%3Dd%23e%26%40")
        );
        assert!(harmless("", "..").is_err());
    }
}
