//! Indentation that Backstage's parser refuses and granit takes.

use super::Problem;
use super::mistake;

/// Looks at the lines of a bracketed collection after its first: all must be indented more than
/// the block around it, but the closing bracket may stand right below.
///
/// `written` is the collection from bracket to bracket; `parent` is the column of the block around
/// it, from 0; the root has none.
pub(super) fn check_brackets(
    written: &str,
    line: usize,
    parent: Option<usize>,
) -> Result<(), Problem> {
    let mut lines = written.split('\n').zip(line..).skip(1).peekable();
    while let Some((content, line)) = lines.next() {
        let unindented = content.trim_start_matches(' ');
        let indent = content.len() - unindented.len();
        let is_blank = matches!(
            unindented.trim_start_matches(['\t', ' ']).as_bytes(),
            [] | [b'\r' | b'#', ..]
        );
        let is_end = lines.peek().is_none() && matches!(unindented, "]" | "}");
        let least = parent.map_or(0, |parent| if is_end { parent } else { parent + 1 });
        if indent < least && !is_blank {
            return Err(mistake::under_indented(&written[..1], line, indent));
        }
    }
    Ok(())
}

/// Looks at the lines of a quoted text after its first: those that are not blank must be indented
/// more than the block around it.
pub(super) fn check_quotes(
    written: &str,
    line: usize,
    parent: Option<usize>,
) -> Result<(), Problem> {
    for (content, line) in written.split('\n').zip(line..).skip(1) {
        let unindented = content.trim_start_matches(' ');
        let indent = content.len() - unindented.len();
        let is_blank = matches!(unindented, "" | "\r");
        if !is_blank && parent.is_some_and(|parent| indent <= parent) {
            return Err(mistake::under_indented(&written[..1], line, indent));
        }
    }
    Ok(())
}

/// Whether a tab is among the blanks just before an offset, where indentation is counted.
pub(super) fn is_after_tab(text: &str, offset: usize) -> bool {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    before
        .iter()
        .rev()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .any(|byte| *byte == b'\t')
}

/// Whether the dash of a list is what stands before an offset, on the same line.
pub(super) fn is_after_dash(text: &str, offset: usize) -> bool {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    before
        .iter()
        .rev()
        .find(|byte| !matches!(byte, b' ' | b'\t'))
        == Some(&b'-')
}

#[cfg(test)]
mod tests {
    use super::{check_brackets, check_quotes, is_after_tab};

    #[test]
    fn brackets() {
        for (written, parent, fits) in [
            ("[\n  1\n]", Some(0), true),
            ("[\n1\n]", Some(0), false),
            ("[\n1\n]", None, true),
            ("[\n  # c\n# c\n\n  1]", Some(0), true),
            ("[\n    1\n  ]", Some(2), true),
            ("[\n    1\n ]", Some(2), false),
            ("[ [\n  1\n],\n]", Some(0), false),
        ] {
            assert_eq!(
                check_brackets(written, 1, parent).is_ok(),
                fits,
                "{written:?}"
            );
        }
    }

    #[test]
    fn quotes() {
        assert!(check_quotes("\"x\n\n y\"", 1, Some(0)).is_ok());
        assert_eq!(
            check_quotes("\"x\ny\"", 7, Some(0)).unwrap_err().span.line,
            8
        );
        assert!(check_quotes("\"x\ny\"", 1, None).is_ok());
    }

    #[test]
    fn tabs() {
        assert!(is_after_tab("- \t a", 4));
        assert!(!is_after_tab("\ta: b", 4));
    }
}
