//! Backstage's format: `catalog-info.yaml`.
//!
//! What is refused here is what `@backstage/plugin-catalog-backend` 4.0 refuses.

use std::sync::Arc;

use anyhow::Result;

use super::placeholder::{Budget, Resolver, has_placeholder};
use super::shape::{SCHEMA_TEXT, Schema};
use super::{
    ReadDocument, ReadFile, Settings, Siblings, Status, reference, skeleton, unknown_field,
};
use crate::diagnostic::{Diagnostic, Severity, Suppressions, did_you_mean, register};
use crate::model::{
    DEFAULT_NAMESPACE, Entity, EntityRef, KINDS, Node, Place, Source, SourceFile, Span, Tree,
    known_kind,
};
use crate::yaml;

/// The fields that a document may have at its root.
const ROOT_FIELDS: [&str; 4] = ["apiVersion", "kind", "metadata", "spec"];

/// Reads files of Backstage's format.
#[derive(Debug)]
pub struct Reader {
    schema: Schema,
    settings: Settings,
}

impl Reader {
    /// A reader with these settings.
    ///
    /// # Errors
    /// Never with the schema that is built in; its form is checked by a test.
    pub fn new(settings: Settings) -> Result<Self> {
        Ok(Self {
            schema: Schema::compile(SCHEMA_TEXT)?,
            settings,
        })
    }

    /// The settings.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Reads a file. Documents that are wrong are there too, with what is wrong with them.
    #[must_use]
    pub fn read(&self, bytes: &[u8], file: &Arc<SourceFile>, siblings: &dyn Siblings) -> ReadFile {
        let (text, encoding) = yaml::decode(bytes);
        let diagnostics = encoding
            .map(|problem| diagnostic(problem, file))
            .into_iter()
            .collect();
        let context = Context {
            reader: self,
            file,
            siblings,
            text: &text,
            budget: Budget::new(),
        };
        let documents = yaml::parse(&text)
            .into_iter()
            .filter_map(|document| context.document(document))
            .collect();
        ReadFile {
            documents,
            diagnostics,
            suppressions: Suppressions::parse(file.path(), &text),
        }
    }
}

struct Context<'a> {
    reader: &'a Reader,
    file: &'a Arc<SourceFile>,
    siblings: &'a dyn Siblings,
    text: &'a str,
    budget: Budget,
}

