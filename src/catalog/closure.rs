//! Everything that relations lead to, over any distance.

use std::collections::HashSet;

use super::{Catalog, EntityId};
use crate::model::RelationType;

impl Catalog {
    /// The entities that relations of these types lead to from some, those included. Nothing is
    /// visited twice, so circles end.
    #[must_use]
    pub fn closure(&self, starts: &[EntityId], relations: &[RelationType]) -> HashSet<EntityId> {
        let mut reached: HashSet<EntityId> = starts.iter().copied().collect();
        let mut open: Vec<EntityId> = starts.to_vec();
        while let Some(id) = open.pop() {
            for relation in relations {
                for (_, node) in self.edges_of(id, *relation) {
                    let next = EntityId::new(node.index());
                    if node.index() < self.entities().len() && reached.insert(next) {
                        open.push(next);
                    }
                }
            }
        }
        reached
    }
}
