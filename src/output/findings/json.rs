//! Findings as JSON, `devportal.check/v1` and `devportal.template-lint/v1`.

use std::io::{self, Write};

use serde::Serialize;

use super::{Checked, Findings};
use crate::diagnostic::{Diagnostic, Severity, fingerprint};
use crate::model::{EntityRef, Place, SourceFile};
use crate::output::{Terminal, json};

/// Writes one object. A later version may add members; it never changes or removes one.
pub(in crate::output) fn write(
    findings: &Findings<'_>,
    _: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let document = Document {
        schema: findings.checked.schema(),
        complete: findings.complete,
        summary: Summary {
            errors: findings.count(Severity::Error),
            warnings: findings.count(Severity::Warning),
            notes: findings.count(Severity::Note),
            accepted: findings.accepted,
            repositories: findings.repositories,
            documents: findings.documents,
            entities: (findings.checked != Checked::Templates).then_some(findings.entities),
            templates: (findings.checked == Checked::Templates).then_some(findings.entities),
        },
        findings: findings.diagnostics.iter().map(Finding::new).collect(),
    };
    json::write(&document, out)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    complete: bool,
    summary: Summary,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    notes: usize,
    accepted: usize,
    repositories: usize,
    documents: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    entities: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    templates: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    code: &'static str,
    severity: Severity,
    message: &'a str,
    help: Option<&'a str>,
    repository: Option<&'a str>,
    path: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    end_line: Option<u32>,
    end_column: Option<u32>,
    #[serde(rename = "ref")]
    entity: Option<&'a EntityRef>,
    fingerprint: String,
    related: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Related<'a> {
    path: &'a str,
    line: Option<u32>,
    column: Option<u32>,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<String>,
}

impl<'a> Finding<'a> {
    fn new(finding: &'a Diagnostic) -> Self {
        let file = finding.place.as_ref().map(|place| &*place.file);
        let span = finding.place.as_ref().and_then(|place| place.span);
        Self {
            code: finding.code.name,
            severity: finding.severity,
            message: &finding.message,
            help: finding.help.as_deref(),
            repository: file.map(SourceFile::repository),
            path: file.map(SourceFile::path),
            line: span.map(|span| span.line),
            column: span.map(|span| span.column),
            end_line: span.map(|span| span.end_line),
            end_column: span.map(|span| span.end_column),
            entity: finding.entity.as_ref(),
            fingerprint: fingerprint(finding),
            related: finding.related.iter().map(Related::new).collect(),
            path_bytes: file.and_then(SourceFile::bytes).map(base64),
        }
    }
}

impl<'a> Related<'a> {
    fn new((place, message): &'a (Place, String)) -> Self {
        Self {
            path: place.file.path(),
            line: place.span.map(|span| span.line),
            column: place.span.map(|span| span.column),
            message,
            path_bytes: place.file.bytes().map(base64),
        }
    }
}

/// Base64 with padding (RFC 4648).
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let at = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit)) & 63;
            text.push(if digit <= group.len() {
                char::from(DIGITS[index as usize])
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_as_the_standard_has_it() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64(b"bad\xff\xfe"), "YmFk//4=");
    }
}
