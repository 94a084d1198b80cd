//! A drawing (SVG 1.1), readable in light and in dark.
//!
//! `rust-sugiyama` says where the boxes stand; it draws from top to bottom, so that width and
//! height change places here. Nothing in the file is a script, a link or fetched.

use std::collections::BTreeSet;
use std::io::{self, Write};

use rust_sugiyama::configure::Config;

use super::left_out;
use crate::output::html::text::{escaped, write_link_start};
use crate::output::hyperlink::page_target;
use crate::output::safe;
use crate::view::{Graph, GraphNode};

/// The most nodes whose places are looked for: the time grows faster than their number.
pub(super) const MOST_NODES: usize = 400;
/// Edges beyond these are drawn, but do not move the boxes.
const MOST_EDGES: usize = 1_500;

/// All lengths are pixels.
const MARGIN: f64 = 24.0;
const BOX_HEIGHT: f64 = 44.0;
const BETWEEN_BOXES: f64 = 14.0;
const BETWEEN_LAYERS: f64 = 96.0;
const BETWEEN_PARTS: f64 = 40.0;
/// What is connected with nothing stands in rows of at least this width.
const WIDEST_ROW: f64 = 1_000.0;
/// With more edges, what they mean is shown only when one points at them.
const MOST_LABELS: usize = 40;
/// The width of a letter of the label, a little more than its average.
const LETTER: f64 = 7.4;
/// Longer labels are cut; the whole text is shown when one points at the box.
const LONGEST_LABEL: usize = 40;

/// The colours of kinds, for light and dark grounds: Okabe and Ito's, which people who do not
/// see all colours can tell apart.
const COLOURS: [(&str, &str); 7] = [
    ("component", "#0072b2"),
    ("api", "#009e73"),
    ("resource", "#b8860b"),
    ("system", "#cc79a7"),
    ("domain", "#d55e00"),
    ("group", "#7f7f7f"),
    ("user", "#7f7f7f"),
];

