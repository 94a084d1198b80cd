//! Alerts of Dependabot, of code scanning and of secret scanning.

use serde_json::Value;

use super::Repository;
use crate::fact::Observation;
use crate::fact::collect::listing::{
    CodeFinding, Level, Located, Severities, Severity, Vulnerabilities, Vulnerability, moment,
};
use crate::fact::collect::{Answer, CollectError};

/// `GET /repos/{owner}/{repo}/dependabot/alerts`.
pub(super) fn dependabot(repository: &Repository<'_>, answer: &mut Answer) {
    let Some(open) = answer.keep(vulnerabilities(repository)) else {
        return;
    };
    let report = repository.page_of("/security/dependabot");
    for (entity, open) in repository.homes.tell_apart(repository.target, open) {
        let open = Vulnerabilities {
            open: &open,
            knows_fixes: true,
            report: report.as_deref(),
        };
        answer.say_of(entity.as_ref(), open.observations());
    }
}

fn vulnerabilities(
    repository: &Repository<'_>,
) -> Result<Vec<Located<Vulnerability>>, CollectError> {
    const WHAT: &str = "Dependabot alerts";
    let request = repository.list(WHAT, "/dependabot/alerts?state=open&per_page=100", None);
    let alerts = request.all(repository.connection).complete()?;
    let mut severities = Severities::default();
    let open = alerts.iter().filter_map(|alert| {
        let vulnerable = &alert["security_vulnerability"];
        let name = match &vulnerable["severity"] {
            Value::Null => &alert["security_advisory"]["severity"],
            name => name,
        };
        let vulnerability = Vulnerability {
            severity: severities.read(name)?,
            is_fixable: Some(!vulnerable["first_patched_version"].is_null()),
            since: moment(&alert["created_at"]),
        };
        Some(Located::at(
            &alert["dependency"]["manifest_path"],
            vulnerability,
        ))
    });
    let open: Vec<Located<Vulnerability>> = open.collect();
    severities.all_known(WHAT)?;
    Ok(open)
}

/// `GET /repos/{owner}/{repo}/code-scanning/alerts`, of the default branch. The level is the
/// rule's `severity`, and follows from `security_severity_level` where that is missing.
pub(super) fn code_scanning(repository: &Repository<'_>, answer: &mut Answer) {
    let Some(open) = answer.keep(findings(repository)) else {
        return;
    };
    let report = repository.page_of("/security/code-scanning");
    for (entity, open) in repository.homes.tell_apart(repository.target, open) {
        let said = CodeFinding::observations(&open, report.as_deref());
        answer.say_of(entity.as_ref(), said);
    }
}

fn findings(repository: &Repository<'_>) -> Result<Vec<Located<CodeFinding>>, CollectError> {
    const WHAT: &str = "code scanning alerts";
    let request = repository.list(WHAT, "/code-scanning/alerts?state=open&per_page=100", None);
    let alerts = request.all(repository.connection).complete()?;
    let mut severities = Severities::default();
    let open = alerts.iter().filter_map(|alert| {
        let rule = &alert["rule"];
        let level = match rule["severity"].as_str() {
            Some("error") => Level::Error,
            Some("warning") => Level::Warning,
            Some("note" | "none") => Level::Note,
            Some(_) => return severities.read(&rule["severity"]).and(None),
            None => Level::of(match &rule["security_severity_level"] {
                Value::Null => Severity::Uncounted,
                name => severities.read(name)?,
            }),
        };
        let path = &alert["most_recent_instance"]["location"]["path"];
        Some(Located::at(path, CodeFinding { level }))
    });
    let open: Vec<Located<CodeFinding>> = open.collect();
    severities.all_known(WHAT)?;
    Ok(open)
}

/// `GET /repos/{owner}/{repo}/secret-scanning/alerts`, without the secrets.
pub(super) fn secret_scanning(repository: &Repository<'_>, answer: &mut Answer) {
    let query = "/secret-scanning/alerts?state=open&hide_secret=true&per_page=100";
    let request = repository.list("secret scanning alerts", query, None);
    if let Some(alerts) = answer.keep(request.all(repository.connection).complete()) {
        answer.say(vec![Observation {
            evidence: repository.page_of("/security/secret-scanning"),
            ..Observation::new("secret-scanning.open", alerts.len())
        }]);
    }
}
