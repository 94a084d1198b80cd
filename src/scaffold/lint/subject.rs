//! A template, taken apart for the rules.

use std::sync::Arc;

use super::LintRequest;
use super::expression::{Expression, Scope, expressions};
use super::parameter::{Parameter, parameters};
use super::rendering::{RenderedFile, Rendering, renderings};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Node, Place, Span};
use crate::scaffold::{Manifest, Sources, Step};

/// A template, taken apart.
pub(super) struct Subject<'a> {
    pub(super) manifest: &'a Manifest,
    pub(super) sources: &'a dyn Sources,
    pub(super) programs: &'a [(String, Vec<String>)],
    /// The steps, each with its part of the document.
    pub(super) steps: Vec<(&'a Step, Node<'a>)>,
    /// What is asked.
    pub(super) parameters: Vec<Parameter<'a>>,
    /// The expressions of steps and of the output.
    pub(super) expressions: Vec<Expression<'a>>,
    /// What steps render.
    pub(super) renderings: Vec<Rendering<'a>>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(request: &LintRequest<'a>) -> Option<Self> {
        let manifest = request.manifest;
        let spec = manifest.document.root()?.get("spec")?;
        let nodes = spec.get("steps").into_iter().flat_map(Node::items);
        let mut subject = Self {
            manifest,
            sources: request.sources,
            programs: request.programs,
            steps: manifest.steps.iter().zip(nodes).collect(),
            parameters: spec.get("parameters").map_or_else(Vec::new, parameters),
            expressions: Vec::new(),
            renderings: Vec::new(),
        };
        for (index, (_, step)) in subject.steps.iter().enumerate() {
            for field in ["if", "each", "input"] {
                let scope = Scope::Step(index);
                expressions(step.get(field), scope, &mut subject.expressions);
            }
        }
        expressions(spec.get("output"), Scope::Output, &mut subject.expressions);
        subject.renderings = renderings(&subject);
        Some(subject)
    }

    /// A stretch of the template.
    pub(super) fn place(&self, span: Span) -> Place {
        Place::span(Arc::clone(&self.manifest.file), span)
    }

    /// The names of what is asked.
    pub(super) fn parameter_names(&self) -> impl Iterator<Item = &'a str> {
        self.parameters.iter().map(|parameter| parameter.name)
    }

    /// All files that steps fetch.
    pub(super) fn files(&self) -> impl Iterator<Item = &RenderedFile> {
        self.renderings.iter().flat_map(Rendering::files)
    }

    /// The input of a step, where it has that.
    pub(super) fn input(&self, step: usize, name: &str) -> Option<Node<'a>> {
        let (_, node) = self.steps.get(step)?;
        node.get("input")?.get(name)
    }
}

/// A finding.
pub(super) fn finding(
    code: &'static Code,
    message: impl Into<String>,
    subject: impl Into<String>,
    place: Place,
) -> Diagnostic {
    Diagnostic::new(code, message).subject(subject).at(place)
}
