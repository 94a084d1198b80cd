//! Nodes and edges, for formats that draw.

/// A graph to be drawn. Texts are raw, as everywhere in views.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// The nodes; the most important come first, and are kept where a format has a limit.
    pub nodes: Vec<GraphNode>,
    /// The edges.
    pub edges: Vec<GraphEdge>,
}

/// A node.
#[derive(Clone, Debug, Default)]
pub struct GraphNode {
    /// What tells it from all others.
    pub id: String,
    /// What is written on it.
    pub label: String,
    /// What is written below that, smaller.
    pub detail: String,
    /// What it is; nodes of one kind look alike.
    pub kind: String,
    /// Whether the reader asked for this one.
    pub is_focus: bool,
    /// Whether it is only named somewhere.
    pub is_missing: bool,
    /// Where it leads, in formats that have links: the path of another page beside this one.
    pub target: Option<String>,
}

/// An edge between two nodes, by their places in [`Graph::nodes`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GraphEdge {
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What it means.
    pub label: String,
}

impl Graph {
    /// The first nodes, and the edges between them.
    #[must_use]
    pub fn first(&self, nodes: usize) -> Self {
        let edges = self.edges.iter();
        let inside = edges.filter(|edge| edge.from < nodes && edge.to < nodes);
        Self {
            nodes: self.nodes.iter().take(nodes).cloned().collect(),
            edges: inside.cloned().collect(),
        }
    }
}
