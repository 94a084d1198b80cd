//! Findings as `JUnit` XML, which every CI service shows as tests.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Findings, location};
use crate::diagnostic::{Diagnostic, Severity};
use crate::output::Terminal;
use crate::output::safe_text::safe;

/// Writes a suite a code and a case a finding: errors and warnings fail, notes are skipped.
pub(in crate::output) fn write(
    findings: &Findings<'_>,
    _: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let all: Vec<&Diagnostic> = findings.diagnostics.iter().collect();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"devportal {}\"{}>",
        findings.checked.command(),
        totals(&all, all.is_empty())
    )?;
    if all.is_empty() {
        // Services take a report without any case for a broken one.
        let command = findings.checked.command();
        writeln!(
            out,
            "  <testsuite name=\"{command}\"{}>",
            totals(&all, true)
        )?;
        writeln!(
            out,
            "    <testcase name=\"{}\" classname=\"{command}\"/>",
            attribute(&findings.sentence())
        )?;
        writeln!(out, "  </testsuite>")?;
    }
    for suite in suites(&all) {
        let code = suite.first().map_or("", |finding| finding.code.name);
        writeln!(
            out,
            "  <testsuite name=\"{}\"{}>",
            attribute(code),
            totals(&suite, false)
        )?;
        suite
            .iter()
            .try_for_each(|finding| write_case(finding, out))?;
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// The findings of each code, in the order of the codes.
fn suites<'a>(findings: &[&'a Diagnostic]) -> Vec<Vec<&'a Diagnostic>> {
    let mut sorted = findings.to_vec();
    sorted.sort_by_key(|finding| finding.code.name);
    sorted
        .chunk_by(|one, other| one.code.name == other.code.name)
        .map(<[_]>::to_vec)
        .collect()
}

fn totals(findings: &[&Diagnostic], passed: bool) -> String {
    let skipped = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Note)
        .count();
    let failures = findings.len() - skipped;
    let tests = findings.len() + usize::from(passed);
    format!(" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"")
}

fn write_case(finding: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    let code = attribute(finding.code.name);
    let name = finding
        .place
        .as_ref()
        .map_or_else(|| "workspace".to_owned(), location);
    let file = finding
        .place
        .as_ref()
        .map(|place| format!(" file=\"{}\"", attribute(place.file.path())));
    writeln!(
        out,
        "    <testcase name=\"{}\" classname=\"{code}\"{}>",
        attribute(&name),
        file.unwrap_or_default()
    )?;
    let message = attribute(&finding.message);
    if finding.severity == Severity::Note {
        writeln!(out, "      <skipped message=\"{message}\"/>")?;
    } else {
        let severity = finding.severity;
        writeln!(
            out,
            "      <failure type=\"{severity}\" message=\"{message}\">{}</failure>",
            xml(&details(finding))
        )?;
    }
    writeln!(out, "    </testcase>")
}

/// What the page of a failed test shows, line by line.
fn details(finding: &Diagnostic) -> String {
    let mut details = safe(&finding.message).into_owned();
    let mut line = |what: &str, text: &str| {
        // Writing to a String cannot fail.
        let _ = write!(details, "\n{what}: {}", safe(text));
    };
    if let Some(place) = &finding.place {
        line("at", &location(place));
    }
    if let Some(help) = &finding.help {
        line("help", help);
    }
    for (place, what) in &finding.related {
        line("note", &format!("{what}: {}", location(place)));
    }
    details
}

/// Text of others between quotes. XML 1.0 has no way at all to write most control characters,
/// so it is made safe first.
fn attribute(text: &str) -> String {
    xml(&safe(text))
}

/// Safe text between quotes or tags.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(c),
        }
    }
    escaped
}
