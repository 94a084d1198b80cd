//! Text of others comes out of every format as text.

#![expect(clippy::unwrap_used, reason = "a test that fails shall fail there")]

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use devportal::diagnostic::Diagnostic;
use devportal::model::{Place, SourceFile, Span};
use devportal::output::{self, Findings, Terminal, is_hidden, safe, safe_lines};
use devportal::view::{Block, Column, Role, Table, Text, TreeItem, View};
use proptest::prelude::*;
use regex::Regex;

use super::markdown_reader::Markdown;
use super::sample::{DANGLING, INVALID, MISSING, NARROW, findings, written, written_view};

/// Text as an attacker would write it.
fn hostile() -> impl Strategy<Value = String> {
    static FRAGMENTS: &[&str] = &[
        "\u{1b}[2J",
        "\u{1b}]8;;x\u{7}",
        "\r",
        "\n",
        "\t",
        "::error::",
        "##[group]",
        "##vso[x]",
        "%0A",
        "%",
        "|",
        "`",
        "```",
        "\\",
        "\\|",
        "<!--",
        "-->",
        "<b>",
        "&amp;",
        "&#64;",
        "@team",
        "#12",
        "GH-1",
        "!7",
        "[a](javascript:b)",
        "![a](http://b)",
        "https://a.b/c",
        "ftp://a",
        "www.a.b",
        "---",
        "===",
        "# ",
        "> ",
        "- ",
        "1. ",
        "**",
        "__",
        "~~",
        "$x$",
        "    ",
        "\u{202e}",
        "\u{200b}",
        "\u{9b}",
        "\u{ffff}",
        "\u{e0041}",
        "]]>",
        "\"",
        "'",
        ",",
        "=1+1",
        "＝",
        "é",
        "e\u{301}",
        "支",
        "🚀",
        "👨\u{200d}👩\u{200d}👧",
        "❤\u{fe0f}",
        " ",
        ":",
        "\0",
        "\u{7f}",
    ];
    let piece = prop_oneof![3 => prop::sample::select(FRAGMENTS).prop_map(str::to_owned), 1 => "[a-z ]{1,5}", 1 => any::<char>().prop_map(String::from)];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn hostile_findings() -> impl Strategy<Value = Vec<Diagnostic>> {
    let code = prop::sample::select(vec![&DANGLING, &INVALID, &MISSING]);
    let span = prop::option::of((0u32..4, 0u32..50, 0u32..3, 0u32..50));
    let place = prop::option::of(("[a-z]{0,3}", hostile(), span)).prop_map(|place| {
        place.map(|(folder, path, span)| {
            let file = Arc::new(SourceFile::new(
                "github.com/acme/x".into(),
                &folder,
                path.as_bytes(),
            ));
            let span = span.map(|(line, column, lines, width)| Span {
                line,
                column,
                end_line: line + lines,
                end_column: column + width,
            });
            Place { file, span }
        })
    });
    let place = place.boxed();
    let finding = (
        code,
        hostile(),
        prop::option::of(hostile()),
        place.clone(),
        hostile(),
        place,
    )
        .prop_map(|(code, message, help, place, subject, related)| {
            let mut finding = Diagnostic::new(code, message).subject(subject.clone());
            finding.help = help;
            finding.place = place;
            finding
                .related
                .extend(related.map(|place| (place, subject)));
            finding
        });
    prop::collection::vec(finding, 1..6)
}

/// What a terminal and the log reader of a CI service may be given.
fn assert_harmless(shown: &str) {
    let left: Vec<char> = shown
        .chars()
        .filter(|c| is_hidden(*c) && *c != '\n')
        .collect();
    assert!(left.is_empty(), "{left:?} in {shown}");
    assert!(
        shown
            .lines()
            .all(|line| !line.trim_start().starts_with("::")),
        "{shown}"
    );
    assert!(
        !shown.contains("##[") && !shown.contains("##vso["),
        "{shown}"
    );
}

static COLOURS: LazyLock<Regex> = LazyLock::new(|| Regex::new("\u{1b}\\[[0-9;]*m").unwrap());

proptest! {
    #[test]
    fn e01_safe_leaves_nothing_hidden(text in hostile()) {
        assert_harmless(&safe(&text));
        assert_harmless(&safe_lines(&text).replace('\t', ""));
    }

    #[test]
    fn e01_e03_terminals_see_only_our_own_escapes(found in hostile_findings(), source in hostile(), width in 0usize..120, all: bool) {
        let findings = Findings { source: &|_| Some(source.clone()), all, ..findings(&found) };
        assert_harmless(&written("human", &findings, &Terminal { width, color: false, links: None }));
        let coloured = written("human", &findings, &Terminal { width, color: true, links: None });
        assert_harmless(&COLOURS.replace_all(&coloured, ""));
        assert_harmless(&written("concise", &findings, &NARROW));
        for format in ["json", "sarif", "junit", "markdown"] {
            assert_harmless(&written(format, &findings, &NARROW));
        }
    }

    #[test]
    fn e01_views_are_harmless(one in hostile(), two in hostile(), width in 0usize..60) {
        let mut view = View::new();
        let text = || Text::new(one.clone(), Role::Name).then(two.clone(), Role::Code).then(one.clone(), Role::Plain);
        view.push(Block::Heading(text()));
        view.push(Block::Paragraph(text()));
        view.push(Block::KeyValues(vec![(one.clone(), text())]));
        view.push(Block::List(vec![text()]));
        view.push(Block::Tree(vec![TreeItem { text: text(), children: vec![TreeItem { text: text(), children: Vec::new() }] }]));
        view.push(Block::Table(Table { columns: vec![Column::flexible(one.clone())], rows: vec![vec![text()]] }));
        assert_harmless(&written_view("human", &view, &Terminal { width, color: false, links: None }));
        let coloured = written_view("human", &view, &Terminal { width, color: true, links: None });
        let left = COLOURS.replace_all(&coloured, "");
        prop_assert!(!left.contains(|c| is_hidden(c) && c != '\n'), "{left:?}");
        prop_assert!(coloured.lines().all(|line| !line.trim_start().starts_with("::")), "{coloured}");
        assert_harmless(&written_view("markdown", &view, &NARROW));
        assert_harmless(&written_view("csv", &view, &NARROW).replace(['\r', '\t'], ""));
        view.blocks = vec![Block::Verbatim(one.clone())];
        assert_harmless(&written_view("human", &view, &NARROW).replace('\t', ""));
    }

    #[test]
    fn e02_json_round_trips(found in hostile_findings()) {
        let json: serde_json::Value = serde_json::from_str(&written("json", &findings(&found), &NARROW)).unwrap();
        for (finding, json) in found.iter().zip(json["findings"].as_array().unwrap()) {
            prop_assert_eq!(json["message"].as_str().unwrap(), &finding.message);
            prop_assert_eq!(json["help"].as_str(), finding.help.as_deref());
            prop_assert_eq!(json["path"].as_str(), finding.place.as_ref().map(|place| place.file.path()));
        }
    }

    #[test]
    fn e02_sarif_round_trips(found in hostile_findings()) {
        let sarif: serde_json::Value = serde_json::from_str(&written("sarif", &findings(&found), &NARROW)).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        prop_assert_eq!(results.len(), found.len());
        let mut sorted: Vec<_> = found.iter().collect();
        sorted.sort_by_key(|finding| finding.severity);
        for (finding, result) in sorted.iter().zip(results) {
            let text = result["message"]["text"].as_str().unwrap();
            prop_assert!(text.starts_with(&finding.message));
            let location = &result["locations"][0]["physicalLocation"];
            let uri = location["artifactLocation"]["uri"].as_str().unwrap();
            if let Some(place) = &finding.place {
                prop_assert_eq!(percent_decoded(uri), place.file.path().as_bytes());
            }
            prop_assert!(location["region"]["startLine"].as_u64().unwrap() > 0);
        }
    }

    #[test]
    fn e02_junit_round_trips(found in hostile_findings()) {
        let junit = written("junit", &findings(&found), &NARROW);
        let document = roxmltree::Document::parse(&junit).unwrap();
        let mut messages: Vec<&str> = document.descendants().filter(|node| node.has_tag_name("failure") || node.has_tag_name("skipped")).map(|node| node.attribute("message").unwrap()).collect();
        let mut expected: Vec<_> = found.iter().map(|finding| safe(&finding.message)).collect();
        messages.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(messages, expected);
    }

    #[test]
    fn e02_e03_github_commands_round_trip(found in hostile_findings()) {
        let command = Regex::new("^::(?:error|warning|notice) (?:file=([^:,]*),)?(?:line=\\d+,col=\\d+,endLine=\\d+,endColumn=\\d+,)?title=[a-z-]+::(.*)$").unwrap();
        let shown = written("github", &findings(&found), &NARROW);
        prop_assert_eq!(shown.lines().count(), found.len());
        let mut sorted: Vec<_> = found.iter().collect();
        sorted.sort_by_key(|finding| finding.severity);
        for (line, finding) in shown.lines().zip(sorted) {
            let parts = command.captures(line).unwrap();
            let mut expected = safe(&finding.message).into_owned();
            if let Some(help) = &finding.help {
                write!(expected, "\nhelp: {}", safe(help)).unwrap();
            }
            prop_assert_eq!(unescaped(&parts[2]), expected);
            prop_assert_eq!(parts.get(1).map(|path| unescaped(path.as_str())), finding.place.as_ref().map(|place| safe(place.file.path()).into_owned()));
        }
    }

    #[test]
    fn e02_e04_csv_round_trips(cells in prop::collection::vec(hostile(), 1..4)) {
        let columns = cells.iter().map(|_| Column::fixed("name")).collect();
        let row = cells.iter().map(|cell| Text::plain(cell.clone())).collect();
        let view = View { blocks: vec![Block::Table(Table { columns, rows: vec![row] })] };
        let read = |raw| {
            let mut out = Vec::new();
            output::csv::write(&view, raw, &mut out).unwrap();
            let mut reader = csv::ReaderBuilder::new().has_headers(true).flexible(false).from_reader(&out[..]);
            let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            assert_eq!(records.len(), 1);
            records[0].iter().map(str::to_owned).collect::<Vec<_>>()
        };
        prop_assert_eq!(read(true), cells.clone());
        for (shown, cell) in read(false).iter().zip(&cells) {
            prop_assert_eq!(shown.strip_prefix('\'').filter(|_| !cell.starts_with('\'')).unwrap_or(shown), safe_lines(cell));
            prop_assert!(!shown.starts_with(['=', '+', '@', '\t', '\r', '＝', '＋', '－', '＠']));
        }
    }

    #[test]
    fn e05_markdown_tables_stay_intact(found in hostile_findings()) {
        let read = Markdown::read(&written("markdown", &findings(&found), &NARROW));
        prop_assert!(read.acts.is_empty(), "{:?}", read.acts);
        prop_assert_eq!(read.cells.len(), 4 * (found.len() + 1));
        let mut sorted: Vec<_> = found.iter().collect();
        sorted.sort_by_key(|finding| finding.severity);
        for (cells, finding) in read.cells[4..].chunks(4).zip(sorted) {
            let help = finding.help.as_deref().unwrap_or_default();
            let expected = format!("{}{}", safe(&finding.message), safe(help));
            prop_assert_eq!(without_space(&cells[3]), without_space(&expected));
        }
    }

    #[test]
    fn e05_markdown_text_is_only_text(text in hostile()) {
        let blocks = vec![
            Block::Heading(text.as_str().into()),
            Block::Paragraph(safe(&text).into_owned().into()),
            Block::List(vec![text.as_str().into()]),
            Block::KeyValues(vec![(text.clone(), text.as_str().into())]),
            Block::Tree(vec![TreeItem { text: text.as_str().into(), children: Vec::new() }]),
        ];
        for block in blocks {
            let markdown = written_view("markdown", &View { blocks: vec![block.clone()] }, &NARROW);
            let read = Markdown::read(&markdown);
            prop_assert!(read.acts.is_empty(), "{:?}\n{markdown}", read.acts);
            let expected = if matches!(block, Block::KeyValues(_)) { format!("{0}:{0}", safe(&text)) } else { safe(&text).into_owned() };
            prop_assert_eq!(without_space(&read.text), without_space(&expected), "{}", markdown);
        }
    }

    #[test]
    fn e05_verbatim_stays_inside_its_fences(text in hostile()) {
        let view = View { blocks: vec![Block::Verbatim(text.clone())] };
        let read = Markdown::read(&written_view("markdown", &view, &NARROW));
        prop_assert_eq!(read.acts, vec!["code block".to_owned()]);
        prop_assert_eq!(without_space(&read.text), without_space(&safe_lines(&text)));
    }
}

/// The ranges written down are those of Unicode.
#[test]
fn e01_all_that_unicode_calls_invisible_is_hidden() {
    let invisible = Regex::new(
        r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}--[\x{fe0e}\x{fe0f}]]",
    )
    .unwrap();
    for c in ('\0'..=char::MAX).filter(|c| u32::from(*c) & 0xfffe != 0xfffe) {
        assert_eq!(
            is_hidden(c),
            invisible.is_match(c.encode_utf8(&mut [0; 4])),
            "{:x}",
            u32::from(c)
        );
    }
}

fn without_space(text: &str) -> String {
    text.split_whitespace().collect()
}

fn unescaped(text: &str) -> String {
    text.replace("%0A", "\n")
        .replace("%0D", "\r")
        .replace("%3A", ":")
        .replace("%2C", ",")
        .replace("%25", "%")
}

fn percent_decoded(uri: &str) -> Vec<u8> {
    let mut bytes = uri.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' {
            let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
            u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
        } else {
            byte
        });
    }
    decoded
}
