//! The files that steps render, with what is in them.

use std::sync::Arc;

use super::literal::plain;
use super::subject::Subject;
use crate::model::{Node, Place, SourceFile, Span};
use crate::scaffold::globs::PathPatterns;
use crate::scaffold::rendering::LARGEST_TEMPLATE;
use crate::scaffold::{Entry, SourceEntry, StepError};
use crate::template::{Dialect, Inspection, inspect};

/// What a step fetches.
pub(super) struct Rendering<'a> {
    /// The position of the step.
    pub(super) step: usize,
    /// `url` of its input.
    pub(super) url: Node<'a>,
    /// Whether it renders what it fetches, and does not copy it.
    pub(super) renders: bool,
    /// The language of the files.
    pub(super) dialect: Dialect,
    /// The names under `values:`, each with its place; `None` where they are not known before the
    /// template runs.
    pub(super) values: Option<Vec<(&'a str, Option<Span>)>>,
    /// The files; or why there are none.
    pub(super) files: Result<Vec<RenderedFile>, StepError>,
}

/// A file that a step fetches.
pub(super) struct RenderedFile {
    /// Its path below what is fetched.
    pub(super) path: String,
    /// The same, without the extension that rendered files lose.
    pub(super) target: String,
    /// The file, as people are told.
    pub(super) file: Arc<SourceFile>,
    /// What is in its path.
    pub(super) name: Inspection,
    /// What is in it.
    pub(super) content: RenderedContent,
}

/// What is in a file.
pub(super) enum RenderedContent {
    /// A text that is rendered.
    Text(Inspection),
    /// It is copied as it is.
    Copied,
    /// A text with tags that is too large, with its size.
    TooLarge(usize),
    /// A link.
    Link(String),
}

impl Rendering<'_> {
    /// The name under which the files find their values.
    pub(super) fn root(&self) -> &'static str {
        match self.dialect {
            Dialect::Backstage => "values",
            Dialect::Cookiecutter => "cookiecutter",
        }
    }

    /// The files, where they could be read.
    pub(super) fn files(&self) -> &[RenderedFile] {
        self.files.as_deref().unwrap_or_default()
    }
}

impl RenderedFile {
    /// What is in its path and its text, each with where it is.
    pub(super) fn inspections(&self) -> impl Iterator<Item = (&Inspection, bool)> {
        let text = match &self.content {
            RenderedContent::Text(text) => Some((text, true)),
            _ => None,
        };
        std::iter::once((&self.name, false)).chain(text)
    }

    /// A place in it; the file as a whole for what is in its path.
    pub(super) fn place(&self, at: Option<(u32, u32, usize)>) -> Place {
        match at {
            None => Place::file(Arc::clone(&self.file)),
            Some((line, column, width)) => {
                let width = u32::try_from(width).unwrap_or(u32::MAX).max(1);
                Place::span(Arc::clone(&self.file), Span::on_line(line, column, width))
            }
        }
    }
}

/// What the steps of a template fetch, as far as it is known before it runs.
pub(super) fn renderings<'a>(subject: &Subject<'a>) -> Vec<Rendering<'a>> {
    let steps = subject.steps.iter().enumerate();
    let found = steps.filter_map(|(index, (step, _))| {
        let (renders, is_file) = match step.action.as_str() {
            "fetch:template" => (true, false),
            "fetch:template:file" => (true, true),
            "fetch:plain" => (false, false),
            "fetch:plain:file" => (false, true),
            _ => return None,
        };
        rendering(subject, index, renders, is_file)
    });
    found.collect()
}

fn rendering<'a>(
    subject: &Subject<'a>,
    step: usize,
    renders: bool,
    is_file: bool,
) -> Option<Rendering<'a>> {
    let url = subject.input(step, "url")?;
    let address = plain(url.as_str()?)?;
    let input = |name| subject.input(step, name);
    let is_cookiecutter = input("cookiecutterCompat").and_then(Node::as_bool) == Some(true);
    let dialect = if is_cookiecutter {
        Dialect::Cookiecutter
    } else {
        Dialect::Backstage
    };
    let selection = Selection {
        renders,
        dialect,
        copied: copied(input("copyWithoutTemplating")),
        extension: extension(input("templateFileExtension")),
    };
    let entries = if is_file {
        subject.sources.file(address).map(|entry| vec![entry])
    } else {
        subject.sources.folder(address)
    };
    let base = base(subject, address, is_file);
    let files = entries.map(|entries| {
        let files = entries.into_iter();
        files
            .filter_map(|entry| selection.file(entry, &base, is_file))
            .collect()
    });
    Some(Rendering {
        step,
        url,
        renders,
        dialect,
        values: values(subject, input("values")),
        files,
    })
}

