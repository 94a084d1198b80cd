//! Where the definition of an API is, and reading it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::{Definition, Mistake, parse, parse_tree};
use crate::diagnostic::{Diagnostic, register};
use crate::model::{Entity, Forges, Moment, Node, NodeKind, Place, SourceFile, Span};
use crate::repo::{ReadError, Repository, Snapshot, SnapshotRequest};
use crate::yaml;

/// Reads the definitions of APIs, as they were at a moment. Nothing is fetched, and nothing
/// outside of the repositories is read.
pub struct DefinitionReader<'a> {
    repositories: &'a [Repository],
    moment: &'a Moment,
    forges: &'a Forges,
    /// By the index of the repository.
    snapshots: RefCell<HashMap<usize, Snapshot>>,
}

/// What could be found out about the definition of an API.
#[derive(Debug)]
pub struct ApiDefinition {
    /// The file that holds it; the descriptor when it is written there.
    pub file: Option<Arc<SourceFile>>,
    /// What it says; `None` when it could not be read, and the problems say why.
    pub definition: Option<Definition>,
    /// What is wrong, and why something was not read.
    pub problems: Vec<Diagnostic>,
}

/// A definition that was found.
struct Found<'a> {
    file: Arc<SourceFile>,
    content: Content<'a>,
}

enum Content<'a> {
    /// A file of its own.
    File(String),
    /// A text in the descriptor.
    Inline(&'a str, InlinePosition),
    /// A mapping in the descriptor.
    Tree(Node<'a>),
}

/// Where a text in a descriptor is written.
enum InlinePosition {
    /// As a literal block: below this line, so many characters to the right.
    Block { line: u32, indentation: u32 },
    /// Otherwise, so that its lines are not those of the file.
    Whole(Span),
}

impl<'a> DefinitionReader<'a> {
    /// A reader for the APIs of these repositories.
    #[must_use]
    pub fn new(repositories: &'a [Repository], moment: &'a Moment, forges: &'a Forges) -> Self {
        Self {
            repositories,
            moment,
            forges,
            snapshots: RefCell::default(),
        }
    }

    /// Reads the definition of an API.
    #[must_use]
    pub fn read(&self, api: &Entity) -> ApiDefinition {
        match self.find(api) {
            Err(problem) => ApiDefinition {
                file: None,
                definition: None,
                problems: vec![problem.entity(api.reference())],
            },
            Ok(found) => found.read(api),
        }
    }

    fn find<'entity>(&self, api: &'entity Entity) -> Result<Found<'entity>, Box<Diagnostic>> {
        let file = &api.source().file;
        let node = api.spec().and_then(|spec| spec.get("definition"));
        let node = node.filter(|node| !node.is_null() && !is_blank(*node));
        let Some(node) = node else {
            return Err(not_read("the API has no definition", api.place()).into());
        };
        let content = if let Some(text) = node.as_str() {
            Content::Inline(text, self.position(file, node.span(), text))
        } else if let Some(target) = placeholder(node) {
            let place = || api.place_of(target);
            let shown = target.text();
            let (index, path) = self
                .locate(file, shown)
                .map_err(|reason| not_read(format!("\"{shown}\" {reason}"), place()))
                .map_err(Box::new)?;
            let bytes = self.bytes(index, path.as_bytes()).map_err(|error| {
                let problem = not_read(format!("\"{shown}\" {error}"), place());
                // What is not there hides nothing, and "check" reports it.
                if matches!(error, ReadError::Missing | ReadError::Outside) {
                    Box::new(problem)
                } else {
                    Box::new(problem.hiding())
                }
            })?;
            return Ok(Found {
                file: self.repositories[index].file(path.as_bytes()),
                content: Content::File(yaml::decode(&bytes).0.into_owned()),
            });
        } else {
            Content::Tree(node)
        };
        Ok(Found {
            file: Arc::clone(file),
            content,
        })
    }

    /// The repository and the path that a placeholder of a file names.
    fn locate(&self, file: &SourceFile, target: &str) -> Result<(usize, String), String> {
        let by_identity = |identity: &str| {
            let mut all = self.repositories.iter();
            all.position(|it| it.identity.eq_ignore_ascii_case(identity))
                .ok_or_else(|| "is in a repository that is not in sight".to_owned())
        };
        if !target.contains("://") {
            let path = file.sibling(target).ok_or("leads out of the repository")?;
            return Ok((by_identity(file.repository())?, path));
        }
        let url = self.forges.parse(target);
        let url = url.ok_or("is a URL, and nothing is fetched")?;
        let identity = if url.is_of(file.repository()) {
            file.repository()
        } else {
            &url.identity
        };
        let index = by_identity(identity)
            .map_err(|_| "is not in a repository in sight, and nothing is fetched")?;
        Ok((index, url.path))
    }

    fn bytes(&self, repository: usize, path: &[u8]) -> Result<Vec<u8>, ReadError> {
        let mut snapshots = self.snapshots.borrow_mut();
        let snapshot = snapshots.entry(repository).or_insert_with(|| {
            self.repositories[repository].snapshot(&SnapshotRequest {
                moment: self.moment,
                untracked: &|_| false,
                untracked_at_root: &[],
            })
        });
        snapshot.read(path)
    }

    /// Where an inline text is written: its descriptor is read again to see how.
    fn position(&self, file: &SourceFile, span: Span, text: &str) -> InlinePosition {
        let whole = InlinePosition::Whole(span);
        let mut all = self.repositories.iter();
        let Some(index) = all.position(|it| *it.identity == *file.repository()) else {
            return whole;
        };
        let path = file.bytes().unwrap_or(file.path_in_repository().as_bytes());
        let Ok(bytes) = self.bytes(index, path) else {
            return whole;
        };
        let source = yaml::decode(&bytes).0;
        InlinePosition::of_block(&source, span, text).unwrap_or(whole)
    }
}

