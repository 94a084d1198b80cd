//! What a `template.yaml` says (`scaffolder.backstage.io/v1beta3`).

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::model::{SourceFile, Span};

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
    /// `name`, else the id.
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
