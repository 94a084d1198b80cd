//! The findings of one code and severity.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::snippet::Snippets;
use super::told;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::output::Terminal;
use crate::output::findings::location;
use crate::output::human::{ELLIPSIS, beginning, columns, push, style};
use crate::output::safe_text::safe;
use crate::view::{Role, Text};

/// Places that are shown beside the first of a group.
const FURTHER: usize = 2;

/// The findings of one code and severity, in their order.
pub(super) struct Group<'a> {
    severity: Severity,
    code: &'static Code,
    findings: Vec<&'a Diagnostic>,
}

/// The groups, worst first, then the most frequent.
pub(super) fn groups(findings: &[Diagnostic]) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<(Severity, &str), Group<'_>> = BTreeMap::new();
    for finding in findings {
        let new = || Group {
            severity: finding.severity,
            code: finding.code,
            findings: Vec::new(),
        };
        groups
            .entry((finding.severity, finding.code.name))
            .or_insert_with(new)
            .findings
            .push(finding);
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|group| (group.severity, Reverse(group.findings.len())));
    groups
}

impl Group<'_> {
    /// Every finding in full.
    pub(super) fn write_all(
        &self,
        snippets: &mut Snippets<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        self.findings.iter().try_for_each(|finding| {
            snippets.write(finding, out)?;
            out.write_all(b"\n")
        })
    }

    /// The first finding in full, a few more by name.
    pub(super) fn write_first(
        &self,
        snippets: &mut Snippets<'_>,
        terminal: &Terminal,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let Some((first, further)) = self.findings.split_first() else {
            return Ok(());
        };
        snippets.write(first, out)?;
        for finding in further.iter().take(FURTHER) {
            write_further(finding, terminal, out)?;
        }
        if let Some(note) = left_out(further.len().saturating_sub(FURTHER)) {
            let mut line = "  ".to_owned();
            push(
                &mut line,
                &format!("{ELLIPSIS} {note} (--all shows them)"),
                style(Role::Faint),
                terminal.color,
            );
            writeln!(out, "{line}")?;
        }
        out.write_all(b"\n")
    }

    /// The first finding on one line.
    pub(super) fn write_line(&self, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
        let Some((first, further)) = self.findings.split_first() else {
            return Ok(());
        };
        let mut line = String::new();
        let head = format!("{}[{}]", self.severity, self.code.name);
        push(
            &mut line,
            &head,
            style(Role::Bad(self.severity)).bold(),
            terminal.color,
        );
        let place = first
            .place
            .as_ref()
            .map(|place| format!("{}: ", location(place)))
            .unwrap_or_default();
        line.extend([": ", &safe(&place), &told(&first.message)]);
        let help = first
            .help
            .as_deref()
            .map(|help| format!("; {}", told(help)));
        let more = left_out(further.len()).map(|note| format!(" ({note})"));
        for note in [help, more].into_iter().flatten() {
            push(&mut line, &note, style(Role::Faint), terminal.color);
        }
        writeln!(out, "{line}")
    }

    /// The row of the table of codes.
    pub(super) fn row(&self) -> Vec<Text> {
        vec![
            Text::new(self.severity.name(), Role::Bad(self.severity)),
            Text::new(self.code.name, Role::Name),
            self.findings.len().to_string().into(),
            self.code.explanation().summary.into(),
        ]
    }
}

fn left_out(count: usize) -> Option<String> {
    (count > 0).then(|| format!("and {count} more"))
}

/// Another place of a group. Its message is mostly that of the first with other names, so it is
/// cut where the line ends.
fn write_further(finding: &Diagnostic, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let place = finding
        .place
        .as_ref()
        .map(|place| format!("{}: ", location(place)))
        .unwrap_or_default();
    let place = safe(&place);
    let message = told(&finding.message);
    let mut line = "  also ".to_owned();
    let room = terminal.width.saturating_sub(line.len() + columns(&place));
    push(&mut line, &place, style(Role::Faint), terminal.color);
    if terminal.width == 0 || columns(&message) <= room {
        line.push_str(&message);
    } else {
        line.push_str(beginning(&message, room.saturating_sub(1)).trim_end());
        line.push_str(ELLIPSIS);
    }
    writeln!(out, "{line}")
}