/// Where the files lie, as people are told: a path of the template's repository, or a URL.
fn base(subject: &Subject<'_>, address: &str, is_file: bool) -> SourceFile {
    let file = &subject.manifest.file;
    match file.sibling(address) {
        Some(path) => file.beside(&path),
        None if is_file => SourceFile::new(address.into(), "", address.as_bytes()),
        None => {
            let folder = address.trim_end_matches('/');
            SourceFile::new(address.into(), "", folder.as_bytes())
        }
    }
}

/// The names of the values that a step gives.
fn values<'a>(
    subject: &Subject<'a>,
    values: Option<Node<'a>>,
) -> Option<Vec<(&'a str, Option<Span>)>> {
    let Some(values) = values else {
        return Some(Vec::new());
    };
    if values.is_mapping() {
        let names = values
            .entries()
            .map(|(key, _)| (key.text(), Some(key.span())));
        return Some(names.collect());
    }
    let text = values.as_str()?.trim();
    let inner = text.strip_prefix("${{")?.strip_suffix("}}")?;
    let is_all = inner.trim() == "parameters";
    is_all.then(|| subject.parameter_names().map(|name| (name, None)).collect())
}

/// Which files are rendered.
struct Selection {
    renders: bool,
    dialect: Dialect,
    /// Patterns of what is copied; `None` where they are not known before the template runs.
    copied: Option<PathPatterns>,
    /// The extension of the files that are rendered, where only those are.
    extension: Option<String>,
}

fn copied(patterns: Option<Node<'_>>) -> Option<PathPatterns> {
    let Some(patterns) = patterns else {
        return PathPatterns::new(&[]).ok();
    };
    if patterns.as_str().is_some() {
        return None;
    }
    let patterns = patterns
        .items()
        .map(|item| plain(item.text()).map(str::to_owned));
    PathPatterns::new(&patterns.collect::<Option<Vec<_>>>()?).ok()
}

fn extension(node: Option<Node<'_>>) -> Option<String> {
    let node = node?;
    if node.as_bool() == Some(true) {
        return Some(".njk".to_owned());
    }
    let name = node.as_str().filter(|name| !name.is_empty())?;
    Some(if name.starts_with('.') {
        name.to_owned()
    } else {
        format!(".{name}")
    })
}

impl Selection {
    fn file(&self, entry: SourceEntry, base: &SourceFile, is_file: bool) -> Option<RenderedFile> {
        let SourceEntry { path, content } = entry;
        let is_rendered = self.renders && self.is_rendered(&path);
        let file = if is_file {
            base.beside(base.path_in_repository())
        } else {
            let folder = base.path_in_repository();
            let separator = if folder.is_empty() { "" } else { "/" };
            base.beside(&format!("{folder}{separator}{path}"))
        };
        let content = match content {
            Entry::EmptyFolder => return None,
            Entry::Link { target } => RenderedContent::Link(target),
            Entry::File { bytes, .. } if is_rendered => self.text(&bytes),
            Entry::File { .. } => RenderedContent::Copied,
        };
        let target = match &self.extension {
            Some(extension) if is_rendered => path.strip_suffix(extension.as_str()),
            _ => None,
        };
        let target = target.unwrap_or(&path).to_owned();
        Some(RenderedFile {
            name: if self.renders && !is_file {
                inspect(&target, self.dialect)
            } else {
                Inspection::default()
            },
            path,
            target,
            file: Arc::new(file),
            content,
        })
    }

    fn is_rendered(&self, path: &str) -> bool {
        match (&self.extension, &self.copied) {
            (Some(extension), _) => path.ends_with(extension.as_str()),
            (None, Some(copied)) => !copied.matches(path),
            (None, None) => false,
        }
    }

    fn text(&self, bytes: &[u8]) -> RenderedContent {
        if bytes.contains(&0) {
            return RenderedContent::Copied;
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            return RenderedContent::Copied;
        };
        let print = match self.dialect {
            Dialect::Backstage => "${{",
            Dialect::Cookiecutter => "{{",
        };
        if text.len() <= LARGEST_TEMPLATE {
            return RenderedContent::Text(inspect(text, self.dialect));
        }
        if text.contains(print) || text.contains("{%") {
            RenderedContent::TooLarge(text.len())
        } else {
            RenderedContent::Copied
        }
    }
}
