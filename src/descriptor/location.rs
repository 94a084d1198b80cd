//! The targets of Location entities.

use crate::model::{Entity, Forges, Node, RepositoryUrl, SourceFile, Span};

/// A target of a Location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// As it is written, but without the user and password of a URL.
    pub text: String,
    /// Where it is written.
    pub span: Span,
    /// What it names.
    pub kind: TargetKind,
    /// Whether it is a problem when it leads nowhere.
    pub required: bool,
}

/// What a target names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// A file of the same repository.
    Path(String),
    /// Files of the same repository.
    Pattern(String),
    /// A file, or files, of a repository.
    Url(RepositoryUrl),
    /// A path that leads out of the repository.
    Outside,
    /// Something else.
    Unknown,
}

/// The targets of a Location, in the order of the file.
#[must_use]
pub fn targets(location: &Entity, forges: &Forges) -> Vec<Target> {
    let Some(spec) = location.spec() else {
        return Vec::new();
    };
    let required = spec.str_at("presence") != Some("optional");
    let file = &location.source().file;
    let one = spec.get("target");
    let many = spec.get("targets").into_iter().flat_map(Node::items);
    let nodes = one.into_iter().chain(many);
    nodes
        .filter_map(|node| Some((node, node.as_str()?)))
        .map(|(node, text)| Target {
            text: without_user(text),
            span: node.span(),
            kind: understand(text, file, forges),
            required,
        })
        .collect()
}

fn understand(text: &str, file: &SourceFile, forges: &Forges) -> TargetKind {
    if text.contains("://") {
        return forges
            .parse(text)
            .map_or(TargetKind::Unknown, TargetKind::Url);
    }
    match file.sibling(text) {
        None => TargetKind::Outside,
        Some(path) if path.contains(['*', '?', '{']) => TargetKind::Pattern(path),
        Some(path) if path.is_empty() => TargetKind::Unknown,
        Some(path) => TargetKind::Path(path),
    }
}

/// A URL without the user and password that it may have: they are not to be repeated in messages.
pub(super) fn without_user(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..authority].rfind('@').map_or(0, |at| at + 1);
    format!("{scheme}://{}", &rest[host..])
}

#[cfg(test)]
mod tests {
    use super::without_user;

    #[test]
    fn users_and_passwords_are_left_out() {
        assert_eq!(without_user("https://a:b@c.d/e@f"), "https://c.d/e@f");
        assert_eq!(without_user("https://c.d?x=a@b"), "https://c.d?x=a@b");
        assert_eq!(without_user("a@b:c"), "a@b:c");
    }
}