impl Context<'_> {
    fn document(&self, document: yaml::Document) -> Option<ReadDocument> {
        let diagnostics: Vec<Diagnostic> = document
            .problems
            .into_iter()
            .map(|problem| diagnostic(problem, self.file))
            .collect();
        let read = ReadDocument {
            file: Arc::clone(self.file),
            document: document.index,
            line: document.line,
            status: Status::Invalid,
            kind: None,
            name: None,
            reference: None,
            entity: None,
            diagnostics,
        };
        let Some(tree) = document.tree else {
            return Some(self.unreadable(read));
        };
        let root = tree.root().filter(|root| !root.is_null())?;
        if !root.is_mapping() {
            return Some(self.not_a_mapping(read, root));
        }
        if ["apiVersion", "kind", "metadata"]
            .iter()
            .all(|field| root.get(field).is_none_or(Node::is_null))
        {
            return Some(self.not_a_descriptor(read, root));
        }
        if skeleton::has_templated_name(root) {
            return Some(ReadDocument {
                status: Status::Skeleton,
                diagnostics: Vec::new(),
                ..read
            });
        }
        Some(self.entity(read, tree))
    }

    fn unreadable(&self, read: ReadDocument) -> ReadDocument {
        if skeleton::is_templated_descriptor(&self.text_from(read.line)) {
            return ReadDocument {
                status: Status::Skeleton,
                diagnostics: Vec::new(),
                ..read
            };
        }
        read
    }

    /// The text of the document that begins on a line.
    fn text_from(&self, line: u32) -> String {
        let mut lines = self.text.lines().skip(line.saturating_sub(1) as usize);
        let first = lines.next();
        let rest = lines.take_while(|line| !line.starts_with("---"));
        first.into_iter().chain(rest).collect::<Vec<_>>().join("\n")
    }

    fn not_a_mapping(&self, mut read: ReadDocument, root: Node<'_>) -> ReadDocument {
        let message = format!(
            "the document is {}, but must be a mapping",
            root.kind().name()
        );
        let problem = Diagnostic::new(&register::ROOT_NOT_A_MAPPING, message);
        let problem =
            problem.help("write each entity as a document of its own, separated by \"---\"");
        read.diagnostics.push(problem.at(self.place(root.span())));
        read
    }

    fn not_a_descriptor(&self, mut read: ReadDocument, root: Node<'_>) -> ReadDocument {
        let fields: Vec<&str> = root.entries().map(|(key, _)| key.text()).take(3).collect();
        let message = if fields.is_empty() {
            "the document is empty".to_owned()
        } else {
            format!(
                "it has neither \"kind\" nor \"metadata\", but \"{}\"",
                fields.join("\", \"")
            )
        };
        let problem = Diagnostic::new(&register::NOT_A_DESCRIPTOR, message);
        read.diagnostics.push(problem.at(self.place(root.span())));
        read.status = Status::NotADescriptor;
        read
    }

    fn entity(&self, mut read: ReadDocument, tree: Tree) -> ReadDocument {
        let (tree, placeholders) = self.resolve(tree);
        let Some(root) = tree.root() else { return read };
        let metadata = root.get("metadata");
        let kind = root.str_at("kind").filter(|kind| !kind.is_empty());
        let name = metadata
            .and_then(|metadata| metadata.str_at("name"))
            .filter(|name| !name.is_empty());
        let namespace = metadata.and_then(|metadata| metadata.str_at("namespace"));
        read.kind = kind.map(Into::into);
        read.name = name.map(Into::into);
        let reference = kind.zip(name).map(|(kind, name)| {
            EntityRef::new(
                kind,
                namespace
                    .filter(|text| !text.is_empty())
                    .unwrap_or(DEFAULT_NAMESPACE),
                name,
            )
        });
        let mut problems = placeholders;
        problems.extend(self.shape(root));
        for problem in &mut problems {
            problem.entity.clone_from(&reference);
        }
        read.diagnostics.append(&mut problems);
        if let Some(reference) = &reference {
            let source = Source {
                file: Arc::clone(self.file),
                document: read.document,
                line: read.line,
            };
            let entity = Entity::new(reference.clone(), tree, source.clone(), true);
            read.diagnostics.extend(self.beyond_shape(&entity));
            let valid = read
                .diagnostics
                .iter()
                .all(|problem| problem.code.severity() != Severity::Error);
            read.entity = Some(entity.with_validity(valid));
            read.status = if valid {
                Status::Valid
            } else {
                Status::Invalid
            };
        }
        read.reference = reference;
        read
    }

    /// Replaces placeholders; a document without any keeps its tree.
    fn resolve(&self, tree: Tree) -> (Tree, Vec<Diagnostic>) {
        let Some(root) = tree.root().filter(|root| has_placeholder(*root)) else {
            return (tree, Vec::new());
        };
        let forges = &self.reader.settings.forges;
        let resolver = Resolver {
            budget: &self.budget,
            file: self.file,
            siblings: self.siblings,
            forges,
        };
        let (tree, problems) = resolver.resolve(root);
        let problems = problems.into_iter().map(|problem| {
            let diagnostic = Diagnostic::new(problem.code, problem.message).subject(problem.target);
            let diagnostic = diagnostic.at(self.place(problem.span));
            Diagnostic {
                help: problem.help,
                ..diagnostic
            }
        });
        (tree, problems.collect())
    }

    /// What the schema refuses, and what stands at the root without belonging there.
    fn shape(&self, root: Node<'_>) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for (key, _) in root
            .entries()
            .filter(|(key, _)| !ROOT_FIELDS.contains(&key.text()))
        {
            let name = key.text();
            let problem = Diagnostic::new(
                &register::UNKNOWN_ROOT_FIELD,
                format!("\"{name}\" is not allowed at the root"),
            );
            let help = match did_you_mean(name, ROOT_FIELDS) {
                Some(meant) => format!("did you mean \"{meant}\"?"),
                None => "only apiVersion, kind, metadata and spec are; perhaps it belongs below one of them".to_owned(),
            };
            problems.push(problem.help(help).subject(name).at(self.place(key.span())));
        }
        let custom = root
            .str_at("kind")
            .and_then(|kind| self.reader.settings.kinds.get(kind)?.as_deref());
        for schema in [Some(&self.reader.schema), custom].into_iter().flatten() {
            if schema.accepts(root) {
                continue;
            }
            for violation in schema.violations(root) {
                let problem =
                    Diagnostic::new(violation.code, violation.message).subject(violation.field);
                problems.push(Diagnostic {
                    help: violation.help,
                    ..problem.at(self.place(violation.span))
                });
            }
        }
        problems
    }

    /// What is wrong with an entity that a schema cannot say.
    fn beyond_shape(&self, entity: &Entity) -> Vec<Diagnostic> {
        let mut problems = reference::problems(entity);
        problems.extend(unknown_field::problems(entity, &self.reader.schema));
        problems.extend(self.kind_problem(entity));
        problems.extend(entity.links().filter_map(|link| link_problem(entity, link)));
        problems
    }

    fn kind_problem(&self, entity: &Entity) -> Option<Diagnostic> {
        let kind = entity.kind();
        let node = entity.tree().root()?.get("kind")?;
        let settings = &self.reader.settings;
        let problem = match known_kind(kind) {
            None if settings.kinds.contains_key(kind) => return None,
            None => {
                let problem = Diagnostic::new(
                    &register::UNKNOWN_KIND,
                    format!("nobody has declared the kind \"{kind}\""),
                );
                match did_you_mean(kind, KINDS.iter().map(|kind| kind.name)) {
                    Some(meant) => problem.help(format!(
                        "did you mean \"{meant}\"? Kinds of your own are declared in devportal.yaml"
                    )),
                    None => problem.help(format!(
                        "declare it in devportal.yaml: \"kinds: {{{kind}: {{}}}}\""
                    )),
                }
            }
            Some(_) if settings.alpha => return None,
            Some(known) if known.name == "AiResource" => Diagnostic::new(
                &register::ALPHA_MODEL,
                "the kind \"AiResource\" needs an alpha module of Backstage",
            )
            .help("if your Backstage has it, set \"backstage: {alpha: true}\" in devportal.yaml"),
            Some(known)
                if known.name == "API"
                    && entity
                        .spec()
                        .is_some_and(|spec| spec.get("definition").is_none()) =>
            {
                let is_mcp_server = entity.spec_str("type") == Some("mcp-server");
                if !is_mcp_server {
                    return None;
                }
                Diagnostic::new(&register::ALPHA_MODEL, "an API of type \"mcp-server\" needs an alpha module of Backstage")
                    .help("if your Backstage has it, set \"backstage: {alpha: true}\" in devportal.yaml; else add \"definition\"")
            }
            Some(_) => return None,
        };
        Some(
            problem
                .entity(entity.reference())
                .subject(kind)
                .at(entity.place_of(node)),
        )
    }

    fn place(&self, span: Span) -> Place {
        Place::span(Arc::clone(self.file), span)
    }
}

/// A link whose URL the URL standard of browsers does not take.
fn link_problem(entity: &Entity, link: Node<'_>) -> Option<Diagnostic> {
    let node = link.get("url")?;
    let text = node.as_str().filter(|text| !text.is_empty())?;
    let error = url::Url::parse(text).err()?;
    let message = format!("\"metadata.links\" has \"{text}\", which is no URL: {error}");
    let problem = Diagnostic::new(&register::INVALID_URL, message)
        .help("write it in full, with \"https://\"");
    Some(
        problem
            .entity(entity.reference())
            .subject(text)
            .at(entity.place_of(node)),
    )
}

fn diagnostic(problem: yaml::Problem, file: &Arc<SourceFile>) -> Diagnostic {
    let subject = problem.message.clone();
    let diagnostic = Diagnostic::new(problem.code, problem.message).subject(subject);
    Diagnostic {
        help: problem.help,
        ..diagnostic.at(Place::span(Arc::clone(file), problem.span))
    }
}
