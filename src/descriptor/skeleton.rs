//! Descriptors that are parts of templates: not rendered yet, so not meant to be valid.

use crate::model::{Entity, Node};

/// What begins an expression in the template languages of scaffolders.
const MARKS: [&str; 3] = ["{{", "{%", "<%"];

/// Whether a text has an expression of a template.
#[must_use]
pub fn is_templated(text: &str) -> bool {
    MARKS.iter().any(|mark| text.contains(mark))
}

/// Whether a document has an expression where its name should be.
pub(super) fn has_templated_name(root: Node<'_>) -> bool {
    let Some(metadata) = root.get("metadata") else {
        return false;
    };
    let Some(name) = metadata.get("name") else {
        // `{{ x }}` in place of `metadata`'s fields, or a loop around them.
        return metadata
            .entries()
            .any(|(key, _)| key.text().starts_with('{') || is_templated(key.text()));
    };
    match name.as_str() {
        Some(name) => is_templated(name),
        // Unquoted, `{{ x }}` is a mapping whose key is a mapping.
        None => name
            .entries()
            .next()
            .is_some_and(|(key, _)| key.text().starts_with('{')),
    }
}

/// Whether a text that is no YAML is a descriptor with statements of a template in it.
pub(super) fn is_templated_descriptor(text: &str) -> bool {
    text.contains("{%")
        || text
            .lines()
            .any(|line| line.contains("name:") && is_templated(line))
}

/// The folders that a Template's steps copy from: paths in its repository. What lies below them
/// is a skeleton.
#[must_use]
pub fn folders_of(template: &Entity) -> Vec<String> {
    let file = &template.source().file;
    let steps = template.spec().and_then(|spec| spec.get("steps"));
    let inputs = steps.into_iter().flat_map(Node::items).filter(|step| {
        step.str_at("action")
            .is_some_and(|action| action.starts_with("fetch:"))
    });
    let urls = inputs.filter_map(|step| step.get("input")?.str_at("url"));
    urls.filter_map(|url| file.sibling(url))
        .filter(|folder| folder != file.folder_in_repository())
        .collect()
}
