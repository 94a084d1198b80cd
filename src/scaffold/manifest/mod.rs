//! What a `template.yaml` says (`scaffolder.backstage.io/v1beta3`).

mod placeholder;
mod reading;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::diagnostic::Diagnostic;
use crate::model::{EntityRef, Node, SourceFile, Span, Tree};

/// A template, as its file declares it.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file.
    pub file: Arc<SourceFile>,
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`, else `default`.
    pub namespace: String,
    /// `metadata.title`.
    pub title: Option<String>,
    /// `metadata.description`.
    pub description: Option<String>,
    /// `metadata.tags`.
    pub tags: Vec<String>,
    /// `spec.owner`.
    pub owner: Option<String>,
    /// `spec.type`.
    pub component_type: Option<String>,
    /// `spec.parameters`: what is asked, page by page.
    pub pages: Vec<Page>,
    /// `spec.secrets.schema`.
    pub secrets_schema: Option<Value>,
    /// `spec.steps`: what is done, in order.
    pub steps: Vec<Step>,
    /// `spec.output`, with its expressions.
    pub output: Map<String, Value>,
    /// What is odd about the file but stops nothing.
    pub warnings: Vec<Diagnostic>,
    /// The document itself, with its places.
    pub document: Arc<Tree>,
}

/// Reads another file for `$yaml`, `$json` and `$text`: what the template names, as it names it,
/// to its text.
pub type Include<'a> = &'a dyn Fn(&str) -> Result<String, String>;

impl Manifest {
    /// Reads the template of a file: the first document of the kind `Template`. What Backstage
    /// takes is taken.
    ///
    /// `include` reads what `$yaml`, `$json` and `$text` name, and must keep inside of where the
    /// template may read from.
    ///
    /// # Errors
    /// All that keeps it from being run, with places.
    pub fn read(
        text: &str,
        file: &Arc<SourceFile>,
        include: Include<'_>,
    ) -> Result<Self, Vec<Diagnostic>> {
        reading::read(text, file, include)
    }

    /// Reads the template of a document of the catalog, whose placeholders are resolved.
    ///
    /// # Errors
    /// All that keeps it from being run, with places.
    pub fn of_tree(root: Node<'_>, file: &Arc<SourceFile>) -> Result<Self, Vec<Diagnostic>> {
        reading::read_tree(root, file)
    }

    /// Its reference in the catalog.
    #[must_use]
    pub fn reference(&self) -> EntityRef {
        EntityRef::new("template", &self.namespace, &self.name)
    }
}

/// A page of parameters: a JSON Schema of an object.
#[derive(Clone, Debug)]
pub struct Page {
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// The whole page, as JSON Schema with the hints of its user interface.
    pub schema: Value,
    /// Where it stands.
    pub span: Span,
}

/// A step.
#[derive(Clone, Debug)]
pub struct Step {
    /// `id`, else `step-N` as Backstage counts (from 1).
    pub id: String,
    /// `name`, else the action.
    pub name: String,
    /// `action`.
    pub action: String,
    /// `input`, with its expressions.
    pub input: Map<String, Value>,
    /// `if`, as it was written.
    pub condition: Option<Value>,
    /// `each`, as it was written.
    pub each: Option<Value>,
    /// Where it stands.
    pub span: Span,
}

#[cfg(test)]
mod tests;
