//! The catalog, as templates ask it.

use devportal::config::UserSettings;
use devportal::model::{EntityRef, Node, Tree};
use devportal::scaffold::answers::EntityFilter;
use devportal::scaffold::{Entities, Manifest, StepError};
use devportal::scan::Scan;
use serde_json::Value;

/// The catalog of a scan, where one was made.
pub(crate) struct ScannedEntities<'a>(pub(crate) Option<&'a Scan>);

impl Entities for ScannedEntities<'_> {
    fn entity(&self, reference: &EntityRef) -> Result<Option<Value>, StepError> {
        let Some(scan) = self.0 else {
            return Err(StepError::new("the catalog was not read"));
        };
        let entity = scan.catalog.get(reference);
        Ok(entity.and_then(|entity| entity.tree().root().map(Node::to_json)))
    }
}

/// Whether running a template needs the catalog.
pub(crate) fn is_needed(manifest: &Manifest) -> bool {
    let mut steps = manifest.steps.iter();
    steps.any(|step| {
        step.action == "catalog:fetch"
            || Value::Object(step.input.clone())
                .to_string()
                .contains("user.entity")
    })
}

/// The programs that the user's configuration has for actions.
pub(crate) fn programs(settings: &UserSettings) -> Vec<(String, Vec<String>)> {
    let programs = settings.actions.iter();
    programs
        .map(|(name, words)| (name.clone(), words.value.clone()))
        .collect()
}

/// The user, as templates know them: reference, and entity where the catalog has it.
pub(crate) fn user(
    settings: &UserSettings,
    scan: Option<&Scan>,
) -> Option<(String, Option<Value>)> {
    let named = settings.user.as_ref()?.value.as_str();
    if let Some(scan) = scan
        && let Ok(Some(found)) = scan.catalog.resolve(named, &["user"])
        && found.entity.reference().kind() == "user"
    {
        let entity = found.entity.tree();
        let value = Tree::root(entity).map(Node::to_json);
        return Some((found.entity.reference().to_string(), value));
    }
    let reference = if named.contains(':') {
        named.to_owned()
    } else {
        format!("user:default/{named}")
    };
    Some((reference.to_lowercase(), None))
}

/// The references of the entities that a filter takes, in the order of the catalog.
pub(crate) fn references(scan: &Scan, filter: &EntityFilter) -> Vec<String> {
    let entities = scan.catalog.entities().iter();
    let taken = entities.filter(|entity| {
        filter.takes(&|field| {
            if field == "kind" {
                return vec![entity.kind().to_owned()];
            }
            entity
                .tree()
                .root()
                .map_or_else(Vec::new, |root| values(root, field))
        })
    });
    taken.map(|it| it.reference().to_string()).collect()
}

/// The values at a path of names; one name may have `.` in it, as those of annotations do.
fn values(node: Node<'_>, path: &str) -> Vec<String> {
    if let Some(found) = node.get(path) {
        let items = found.items().map(|item| item.text().to_owned());
        let items: Vec<String> = items.collect();
        return if found.items().next().is_none() && !found.is_mapping() {
            vec![found.text().to_owned()]
        } else {
            items
        };
    }
    let ends = path.match_indices('.').map(|(at, _)| at);
    let mut below = ends.filter_map(|at| Some((node.get(&path[..at])?, &path[at + 1..])));
    below
        .next()
        .map_or_else(Vec::new, |(node, rest)| values(node, rest))
}
