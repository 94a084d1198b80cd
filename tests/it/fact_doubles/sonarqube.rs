//! `SonarQube`, Web API (<https://next.sonarqube.com/sonarqube/web_api>).

use serde_json::json;

use super::{FactDouble, Question, fine};
use crate::forge_double::Answer;

/// A server with the project `larkspur:payments`.
pub(crate) fn server() -> FactDouble {
    FactDouble::new(|question: &Question| {
        let (gate, measures) = (
            "/api/qualitygates/project_status",
            "/api/measures/component",
        );
        let key = question.parameter(if question.path == gate {
            "projectKey"
        } else {
            "component"
        });
        if key != "larkspur:payments" {
            let message = format!("Component key '{key}' not found");
            return Answer::json(404, &json!({"errors": [{"msg": message}]}));
        }
        if question.path == gate {
            return fine(&json!({"projectStatus": {"status": "ERROR", "conditions": []}}));
        }
        assert_eq!(question.path, measures);
        let asked_for: Vec<&str> = question.parameter("metricKeys").split(',').collect();
        let known = [
            ("coverage", "81.5"),
            ("bugs", "3"),
            ("duplicated_lines_density", "0.7"),
        ];
        let known = known
            .iter()
            .filter(|(metric, _)| asked_for.contains(metric));
        let known: Vec<_> = known
            .map(|(metric, value)| json!({"metric": metric, "value": value, "bestValue": false}))
            .collect();
        fine(&json!({"component": {"key": key, "qualifier": "TRK", "measures": known}}))
    })
}
