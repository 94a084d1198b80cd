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

/// The folders that a Template's steps copy from, and that of its cases, where what it makes is
/// kept: paths in its repository. What lies below them is a skeleton.
#[must_use]
pub fn folders_of(template: &Entity) -> Vec<String> {
    let file = &template.source().file;
    let steps = template.spec().and_then(|spec| spec.get("steps"));
    let inputs = steps.into_iter().flat_map(Node::items).filter(|step| {
        step.str_at("action")
            .is_some_and(|action| action.starts_with("fetch:"))
    });
    let urls = inputs.filter_map(|step| step.get("input")?.str_at("url"));
    urls.chain(["./tests"])
        .filter_map(|url| file.sibling(url))
        .filter(|folder| folder != file.folder_in_repository())
        .collect()
}

/// The `template.yaml` of whose cases a file is a part: `tests/CASE/expected/` beside it holds what
/// the template makes.
#[must_use]
pub fn template_of_case(path: &str) -> Option<String> {
    let (before, _) = path.split_once("/expected/")?;
    let (folder, _case) = before.rsplit_once('/')?;
    let beside = folder.strip_suffix("tests")?;
    let is_folder = beside.is_empty() || beside.ends_with('/');
    is_folder.then(|| format!("{beside}template.yaml"))
}

#[cfg(test)]
mod tests {
    use super::template_of_case;

    #[test]
    fn what_a_case_expects_belongs_to_the_template_beside_it() {
        let template = |path| template_of_case(path);
        let expected = "a/tests/plain/expected/x/catalog-info.yaml";
        assert_eq!(template(expected).as_deref(), Some("a/template.yaml"));
        let at_root = "tests/plain/expected/catalog-info.yaml";
        assert_eq!(template(at_root).as_deref(), Some("template.yaml"));
        assert_eq!(template("contests/plain/expected/catalog-info.yaml"), None);
        assert_eq!(template("tests/plain/catalog-info.yaml"), None);
    }
}
