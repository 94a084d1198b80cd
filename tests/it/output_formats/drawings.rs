//! Drawings of graphs, with names that would break out of them.

use devportal::output::GRAPH_FORMATS;
use devportal::view::{Graph, GraphEdge, GraphNode};

/// Names that mean something to Graphviz, Mermaid, XML or a terminal.
const HOSTILE: [&str; 9] = [
    "\"];click A \"javascript:alert(1)\"",
    "</text><script>alert(1)</script>",
    "]]>&lt;&#0;&amp;",
    "a\\\" -> b [URL=\"javascript:x\"]; \\",
    "\u{1b}[2J\u{202e}evil\u{0}",
    "%%{init: {'securityLevel':'loose'}}%%",
    "`x` $y$ #35; #quot;",
    "line\nend\n  click n0 call x()",
    "\\N\\G\\L",
];

fn graph(names: &[&str]) -> Graph {
    let node = |name: &&str| GraphNode {
        id: (*name).to_owned(),
        label: (*name).to_owned(),
        detail: (*name).to_owned(),
        kind: (*name).to_owned(),
        is_focus: false,
        is_missing: true,
        target: Some("https://a.example/".to_owned()),
    };
    let edges = (1..names.len()).map(|to| GraphEdge {
        from: 0,
        to,
        label: names[to].to_owned(),
    });
    Graph {
        nodes: names.iter().map(node).collect(),
        edges: edges.collect(),
    }
}

fn written(format: &str, graph: &Graph) -> String {
    let format = GRAPH_FORMATS
        .iter()
        .find(|known| known.name == format)
        .unwrap();
    let mut bytes = Vec::new();
    (format.write)(graph, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The quoted texts of a line, and what is left of it.
fn unquoted(line: &str) -> String {
    let (mut rest, mut quoted, mut escaped) = (String::new(), false, false);
    for c in line.chars() {
        match c {
            '\\' if quoted && !escaped => escaped = true,
            '"' if !escaped => quoted = !quoted,
            c => {
                escaped = false;
                if !quoted {
                    rest.push(c);
                }
            }
        }
    }
    assert!(!quoted, "a quote is open at the end of {line}");
    rest
}

#[test]
fn e02_names_stay_inside_their_quotes() {
    let dot = written("dot", &graph(&HOSTILE));
    for line in dot.lines() {
        let outside = unquoted(line);
        assert!(
            !outside.contains("URL") && !outside.contains("javascript"),
            "{line}"
        );
    }
    assert_eq!(dot.lines().count(), 3 + HOSTILE.len() * 2 - 1 + 1);
    let mermaid = written("mermaid", &graph(&HOSTILE));
    for line in mermaid.lines() {
        let outside = unquoted(line);
        assert!(
            !outside.contains("click") && !outside.contains("%%"),
            "{line}"
        );
    }
    for text in [&dot, &mermaid, &written("svg", &graph(&HOSTILE))] {
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{0}']));
    }
}

#[test]
fn e06_a_drawing_is_xml_without_scripts_and_links() {
    let svg = written("svg", &graph(&HOSTILE));
    let document = roxmltree::Document::parse(&svg).expect("XML");
    for element in document.descendants().filter(roxmltree::Node::is_element) {
        let name = element.tag_name().name();
        assert!(
            !["script", "a", "image", "foreignObject", "use"].contains(&name),
            "{name}"
        );
        for attribute in element.attributes() {
            assert!(!attribute.name().starts_with("on"), "{}", attribute.name());
        }
    }
    let titles = document
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "title")));
    let texts: Vec<&str> = titles.filter_map(|title| title.text()).collect();
    assert!(
        texts.contains(&HOSTILE[1]),
        "text is shown as it is written"
    );
}

#[test]
fn e08_a_drawing_for_a_forge_stays_within_its_limits() {
    let names: Vec<String> = (0..2_000)
        .map(|number| format!("component:default/{number}"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mermaid = written("mermaid", &graph(&names));
    assert!(mermaid.len() <= 50_000 && mermaid.matches("-->").count() <= 500);
    assert!(mermaid.contains("of 2000 entities are shown"));
    assert!(written("svg", &graph(&names)).contains("400 of 2000 entities are shown"));
}
