//! Prometheus, HTTP API v1 (<https://prometheus.io/docs/prometheus/latest/querying/api/>).

use serde_json::{Value, json};

use super::{FactDouble, Question, fine};
use crate::forge_double::Answer;

/// A server that answers queries by their text.
pub(crate) fn server(answers: Vec<(&'static str, Value)>) -> FactDouble {
    FactDouble::new(move |question: &Question| {
        if question.path != "/api/v1/query" {
            return Answer::with(404, &["content-type: text/plain"], "404 page not found\n");
        }
        let query = question.parameter("query");
        match answers.iter().find(|(known, _)| *known == query) {
            Some((_, body)) => fine(body),
            None => Answer::json(
                400,
                &json!({"status": "error", "errorType": "bad_data", "error": "1:1: parse error"}),
            ),
        }
    })
}

/// A vector: labels and values.
pub(crate) fn vector(series: &[(Value, &str)]) -> Value {
    let series = series.iter();
    let series: Vec<Value> = series
        .map(|(labels, value)| json!({"metric": labels, "value": [1_782_777_600.0, value]}))
        .collect();
    json!({"status": "success", "data": {"resultType": "vector", "result": series}})
}
