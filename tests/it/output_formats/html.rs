//! Web pages, read as a browser reads them: nothing in them is anybody's but ours.

use std::collections::BTreeSet;

use devportal::output::{base64, write_page};
use devportal::view::{
    Block, Chart, ChartShape, Column, Graph, GraphEdge, GraphNode, Piece, Rgb, Role, SearchEntry,
    Series, Surroundings, Table, Text, TreeItem, View,
};
use scraper::{ElementRef, Html, Selector};
use sha2::{Digest, Sha256};

use super::sample::{NARROW, sample_view, written_view};

/// What would run, load or mislead if it became more than text.
const HOSTILE: [&str; 14] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "</style><script>alert(1)</script>",
    "</title></head><body onload=alert(1)>",
    "</script><script>alert(1)</script>",
    "<!-- --> <![CDATA[",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "\u{202e}gpj.exe\u{2066}\u{200b}",
    "&#x3c;script&#x3e;&lt;img&gt;",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<base href=http://evil.example><form action=http://evil.example>",
    "\u{0}\u{1b}[2J\u{ffff}",
];

/// Markdown that tries the same.
const MARKDOWN: &str = "\
# <script>alert(1)</script>\n\n<script>alert(2)</script>\n\n<img src=x onerror=alert(3)>\n\n\
[a](javascript:alert(4)) [b](data:text/html,x) [c](vbscript:x) [d](//evil.example) <javascript:alert(5)>\n\n\
![picture](http://evil.example/pixel.png)\n\n[e](https://good.example/?a=1&b=\"2\")\n\n\
> - 3. **bold** `</code><script>`\n\n| a | b |\n|---|---|\n| <b onclick=x>c | [f](https://a.example/) |\n\n\
```html\n</code></pre><script>alert(6)</script>\n```\n";

fn piece(text: &str, role: Role, target: Option<&str>) -> Piece {
    Piece {
        text: text.to_owned(),
        role,
        target: target.map(str::to_owned),
    }
}

/// A view in which every text is this one.
fn view_of(text: &str) -> View {
    let roles = [
        Role::Plain,
        Role::Name,
        Role::Faint,
        Role::Good,
        Role::Code,
        Role::Url,
        Role::File,
        Role::Tint(Rgb::parse("#cd7f32").unwrap()),
    ];
    let words = || Text {
        pieces: roles
            .iter()
            .flat_map(|role| [piece(text, *role, None), piece(text, *role, Some(text))])
            .collect(),
    };
    let blocks = vec![
        Block::Heading(words()),
        Block::Subheading(words()),
        Block::Paragraph(words()),
        Block::Table(Table {
            columns: vec![Column::fixed(text), Column::numeric(text)],
            rows: vec![vec![words(), words()]],
        }),
        Block::KeyValues(vec![(text.to_owned(), words())]),
        Block::List(vec![words()]),
        Block::Tree(vec![TreeItem {
            text: words(),
            children: vec![TreeItem {
                text: words(),
                children: Vec::new(),
            }],
        }]),
        Block::Verbatim(text.to_owned()),
        Block::Markdown(text.to_owned()),
        Block::Chart(chart(text, ChartShape::StackedBars)),
        Block::Chart(chart(text, ChartShape::Lines)),
        Block::Graph(graph(text)),
        Block::Graph(graph(text)),
        Block::Folded {
            summary: words(),
            blocks: vec![Block::Heading(words()), Block::Markdown(text.to_owned())],
        },
    ];
    View { blocks }
}

fn chart(text: &str, shape: ChartShape) -> Chart {
    let series = |values: [Option<f64>; 2]| Series {
        name: text.to_owned(),
        color: None,
        values: values.into(),
    };
    Chart {
        title: text.to_owned(),
        shape,
        unit: text.to_owned(),
        labels: vec![text.to_owned(), "2026-11".to_owned()],
        series: vec![series([Some(1.0), Some(2.0)]), series([None, Some(0.5)])],
    }
}

fn graph(text: &str) -> Graph {
    let node = |target: Option<&str>| GraphNode {
        id: text.to_owned(),
        label: text.to_owned(),
        detail: text.to_owned(),
        kind: text.to_owned(),
        target: target.map(str::to_owned),
        ..GraphNode::default()
    };
    Graph {
        nodes: vec![node(None), node(Some(text)), node(Some("../a/b.html"))],
        edges: vec![GraphEdge {
            from: 0,
            to: 1,
            label: text.to_owned(),
        }],
    }
}

