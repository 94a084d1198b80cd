//! What the screen shows: what was typed, the list, and the preview beside it.

use devportal::output::fitted;

use super::choice::Choice;

/// Narrower terminals show no preview.
const NARROWEST_WITH_PREVIEW: usize = 72;

/// A line of the screen, and whether it is that of the selected item.
pub(super) struct Line {
    pub(super) list: String,
    pub(super) is_selected: bool,
    pub(super) preview: String,
}

/// The lines of the screen, each as wide as that.
pub(super) fn draw(
    choice: &mut Choice<'_>,
    preview: &dyn Fn(usize, usize) -> Vec<String>,
    columns: usize,
    rows: usize,
) -> Vec<Line> {
    let with_preview = columns >= NARROWEST_WITH_PREVIEW;
    let list = if with_preview {
        columns * 2 / 5
    } else {
        columns
    };
    let beside = columns.saturating_sub(list + 2);
    let counted = format!("  {} of {}", choice.count(), choice.total());
    let line = |text: &str, is_selected| Line {
        list: fitted(text, list),
        is_selected,
        preview: String::new(),
    };
    let mut lines = vec![line(&format!("> {}{counted}", choice.typed()), false)];
    let visible = choice.visible(rows.saturating_sub(1));
    lines.extend(visible.map(|(selected, text)| {
        let mark = if selected { "▌ " } else { "  " };
        line(&format!("{mark}{text}"), selected)
    }));
    while lines.len() < rows {
        lines.push(line("", false));
    }
    if let Some(selected) = choice.selected().filter(|_| with_preview) {
        let shown = preview(selected, beside);
        for (line, text) in lines.iter_mut().zip(shown) {
            line.preview = fitted(&text, beside);
        }
    }
    lines
}
