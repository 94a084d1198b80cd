//! Graphs in the formats of programs that draw them, and as a drawing.

mod dot;
mod mermaid;
mod svg;

use std::io::{self, Write};

use crate::view::Graph;

pub(super) use mermaid::{encoded as mermaid_label, write as write_mermaid};
pub(super) use svg::{STYLE as SVG_STYLE, write_inline as write_inline_svg};

/// A format of graphs.
#[derive(Debug)]
pub struct GraphFormat {
    /// What `--format` calls it.
    pub name: &'static str,
    /// The most nodes that it shows; the rest is left out, and it says so.
    pub most_nodes: usize,
    /// Writes the graph.
    pub write: fn(&Graph, &mut dyn Write) -> io::Result<()>,
}

/// All formats of graphs.
pub static GRAPH_FORMATS: &[GraphFormat] = &[
    GraphFormat {
        name: "dot",
        most_nodes: usize::MAX,
        write: dot::write,
    },
    GraphFormat {
        name: "mermaid",
        most_nodes: mermaid::MOST_NODES,
        write: mermaid::write,
    },
    GraphFormat {
        name: "svg",
        most_nodes: svg::MOST_NODES,
        write: svg::write,
    },
];

/// What is said where not all nodes are shown.
fn left_out(shown: usize, all: usize) -> Option<String> {
    (shown < all)
        .then(|| format!("{shown} of {all} entities are shown; --depth or a query chooses others"))
}
