//! `$yaml`, `$json` and `$text` in a template: parts of it that other files hold.

use super::Include;
use crate::model::{Node, NodeKind, Span, Tree, TreeBuilder};
use crate::yaml;

/// The placeholders whose content becomes a part of the template.
const PLACEHOLDERS: [&str; 3] = ["$text", "$json", "$yaml"];
/// How deeply one included file may include another.
const DEEPEST_INCLUDE: usize = 8;
/// How deeply values may be nested, as in a file without placeholders.
const DEEPEST_LEVEL: usize = 128;
/// The most that all files together may bring in, as trees and as text.
const MOST_BYTES: usize = 16 << 20;
/// What a file costs however small it is.
const LEAST_BYTES: usize = 4 << 10;

/// A placeholder that cannot be resolved.
pub(super) struct PlaceholderProblem {
    pub(super) message: String,
    pub(super) target: String,
    pub(super) span: Span,
}

/// The document with its placeholders replaced. What cannot be replaced stays as it is.
pub(super) fn resolve(root: Node<'_>, include: Include<'_>) -> (Tree, Vec<PlaceholderProblem>) {
    let mut resolver = Resolver {
        include,
        bytes_left: MOST_BYTES,
        builder: TreeBuilder::default(),
        problems: Vec::new(),
    };
    resolver.copy(root, At::default());
    (resolver.builder.finish(), resolver.problems)
}

/// Where a copied node stands.
#[derive(Clone, Copy, Default)]
struct At {
    /// The placeholder that brought it in, where one did.
    span: Option<Span>,
    level: usize,
    includes: usize,
}

struct Resolver<'a> {
    include: Include<'a>,
    bytes_left: usize,
    builder: TreeBuilder,
    problems: Vec<PlaceholderProblem>,
}

impl Resolver<'_> {
    fn copy(&mut self, node: Node<'_>, at: At) {
        if at.level > DEEPEST_LEVEL {
            self.problem(node, at, format!("more than {DEEPEST_LEVEL} levels deep"));
            self.builder
                .scalar(NodeKind::Null, "", at.span.unwrap_or_else(|| node.span()));
            return;
        }
        let Some((key, target)) = placeholder(node) else {
            return self.copy_children(node, at);
        };
        let brought_in = self.content(key, target, at);
        match brought_in {
            Ok(tree) => {
                let inside = At {
                    span: at.span.or_else(|| Some(target.span())),
                    includes: at.includes + 1,
                    ..at
                };
                match tree.root() {
                    Some(root) => self.copy(root, inside),
                    None => self.builder.scalar(NodeKind::Null, "", target.span()),
                }
            }
            Err(message) => {
                self.problem(target, at, message);
                self.builder.copy(node, at.span);
            }
        }
    }

    fn copy_children(&mut self, node: Node<'_>, at: At) {
        if !matches!(node.kind(), NodeKind::Mapping | NodeKind::Sequence) {
            return self.builder.copy(node, at.span);
        }
        let below = At {
            level: at.level + 1,
            ..at
        };
        let span = at.span.unwrap_or_else(|| node.span());
        let open = self.builder.open(node.kind(), span);
        for item in node.items() {
            self.copy(item, below);
        }
        for (key, value) in node.entries() {
            self.builder.copy(key, at.span);
            self.copy(value, below);
        }
        let parts = if node.is_mapping() { 2 } else { 1 };
        self.builder.close(&open, node.len() * parts);
    }

    fn content(&mut self, key: Node<'_>, target: Node<'_>, at: At) -> Result<Tree, String> {
        let name = key.text();
        let Some(path) = target.as_str() else {
            let found = target.kind().name();
            return Err(format!("\"{name}\" must be a path, but is {found}"));
        };
        let wrong = |reason: String| format!("\"{name}\": \"{path}\" {reason}");
        if at.includes == DEEPEST_INCLUDE {
            return Err(wrong("is one file inside another too many".to_owned()));
        }
        self.take(LEAST_BYTES).map_err(wrong)?;
        let text = (self.include)(path).map_err(wrong)?;
        self.take(text.len()).map_err(wrong)?;
        let tree = yaml::placeholder_content(name, &text).map_err(wrong)?;
        self.take(tree.weight()).map_err(wrong)?;
        Ok(tree)
    }

    fn take(&mut self, bytes: usize) -> Result<(), String> {
        let left = self.bytes_left.checked_sub(bytes);
        self.bytes_left = left.unwrap_or_default();
        let most = MOST_BYTES >> 20;
        left.map(|_| ())
            .ok_or_else(|| format!("is too much: other files bring in {most} MiB"))
    }

    fn problem(&mut self, node: Node<'_>, at: At, message: String) {
        self.problems.push(PlaceholderProblem {
            message,
            target: node.text().to_owned(),
            span: at.span.unwrap_or_else(|| node.span()),
        });
    }
}

/// Whether something stands for the content of another file.
pub(super) fn is_placeholder(node: Node<'_>) -> bool {
    placeholder(node).is_some()
}

fn placeholder(node: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    let mut entries = node.entries();
    let entry = entries
        .next()
        .filter(|(key, _)| PLACEHOLDERS.contains(&key.text()))?;
    entries.next().is_none().then_some(entry)
}
