//! Findings as Markdown, for a comment on a pull request or the summary of a step.

use std::io::{self, Write};

use super::{Findings, INCOMPLETE, counted, location};
use crate::diagnostic::Diagnostic;
use crate::output::Terminal;
use crate::output::markdown_text::{code, inline};

/// GitHub refuses a step summary over 1,024 KiB as a whole.
const LARGEST: usize = 1000 * 1024;
/// Bytes of a message, so that a single one cannot take the place of all others.
const LONGEST_MESSAGE: usize = 2000;

/// Writes what was found in one sentence, then a table, worst first.
pub(in crate::output) fn write(
    findings: &Findings<'_>,
    _: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut text = format!("**devportal** {}\n", inline(&findings.sentence()));
    if !findings.complete {
        text.extend(["\n", INCOMPLETE, "\n"]);
    }
    if !findings.diagnostics.is_empty() {
        text.push_str("\n| severity | code | place | finding |\n| --- | --- | --- | --- |\n");
    }
    let mut left_out = findings.diagnostics.len();
    for finding in findings.worst_first() {
        let row = row(finding);
        if text.len() + row.len() > LARGEST {
            break;
        }
        text.push_str(&row);
        left_out -= 1;
    }
    out.write_all(text.as_bytes())?;
    if left_out > 0 {
        writeln!(
            out,
            "\n… and {} that did not fit here",
            counted(left_out, "finding", "findings")
        )?;
    }
    Ok(())
}

fn row(finding: &Diagnostic) -> String {
    let place = finding
        .place
        .as_ref()
        .map(|place| code(&location(place)))
        .unwrap_or_default();
    let help = finding
        .help
        .as_ref()
        .map(|help| format!("<br>{}", inline(help)))
        .unwrap_or_default();
    let message = &finding.message[..finding.message.floor_char_boundary(LONGEST_MESSAGE)];
    let message = inline(message)
        + if message.len() < finding.message.len() {
            "…"
        } else {
            ""
        };
    format!(
        "| {} | {} | {place} | {message}{help} |\n",
        finding.severity,
        code(finding.code.name)
    )
}
