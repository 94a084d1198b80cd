//! Mermaid flowcharts, which forges draw in Markdown (Mermaid 11, "Flowcharts").

use std::fmt::Write as _;
use std::io::{self, Write};

use super::left_out;
use crate::output::safe;
use crate::view::Graph;

/// `maxEdges` of Mermaid's default configuration.
const MOST_EDGES: usize = 500;
/// `maxTextSize` of Mermaid's default configuration, less what is said of what is left out.
const MOST_BYTES: usize = 49_000;
/// More boxes than that nobody can read in a page.
pub(super) const MOST_NODES: usize = 300;

/// Writes as much of a graph as Mermaid draws, beginning with the first nodes.
pub(in crate::output) fn write(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    let mut shown = graph.nodes.len().min(MOST_NODES);
    let text = loop {
        let part = graph.first(shown);
        let text = flowchart(&part);
        if shown <= 1 || (part.edges.len() <= MOST_EDGES && text.len() <= MOST_BYTES) {
            break text;
        }
        shown = shown * 4 / 5;
    };
    out.write_all(text.as_bytes())?;
    match left_out(shown, graph.nodes.len()) {
        Some(note) => writeln!(out, "  note[\"{}\"]", encoded(&note)),
        None => Ok(()),
    }
}

fn flowchart(graph: &Graph) -> String {
    let mut text = "flowchart LR\n".to_owned();
    for (number, node) in graph.nodes.iter().enumerate() {
        let detail = match node.detail.as_str() {
            "" => String::new(),
            detail => format!("<br/>{}", encoded(detail)),
        };
        let class = match (node.is_focus, node.is_missing) {
            (true, _) => ":::focus",
            (_, true) => ":::missing",
            _ => "",
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "  n{number}[\"{}{detail}\"]{class}",
            encoded(&node.label)
        );
    }
    for edge in &graph.edges {
        let (from, to) = (edge.from, edge.to);
        let _ = writeln!(text, "  n{from} -->|\"{}\"| n{to}", encoded(&edge.label));
    }
    text.push_str("  classDef focus stroke-width:3px\n  classDef missing stroke-dasharray:4\n");
    text
}

/// Text as a label: what is neither a letter, a digit nor harmless is a numeric entity, which
/// Mermaid writes with `#` instead of `&#`.
pub(in crate::output) fn encoded(text: &str) -> String {
    let mut label = String::new();
    for c in safe(text).chars() {
        if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | ':' | ',') {
            label.push(c);
        } else {
            let _ = write!(label, "#{};", u32::from(c));
        }
    }
    label
}
