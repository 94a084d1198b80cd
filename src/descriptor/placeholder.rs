//! `$text`, `$json` and `$yaml`: values that another file of the repository holds.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::Siblings;
use super::location::without_user;
use crate::diagnostic::{Code, register};
use crate::model::{Forges, Node, NodeKind, SourceFile, Span, Tree, TreeBuilder};
use crate::yaml;

/// What is wrong with a placeholder.
pub(super) struct PlaceholderProblem {
    pub(super) code: &'static Code,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) span: Span,
    pub(super) target: String,
}

/// The placeholders that Backstage resolves; the last two need a module of it.
const RESOLVERS: [&str; 5] = ["$text", "$json", "$yaml", "$openapi", "$asyncapi"];

/// How deeply a `$yaml` may bring in another.
const DEEPEST: usize = 8;

/// What the placeholders of one file may still bring in: a line of a few bytes can name a file
/// of megabytes, or one with ten such lines, which again name ten.
pub(super) struct Budget {
    bytes: Cell<usize>,
    /// What is wrong with the definitions that were looked at, by placeholder and path.
    definitions: RefCell<HashMap<(String, String), Option<String>>>,
}

impl Budget {
    /// For what is read and for what is made of it.
    const BYTES: usize = 32 << 20;
    /// What a file costs however small it is.
    const LEAST: usize = 4 << 10;

    pub(super) fn new() -> Self {
        Self {
            bytes: Cell::new(Self::BYTES),
            definitions: RefCell::default(),
        }
    }

    /// Takes so many bytes, if there are as many left.
    fn take(&self, bytes: usize) -> Result<(), String> {
        let left = self.bytes.get().checked_sub(bytes);
        self.bytes.set(left.unwrap_or_default());
        left.map(|_| ())
            .ok_or_else(|| "is too much: the placeholders of this file bring in 16 MiB".to_owned())
    }
}

/// Resolves the placeholders of a document.
pub(super) struct Resolver<'a> {
    pub(super) budget: &'a Budget,
    pub(super) file: &'a SourceFile,
    pub(super) siblings: &'a dyn Siblings,
    pub(super) forges: &'a Forges,
}

/// Whether a document has any placeholder: almost none does.
pub(super) fn has_placeholder(root: Node<'_>) -> bool {
    placeholder(root).is_some()
        || root.items().any(has_placeholder)
        || root.entries().any(|(_, value)| has_placeholder(value))
}

fn placeholder(node: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    let mut entries = node.entries();
    let entry = entries
        .next()
        .filter(|(key, _)| RESOLVERS.contains(&key.text()))?;
    entries.next().is_none().then_some(entry)
}

impl Resolver<'_> {
    /// The document with its placeholders replaced. The definition of an API stays a
    /// placeholder: nothing in it is asked for yet, and it may be large.
    pub(super) fn resolve(&self, root: Node<'_>) -> (Tree, Vec<PlaceholderProblem>) {
        let mut builder = TreeBuilder::default();
        let mut problems = Vec::new();
        self.copy(root, false, None, DEEPEST, &mut builder, &mut problems);
        (builder.finish(), problems)
    }

    fn copy(
        &self,
        node: Node<'_>,
        is_definition: bool,
        span: Option<Span>,
        depth: usize,
        builder: &mut TreeBuilder,
        problems: &mut Vec<PlaceholderProblem>,
    ) {
        if let Some((key, target)) = placeholder(node) {
            let place = span.unwrap_or_else(|| target.span());
            match self.load(key, target, is_definition, depth) {
                Ok(None) => builder.copy(node, span),
                Ok(Some(tree)) => {
                    let span = place;
                    match tree.root() {
                        Some(root) => self.copy(
                            root,
                            false,
                            Some(span),
                            depth.saturating_sub(1),
                            builder,
                            problems,
                        ),
                        None => builder.scalar(NodeKind::Null, "", span),
                    }
                }
                Err(problem) => {
                    // In a file that was brought in, it is told where that was asked for.
                    problems.push(PlaceholderProblem {
                        span: place,
                        ..problem
                    });
                    builder.copy(node, span);
                }
            }
            return;
        }
        match node.kind() {
            NodeKind::Mapping | NodeKind::Sequence => {
                let open = builder.open(node.kind(), span.unwrap_or_else(|| node.span()));
                let mut children = 0;
                for item in node.items() {
                    self.copy(item, false, span, depth, builder, problems);
                    children += 1;
                }
                for (key, value) in node.entries() {
                    builder.copy(key, span);
                    self.copy(
                        value,
                        key.text() == "definition",
                        span,
                        depth,
                        builder,
                        problems,
                    );
                    children += 2;
                }
                builder.close(&open, children);
            }
            _ => builder.copy(node, span),
        }
    }

    /// What a placeholder stands for; nothing for a definition, which is only looked at.
    fn load(
        &self,
        key: Node<'_>,
        target: Node<'_>,
        is_definition: bool,
        depth: usize,
    ) -> Result<Option<Tree>, PlaceholderProblem> {
        let problem = |message: String, help: &str| PlaceholderProblem {
            code: &register::INVALID_PLACEHOLDER,
            message: format!("\"{}\": {message}", key.text()),
            help: (!help.is_empty()).then(|| help.to_owned()),
            span: target.span(),
            target: without_user(target.text()),
        };
        let Some(text) = target.as_str() else {
            return Err(problem(
                format!("must be a path, but is {}", target.kind().name()),
                "",
            ));
        };
        let shown = without_user(text);
        if depth == 0 {
            return Err(problem(
                format!("\"{shown}\" is one placeholder inside another too many"),
                "",
            ));
        }
        let path = self.path(text).map_err(|reason| {
            problem(
                format!("\"{shown}\" {reason}"),
                "put the file into this repository and name it by a relative path",
            )
        })?;
        let content = if is_definition {
            self.look_at(key.text(), path).map(|()| None)
        } else {
            self.bring_in(key.text(), &path).map(Some)
        };
        content.map_err(|reason| problem(format!("\"{shown}\" {reason}"), ""))
    }

    /// Looks once whether there is a definition.
    fn look_at(&self, placeholder: &str, path: String) -> Result<(), String> {
        let mut definitions = self.budget.definitions.borrow_mut();
        let known = definitions
            .entry((placeholder.to_owned(), path))
            .or_insert_with_key(|(placeholder, path)| {
                let content = self.siblings.read(path);
                content
                    .and_then(|bytes| understand(placeholder, &bytes))
                    .err()
            });
        known.clone().map_or(Ok(()), Err)
    }

    /// The content of a file, within the budget.
    fn bring_in(&self, placeholder: &str, path: &str) -> Result<Tree, String> {
        self.budget.take(Budget::LEAST)?;
        let bytes = self.siblings.read(path)?;
        self.budget.take(bytes.len())?;
        let tree = understand(placeholder, &bytes)?;
        self.budget.take(tree.weight())?;
        Ok(tree)
    }

    /// The path in the repository that a target names.
    fn path(&self, target: &str) -> Result<String, &'static str> {
        if !target.contains("://") {
            return self
                .file
                .sibling(target)
                .ok_or("leads out of the repository");
        }
        let url = self
            .forges
            .parse(target)
            .ok_or("is not the URL of a file in a repository")?;
        if url.is_of(self.file.repository()) {
            Ok(url.path)
        } else {
            Err("is not a file of this repository, which Backstage refuses")
        }
    }
}

/// The content of a file as its placeholder understands it.
fn understand(placeholder: &str, bytes: &[u8]) -> Result<Tree, String> {
    yaml::placeholder_content(placeholder, &yaml::decode(bytes).0)
}
