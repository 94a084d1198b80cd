//! A finding in full: message, place, line of the source, related places, help.

use std::io::{self, Write};
use std::sync::Arc;

use annotate_snippets::renderer::DEFAULT_LINE_NUM_STYLE;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::source_line::{Lines, SourceLine, source_line};
use super::told;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Place, SourceFile};
use crate::output::Terminal;
use crate::output::findings::location;
use crate::output::human::{push, style};
use crate::output::safe_text::safe;
use crate::view::Role;

type Source<'a> = &'a dyn Fn(&SourceFile) -> Option<String>;

/// Shows findings, and remembers the file that it showed last: the next is often of the same.
pub(super) struct Snippets<'a> {
    source: Source<'a>,
    renderer: Renderer,
    color: bool,
    last: Option<(Arc<SourceFile>, Option<Lines>)>,
}

impl<'a> Snippets<'a> {
    pub(super) fn new(source: Source<'a>, terminal: &Terminal) -> Self {
        const NARROWEST: usize = 40;
        const UNKNOWN_WIDTH: usize = 140;
        let width = if terminal.width == 0 {
            UNKNOWN_WIDTH
        } else {
            terminal.width.max(NARROWEST)
        };
        let renderer = if terminal.color {
            coloured()
        } else {
            Renderer::plain()
        };
        Self {
            source,
            renderer: renderer.term_width(width),
            color: terminal.color,
            last: None,
        }
    }

    /// Writes a finding in full.
    pub(super) fn write(&mut self, finding: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
        let Some((place, number, line)) = finding.place.as_ref().and_then(|place| self.line(place))
        else {
            let group = title(finding).elements(finding.place.as_ref().map(origin));
            return writeln!(
                out,
                "{}",
                self.renderer.render(&[with_notes(group, finding)])
            );
        };
        let mark = AnnotationKind::Primary.span(line.mark);
        let snippet = Snippet::source(line.text)
            .line_start(number as usize)
            .annotation(mark);
        let text = self
            .renderer
            .render(&[with_notes(title(finding).element(snippet), finding)]);
        // The crate would count the column in the part of the line that it is given, so the
        // line that says where it is comes from here.
        let (title, rest) = text.split_once('\n').unwrap_or((&text, ""));
        let mut arrow = " ".repeat(number.to_string().len());
        push(&mut arrow, "--> ", DEFAULT_LINE_NUM_STYLE, self.color);
        writeln!(out, "{title}\n{arrow}{}\n{rest}", safe(&location(place)))
    }

    fn line<'place>(&mut self, place: &'place Place) -> Option<(&'place Place, u32, SourceLine)> {
        let span = place.span?;
        let line = self.lines(&place.file)?.get(span.line)?;
        Some((place, span.line, source_line(line, span)))
    }

    fn lines(&mut self, file: &Arc<SourceFile>) -> Option<&Lines> {
        if self.last.as_ref().is_none_or(|(last, _)| last != file) {
            self.last = Some((Arc::clone(file), (self.source)(file).map(Lines::new)));
        }
        self.last.as_ref().and_then(|(_, lines)| lines.as_ref())
    }
}

/// The crate's look in the colours of the product.
fn coloured() -> Renderer {
    let bold = |severity| style(Role::Bad(severity)).bold();
    Renderer::styled()
        .error(bold(Severity::Error))
        .warning(bold(Severity::Warning))
        .note(bold(Severity::Note))
}

fn title(finding: &Diagnostic) -> Group<'_> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note | Severity::Off => Level::NOTE,
    };
    Group::with_title(
        level
            .primary_title(told(&finding.message))
            .id(finding.code.name),
    )
}

fn with_notes<'a>(mut group: Group<'a>, finding: &'a Diagnostic) -> Group<'a> {
    for (place, what) in &finding.related {
        let note = format!("{what}: {}", location(place));
        group = group.element(Level::NOTE.message(told(&note).into_owned()));
    }
    group.elements(
        finding
            .help
            .as_ref()
            .map(|help| Level::HELP.message(told(help))),
    )
}

fn origin(place: &Place) -> Origin<'_> {
    let origin = Origin::path(safe(place.file.path()));
    match place.span {
        Some(span) => origin
            .line(span.line as usize)
            .char_column(span.column as usize),
        None => origin,
    }
}
