//! What holds for any input: references read as they are printed, and neither the order of files
//! nor the number of threads changes an answer.

use std::sync::Arc;

use devportal::catalog::{BuildInput, Catalog};
use devportal::check::{self, CheckInput};
use devportal::descriptor::{Reader, Settings, Siblings};
use devportal::model::{EntityRef, SourceFile};
use proptest::prelude::*;

use crate::sandbox::Sandbox;

/// A repository without other files.
struct Alone;

impl Siblings for Alone {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("is not there".to_owned())
    }
}

/// A descriptor of few names, so that references meet, dangle, turn in circles and collide.
fn descriptor() -> impl Strategy<Value = String> {
    let kind = prop::sample::select(vec![
        "Component",
        "component",
        "Resource",
        "System",
        "Group",
    ]);
    let name = "[a-cA]";
    let dependencies = prop::collection::vec("(component|resource):[a-d]", 0..4);
    let owner = prop::option::of("(group:)?[a-d]");
    (kind, name, dependencies, owner).prop_map(|(kind, name, dependencies, owner)| {
        let owner = owner.map_or(String::new(), |owner| format!("  owner: {owner}\n"));
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: {name}\nspec:\n  \
             type: service\n  lifecycle: production\n  children: []\n  dependsOn: [{}]\n{owner}",
            dependencies.join(", ")
        )
    })
}

/// All that a catalog says, built from files in this order.
fn answers(files: &[(usize, String)]) -> String {
    let reader = Reader::new(Settings::default()).unwrap();
    let documents = files.iter().flat_map(|(number, text)| {
        let path = format!("{number}/catalog-info.yaml");
        let file = Arc::new(SourceFile::new(Arc::from("shop"), "", path.as_bytes()));
        reader.read(text.as_bytes(), &file, &Alone).documents
    });
    let catalog = Catalog::build(BuildInput {
        entities: documents.filter_map(|document| document.entity).collect(),
        ..BuildInput::default()
    });
    let entities: Vec<_> = catalog.ids().map(|id| catalog.record(id)).collect();
    let relations = catalog.relations();
    let relations: Vec<_> = relations
        .iter()
        .map(devportal::catalog::Relation::record)
        .collect();
    let findings = check::run(&CheckInput {
        catalog: &catalog,
        is_single_repository: false,
    });
    format!(
        "{}\n{}\n{findings:#?}",
        serde_json::to_string(&entities).unwrap(),
        serde_json::to_string(&relations).unwrap()
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_reference_reads_as_it_is_printed(kind in "[^:/]{1,4}", namespace in "[^/]{1,4}", name in ".{1,6}") {
        let reference = EntityRef::new(&kind, &namespace, &name);
        prop_assert_eq!(&EntityRef::parse(reference.as_str(), None, "other").unwrap(), &reference);
        let in_default = EntityRef::new(&kind, "default", &name);
        if !name.contains('/') {
            let short = in_default.short();
            prop_assert_eq!(&EntityRef::parse(&short, None, "default").unwrap(), &in_default);
        }
    }

    #[test]
    fn any_text_is_a_reference_or_is_refused(text in "[a-zA-ZÉİß:/. ]{0,12}") {
        if let Ok(reference) = EntityRef::parse(&text, Some("Component"), "default") {
            prop_assert_eq!(EntityRef::parse(reference.as_str(), None, "other"), Ok(reference));
        }
    }

    #[test]
    fn the_order_of_files_does_not_change_the_catalog(
        (in_order, shuffled) in prop::collection::vec(descriptor(), 0..12)
            .prop_map(|texts| texts.into_iter().enumerate().collect::<Vec<_>>())
            .prop_flat_map(|files| (Just(files.clone()), Just(files).prop_shuffle())),
    ) {
        prop_assert_eq!(answers(&in_order), answers(&shuffled));
    }
}

#[test]
fn the_number_of_threads_does_not_change_an_answer() {
    const QUESTIONS: [&[&str]; 4] = [
        &["export", "entities"],
        &["export", "relations"],
        &["export", "documents"],
        &["check", "--json"],
    ];
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.devportal("", &["demo", "larkspur"]).code, 0);
    for question in QUESTIONS {
        let answer = |threads: &str| {
            let mut command = sandbox.command(env!("CARGO_BIN_EXE_devportal"), "larkspur");
            let command = command.args(question).env("RAYON_NUM_THREADS", threads);
            String::from_utf8(command.output().unwrap().stdout).unwrap()
        };
        let with_one = answer("1");
        assert!(!with_one.is_empty());
        for threads in ["2", "7"] {
            assert!(
                with_one == answer(threads),
                "{question:?} with {threads} threads"
            );
        }
    }
}