fn is_blank(node: Node<'_>) -> bool {
    node.as_str().is_some_and(|text| text.trim().is_empty())
}

/// What a `$text: FILE` and its like names.
fn placeholder(node: Node<'_>) -> Option<Node<'_>> {
    let mut entries = node.entries();
    let (key, target) = entries.next()?;
    let is_placeholder = key.text().starts_with('$') && entries.next().is_none();
    (is_placeholder && target.kind() == NodeKind::String).then_some(target)
}

fn not_read(message: impl Into<String>, place: Place) -> Diagnostic {
    Diagnostic::new(&register::DEFINITION_NOT_READ, message)
        .subject("definition")
        .at(place)
}

impl Found<'_> {
    fn read(self, api: &Entity) -> ApiDefinition {
        let spec_type = api.spec_str("type").unwrap_or_default();
        let definition = match &self.content {
            Content::File(text) => parse(text, spec_type),
            Content::Inline(text, _) => parse(text, spec_type),
            Content::Tree(root) => parse_tree(*root, spec_type),
        };
        let definition = definition.map(|mut definition| {
            for operation in &mut definition.operations {
                operation.line = self.place(Span::on_line(operation.line, 1, 0)).line;
            }
            for mistake in &mut definition.mistakes {
                mistake.span = self.place(mistake.span);
            }
            definition
        });
        let problems = match &definition {
            Ok(definition) => {
                let mistakes = definition.mistakes.iter();
                mistakes.map(|mistake| self.problem(mistake, api)).collect()
            }
            Err(reason) => vec![not_read(reason, api.place()).entity(api.reference())],
        };
        ApiDefinition {
            file: Some(self.file),
            definition: definition.ok(),
            problems,
        }
    }

    fn problem(&self, mistake: &Mistake, api: &Entity) -> Diagnostic {
        Diagnostic::new(&register::INVALID_DEFINITION, &mistake.message)
            .subject(&mistake.message)
            .at(Place::span(Arc::clone(&self.file), mistake.span))
            .entity(api.reference())
    }

    /// The place in the file of a place in the definition.
    fn place(&self, span: Span) -> Span {
        match &self.content {
            Content::Inline(_, position) => position.place(span),
            Content::File(_) | Content::Tree(_) => span,
        }
    }
}

impl InlinePosition {
    /// Where a text is that is written as a literal block (`|`) at a place of a descriptor.
    fn of_block(source: &str, span: Span, text: &str) -> Option<Self> {
        // The place of a block is that of its first line; its `|` stands on the line above.
        let header = (span.line as usize).checked_sub(2)?;
        let mut below = source.lines().skip(header);
        let (_, marks) = below.next()?.rsplit_once('|')?;
        let marks = marks.split('#').next().unwrap_or_default().trim();
        if !marks.chars().all(|c| matches!(c, '+' | '-' | '1'..='9')) {
            return None;
        }
        let below = below.take(text.lines().count());
        let spaces = |line: &str| line.chars().take_while(|c| *c == ' ').count();
        let mut pairs = below.zip(text.lines());
        let (written, meant) = pairs.find(|(_, meant)| !meant.trim().is_empty())?;
        let indentation = spaces(written).checked_sub(spaces(meant))?;
        Some(Self::Block {
            line: span.line - 1,
            indentation: u32::try_from(indentation).ok()?,
        })
    }

    fn place(&self, span: Span) -> Span {
        match self {
            Self::Whole(whole) => *whole,
            Self::Block { line, indentation } => Span {
                line: line.saturating_add(span.line),
                column: span.column.saturating_add(*indentation),
                end_line: line.saturating_add(span.end_line),
                end_column: span.end_column.saturating_add(*indentation),
            },
        }
    }
}
