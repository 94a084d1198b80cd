//! `SonarQube`: the quality gate, coverage and what the analysis found.
//!
//! Written from the documentation of the Web API of `SonarQube` Server 2025.1 LTA
//! (<https://next.sonarqube.com/sonarqube/web_api>): `api/qualitygates/project_status` and
//! `api/measures/component`. Not yet run against the vendor.

use serde_json::Value;

use super::answer::{list, number, text};
use super::{
    Answer, AskContext, Authorization, CollectError, CollectErrorKind, Connection, Connector,
    Target, TargetRequest, encoded,
};
use crate::fact::Observation;

pub(super) const CONNECTOR: Connector = Connector {
    name: "sonarqube",
    about: "the quality gate, coverage and findings, by the Web API of SonarQube Server 2025.1 (https://next.sonarqube.com/sonarqube/web_api)",
    annotations: &[PROJECT],
    gives: &[
        "quality-gate.passed",
        "coverage.lines",
        "coverage.branches",
        "quality.bugs",
        "quality.code-smells",
        "quality.duplication",
    ],
    api: "",
    api_variable: "SONAR_HOST_URL",
    token_variables: &["SONAR_TOKEN", "SONARQUBE_TOKEN"],
    authorization: Authorization::Scheme("Bearer"),
    targets,
    ask,
};

const PROJECT: &str = "sonarqube.org/project-key";
/// Metrics and the facts that they give; of two for one fact the first that is there counts.
const METRICS: [(&str, &str); 6] = [
    ("line_coverage", "coverage.lines"),
    ("coverage", "coverage.lines"),
    ("branch_coverage", "coverage.branches"),
    ("bugs", "quality.bugs"),
    ("code_smells", "quality.code-smells"),
    ("duplicated_lines_density", "quality.duplication"),
];

fn targets(request: &TargetRequest<'_>) -> Vec<Target> {
    request.by_annotation(PROJECT, "project", "project")
}

fn ask(connection: &Connection, target: &Target, _context: &AskContext<'_>) -> Answer {
    // Backstage allows the name of a server before the key, which has no `/` itself.
    let project = target.parameter("project");
    let key = project.split_once('/').map_or(project, |(_, key)| key);
    let key = encoded(key);
    let page = format!("{}/dashboard?id={key}", connection.api());
    let mut answer = Answer::default();
    if let Some(gate) = answer.keep(gate(connection, &key)) {
        let observation = gate.map(|gate| Observation::new("quality-gate.passed", gate));
        answer
            .observations
            .extend(observation.map(|it| (None, it.evidence(&page))));
    }
    // A project that is not there has no measures either.
    let is_missing = |error: &CollectError| error.kind == CollectErrorKind::NotFound;
    if answer.is_hopeless() || answer.errors.iter().any(is_missing) {
        return answer;
    }
    if let Some(measures) = answer.keep(measures(connection, &key)) {
        for (fact, value) in measures {
            answer.add(Observation::new(fact, value).evidence(&page));
        }
    }
    answer
}

/// Whether the gate is passed; nothing where there is none.
fn gate(connection: &Connection, key: &str) -> Result<Option<bool>, CollectError> {
    let path = format!("/api/qualitygates/project_status?projectKey={key}");
    let page = connection.get(&path)?;
    Ok(match text(&page.body, "/projectStatus/status")? {
        "OK" | "WARN" => Some(true),
        "ERROR" => Some(false),
        _ => None,
    })
}

fn measures(
    connection: &Connection,
    key: &str,
) -> Result<Vec<(&'static str, Value)>, CollectError> {
    let names: Vec<&str> = METRICS.iter().map(|(metric, _)| *metric).collect();
    let names = names.join("%2C");
    let path = format!("/api/measures/component?component={key}&metricKeys={names}");
    let page = connection.get(&path)?;
    let measures = list(&page.body, "/component/measures")?;
    let mut found: Vec<(&'static str, Value)> = Vec::new();
    for (metric, fact) in METRICS {
        let mut known = measures.iter();
        let measure = known.find(|measure| measure["metric"] == metric);
        let value = measure.and_then(|measure| measure["value"].as_str()?.parse().ok());
        let Some(value): Option<f64> = value else {
            continue;
        };
        if found.iter().all(|(known, _)| *known != fact) {
            found.push((fact, number(value)));
        }
    }
    Ok(found)
}
