//! A `template.yaml`, read as strictly as Backstage reads it.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::placeholder::{self, PlaceholderProblem};
use super::{Include, Manifest, Page, Step};
use crate::diagnostic::{Code, Diagnostic, Severity, did_you_mean, register};
use crate::model::{DEFAULT_NAMESPACE, Node, NodeKind, Place, SourceFile, Span, Tree, TreeBuilder};
use crate::yaml;

/// The version of templates.
const API_VERSION: &str = "scaffolder.backstage.io/v1beta3";
/// The most bytes of a template, as of a descriptor.
const MOST_BYTES: usize = 4 << 20;
/// The most bytes of a name.
const LONGEST_NAME: usize = 63;
/// The fields of a step.
const STEP_FIELDS: [&str; 7] = [
    "id",
    "name",
    "action",
    "input",
    "if",
    "each",
    "backstage:permissions",
];

/// Reads the template of a file.
pub(super) fn read(
    text: &str,
    file: &Arc<SourceFile>,
    include: Include<'_>,
) -> Result<Manifest, Vec<Diagnostic>> {
    let mut reading = Reading {
        file,
        problems: Vec::new(),
    };
    if text.len() > MOST_BYTES {
        let message = format!("the template has more than {} MiB", MOST_BYTES >> 20);
        let problem = Diagnostic::new(&register::FILE_TOO_LARGE, message);
        return Err(vec![problem.at(Place::file(Arc::clone(file)))]);
    }
    let manifest = reading.template(text, include);
    reading.end(manifest)
}

/// Reads the template of a document that is parsed already.
pub(super) fn read_tree(
    root: Node<'_>,
    file: &Arc<SourceFile>,
) -> Result<Manifest, Vec<Diagnostic>> {
    let mut reading = Reading {
        file,
        problems: Vec::new(),
    };
    let manifest = reading.manifest(root);
    reading.end(manifest)
}

