//! What a repository says, as it reaches terminals, logs and tables.

use serde_json::Value;

use super::workspace::{Workspace, component};

/// Text that wants to be something else where it is shown.
const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;t\u{7}\u{1b}]8;;http://evil\u{1b}\\\u{1b}]52;c;QQ==\u{7}\u{9b}31m\u{90}q\u{9c}\u{202e}\u{2066}\u{200b}\u{7f}\u{8}owner\rroot | `x` ``` <!-- <script>alert(1)</script> @team #1 [a](javascript:b) =1+1 \u{3000}\u{ff1d} %0A ::error::x";

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// A workspace of a component that is hostile in every field that people see.
fn hostile() -> Workspace {
    let workspace = Workspace::new();
    let text = quoted(HOSTILE);
    let lines = quoted("first\n::set-env name=PATH::/tmp\n  ::add-mask::x\n##[group]y\n");
    workspace.write(
        "shop/catalog-info.yaml",
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: shop\n  title: {text}\n  description: {lines}\n  tags: [{text}]\n  labels: {{l: {text}}}\n  annotations: {{a: {text}}}\n  links: [{{url: {text}, title: {text}}}]\n  {text}: 1\nspec:\n  type: {text}\n  lifecycle: {text}\n  owner: {text}\n  system: {text}\n  dependsOn: [{text}]\n"
        ),
    );
    workspace
}

/// Asserts that a text has nothing that a terminal or a log reader obeys.
fn assert_plain(text: &str) {
    let is_hidden = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if let Some(at) = text.find(is_hidden) {
        panic!("{:?}", &text[at.saturating_sub(40)..]);
    }
    for line in text.lines() {
        let line = line.trim_start();
        assert!(!line.starts_with("::set-env"), "{line}");
        assert!(!line.starts_with("::add-mask"), "{line}");
        assert!(!line.contains("##["), "{line}");
    }
}

#[test]
fn e01_nothing_reaches_a_terminal_but_text() {
    let workspace = hostile();
    for arguments in [
        &["find"][..],
        &["find", "--format", "name"],
        &["show", "shop"],
        &["check"],
        &["check", "--all"],
        &["check", "--format", "concise"],
        &["config", "show", "--origin"],
        &["find", HOSTILE],
        &["find", "kind:\u{1b}[2J"],
        &["show", HOSTILE],
        &["check", "\u{1b}[2J"],
        &["explain", HOSTILE],
        &["find", "--format", "\u{1b}[2J"],
        &["find", "-C", HOSTILE],
        &["find", "--at", "\u{1b}[2J"],
        &["find", "--columns", HOSTILE],
        &["find", "--where", HOSTILE],
        &["find", "--where", "spec.\u{202e}x > 1"],
        &["graph", HOSTILE],
        &["impact", HOSTILE],
        &["tree", "--by", HOSTILE],
        &["help", HOSTILE],
        &["check", "--select", HOSTILE],
        &["check", "--baseline", "\u{1b}[2J"],
    ] {
        let answer = workspace.run(arguments);
        assert_plain(&answer.text());
        assert_plain(&answer.stderr);
    }
}

#[test]
fn e01_no_format_of_any_list_lets_text_act() {
    let workspace = hostile();
    let lists = [
        &["find"][..],
        &[
            "find",
            "--columns",
            "title,description,tags,label.l,annotation.a,spec.owner",
        ],
        &["show", "shop"],
        &["tree"],
        &["tree", "--by", "label.l"],
        &["tree", "--by", "owner"],
        &["graph", "shop", "--relation", "ownedBy,partOf,dependsOn"],
        &["graph", "path", "shop", "shop"],
        &["graph", "cycles"],
        &["graph", "critical"],
        &["impact", "shop"],
    ];
    let formats = [
        "table", "json", "jsonl", "yaml", "csv", "markdown", "name", "dot", "mermaid", "svg",
    ];
    for list in lists {
        for format in formats {
            let answer = workspace.run(&[list, &["--format", format]].concat());
            // RFC 4180 ends lines so.
            assert_plain(&answer.text().replace("\r\n", "\n"));
            assert_plain(&answer.stderr);
        }
    }
}

