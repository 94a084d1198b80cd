//! Prometheus: availability, error budgets and latency, by queries.
//!
//! Written from the documentation of its HTTP API, version 1, of Prometheus 3
//! (<https://prometheus.io/docs/prometheus/latest/querying/api/>): instant queries. Not yet run
//! against a server of the project.

use serde_json::Value;

use super::answer::{list, missing, number as in_json, text};
use super::placeholder::{Pattern, Values};
use super::{
    Answer, AskContext, Authorization, CollectError, Connection, Connector, Target, TargetRequest,
    encoded,
};
use crate::fact::{Dimensions, Observation};
use crate::model::Entity;

pub(super) const CONNECTOR: Connector = Connector {
    name: "prometheus",
    about: "availability, error budgets and latency, by the HTTP API v1 of Prometheus (https://prometheus.io/docs/prometheus/latest/querying/api/)",
    annotations: &[
        RULE,
        "prometheus.io/availability",
        "prometheus.io/error-budget",
    ],
    gives: &[
        "availability",
        "error-budget.remaining",
        "latency.p95",
        "slo.objective",
        "slo.met",
    ],
    api: "",
    api_variable: "PROMETHEUS_URL",
    token_variables: &["PROMETHEUS_TOKEN"],
    authorization: Authorization::Scheme("Bearer"),
    targets,
    ask,
};

/// Recording rules, as the plugin of Backstage has them: `RULE|LABEL,RULE|LABEL`.
const RULE: &str = "prometheus.io/rule";
/// Annotations that hold a query of their own.
const QUERIES: [(&str, &str); 2] = [
    ("prometheus.io/availability", "availability"),
    ("prometheus.io/error-budget", "error-budget.remaining"),
];
/// What is in the name of a recording rule that gives a fact.
const RULES: [(&str, &str); 2] = [
    ("availability", "availability"),
    ("error_budget", "error-budget.remaining"),
];
/// The labels that tell facts of one name apart.
const DIMENSIONS: [&str; 2] = ["environment", "region"];
/// The server gives up then.
const SERVER_SECONDS: u32 = 30;

fn targets(request: &TargetRequest<'_>) -> Vec<Target> {
    let mut targets = Vec::new();
    for entity in request.entities() {
        for (annotation, fact) in QUERIES {
            if let Some(query) = entity.annotation(annotation) {
                targets.push(target(entity, fact, ("query", query), None));
            }
        }
        for (fact, rule) in rules(entity) {
            targets.push(target(entity, fact, ("query", rule), None));
        }
        if entity.kind().eq_ignore_ascii_case("component") || is_annotated(entity) {
            for (fact, query) in &request.settings.queries {
                by_setting(request, entity, (fact, query), &mut targets);
            }
        }
    }
    targets
}

fn is_annotated(entity: &Entity) -> bool {
    let mut annotations = entity.annotations();
    annotations.any(|(name, _)| name.starts_with("prometheus.io/"))
}

/// The recording rules of an entity that give a fact.
fn rules(entity: &Entity) -> impl Iterator<Item = (&'static str, &str)> {
    let rules = entity.annotation(RULE).unwrap_or_default().split(',');
    rules.filter_map(|rule| {
        let name = rule.split('|').next()?.trim();
        // A query in this place has commas and bars of its own, which no split leaves whole.
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_:".contains(&byte);
        let is_name = !name.is_empty() && name.bytes().all(is_name);
        let mut known = RULES.iter();
        let (_, fact) = known.find(|(part, _)| is_name && name.contains(part))?;
        Some((*fact, name))
    })
}

/// What the organisation asks for of every component.
fn by_setting(
    request: &TargetRequest<'_>,
    entity: &Entity,
    (fact, query): (&str, &str),
    targets: &mut Vec<Target>,
) {
    let pattern = match Pattern::parse(query) {
        Ok(pattern) => pattern,
        Err(error) => {
            targets.push(target(entity, fact, ("error", &error), None));
            return;
        }
    };
    let all = request.environments.iter();
    let environments: Vec<Option<&str>> = if pattern.has_environment() {
        all.map(|environment| Some(environment.as_str())).collect()
    } else {
        vec![None]
    };
    for environment in environments {
        let values = Values {
            entity,
            environment: environment.unwrap_or_default(),
        };
        match pattern.fill(values, &harmless) {
            None => {}
            Some(Ok(query)) => {
                targets.push(target(entity, fact, ("query", &query), environment));
            }
            Some(Err(error)) => {
                targets.push(target(entity, fact, ("error", &error), environment));
            }
        }
    }
}

fn target(
    entity: &Entity,
    fact: &str,
    (what, text): (&'static str, &str),
    environment: Option<&str>,
) -> Target {
    let reference = entity.reference();
    let place = environment.map_or_else(String::new, |environment| format!(" in {environment}"));
    let mut target = Target {
        label: format!("{fact} of {reference}{place}"),
        entities: vec![reference.clone()],
        parameters: [("fact", fact.to_owned()), (what, text.to_owned())].into(),
    };
    if let Some(environment) = environment {
        target
            .parameters
            .insert("environment", environment.to_owned());
    }
    target
}

/// A value as `PromQL` can have it where it stands: within quotes it is escaped, elsewhere it is a
/// name or nothing.
fn harmless(before: &str, value: &str) -> Result<String, String> {
    match open_quote(before) {
        Some('`') if !value.contains('`') => Ok(value.to_owned()),
        Some('"' | '\'') => Ok(value
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\'', "\\'")
            .replace('\n', "\\n")
            .replace('\r', "\\r")),
        None if value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') =>
        {
            Ok(value.to_owned())
        }
        _ => Err(format!(
            "\"{value}\" cannot stand in the query where it would: write the placeholder in quotes"
        )),
    }
}

