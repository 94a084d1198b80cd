//! Vulnerabilities, findings in code, and secrets.

use serde_json::Value;

use super::{Project, part_of_an_edition};
use crate::fact::Observation;
use crate::fact::collect::listing::{
    CodeFinding, Level, Located, Severities, Vulnerabilities, Vulnerability, moment,
};
use crate::fact::collect::{Answer, CollectError};

const WHAT: &str = "vulnerabilities";

/// What kind of scanner reported something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scanner {
    Code,
    Secrets,
    /// Of dependencies, images, running services.
    Vulnerabilities,
}

pub(super) fn ask(project: &Project<'_>, answer: &mut Answer) {
    if let Err(error) = by_scanner(project, answer) {
        answer.errors.push(part_of_an_edition("Ultimate", error));
    }
}

/// `GET /projects/:id/vulnerabilities`. It lists what was resolved, too, by which it is known what
/// is scanned for: of what was never reported it is not known whether anything looks for it.
fn by_scanner(project: &Project<'_>, answer: &mut Answer) -> Result<(), CollectError> {
    let list = project.list(WHAT, "/vulnerabilities?per_page=100");
    let reported = list.all(project.connection).complete()?;
    let of = |scanner: Scanner| {
        let reported = reported.iter();
        let reported = reported.filter(move |it| Scanner::of(it) == scanner);
        let open = reported.clone().filter(|it| is_open(it));
        let open: Vec<&Value> = open.collect();
        (reported.count() > 0).then_some(open)
    };
    let report = project.page_of("/-/security/vulnerability_report");
    if let Some(open) = of(Scanner::Vulnerabilities) {
        for (entity, open) in project
            .homes
            .tell_apart(project.target, vulnerabilities(&open)?)
        {
            let open = Vulnerabilities {
                open: &open,
                knows_fixes: false,
                report: report.as_deref(),
            };
            answer.say_of(entity.as_ref(), open.observations());
        }
    }
    if let Some(open) = of(Scanner::Code) {
        for (entity, open) in project.homes.tell_apart(project.target, findings(&open)?) {
            let said = CodeFinding::observations(&open, report.as_deref());
            answer.say_of(entity.as_ref(), said);
        }
    }
    if let Some(open) = of(Scanner::Secrets) {
        answer.say(vec![Observation {
            evidence: report,
            ..Observation::new("secret-scanning.open", open.len())
        }]);
    }
    Ok(())
}

impl Scanner {
    fn of(vulnerability: &Value) -> Self {
        match vulnerability["report_type"].as_str() {
            Some("sast") => Self::Code,
            Some("secret_detection") => Self::Secrets,
            _ => Self::Vulnerabilities,
        }
    }
}

fn is_open(vulnerability: &Value) -> bool {
    let state = vulnerability["state"].as_str();
    let is_gone = vulnerability["resolved_on_default_branch"] == true;
    !is_gone && !matches!(state, Some("dismissed" | "resolved" | "closed"))
}

fn vulnerabilities(open: &[&Value]) -> Result<Vec<Located<Vulnerability>>, CollectError> {
    let mut severities = Severities::default();
    let read = open.iter().filter_map(|it| {
        let vulnerability = Vulnerability {
            severity: severities.read(&it["severity"])?,
            is_fixable: None,
            since: moment(&it["created_at"]),
        };
        Some(Located::at(&file(it), vulnerability))
    });
    let read = read.collect();
    severities.all_known(WHAT)?;
    Ok(read)
}

fn findings(open: &[&Value]) -> Result<Vec<Located<CodeFinding>>, CollectError> {
    let mut severities = Severities::default();
    let read = open.iter().filter_map(|it| {
        let level = Level::of(severities.read(&it["severity"])?);
        Some(Located::at(&file(it), CodeFinding { level }))
    });
    let read = read.collect();
    severities.all_known(WHAT)?;
    Ok(read)
}

/// The file that something is about; the report of the scanner is JSON in a text.
fn file(vulnerability: &Value) -> Value {
    let report = vulnerability["finding"]["raw_metadata"].as_str();
    let report: Value = serde_json::from_str(report.unwrap_or_default()).unwrap_or_default();
    report["location"]["file"].clone()
}