fn site(text: &str) -> Surroundings {
    Surroundings {
        site: text.to_owned(),
        home: "index.html".to_owned(),
        way: vec![
            (text.to_owned(), Some(text.to_owned())),
            (text.to_owned(), None),
        ],
        index: Some(vec![SearchEntry {
            target: text.to_owned(),
            kind: text.to_owned(),
            name: text.to_owned(),
            title: text.to_owned(),
            description: text.to_owned(),
            owner: text.to_owned(),
            tags: text.to_owned(),
        }]),
    }
}

fn page(view: &View, around: &Surroundings) -> String {
    let mut page = Vec::new();
    write_page(view, around, &mut page).unwrap();
    String::from_utf8(page).unwrap()
}

fn all<'a>(document: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(selector).unwrap();
    document.select(&selector).collect()
}

fn text_of(element: ElementRef<'_>) -> String {
    element.text().collect()
}

/// The elements that a page may have.
const KNOWN: &[&str] = &[
    "a",
    "body",
    "blockquote",
    "br",
    "button",
    "circle",
    "code",
    "dd",
    "defs",
    "desc",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "form",
    "g",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "input",
    "li",
    "link",
    "main",
    "marker",
    "meta",
    "nav",
    "noscript",
    "ol",
    "p",
    "path",
    "polyline",
    "pre",
    "rect",
    "script",
    "section",
    "span",
    "strong",
    "style",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "text",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
];

/// The policy of a page, which must allow what the page has and nothing else.
fn assert_harmless(page: &str) {
    let document = Html::parse_document(page);
    let policy = all(&document, "meta[http-equiv=Content-Security-Policy]");
    assert_eq!(policy.len(), 1, "{page}");
    let policy = policy[0].attr("content").unwrap();
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(
        !policy.contains("unsafe") && !policy.contains("http"),
        "{policy}"
    );
    for (selector, directive) in [("style", "style-src"), ("script:not([type])", "script-src")] {
        let elements = all(&document, selector);
        let hashes = elements
            .iter()
            .map(|element| format!("'sha256-{}'", base64(&Sha256::digest(text_of(*element)))));
        let hashes: Vec<String> = hashes.collect();
        let allowed = policy
            .split("; ")
            .find_map(|part| part.strip_prefix(directive));
        assert_eq!(
            allowed.unwrap_or_default().trim(),
            hashes.join(" "),
            "{page}"
        );
    }
    let mut ids = BTreeSet::new();
    for element in all(&document, "*") {
        let name = element.value().name();
        assert!(KNOWN.contains(&name), "<{name}> in {page}");
        for (attribute, value) in element.value().attrs() {
            assert!(!attribute.starts_with("on"), "{attribute} in {page}");
            assert!(
                !["style", "src", "srcset", "srcdoc"].contains(&attribute),
                "{attribute}"
            );
            if ["href", "action"].contains(&attribute) && name != "link" {
                let leads = value.split_once(':').map_or("", |(scheme, _)| scheme);
                assert!(["", "https", "http", "mailto"].contains(&leads), "{value}");
                assert!(!value.starts_with('/'), "{value}");
            }
            if attribute == "id" {
                assert!(ids.insert(value.to_owned()), "two of {value}: {page}");
            }
        }
    }
    let hidden = |c: &char| devportal::output::is_hidden(*c) && *c != '\n';
    assert_eq!(page.chars().find(hidden), None, "{page}");
}

#[test]
fn e06_text_of_others_is_only_text() {
    for text in HOSTILE.into_iter().chain([MARKDOWN]) {
        let view = view_of(text);
        assert_harmless(&written_view("html", &view, &NARROW));
        let page = page(&view, &site(text));
        assert_harmless(&page);
        let document = Html::parse_document(&page);
        assert_eq!(
            all(&document, "script").len(),
            2,
            "the index and the search"
        );
        let paragraph = all(&document, "main > p")[0];
        let shown = devportal::output::safe_lines(text);
        assert!(text_of(paragraph).contains(&*shown), "{text}");
        let index = text_of(all(&document, "script[type='application/json']")[0]);
        let index: serde_json::Value = serde_json::from_str(&index).unwrap();
        assert_eq!(index[0][2], *devportal::output::safe(text));
    }
}

#[test]
fn e06_markdown_of_others_keeps_its_meaning_and_nothing_that_acts() {
    let view = View {
        blocks: vec![Block::Markdown(MARKDOWN.to_owned())],
    };
    let page = written_view("html", &view, &NARROW);
    assert_harmless(&page);
    let document = Html::parse_document(&page);
    let links = all(&document, "main a").into_iter();
    let links: Vec<&str> = links.filter_map(|link| link.attr("href")).collect();
    assert_eq!(
        links,
        ["https://good.example/?a=1&b=%222%22", "https://a.example/"]
    );
    assert!(all(&document, "img, b").is_empty());
    let quoted = all(
        &document,
        "blockquote > ul > li > ol[start='3'] > li strong",
    );
    assert_eq!(quoted.len(), 1, "{page}");
    assert_eq!(all(&document, "pre").len(), 1);
}

