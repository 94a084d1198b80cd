//! Graphviz (The DOT Language, graphviz.org).

use std::io::{self, Write};

use crate::output::safe;
use crate::view::Graph;

/// Writes a graph for `dot`.
pub(super) fn write(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph catalog {{")?;
    writeln!(out, "  rankdir=LR;")?;
    writeln!(
        out,
        "  node [shape=box, style=rounded, fontname=\"sans-serif\"];"
    )?;
    for node in &graph.nodes {
        let style = match (node.is_focus, node.is_missing) {
            (true, _) => ", penwidth=2",
            (_, true) => ", style=\"rounded,dashed\"",
            _ => "",
        };
        let label = if node.detail.is_empty() {
            escaped(&node.label)
        } else {
            format!("{}\\n{}", escaped(&node.label), escaped(&node.detail))
        };
        writeln!(
            out,
            "  \"{}\" [label=\"{label}\"{style}];",
            escaped(&node.id)
        )?;
    }
    for edge in &graph.edges {
        let (Some(from), Some(to)) = (graph.nodes.get(edge.from), graph.nodes.get(edge.to)) else {
            continue;
        };
        let (from, to, label) = (escaped(&from.id), escaped(&to.id), escaped(&edge.label));
        writeln!(out, "  \"{from}\" -> \"{to}\" [label=\"{label}\"];")?;
    }
    writeln!(out, "}}")
}

/// Text between quotes. A backslash is doubled, so that it begins none of Graphviz' escapes.
fn escaped(text: &str) -> String {
    safe(text).replace('\\', "\\\\").replace('"', "\\\"")
}
