//! What dependencies lead to, as rules see it.

use std::collections::BTreeSet;

use super::entities;
use crate::catalog::{BuildInput, Catalog, Reached, RelationSet};
use crate::model::Entity;

/// Entities of which each depends on some others, in circles too, and on what is not there.
fn entangled(count: usize) -> Vec<Entity> {
    let lifecycles = ["production", "experimental", "deprecated", "x"];
    let entity = |number: usize| {
        let lifecycle = lifecycles[number / 2 % lifecycles.len()];
        // Most lead to smaller numbers, so that circles are small, and some to nothing.
        let next = if number % 7 == 3 {
            number + 1
        } else {
            number / 2
        };
        let others = [next, number / 3, count + number];
        let needs = others.map(|other| format!("component:c{other}")).join(", ");
        let needs = if number.is_multiple_of(5) { "" } else { &needs };
        format!(
            "kind: Component\nmetadata: {{name: c{number}}}\nspec: {{lifecycle: {lifecycle}, dependsOn: [{needs}]}}\n"
        )
    };
    let all: Vec<String> = (0..count).map(entity).collect();
    entities(&all.join("---\n"))
}

#[test]
fn what_is_below_is_what_dependencies_lead_to() {
    let catalog = Catalog::build(BuildInput {
        entities: entangled(40),
        ..BuildInput::default()
    });
    let relations = RelationSet::dependencies();
    let below = catalog.texts_below(relations, |entity| entity.spec_str("lifecycle"));
    let mut different = BTreeSet::new();
    for id in catalog.ids() {
        let reach = catalog.reach(&[id], relations);
        let reached = reach.iter().filter_map(Reached::id);
        let lifecycles = reached.filter_map(|id| catalog.entity(id).spec_str("lifecycle"));
        let expected: BTreeSet<&str> = lifecycles.collect();
        let found = below.of(id);
        assert_eq!(
            found,
            expected.iter().copied().collect::<Vec<&str>>(),
            "{id:?}"
        );
        let number = below.number(id).expect("few texts");
        different.insert((number, found));
    }
    let numbers: BTreeSet<usize> = different.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers.len(), different.len());
    assert!(different.len() > 3, "{different:?}");
}