/// A reading, and what was found wrong so far.
struct Reading<'a> {
    file: &'a Arc<SourceFile>,
    problems: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn end(self, manifest: Option<Manifest>) -> Result<Manifest, Vec<Diagnostic>> {
        let is_error = |problem: &Diagnostic| problem.severity == Severity::Error;
        let mut problems = self.problems;
        problems.sort_by(|one, other| one.order().cmp(&other.order()));
        match manifest {
            Some(manifest) if !problems.iter().any(is_error) => Ok(Manifest {
                warnings: problems,
                ..manifest
            }),
            _ => Err(problems),
        }
    }

    fn template(&mut self, text: &str, include: Include<'_>) -> Option<Manifest> {
        let mut documents = yaml::parse(text);
        let is_template = |document: &yaml::Document| {
            let root = document.tree.as_ref().and_then(Tree::root);
            root.and_then(|root| root.str_at("kind"))
                .is_some_and(|kind| kind.eq_ignore_ascii_case("template"))
        };
        let Some(position) = documents.iter().position(is_template) else {
            self.no_template(documents);
            return None;
        };
        let document = documents.swap_remove(position);
        self.yaml_problems(document.problems);
        let tree = document.tree?;
        let (tree, unresolved) = placeholder::resolve(tree.root()?, include);
        for PlaceholderProblem {
            message,
            target,
            span,
        } in unresolved
        {
            self.add(&register::INVALID_PLACEHOLDER, message, &target, span);
        }
        self.manifest(tree.root()?)
    }

    /// Says why there is no template: what is no YAML comes first, since it may hide one.
    fn no_template(&mut self, documents: Vec<yaml::Document>) {
        let kind = documents.iter().find_map(|document| {
            let root = document.tree.as_ref()?.root()?;
            root.entry("kind")
        });
        let found = kind.map(|(_, kind)| (kind.text().to_owned(), kind.span()));
        for document in documents {
            if !document.is_valid() {
                self.yaml_problems(document.problems);
            }
        }
        if !self.problems.is_empty() {
            return;
        }
        let (message, span) = match found {
            Some((kind, span)) => (
                format!("the file declares a \"{kind}\", but no \"Template\""),
                span,
            ),
            None => (
                "the file declares no \"Template\"".to_owned(),
                Span::on_line(1, 1, 1),
            ),
        };
        let problem = self.add(&register::NOT_A_TEMPLATE, message, "kind", span);
        problem.help = Some(format!(
            "a template begins with \"apiVersion: {API_VERSION}\" and \"kind: Template\""
        ));
    }

    fn manifest(&mut self, root: Node<'_>) -> Option<Manifest> {
        self.version(root);
        let metadata = self.required_mapping(root, "metadata", "metadata");
        let spec = self.required_mapping(root, "spec", "spec");
        let (metadata, spec) = metadata.zip(spec)?;
        let name = self.name(metadata);
        let component_type = self.component_type(spec);
        let tags = metadata.get("tags").into_iter().flat_map(Node::items);
        let secrets = self.mapping(spec, "secrets", "spec.secrets");
        Some(Manifest {
            file: Arc::clone(self.file),
            name: name.unwrap_or_default(),
            namespace: self
                .text(metadata, "namespace", "metadata.namespace")
                .unwrap_or_else(|| DEFAULT_NAMESPACE.to_owned()),
            title: self.text(metadata, "title", "metadata.title"),
            description: self.text(metadata, "description", "metadata.description"),
            tags: tags.filter_map(Node::as_str).map(str::to_owned).collect(),
            owner: self.text(spec, "owner", "spec.owner"),
            component_type,
            pages: self.pages(spec),
            secrets_schema: secrets
                .and_then(|secrets| self.mapping(secrets, "schema", "spec.secrets.schema"))
                .map(Node::to_json),
            steps: self.steps(spec),
            output: self
                .mapping(spec, "output", "spec.output")
                .map(object)
                .unwrap_or_default(),
            warnings: Vec::new(),
            document: Arc::new(copy(root)),
        })
    }

    fn version(&mut self, root: Node<'_>) {
        let version = root.entry("apiVersion");
        if version.is_some_and(|(_, version)| version.as_str() == Some(API_VERSION)) {
            return;
        }
        let (message, span) = match version {
            Some((_, version)) => (
                format!(
                    "the version \"{}\" of templates is not known",
                    version.text()
                ),
                version.span(),
            ),
            None => ("\"apiVersion\" is missing".to_owned(), root.span()),
        };
        let problem = self.add(&register::NOT_A_TEMPLATE, message, "apiVersion", span);
        problem.help = Some(format!("write \"apiVersion: {API_VERSION}\""));
    }

    fn name(&mut self, metadata: Node<'_>) -> Option<String> {
        let name = self.required_text(metadata, "name", "metadata.name")?;
        let is_name = name.len() <= LONGEST_NAME
            && name.split(['-', '_', '.']).all(|part| {
                !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
            });
        if !is_name {
            let span = metadata.get("name").map(Node::span).unwrap_or_default();
            let message = format!("\"metadata.name\" is \"{name}\"");
            let problem = self.add(&register::INVALID_NAME, message, "metadata.name", span);
            problem.help = Some(
                "expected: letters and digits, separated by any of \"-\", \"_\" and \".\""
                    .to_owned(),
            );
        }
        Some(name)
    }

    fn component_type(&mut self, spec: Node<'_>) -> Option<String> {
        let text = self.required_text(spec, "type", "spec.type");
        if text.as_deref() == Some("") {
            let span = spec.get("type").map(Node::span).unwrap_or_default();
            let message = "\"spec.type\" is empty".to_owned();
            self.add(&register::INVALID_FIELD, message, "spec.type", span);
        }
        text
    }

    fn pages(&mut self, spec: Node<'_>) -> Vec<Page> {
        let Some((key, parameters)) = spec.entry("parameters") else {
            return Vec::new();
        };
        match parameters.kind() {
            NodeKind::Mapping => vec![self.page(parameters, "spec.parameters")],
            NodeKind::Sequence => {
                let pages = parameters.items().enumerate();
                let mut read = Vec::new();
                for (index, page) in pages {
                    let field = format!("spec.parameters[{index}]");
                    if page.is_mapping() {
                        read.push(self.page(page, &field));
                    } else {
                        self.wrong_type(&field, "a mapping", page, page.span());
                    }
                }
                read
            }
            _ => {
                let wanted = "a mapping, or a list of them";
                self.wrong_type("spec.parameters", wanted, parameters, key.span());
                Vec::new()
            }
        }
    }

    fn page(&mut self, page: Node<'_>, field: &str) -> Page {
        let parts = [
            ("required", NodeKind::Sequence),
            ("properties", NodeKind::Mapping),
            ("dependencies", NodeKind::Mapping),
        ];
        for (name, kind) in parts {
            if let Some((key, value)) = page.entry(name)
                && value.kind() != kind
            {
                let field = format!("{field}.{name}");
                self.wrong_type(&field, kind.name(), value, key.span());
            }
        }
        Page {
            title: page.str_at("title").map(str::to_owned),
            description: page.str_at("description").map(str::to_owned),
            schema: page.to_json(),
            span: page.span(),
        }
    }

    fn steps(&mut self, spec: Node<'_>) -> Vec<Step> {
        let Some((key, steps)) = spec.entry("steps") else {
            let message = "\"spec.steps\" is missing".to_owned();
            let problem = self.add(&register::MISSING_FIELD, message, "spec.steps", spec.span());
            problem.help = Some("add \"steps\": what the template does, in order".to_owned());
            return Vec::new();
        };
        if steps.kind() != NodeKind::Sequence {
            self.wrong_type("spec.steps", "a list", steps, key.span());
            return Vec::new();
        }
        let mut read = Vec::new();
        for (index, step) in steps.items().enumerate() {
            let field = format!("spec.steps[{index}]");
            // One that could not be resolved was told already.
            if placeholder::is_placeholder(step) {
                continue;
            }
            if step.is_mapping() {
                read.extend(self.step(step, index, &field));
            } else {
                self.wrong_type(&field, "a mapping", step, step.span());
            }
        }
        read
    }

    fn step(&mut self, step: Node<'_>, index: usize, field: &str) -> Option<Step> {
        let action = self.required_text(step, "action", &format!("{field}.action"));
        let name = self.text(step, "name", &format!("{field}.name"));
        let id = self.text(step, "id", &format!("{field}.id"));
        let input = self.mapping(step, "input", &format!("{field}.input"));
        if let Some((key, condition)) = step.entry("if")
            && !matches!(condition.kind(), NodeKind::String | NodeKind::Boolean)
        {
            let wanted = "a text, true or false";
            self.wrong_type(&format!("{field}.if"), wanted, condition, key.span());
        }
        self.unknown_fields(step, field);
        let action = action?;
        Some(Step {
            id: id.unwrap_or_else(|| format!("step-{}", index + 1)),
            name: name.unwrap_or_else(|| action.clone()),
            action,
            input: input.map(object).unwrap_or_default(),
            condition: step.get("if").map(Node::to_json),
            each: step.get("each").map(Node::to_json),
            span: step.span(),
        })
    }

    /// Backstage ignores them, but a misspelt `if` runs a step that should not run.
    fn unknown_fields(&mut self, step: Node<'_>, field: &str) {
        for (key, _) in step.entries() {
            let name = key.text();
            if STEP_FIELDS.contains(&name) {
                continue;
            }
            let Some(meant) = did_you_mean(name, STEP_FIELDS) else {
                continue;
            };
            let field = format!("{field}.{name}");
            let message = format!("\"{field}\" is unknown and does nothing");
            let problem = self.add(&register::UNKNOWN_FIELD, message, &field, key.span());
            problem.help = Some(format!("did you mean \"{meant}\"?"));
        }
    }

    /// The text of a field that may be left out.
    fn text(&mut self, parent: Node<'_>, name: &str, field: &str) -> Option<String> {
        let (key, value) = parent.entry(name)?;
        let text = value.as_str();
        if text.is_none() {
            self.wrong_type(field, "a text", value, key.span());
        }
        text.map(str::to_owned)
    }

    fn required_text(&mut self, parent: Node<'_>, name: &str, field: &str) -> Option<String> {
        if parent.get(name).is_none() {
            self.missing(field, parent.span());
        }
        self.text(parent, name, field)
    }

    /// The mapping of a field that may be left out.
    fn mapping<'tree>(
        &mut self,
        parent: Node<'tree>,
        name: &str,
        field: &str,
    ) -> Option<Node<'tree>> {
        let (key, value) = parent.entry(name)?;
        if !value.is_mapping() {
            self.wrong_type(field, "a mapping", value, key.span());
            return None;
        }
        Some(value)
    }

    fn required_mapping<'tree>(
        &mut self,
        parent: Node<'tree>,
        name: &str,
        field: &str,
    ) -> Option<Node<'tree>> {
        if parent.get(name).is_none() {
            self.missing(field, parent.span());
        }
        self.mapping(parent, name, field)
    }

    fn missing(&mut self, field: &str, span: Span) {
        let message = format!("\"{field}\" is missing");
        self.add(&register::MISSING_FIELD, message, field, span);
    }

    fn wrong_type(&mut self, field: &str, wanted: &str, found: Node<'_>, span: Span) {
        let found = found.kind().name();
        let message = format!("\"{field}\" must be {wanted}, but is {found}");
        self.add(&register::INVALID_FIELD, message, field, span);
    }

    fn yaml_problems(&mut self, problems: Vec<yaml::Problem>) {
        for problem in problems {
            let help = problem.help;
            let diagnostic = self.add(problem.code, problem.message, "", problem.span);
            diagnostic.help = help;
        }
    }

    fn add(
        &mut self,
        code: &'static Code,
        message: String,
        subject: &str,
        span: Span,
    ) -> &mut Diagnostic {
        let place = Place::span(Arc::clone(self.file), span);
        let problem = Diagnostic::new(code, message).subject(subject).at(place);
        self.problems.push_mut(problem)
    }
}

fn copy(root: Node<'_>) -> Tree {
    let mut builder = TreeBuilder::default();
    builder.copy(root, None);
    builder.finish()
}

fn object(mapping: Node<'_>) -> Map<String, Value> {
    match mapping.to_json() {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
