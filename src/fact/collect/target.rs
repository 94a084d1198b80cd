//! What there is to ask.

use std::collections::BTreeMap;

use super::{Target, TargetRequest};
use crate::model::Entity;

impl TargetRequest<'_> {
    /// The entities that are asked about, in their order.
    pub fn entities(&self) -> impl Iterator<Item = &Entity> {
        self.entities.iter().map(|id| self.catalog.entity(*id))
    }

    /// A target for each value of an annotation, with all entities that have it, in the order of
    /// the values: `service PABC123` with the parameter `service`.
    #[must_use]
    pub fn by_annotation(
        &self,
        annotation: &str,
        what: &str,
        parameter: &'static str,
    ) -> Vec<Target> {
        let mut targets: BTreeMap<&str, Target> = BTreeMap::new();
        for entity in self.entities() {
            let value = entity.annotation(annotation).map(str::trim);
            let Some(value) = value.filter(|value| !value.is_empty()) else {
                continue;
            };
            let target = targets.entry(value).or_insert_with(|| {
                let parameters = BTreeMap::from([(parameter, value.to_owned())]);
                Target {
                    label: format!("{what} {value}"),
                    parameters,
                    entities: Vec::new(),
                }
            });
            target.entities.push(entity.reference().clone());
        }
        targets.into_values().collect()
    }
}

impl Target {
    /// A parameter; empty where there is none.
    #[must_use]
    pub fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }
}
