//! Rendering the files of a template into the tree: what `fetch:template` and its likes share.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::globs::PathPatterns;
use super::{Entry, SourceEntry, StepError, TargetPath, WorkTree, link};
use crate::template::{Dialect, Engine, Options, Renderer, TemplateError, Values};

/// The largest text that is rendered; larger ones are copied.
pub(super) const LARGEST_TEMPLATE: usize = 256 << 10;

/// How the files of a template become files of the tree.
pub(super) struct Rendering {
    /// The folder of the tree that they go to.
    pub(super) target: Option<TargetPath>,
    /// What the template is given.
    pub(super) values: Map<String, Value>,
    /// The files whose content is copied as it is.
    pub(super) copied: PathPatterns,
    /// With an extension, only files that have it are rendered, and they lose it.
    pub(super) extension: Option<String>,
    /// Whether files that are there already are written again.
    pub(super) replaces: bool,
    /// Which language the files are in, and how blanks around tags are treated.
    pub(super) options: Options,
}

/// What became of the files of a template, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rendered {
    /// Files whose name renders to nothing, which is how templates leave files out.
    pub(super) left_out: usize,
    /// Files that are there already and stay.
    pub(super) kept: Vec<String>,
    /// Files with tags that are too large to be rendered.
    pub(super) too_large: Vec<String>,
}

impl Rendering {
    /// Renders files into the tree.
    ///
    /// # Errors
    /// When a file cannot be rendered, or may not be where it would be.
    pub(super) fn render(
        &self,
        entries: Vec<SourceEntry>,
        tree: &mut WorkTree,
    ) -> Result<Rendered, StepError> {
        let engine = Engine::new(self.options);
        let root = match self.options.dialect {
            Dialect::Backstage => "values",
            Dialect::Cookiecutter => "cookiecutter",
        };
        let values = Map::from_iter([(root.to_owned(), Value::Object(self.values.clone()))]);
        let values = Values::new(&values);
        let mut text_renderer = Renderer::new(&engine, &values);
        let mut rendered = Rendered::default();
        let mut origins: HashMap<TargetPath, String> = HashMap::with_capacity(entries.len());
        for entry in entries {
            let is_rendered = self.is_rendered(&entry.path);
            let Some(path) = self.target_of(&entry.path, is_rendered, &mut text_renderer)? else {
                rendered.left_out += 1;
                continue;
            };
            if let Some(first) = origins.insert(path.clone(), entry.path.clone()) {
                return Err(StepError::new(format!(
                    "\"{first}\" and \"{}\" would both be written to \"{path}\"",
                    entry.path
                )));
            }
            if !self.replaces && tree.get(&path).is_some() {
                rendered.kept.push(path.to_string());
                continue;
            }
            let new = match entry.content {
                Entry::EmptyFolder => Entry::EmptyFolder,
                Entry::Link { target } => {
                    link::refuse_outside(&path, &target)?;
                    Entry::Link { target }
                }
                Entry::File { bytes, executable } => {
                    let bytes = if is_rendered {
                        content(&entry.path, bytes, &mut text_renderer, &mut rendered)?
                    } else {
                        bytes
                    };
                    Entry::File { bytes, executable }
                }
            };
            tree.put(path, new)?;
        }
        Ok(rendered)
    }

    fn is_rendered(&self, path: &str) -> bool {
        match &self.extension {
            Some(extension) => path.ends_with(extension.as_str()),
            None => !self.copied.matches(path),
        }
    }

    /// Where a file goes; nowhere when its name, or that of a folder it is in, renders to
    /// nothing.
    fn target_of(
        &self,
        path: &str,
        is_rendered: bool,
        text_renderer: &mut Renderer<'_>,
    ) -> Result<Option<TargetPath>, StepError> {
        let named = match &self.extension {
            Some(extension) if is_rendered => &path[..path.len() - extension.len()],
            _ => path,
        };
        let name = text_renderer.render(path, named).map_err(refused)?;
        if name.is_empty() || name.starts_with('/') || name.ends_with('/') || name.contains("//") {
            return Ok(None);
        }
        let target = TargetPath::join(self.target.as_ref(), &name);
        target.map(Some).map_err(|refusal| {
            let error = StepError::from(refusal);
            StepError {
                message: format!("template file \"{path}\": {}", error.message),
                ..error
            }
        })
    }
}

/// The content of a file, rendered where it is text.
fn content(
    path: &str,
    bytes: Vec<u8>,
    text_renderer: &mut Renderer<'_>,
    rendered: &mut Rendered,
) -> Result<Vec<u8>, StepError> {
    if bytes.contains(&0) {
        return Ok(bytes);
    }
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Ok(bytes);
    };
    if text.len() > LARGEST_TEMPLATE {
        if text.contains("{{") || text.contains("{%") {
            rendered.too_large.push(path.to_owned());
        }
        return Ok(bytes);
    }
    let text = text_renderer.render(path, text).map_err(refused)?;
    Ok(text.into_bytes())
}

/// What is wrong in a file of a template, at its place.
pub(super) fn refused(error: TemplateError) -> StepError {
    StepError {
        message: error.to_string(),
        help: error.help,
    }
}