/// What the drawing looks like. It speaks of this drawing only, since it may stand in a page.
pub(in crate::output) const STYLE: &str = "\
.graph{background:#fff;font:12px system-ui,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}
.graph rect{fill:#fff;stroke-width:1.5}.graph text{fill:#1f2328}.graph .d{fill:#59636e;font-size:11px}
.graph .f rect{stroke-width:3.5}.graph .m rect{stroke-dasharray:5 4}.graph .n{font-weight:600}
.graph path{fill:none;stroke:#8c959f;stroke-width:1.2}
.graph .e{fill:#59636e;font-size:10px;text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:3px}
.graph marker path{fill:#8c959f;stroke:none}
@media(prefers-color-scheme:dark){.graph{background:#0d1117}.graph rect{fill:#161b22}.graph text{fill:#e6edf3}
.graph .d,.graph .e{fill:#9198a1}.graph .e{stroke:#0d1117}.graph path{stroke:#6e7681}
.graph marker path{fill:#6e7681}}
@media print{.graph{background:#fff}.graph rect{fill:#fff}.graph text,.graph .d,.graph .e{fill:#000}.graph .e{stroke:#fff}}";

/// Where a box stands.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    x: f64,
    y: f64,
    width: f64,
}

/// Writes a drawing of the first nodes, as a file of its own.
pub(super) fn write(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    let whole = Page {
        arrow: "a".to_owned(),
        style: format!("<style>{STYLE}</style>\n"),
        has_links: false,
    };
    write_drawing(graph, &whole, out)
}

/// Writes a drawing of the first nodes into a page that has [`STYLE`]. Its number tells it from
/// other drawings there.
pub(in crate::output) fn write_inline(
    graph: &Graph,
    number: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let part = Page {
        arrow: format!("_arrow{number}"),
        style: String::new(),
        has_links: true,
    };
    write_drawing(graph, &part, out)
}

/// What a drawing stands in.
struct Page {
    /// The id of its arrowhead.
    arrow: String,
    /// The style that it brings.
    style: String,
    /// Whether its boxes may lead somewhere.
    has_links: bool,
}

fn write_drawing(graph: &Graph, page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let Page { arrow, style, .. } = page;
    let part = graph.first(MOST_NODES);
    let (places, width, height) = places(&part);
    let kinds: BTreeSet<&str> = part.nodes.iter().map(|node| node.kind.as_str()).collect();
    let note = left_out(part.nodes.len(), graph.nodes.len());
    let foot = height + 28.0;
    let (all_width, all_height) = (
        width.max(360.0),
        foot + if note.is_some() { 24.0 } else { 4.0 },
    );
    writeln!(
        out,
        "<svg class=\"graph\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {all_width:.0} {all_height:.0}\" \
         width=\"{all_width:.0}\" height=\"{all_height:.0}\" role=\"img\">"
    )?;
    writeln!(out, "<title>{}</title>", escaped(&about(&part)))?;
    write!(out, "{style}")?;
    writeln!(
        out,
        "<defs><marker id=\"{arrow}\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
         orient=\"auto\"><path d=\"M0 0 8 4 0 8z\"/></marker></defs>"
    )?;
    for edge in &part.edges {
        let (Some(from), Some(to)) = (places.get(edge.from), places.get(edge.to)) else {
            continue;
        };
        write_edge(*from, *to, &edge.label, arrow, out)?;
        if part.edges.len() <= MOST_LABELS {
            write_edge_label(*from, *to, &edge.label, out)?;
        }
    }
    for (node, place) in part.nodes.iter().zip(&places) {
        let target = node.target.as_deref().filter(|_| page.has_links);
        let target = target.and_then(page_target);
        if let Some(target) = &target {
            write_link_start(target, out)?;
        }
        write_node(node, *place, out)?;
        if target.is_some() {
            writeln!(out, "</a>")?;
        }
    }
    write_legend(&kinds, foot, out)?;
    if let Some(note) = note {
        writeln!(
            out,
            "<text class=\"d\" x=\"{MARGIN}\" y=\"{:.0}\">{}</text>",
            foot + 20.0,
            escaped(&note)
        )?;
    }
    writeln!(out, "</svg>")
}

/// What the drawing shows, for who cannot see it.
fn about(graph: &Graph) -> String {
    let focus = graph.nodes.iter().find(|node| node.is_focus);
    let focus = focus.map_or_else(String::new, |node| format!("{} and ", node.label));
    format!(
        "{focus}what it is connected with: {} boxes, {} arrows",
        graph.nodes.len(),
        graph.edges.len()
    )
}

/// Where the boxes stand, and how large the drawing is.
fn places(graph: &Graph) -> (Vec<Place>, f64, f64) {
    let width = |node: &GraphNode| {
        let letters = shown(&node.label)
            .chars()
            .count()
            .max(shown(&node.detail).chars().count());
        f64::from(u32::try_from(letters).unwrap_or(u32::MAX)) * LETTER + 28.0
    };
    let mut places: Vec<Place> = graph
        .nodes
        .iter()
        .map(|node| Place {
            width: width(node),
            ..Place::default()
        })
        .collect();
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let vertices: Vec<(u32, (f64, f64))> = places
        .iter()
        .enumerate()
        .map(|(index, place)| (number(index), (BOX_HEIGHT, place.width + BETWEEN_LAYERS)))
        .collect();
    let pairs: BTreeSet<(u32, u32)> = graph
        .edges
        .iter()
        .filter(|edge| edge.from != edge.to)
        .map(|edge| (number(edge.from), number(edge.to)))
        .collect();
    let edges: Vec<(u32, u32)> = pairs.into_iter().take(MOST_EDGES).collect();
    let config = Config {
        vertex_spacing: BETWEEN_BOXES,
        ..Config::default()
    };
    let mut parts = rust_sugiyama::from_vertices_and_edges(&vertices, &edges, &config);
    parts.sort_by_key(|(part, ..)| (part.len() == 1, part.iter().map(|(index, _)| *index).min()));
    let mut page = Rows::new();
    for (part, ..) in &parts {
        if let [(index, _)] = part.as_slice() {
            if let Some(place) = places.get_mut(*index) {
                page.put_alone(place);
            }
        } else {
            page.put_part(part, &mut places);
        }
    }
    let (width, height) = page.size();
    (places, width, height)
}

/// Parts from top to bottom, then what is connected with nothing in rows.
struct Rows {
    /// Where the next part begins.
    top: f64,
    right: f64,
    /// Where the next box of the row begins; 0 when there is no row yet.
    row: f64,
}

impl Rows {
    fn new() -> Self {
        Self {
            top: MARGIN,
            right: 0.0,
            row: 0.0,
        }
    }

    fn put_part(&mut self, part: &[(usize, (f64, f64))], places: &mut [Place]) {
        let (mut top, mut left) = (f64::INFINITY, f64::INFINITY);
        for (index, (x, y)) in part {
            let Some(place) = places.get_mut(*index) else {
                continue;
            };
            // What is down there is to the right here; both are the middle of the box.
            (place.x, place.y) = (y - place.width / 2.0, x - BOX_HEIGHT / 2.0);
            (left, top) = (left.min(place.x), top.min(place.y));
        }
        let mut bottom = self.top;
        for (index, _) in part {
            let Some(place) = places.get_mut(*index) else {
                continue;
            };
            place.x += MARGIN - left;
            place.y += self.top - top;
            bottom = bottom.max(place.y + BOX_HEIGHT);
            self.right = self.right.max(place.x + place.width);
        }
        self.top = bottom + BETWEEN_PARTS;
    }

    fn put_alone(&mut self, place: &mut Place) {
        let fits = self.row + place.width <= self.right.max(WIDEST_ROW);
        if self.row == 0.0 || !fits {
            self.top += if self.row == 0.0 {
                0.0
            } else {
                BOX_HEIGHT + BETWEEN_BOXES
            };
            self.row = MARGIN;
        }
        (place.x, place.y) = (self.row, self.top);
        self.row += place.width + BETWEEN_BOXES;
        self.right = self.right.max(place.x + place.width);
    }

    fn size(&self) -> (f64, f64) {
        let bottom = if self.row == 0.0 {
            self.top - BETWEEN_PARTS
        } else {
            self.top + BOX_HEIGHT
        };
        (self.right + MARGIN, bottom + MARGIN)
    }
}

/// Where an edge begins and ends: at the right of a box, and at the left of another.
fn ends(from: Place, to: Place) -> ((f64, f64), (f64, f64)) {
    let middle = BOX_HEIGHT / 2.0;
    (
        (from.x + from.width, from.y + middle),
        (to.x - 2.0, to.y + middle),
    )
}

fn write_edge(
    from: Place,
    to: Place,
    label: &str,
    arrow: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let ((x1, y1), (x2, y2)) = ends(from, to);
    // An edge that leads back bends out to both sides, so that it is seen as one.
    let bend = ((x2 - x1) / 2.0).abs().clamp(30.0, 160.0);
    let (near, far, label) = (x1 + bend, x2 - bend, escaped(label));
    writeln!(
        out,
        "<path d=\"M{x1:.1} {y1:.1}C{near:.1} {y1:.1} {far:.1} {y2:.1} {x2:.1} {y2:.1}\" \
         marker-end=\"url(#{arrow})\"><title>{label}</title></path>"
    )
}

fn write_edge_label(from: Place, to: Place, label: &str, out: &mut dyn Write) -> io::Result<()> {
    let ((x1, y1), (x2, y2)) = ends(from, to);
    let (x, y, label) = (
        f64::midpoint(x1, x2),
        f64::midpoint(y1, y2) - 3.0,
        escaped(label),
    );
    writeln!(
        out,
        "<text class=\"e\" x=\"{x:.1}\" y=\"{y:.1}\">{label}</text>"
    )
}

fn write_node(node: &GraphNode, place: Place, out: &mut dyn Write) -> io::Result<()> {
    let class = match (node.is_focus, node.is_missing) {
        (true, _) => " class=\"f\"",
        (_, true) => " class=\"m\"",
        _ => "",
    };
    let Place { x, y, width } = place;
    let (title, label) = (escaped(&node.id), escaped(&shown(&node.label)));
    let colour = colour(&node.kind);
    writeln!(out, "<g{class}><title>{title}</title>")?;
    writeln!(
        out,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{BOX_HEIGHT}\" rx=\"8\" stroke=\"{colour}\"/>"
    )?;
    let (left, first) = (x + 12.0, y + 18.0);
    writeln!(
        out,
        "<text class=\"n\" x=\"{left:.1}\" y=\"{first:.1}\">{label}</text>"
    )?;
    let (second, detail) = (y + 34.0, escaped(&shown(&node.detail)));
    writeln!(
        out,
        "<text class=\"d\" x=\"{left:.1}\" y=\"{second:.1}\">{detail}</text></g>"
    )
}

fn write_legend(kinds: &BTreeSet<&str>, y: f64, out: &mut dyn Write) -> io::Result<()> {
    let mut x = MARGIN;
    for kind in kinds {
        let text = shown(kind);
        writeln!(
            out,
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"14\" height=\"10\" rx=\"3\" stroke=\"{}\"/>",
            y - 9.0,
            colour(kind)
        )?;
        writeln!(
            out,
            "<text class=\"d\" x=\"{:.1}\" y=\"{y:.1}\">{}</text>",
            x + 20.0,
            escaped(&text)
        )?;
        x += 44.0 + LETTER * f64::from(u32::try_from(text.chars().count()).unwrap_or(0));
    }
    Ok(())
}

fn colour(kind: &str) -> &'static str {
    let known = COLOURS.iter().find(|(known, _)| *known == kind);
    known.map_or("#56b4e9", |(_, colour)| colour)
}

fn shown(text: &str) -> String {
    let text = safe(text);
    if text.chars().count() <= LONGEST_LABEL {
        return text.into_owned();
    }
    let beginning: String = text.chars().take(LONGEST_LABEL - 1).collect();
    format!("{beginning}…")
}
