//! Findings for people at a terminal: grouped by code, the worst first, a few of each, then what
//! there is of each code and what would cure most.

mod group;
mod snippet;
mod source_line;
mod cure;

use std::borrow::Cow;
use std::io::{self, Write};

use group::Group;
use snippet::Snippets;

use super::{Findings, INCOMPLETE};
use crate::diagnostic::Severity;
use crate::output::Terminal;
use crate::output::human::{self, ELLIPSIS, beginning, push, style};
use crate::output::safe_text::safe;
use crate::view::{Block, Column, Role, Table, View};

/// Groups whose first finding is shown with its line of the source. With more, the summary
/// would scroll away.
const SNIPPETS: usize = 6;

/// A message or help as it is shown: a repository can make them as long as a file.
fn told(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 1_000;
    let text = safe(text);
    let kept = beginning(&text, LONGEST).len();
    if kept == text.len() {
        return text;
    }
    Cow::Owned(format!("{}{ELLIPSIS}", &text[..kept]))
}

/// Writes the findings.
pub(in crate::output) fn write(
    findings: &Findings<'_>,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let groups = group::groups(findings.diagnostics);
    let mut snippets = Snippets::new(findings.source, terminal);
    for (number, group) in groups.iter().enumerate() {
        if findings.all {
            group.write_all(&mut snippets, out)?;
        } else if number < SNIPPETS {
            group.write_first(&mut snippets, terminal, out)?;
        } else {
            group.write_line(terminal, out)?;
        }
    }
    if !findings.all && groups.len() > SNIPPETS {
        out.write_all(b"\n")?;
    }
    let summary = summary(&groups, findings);
    human::write(&summary, terminal, out)?;
    if !summary.blocks.is_empty() {
        out.write_all(b"\n")?;
    }
    write_closing(findings, terminal, out)
}

/// The table of codes and what would cure most, where there is anything to sum up.
fn summary(groups: &[Group<'_>], findings: &Findings<'_>) -> View {
    let mut view = View::new();
    if groups.len() > 1 {
        let columns = vec![
            Column::fixed("severity"),
            Column::fixed("code"),
            Column::numeric("count"),
            Column::flexible("what it is"),
        ];
        let rows = groups.iter().map(Group::row).collect();
        view.push(Block::Table(Table { columns, rows }));
    }
    let cures = cure::cures(findings.diagnostics);
    if !cures.is_empty() {
        view.push(Block::Heading("what would cure most".into()));
        view.push(Block::List(cures));
    }
    view
}

fn write_closing(
    findings: &Findings<'_>,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut line = format!("{}: ", findings.checked());
    let found = findings.found();
    for (number, (severity, text)) in found.iter().enumerate() {
        if number > 0 {
            line.push_str(", ");
        }
        push(&mut line, text, style(Role::Bad(*severity)), terminal.color);
    }
    if found.is_empty() {
        let (text, role) = findings.nothing_found();
        push(&mut line, text, style(role), terminal.color);
    }
    if let Some(note) = findings.accepted_note() {
        line.push(' ');
        push(&mut line, &note, style(Role::Faint), terminal.color);
    }
    writeln!(out, "{line}")?;
    if findings.complete {
        return Ok(());
    }
    let mut line = String::new();
    push(
        &mut line,
        INCOMPLETE,
        style(Role::Bad(Severity::Warning)),
        terminal.color,
    );
    writeln!(out, "{line}")
}
