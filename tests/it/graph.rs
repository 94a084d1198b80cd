//! Questions of the graph on shapes that are worse than any organisation.

use std::sync::Arc;
use std::time::Instant;

use devportal::catalog::{BuildInput, Catalog, EntityId, RelationSet};
use devportal::descriptor::{Reader, Settings, Siblings};
use devportal::model::SourceFile;

/// A repository without other files.
struct Alone;

impl Siblings for Alone {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("is not there".to_owned())
    }
}

/// Components `c0`, `c1`, …, of which each depends on some others.
fn catalog(count: usize, dependencies: impl Fn(usize) -> Vec<usize>) -> Catalog {
    let reader = Reader::new(Settings::default()).unwrap();
    let mut entities = Vec::with_capacity(count);
    for number in 0..count {
        let targets = dependencies(number).into_iter();
        let targets: Vec<String> = targets
            .map(|target| format!("component:c{target}"))
            .collect();
        let text = format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: c{number}}}\n\
             spec: {{type: s, lifecycle: p, owner: o, dependsOn: [{}]}}\n",
            targets.join(", ")
        );
        let path = format!("c{number}.yaml");
        let file = Arc::new(SourceFile::new(Arc::from("."), "", path.as_bytes()));
        let read = reader.read(text.as_bytes(), &file, &Alone);
        entities.extend(
            read.documents
                .into_iter()
                .filter_map(|document| document.entity),
        );
    }
    Catalog::build(BuildInput {
        entities,
        ..BuildInput::default()
    })
}

fn id(catalog: &Catalog, number: usize) -> EntityId {
    let name = format!("component:c{number}");
    let found = catalog.resolve(&name, &[]).unwrap().unwrap();
    catalog.id(found.entity.reference()).unwrap()
}

/// What feels a change of the first entity, the circles, and the dependents of all, with the
/// time that each takes.
#[expect(
    clippy::print_stdout,
    reason = "the figures of the ignored test are read by people"
)]
fn ask(name: &str, catalog: &Catalog) -> (usize, usize) {
    let first = id(catalog, 0);
    let dependencies = RelationSet::dependencies();
    let begin = Instant::now();
    let reach = catalog.reach(&[first], dependencies.inverse());
    let farthest = reach.iter().last().map_or(0, |reached| reached.way().len());
    let felt = begin.elapsed();
    let begin = Instant::now();
    let cycles = catalog.cycles(dependencies);
    let circles = begin.elapsed();
    let begin = Instant::now();
    let most = catalog.dependents(dependencies);
    let counted = begin.elapsed();
    println!(
        "{name}: impact {felt:?} ({}, farthest {farthest}), cycles {circles:?} ({}), critical {counted:?} ({})",
        reach.len(),
        cycles.len(),
        most.len()
    );
    (reach.len(), cycles.len())
}

/// The shapes of C04 with so many entities.
fn shapes(count: usize, clique: usize) {
    let chain = catalog(count, |number| {
        (number > 0).then(|| number - 1).into_iter().collect()
    });
    assert_eq!(ask("chain", &chain), (count - 1, 0));
    drop(chain);
    let cycle = catalog(count, |number| vec![(number + count - 1) % count]);
    assert_eq!(ask("cycle", &cycle), (count - 1, 1));
    drop(cycle);
    let star = catalog(
        count,
        |number| if number > 0 { vec![0] } else { Vec::new() },
    );
    assert_eq!(ask("star", &star), (count - 1, 0));
    drop(star);
    let clique_of = |number| (0..clique).filter(|other| *other != number).collect();
    assert_eq!(ask("clique", &catalog(clique, clique_of)), (clique - 1, 1));
}

#[test]
fn c04_shapes_without_end_end() {
    shapes(3_000, 60);
}

#[test]
#[ignore = "takes minutes and gigabytes: a million entities, and nine million relations"]
fn c04_a_million_entities() {
    shapes(1_000_000, 3_000);
}

#[test]
fn c06_the_ways_through_a_clique_are_limited() {
    let clique = catalog(30, |number| {
        (0..30).filter(|other| *other != number).collect()
    });
    let dependencies = RelationSet::dependencies();
    let ways = clique.paths(id(&clique, 0), id(&clique, 29), dependencies, 40);
    assert!(ways.stopped);
    let lengths: Vec<usize> = ways.paths.iter().map(Vec::len).collect();
    assert_eq!(lengths.len(), 40);
    assert_eq!(
        (lengths[0], lengths[1], lengths[28], lengths[29]),
        (2, 3, 3, 4)
    );
}

#[test]
fn dependents_are_counted_over_circles_and_joins() {
    // 0 ← 1 ⇄ 2 ← 3, 0 ← 4, and 70 more that need 3.
    let needs = |number: usize| match number {
        0 => vec![],
        1 => vec![0, 2],
        2 => vec![1],
        3 => vec![2],
        4 => vec![0],
        _ => vec![3],
    };
    let catalog = catalog(75, needs);
    let counted = catalog.dependents(RelationSet::dependencies());
    let count = |number| {
        let found = counted
            .iter()
            .find(|found| found.entity == id(&catalog, number));
        found.map(|found| (found.direct, found.all))
    };
    assert_eq!(count(0), Some((2, Some(74))));
    assert_eq!(count(1), Some((1, Some(72))));
    assert_eq!(count(3), Some((70, Some(70))));
    assert_eq!(count(4), None);
}

#[test]
fn a_circle_through_what_is_not_there_is_no_circle() {
    let text = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\nspec: {type: s, \
                lifecycle: p, owner: o, dependsOn: ['component:gone'], dependencyOf: ['component:gone']}\n";
    let reader = Reader::new(Settings::default()).unwrap();
    let file = Arc::new(SourceFile::new(Arc::from("."), "", b"a.yaml"));
    let read = reader.read(text.as_bytes(), &file, &Alone);
    let entities = read
        .documents
        .into_iter()
        .filter_map(|document| document.entity);
    let catalog = Catalog::build(BuildInput {
        entities: entities.collect(),
        ..BuildInput::default()
    });
    assert_eq!(catalog.cycles(RelationSet::dependencies()), []);
}