#[test]
fn e16_only_web_pages_without_passwords_are_links() {
    let workspace = Workspace::new();
    let links = [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://me:secret@docs.example/a",
        "https://docs.example/\u{1b}]8;;",
    ];
    let links = links
        .map(|url| format!("{{url: {}, title: t}}", quoted(url)))
        .join(", ");
    workspace.write(
        "shop/catalog-info.yaml",
        component(
            "shop",
            &format!(
                "  links: [{links}]
"
            ),
        ),
    );
    let mut command = workspace.command(&["show", "shop", "--color=never"]);
    let answer = workspace.finish(command.env("FORCE_HYPERLINK", "1"));
    let text = answer.text();
    let targets: Vec<&str> = text
        .split("\u{1b}]8;;")
        .skip(1)
        .filter_map(|part| part.split("\u{1b}\\").next())
        .filter(|target| !target.is_empty())
        .collect();
    let pages: Vec<&str> = targets
        .iter()
        .copied()
        .filter(|it| !it.starts_with("file://"))
        .collect();
    assert_eq!(pages, ["https://docs.example/a"]);
    let files: Vec<&str> = targets
        .iter()
        .copied()
        .filter(|it| it.starts_with("file://"))
        .collect();
    assert!(
        files
            .iter()
            .all(|file| file.ends_with("/shop/catalog-info.yaml")),
        "{files:?}"
    );
}

#[test]
fn e01_with_colours_only_our_own_escapes_are_there() {
    let workspace = hostile();
    for arguments in [&["find"][..], &["show", "shop"], &["check", "--all"]] {
        let mut command = workspace.command(arguments);
        let answer = workspace.finish(command.arg("--color=always"));
        let text = answer.text();
        assert!(text.contains("\u{1b}["), "{text}");
        // Ours are sequences of digits that end in "m".
        let mut plain = String::new();
        for (index, part) in text.split('\u{1b}').enumerate() {
            if index == 0 {
                plain.push_str(part);
                continue;
            }
            let rest = part.strip_prefix('[').unwrap_or_else(|| panic!("{part:?}"));
            let end = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
            plain.push_str(end.strip_prefix('m').unwrap_or_else(|| panic!("{part:?}")));
        }
        assert_plain(&plain);
    }
}

#[test]
fn e01_what_the_command_line_parser_refuses_is_plain_too() {
    let workspace = Workspace::new();
    for arguments in [
        &["\u{1b}[2J"][..],
        &["find", "--\u{1b}[2J"],
        &["check", "--fail-on", "\u{1b}[2J"],
        &["find", "--color", "\u{1b}[2J::error::x"],
        &["show"],
    ] {
        let answer = workspace.run(arguments);
        answer.assert_code(2);
        assert_plain(&answer.stderr);
        assert_eq!(answer.text(), "");
    }
}

