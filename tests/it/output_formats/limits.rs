//! What is too large for a service or a terminal.

use devportal::diagnostic::Diagnostic;
use devportal::output::{Findings, Terminal};
use devportal::view::{Block, Column, Table, Text, TreeItem, View};

use super::sample::{INVALID, NARROW, at, findings, sample, written, written_view};

/// E09: a service that takes 5,000 results gets the worst 5,000, and is told.
#[test]
fn e09_sarif_has_a_limit() {
    let mut found: Vec<_> = (0..6000).map(|_| sample().swap_remove(0)).collect();
    found.push(sample().swap_remove(3));
    let sarif: serde_json::Value =
        serde_json::from_str(&written("sarif", &findings(&found), &NARROW)).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), 5000);
    assert_eq!(run["results"][0]["level"], "error");
    let notification = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
        .as_str()
        .unwrap();
    assert!(notification.starts_with("1001 findings"), "{notification}");
    for result in run["results"].as_array().unwrap() {
        assert!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].is_string());
    }
}

/// E10: a summary over 1,024 KiB is refused as a whole, an eleventh annotation is dropped.
#[test]
fn e10_summaries_and_annotations_have_limits() {
    let mut found: Vec<_> = (0..20_000).map(|_| sample().swap_remove(1)).collect();
    found.push(sample().swap_remove(3));
    found.push(Diagnostic::new(&INVALID, "x".repeat(3_000_000)));
    let markdown = written("markdown", &findings(&found), &NARROW);
    assert!(markdown.len() < 1001 * 1024);
    assert!(markdown.contains("\n| error | `duplicate` |"));
    assert!(
        markdown
            .trim_end()
            .ends_with("findings that did not fit here")
    );
    let github = written("github", &findings(&found), &NARROW);
    assert_eq!(
        github
            .lines()
            .filter(|line| line.starts_with("::warning "))
            .count(),
        10
    );
    assert!(github.starts_with("::error "));
    assert!(
        github.ends_with("19990 warnings not annotated: GitHub shows 10 of each kind a step\n")
    );
}

/// E11: no cell is laid out before it is cut, and no width is too small.
#[test]
fn e11_cells_and_widths() {
    let mut view = View::new();
    let text = |text: &str| Text::plain(text);
    view.push(Block::Table(Table {
        columns: vec![
            Column::fixed("name"),
            Column::flexible("description"),
            Column::numeric("n"),
        ],
        rows: vec![
            vec![text("orders"), text(&"支".repeat(100_000)), text("1")],
            vec![
                text("e\u{301}mile"),
                text("🚀 ❤\u{fe0f} 👍🏽 and then some"),
                text("22"),
            ],
            vec![text("billing"), text(""), text("333")],
        ],
    }));
    for width in [0, 1, 2, 20, 30, 80, 500] {
        let shown = written_view(
            "human",
            &view,
            &Terminal {
                width,
                color: false,
                links: None,
            },
        );
        let widths: Vec<usize> = shown
            .lines()
            .map(unicode_width::UnicodeWidthStr::width)
            .collect();
        assert_eq!(shown.lines().count(), 4);
        if width >= 20 {
            assert!(
                widths.iter().all(|line| *line <= width),
                "{width}: {widths:?}\n{shown}"
            );
            assert!(
                widths.iter().all(|line| *line == widths[0]),
                "{width}: {widths:?}\n{shown}"
            );
        }
        assert!(shown.lines().all(|line| !line.ends_with(' ')));
    }
}

/// A line of a megabyte is shown around the mark, and quickly.
#[test]
fn e11_long_source_lines() {
    let line = format!("{}\t\u{1b}MARK{}", "a".repeat(500_000), "b".repeat(500_000));
    let found =
        vec![Diagnostic::new(&INVALID, "long").at(at("payments/catalog-info.yaml", 1, 500_003, 4))];
    let findings = Findings {
        source: &|_| Some(line.clone()),
        ..findings(&found)
    };
    let shown = written("human", &findings, &NARROW);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[1], " --> payments/catalog-info.yaml:1:500003");
    let mark = lines[4].find("^^^^").unwrap();
    assert_eq!(&lines[3][mark..mark + 4], "MARK", "{shown}");
    assert!(lines.iter().all(|line| line.len() < 100), "{shown}");
}

/// The depth of a tree is in the hands of others, too.
#[test]
fn e11_deep_trees() {
    let leaf = TreeItem {
        text: "leaf".into(),
        children: Vec::new(),
    };
    let chain = (0..3000).fold(leaf, |below, _| TreeItem {
        text: "group".into(),
        children: vec![below],
    });
    let view = View {
        blocks: vec![Block::Tree(vec![chain])],
    };
    for format in ["human", "markdown"] {
        let shown = written_view(format, &view, &NARROW);
        assert!(shown.lines().count() <= 101);
        assert!(shown.trim_end().ends_with('…'));
    }
}
