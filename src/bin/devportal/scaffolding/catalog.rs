//! The catalog, as templates ask it.

use devportal::model::{EntityRef, Tree};
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
        Ok(entity.and_then(|entity| entity.tree().root().map(devportal::model::Node::to_json)))
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

/// The user, as templates know them: reference, and entity where the catalog has it.
pub(crate) fn user(named: Option<&str>, scan: Option<&Scan>) -> Option<(String, Option<Value>)> {
    let named = named?;
    if let Some(scan) = scan
        && let Ok(Some(found)) = scan.catalog.resolve(named, &["user"])
        && found.entity.reference().kind() == "user"
    {
        let entity = found.entity.tree();
        let value = Tree::root(entity).map(devportal::model::Node::to_json);
        return Some((found.entity.reference().to_string(), value));
    }
    let reference = if named.contains(':') {
        named.to_owned()
    } else {
        format!("user:default/{named}")
    };
    Some((reference.to_lowercase(), None))
}
