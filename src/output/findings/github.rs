//! Findings as workflow commands of GitHub Actions, which shows them beside the changed lines.

use std::io::{self, Write};

use super::{Findings, INCOMPLETE, counted_severity};
use crate::diagnostic::{Diagnostic, Severity};
use crate::output::Terminal;
use crate::output::safe_text::safe;

/// GitHub shows as many annotations of each kind from one step and drops the rest.
const SHOWN: usize = 10;

/// Writes the commands, worst first, and what they leave out.
pub(in crate::output) fn write(
    findings: &Findings<'_>,
    _: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (severity, command) in COMMANDS {
        let of_severity = findings
            .diagnostics
            .iter()
            .filter(|finding| finding.severity == severity);
        of_severity
            .take(SHOWN)
            .try_for_each(|finding| write_command(command, finding, out))?;
    }
    let left_out: Vec<String> = COMMANDS
        .into_iter()
        .map(|(severity, _)| (severity, findings.count(severity).saturating_sub(SHOWN)))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| counted_severity(count, severity))
        .collect();
    if !left_out.is_empty() {
        writeln!(
            out,
            "{} not annotated: GitHub shows {SHOWN} of each kind a step",
            left_out.join(", ")
        )?;
    }
    if findings.complete {
        Ok(())
    } else {
        writeln!(out, "{INCOMPLETE}")
    }
}

const COMMANDS: [(Severity, &str); 3] = [
    (Severity::Error, "error"),
    (Severity::Warning, "warning"),
    (Severity::Note, "notice"),
];

fn write_command(command: &str, finding: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "::{command} ")?;
    if let Some(place) = &finding.place {
        write!(out, "file={},", property(place.file.path()))?;
        if let Some(span) = place.span {
            write!(
                out,
                "line={},col={},endLine={},endColumn={},",
                span.line, span.column, span.end_line, span.end_column
            )?;
        }
    }
    let help = finding
        .help
        .as_ref()
        .map(|help| format!("%0Ahelp: {}", data(help)))
        .unwrap_or_default();
    writeln!(
        out,
        "title={}::{}{help}",
        property(finding.code.name),
        data(&finding.message)
    )
}

/// Text after the second `::`.
fn data(text: &str) -> String {
    // Line breaks are escapes already; the percent sign is what is left that means something.
    safe(text).replace('%', "%25")
}

/// Text of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
