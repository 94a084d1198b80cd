//! Findings as SARIF 2.1.0, for code scanning and editors.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Findings, INCOMPLETE};
use crate::diagnostic::{Code, Diagnostic, Severity, fingerprint};
use crate::model::{Place, Span};
use crate::output::{Terminal, json};

/// GitHub shows as many results of a run and refuses runs with many more.
const MOST_RESULTS: usize = 5000;

/// Where a finding is said to be that is about the workspace as a whole. GitHub refuses a file
/// in which one result has no place.
const WORKSPACE_FILE: &str = "devportal.yaml";

/// Writes one run, the worst results first.
pub(in crate::output) fn write(
    findings: &Findings<'_>,
    _: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let worst_first = findings.worst_first();
    let shown = &worst_first[..worst_first.len().min(MOST_RESULTS)];
    let codes = codes(shown);
    let results: Vec<Value> = shown
        .iter()
        .map(|finding| result(finding, &codes))
        .collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "devportal",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": codes.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            }},
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications(findings, worst_first.len() - shown.len()),
            }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    json::write(&document, out)
}

/// The codes of the findings, by name.
fn codes(findings: &[&Diagnostic]) -> Vec<&'static Code> {
    let mut codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
    codes.sort_by_key(|code| code.name);
    codes.dedup_by_key(|code| code.name);
    codes
}

fn rule(code: &Code) -> Value {
    let explanation = code.explanation();
    let help = if explanation.body.is_empty() {
        &explanation.summary
    } else {
        &explanation.body
    };
    json!({
        "id": code.name,
        "shortDescription": {"text": explanation.summary},
        "fullDescription": {"text": explanation.summary},
        "help": {"text": help, "markdown": help},
        "defaultConfiguration": {"level": level(code.severity())},
    })
}

fn result(finding: &Diagnostic, codes: &[&Code]) -> Value {
    let help = finding
        .help
        .as_ref()
        .map(|help| format!("\n{help}"))
        .unwrap_or_default();
    let related: Vec<Value> = finding.related.iter().enumerate().map(|(id, (place, what))| {
        json!({"id": id, "physicalLocation": physical_location(place), "message": {"text": what}})
    }).collect();
    let location = finding
        .place
        .as_ref()
        .map_or_else(workspace_location, physical_location);
    let mut result = json!({
        "ruleId": finding.code.name,
        "ruleIndex": codes.binary_search_by_key(&finding.code.name, |code| code.name).unwrap_or_default(),
        "level": level(finding.severity),
        "message": {"text": format!("{}{help}", finding.message)},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"devportal/v1": fingerprint(finding)},
    });
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
        Severity::Off => "none",
    }
}

fn physical_location(place: &Place) -> Value {
    json!({"artifactLocation": {"uri": relative_uri(place)}, "region": region(place.span)})
}

fn workspace_location() -> Value {
    json!({"artifactLocation": {"uri": WORKSPACE_FILE}, "region": region(None)})
}

/// A file as a whole is its first line: GitHub wants a line.
fn region(span: Option<Span>) -> Value {
    match span {
        Some(span) => json!({
            "startLine": span.line.max(1),
            "startColumn": span.column.max(1),
            "endLine": span.end_line.max(span.line).max(1),
            "endColumn": span.end_column.max(1),
        }),
        None => json!({"startLine": 1}),
    }
}

/// The path as a URI reference. Its bytes count, not their likeness, where they are not UTF-8.
fn relative_uri(place: &Place) -> String {
    let file = &place.file;
    let inside = file.path_in_repository();
    let folder = &file.path()[..file.path().len() - inside.len()];
    let bytes = folder
        .bytes()
        .chain(file.bytes().unwrap_or(inside.as_bytes()).iter().copied());
    let mut uri = String::new();
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

fn notifications(findings: &Findings<'_>, left_out: usize) -> Vec<Value> {
    let mut texts = Vec::new();
    if left_out > 0 {
        texts.push(format!("{left_out} findings are not among the results: {MOST_RESULTS} are the most that are shown, the worst first"));
    }
    if !findings.complete {
        texts.push(INCOMPLETE.to_owned());
    }
    texts
        .into_iter()
        .map(|text| json!({"level": "warning", "message": {"text": text}}))
        .collect()
}