/// The quote in which a query ends.
fn open_quote(query: &str) -> Option<char> {
    let mut open = None;
    let mut is_escaped = false;
    for c in query.chars() {
        match open {
            Some(_) if is_escaped => is_escaped = false,
            Some('"' | '\'') if c == '\\' => is_escaped = true,
            Some(quote) if c == quote => open = None,
            None if matches!(c, '"' | '\'' | '`') => open = Some(c),
            _ => {}
        }
    }
    open
}

fn ask(connection: &Connection, target: &Target, _context: &AskContext<'_>) -> Answer {
    let error = target.parameter("error");
    if !error.is_empty() {
        return Answer::failed(CollectError::failed(error));
    }
    let mut answer = Answer::default();
    let query = target.parameter("query");
    let path = format!(
        "/api/v1/query?query={}&timeout={SERVER_SECONDS}s",
        encoded(query)
    );
    let Some(page) = answer.keep(connection.get(&path)) else {
        return answer;
    };
    if page.body["status"] != "success" {
        let said = page.body["error"].as_str().unwrap_or("no reason is given");
        let message = format!("the query failed: {}", connection.redact(said));
        answer.errors.push(CollectError::failed(message));
        return answer;
    }
    for warning in page.body["warnings"].as_array().into_iter().flatten() {
        let warning = connection.redact(warning.as_str().unwrap_or_default());
        let message = format!("the answer may not be all: {warning}");
        answer.errors.push(CollectError::failed(message));
    }
    let Some(samples) = answer.keep(samples(&page.body["data"])) else {
        return answer;
    };
    let page = format!(
        "{}/graph?g0.expr={}&g0.tab=1",
        connection.api(),
        encoded(query)
    );
    observe(target, samples, &page, &mut answer);
    answer
}

/// A value, and the labels of its series.
type Sample<'a> = (Option<&'a Value>, &'a str);

fn samples(data: &Value) -> Result<Vec<Sample<'_>>, CollectError> {
    match text(data, "/resultType")? {
        "scalar" => {
            let value = data.pointer("/result/1").and_then(Value::as_str);
            Ok(vec![(None, value.ok_or_else(|| missing("/result"))?)])
        }
        "vector" => {
            let series = list(data, "/result")?.iter();
            let samples =
                series.map(|series| Ok((series.get("metric"), text(series, "/value/1")?)));
            samples.collect()
        }
        other => Err(CollectError::failed(format!(
            "the query gives a {other}, and not a number for each series"
        ))),
    }
}

fn observe(target: &Target, samples: Vec<Sample<'_>>, page: &str, answer: &mut Answer) {
    let fact = target.parameter("fact");
    // By the convention of Prometheus what is called a ratio is between 0 and 1.
    let is_ratio = target.parameter("query").ends_with("_ratio");
    let mut seen: Vec<Dimensions> = Vec::new();
    for (labels, value) in samples {
        let mut dimensions = Dimensions::default();
        for name in DIMENSIONS {
            let label = labels.and_then(|labels| labels[name].as_str());
            if let Some(label) = label {
                dimensions = dimensions.with(name, label);
            }
        }
        let environment = target.parameter("environment");
        if !environment.is_empty() {
            dimensions = dimensions.with("environment", environment);
        }
        if seen.contains(&dimensions) {
            answer
                .observations
                .retain(|(_, seen)| seen.dimensions != dimensions);
            let message = format!(
                "the query gives several series for {fact}{dimensions}: sum or average them"
            );
            answer.errors.push(CollectError::failed(message));
            continue;
        }
        seen.push(dimensions.clone());
        // What cannot be computed (NaN), and what has no end, is unknown.
        let number = value
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite());
        let Some(number) = number else {
            continue;
        };
        let value = match fact {
            "slo.met" => Value::Bool(number != 0.0),
            _ if is_ratio => in_json(number * 100.0),
            _ => in_json(number),
        };
        let mut observation = Observation::new(fact.to_owned(), value).evidence(page);
        observation.dimensions = dimensions;
        answer.add(observation);
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn values_never_end_the_quotes_in_which_they_stand() {
        let hostile = "a\"} or up{b='c\\";
        for (before, value, expected) in [
            ("up{a=\"", hostile, Some("a\\\"} or up{b=\\'c\\\\")),
            ("up{a='", "x'y\n", Some("x\\'y\\n")),
            ("up{a=`", "x\\\"", Some("x\\\"")),
            ("up{a=`", "x`y", None),
            ("up{a=\"\\\"", "x\"", Some("x\\\"")),
            ("up{a=\"b\"} + ", "name_1", Some("name_1")),
            ("up{a=\"b\"} + ", "a b", None),
            ("up{a=\"b\"} + ", "a-b", None),
        ] {
            assert_eq!(
                harmless(before, value).ok().as_deref(),
                expected,
                "{before}"
            );
        }
    }
}