#[test]
fn a_page_says_what_the_view_says() {
    let mut view = sample_view();
    view.push(Block::Folded {
        summary: "more".into(),
        blocks: vec![Block::Heading("what it needs".into())],
    });
    let page = written_view("html", &view, &NARROW);
    assert_harmless(&page);
    let document = Html::parse_document(&page);
    let texts = |selector| {
        all(&document, selector)
            .into_iter()
            .map(text_of)
            .collect::<Vec<String>>()
    };
    assert_eq!(texts("title"), ["payments"]);
    assert_eq!(texts("h1"), ["payments"]);
    assert_eq!(texts("main > h2[id='what-it-needs']"), ["what it needs#"]);
    assert_eq!(
        texts("details > h2[id='what-it-needs-1']"),
        ["what it needs#"]
    );
    assert_eq!(texts("th.number, td.number"), ["incidents", "7", "-12"]);
    assert_eq!(texts("ul > li > ul > li > ul > li"), ["component:payments"]);
    assert_eq!(texts("dt"), ["owner", "lifecycle", "next"]);
    assert_eq!(texts("dd .good"), ["production"]);
    assert_eq!(texts("pre code"), ["```yaml\nkind: Component\n```\n"]);
    assert!(texts("nav").is_empty(), "a short page needs no contents");
}

#[test]
fn a_long_page_begins_with_its_parts() {
    let mut view = sample_view();
    for title in ["one", "two", "Größe & <b>"] {
        view.push(Block::Heading(title.into()));
    }
    let page = written_view("html", &view, &NARROW);
    let document = Html::parse_document(&page);
    let links = all(&document, "nav.contents a");
    let parts: Vec<(&str, String)> = links
        .into_iter()
        .map(|link| (link.attr("href").unwrap(), text_of(link)))
        .collect();
    let parts: Vec<(&str, &str)> = parts
        .iter()
        .map(|(to, text)| (*to, text.as_str()))
        .collect();
    let expected = [
        ("#what-it-needs", "what it needs"),
        ("#one", "one"),
        ("#two", "two"),
        ("#größe-b", "Größe & <b>"),
    ];
    assert_eq!(parts, expected);
}

#[test]
fn levels_have_a_dot_beside_text_that_stays_readable() {
    let color = Rgb::parse("#ffd700").unwrap();
    let view = View {
        blocks: vec![Block::List(vec![Text::new("Gold", Role::Tint(color))])],
    };
    let page = written_view("html", &view, &NARROW);
    assert!(page.contains("fill=\"#ffd700\"/></svg>Gold</li>"), "{page}");
}

#[test]
fn charts_say_what_they_show_to_who_cannot_see_them() {
    let chart = Chart {
        title: "Levels".to_owned(),
        shape: ChartShape::StackedBars,
        unit: "components".to_owned(),
        labels: (1..=12)
            .map(|month| format!("2026-{month:02}-01"))
            .collect(),
        series: [("bronze", 3.0), ("silver", 2.0)]
            .map(|(name, value)| Series {
                name: name.to_owned(),
                color: None,
                values: vec![Some(value); 12],
            })
            .into(),
    };
    let view = View {
        blocks: vec![Block::Chart(chart)],
    };
    let page = written_view("html", &view, &NARROW);
    let document = Html::parse_document(&page);
    let drawing = all(&document, "figure svg[role=img]")[0];
    let named = drawing.attr("aria-labelledby").unwrap().split(' ');
    let said = named.map(|id| text_of(all(&document, &format!("[id='{id}']"))[0]));
    assert_eq!(
        said.collect::<Vec<String>>(),
        [
            "Levels",
            "components from 2026-01-01 to 2026-12-01; at the end: bronze 3, silver 2",
        ]
    );
    assert_eq!(all(&document, "rect").len(), 24);
    let labels = all(&document, "text.middle").into_iter();
    let labels: Vec<String> = labels
        .map(|it| it.text().next().unwrap().to_owned())
        .collect();
    assert_eq!(labels.len(), 12);
    assert_eq!(labels[0], "2026-01");
    let legend = all(&document, ".legend li").into_iter();
    assert_eq!(
        legend.map(text_of).collect::<Vec<String>>(),
        ["silver 2", "bronze 3"]
    );
}
