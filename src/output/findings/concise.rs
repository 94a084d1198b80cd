//! One line a finding, as compilers print them and editors read them.

use std::io::{self, Write};

use super::{Findings, location};
use crate::diagnostic::Diagnostic;
use crate::output::Terminal;
use crate::output::safe_text::safe;

/// Writes `path:line:column: severity[code] message` for every finding.
pub(in crate::output) fn write(
    findings: &Findings<'_>,
    _: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    findings.diagnostics.iter().try_for_each(|finding| {
        let place = finding
            .place
            .as_ref()
            .map(|place| format!("{}: ", location(place)))
            .unwrap_or_default();
        let message = safe(&finding.message);
        writeln!(
            out,
            "{}{}[{}] {message}",
            safe(&place),
            finding.severity,
            finding.code.name
        )
    })
}

/// A problem on one safe line, for where problems are not what was asked for:
/// `warning: path:line:column: message`.
#[must_use]
pub fn diagnostic_line(diagnostic: &Diagnostic) -> String {
    let place = diagnostic
        .place
        .as_ref()
        .map(|place| format!("{}: ", location(place)))
        .unwrap_or_default();
    format!(
        "{}: {}{}",
        diagnostic.severity,
        safe(&place),
        safe(&diagnostic.message)
    )
}