#[test]
fn e02_machine_formats_give_the_text_back() {
    let workspace = hostile();
    let shown = workspace.run(&["show", "shop", "--json"]).json();
    assert_eq!(shown["entity"]["title"], HOSTILE);
    let row = workspace.run(&["find", "--format", "jsonl"]);
    let row: Value = serde_json::from_slice(&row.stdout).unwrap();
    assert_eq!(row["tags"][0], HOSTILE);
    let sarif = workspace.run(&["check", "--format", "sarif"]).json();
    assert_eq!(sarif["version"], "2.1.0");
    let junit = workspace.run(&["check", "--format", "junit"]);
    let text = junit.text();
    roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let csv = workspace.run(&["export", "entities", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(&csv.stdout[..]);
    assert_eq!(reader.records().map(Result::unwrap).count(), 1);
}

#[test]
fn e03_no_line_is_a_command_of_a_runner() {
    let workspace = hostile();
    let answer = workspace.run(&["check", "--format", "github"]);
    let text = answer.text();
    assert!(!text.is_empty());
    for line in text.lines() {
        let is_ours = ["::error ", "::warning ", "::notice "]
            .iter()
            .any(|start| line.starts_with(start));
        assert!(is_ours || !line.trim_start().starts_with("::"), "{line:?}");
        assert!(!line.contains('\r') && !line.contains('\u{1b}'), "{line:?}");
    }
}

#[test]
fn e04_no_cell_of_a_table_is_a_formula() {
    let workspace = Workspace::new();
    for (index, start) in [
        "=HYPERLINK(1)",
        "+x",
        "-x",
        "@x",
        "\tx",
        "\rx",
        "＝1",
        "\"=1",
    ]
    .into_iter()
    .enumerate()
    {
        let metadata = format!("  description: {}\n", quoted(start));
        workspace.write(
            format!("c{index}/catalog-info.yaml"),
            component(&format!("c{index}"), &metadata),
        );
    }
    for arguments in [
        &["export", "entities", "--format", "csv"][..],
        &["find", "--format", "csv"],
    ] {
        let answer = workspace.run(arguments);
        let mut reader = csv::Reader::from_reader(&answer.stdout[..]);
        for record in reader.records() {
            for cell in &record.unwrap() {
                let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']);
                assert!(!is_formula, "{cell:?}");
            }
        }
    }
}

#[test]
fn e05_markdown_stays_a_table_without_mentions_or_scripts() {
    let workspace = hostile();
    for arguments in [
        &["find", "--format", "markdown"][..],
        &["show", "shop", "--format", "markdown"],
        &["check", "--format", "markdown"],
    ] {
        let answer = workspace.run(arguments);
        let text = answer.text();
        assert_plain(&text);
        let options = pulldown_cmark::Options::all();
        for event in pulldown_cmark::Parser::new_ext(&text, options) {
            use pulldown_cmark::{Event, Tag};
            match event {
                Event::Html(html) | Event::InlineHtml(html) => {
                    assert!(!html.contains("script") && !html.contains("<!--"), "{html}");
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    assert!(!dest_url.starts_with("javascript"), "{dest_url}");
                }
                _ => {}
            }
        }
        let table: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
        for row in &table {
            let bars = |row: &str| row.replace("\\|", "").matches('|').count();
            assert_eq!(bars(row), bars(table[0]), "{row}");
        }
    }
}

#[test]
fn e11_an_enormous_cell_is_cut_before_it_is_laid_out() {
    let workspace = Workspace::new();
    let wide = "支👩‍👩‍👧e\u{301}\u{200d}".repeat(15_000);
    for (index, text) in ["x".repeat(300_000), "x ".repeat(150_000), wide]
        .iter()
        .enumerate()
    {
        workspace.write(
            format!("c{index}/catalog-info.yaml"),
            component(
                &format!("c{index}"),
                &format!("  description: {}\n  title: {0}\n", quoted(text)),
            ),
        );
    }
    for width in ["1", "20", "100000", "x"] {
        for arguments in [&["find"][..], &["show", "c0"], &["show", "c2"]] {
            let mut command = workspace.command(arguments);
            workspace
                .finish(command.env("COLUMNS", width))
                .assert_code(0);
        }
    }
}

/// Flags, variables, and whether there are colours.
type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], bool);

#[test]
fn e14_colours_are_asked_for_in_one_order() {
    let workspace = Workspace::new();
    workspace.component("shop", "shop");
    let cases: [Case<'_>; 16] = [
        (&[], &[], false),
        (&["--color=auto"], &[], false),
        (&["--color=always"], &[], true),
        (&["--color=never"], &[], false),
        (&["--color=always"], &[("NO_COLOR", "1")], true),
        (
            &["--color=always"],
            &[("CLICOLOR", "0"), ("TERM", "dumb")],
            true,
        ),
        (&["--color=never"], &[("CLICOLOR_FORCE", "1")], false),
        (&[], &[("CLICOLOR_FORCE", "1")], true),
        (&[], &[("CLICOLOR_FORCE", "0")], false),
        (&[], &[("CLICOLOR_FORCE", "")], false),
        (&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], true),
        (&[], &[("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0")], true),
        (&[], &[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], true),
        (&[], &[("CLICOLOR", "1")], false),
        (&[], &[("NO_COLOR", "0"), ("CLICOLOR", "1")], false),
    ];
    for (flags, variables, is_coloured) in cases {
        let mut command = workspace.command(&["find"]);
        command.args(flags).envs(variables.iter().copied());
        let answer = workspace.finish(&mut command);
        assert_eq!(
            answer.text().contains('\u{1b}'),
            is_coloured,
            "{flags:?} {variables:?}"
        );
        let mut machine = workspace.command(&["find", "--format", "jsonl"]);
        machine.args(flags).envs(variables.iter().copied());
        assert!(!workspace.finish(&mut machine).text().contains('\u{1b}'));
    }
}
