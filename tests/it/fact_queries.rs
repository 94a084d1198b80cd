//! Queries for facts: by type, by dimension, and in a logic in which something may be unknown.

use std::sync::Arc;

use devportal::catalog::{BuildInput, Catalog};
use devportal::descriptor::{Reader, Settings, Siblings};
use devportal::fact::{
    Declaration, Dimensions, Fact, FactSelection, Facts, Register, TimeToLive, ValueType,
};
use devportal::model::{EntityRef, SourceFile};
use devportal::query::{Answer, DocumentedEntities, Query, QueryContext, QueryError};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A repository without other files.
struct Alone;

impl Siblings for Alone {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("is not there".to_owned())
    }
}

/// Components `a`, `b` and `c`.
fn catalog() -> Catalog {
    let text = ["a", "b", "c"]
        .map(|name| {
            format!(
                "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n  \
                 tags: [{name}]\nspec:\n  type: service\n  lifecycle: production\n  owner: team\n"
            )
        })
        .join("---\n");
    let file = Arc::new(SourceFile::new(Arc::from("shop"), "", b"catalog-info.yaml"));
    let reader = Reader::new(Settings::default()).unwrap();
    let read = reader.read(text.as_bytes(), &file, &Alone);
    let documents = read.documents.into_iter();
    Catalog::build(BuildInput {
        entities: documents.filter_map(|document| document.entity).collect(),
        ..BuildInput::default()
    })
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn fact(entity: &str, name: &str, value: Value) -> Fact {
    Fact {
        entity: EntityRef::parse(entity, Some("component"), "default").unwrap(),
        name: Arc::from(name),
        dimensions: Dimensions::default(),
        value,
        observed_at: time("2026-06-01T00:00:00Z"),
        valid_until: None,
        source: Arc::from("repository"),
        evidence: None,
        is_shared: false,
    }
}

fn known(facts: Vec<Fact>) -> Facts {
    let mut cost = Register::default()
        .declaration("commits.30d")
        .unwrap()
        .clone();
    cost.name = "cost.team".into();
    cost.value_type = ValueType::Number;
    let declared: [Declaration; 1] = [cost];
    assert_eq!(declared[0].time_to_live, TimeToLive::State);
    let now = time("2026-06-11T00:00:00Z");
    Facts::new(facts, Register::with(declared), now, "production")
}

fn ask(facts: &Facts, query: &str) -> Result<Vec<String>, QueryError> {
    let catalog = catalog();
    let context = QueryContext {
        catalog: &catalog,
        user: None,
        documented: &DocumentedEntities::default,
        facts: Some(facts),
    };
    let found = Query::parse(query)?.evaluate(&context)?;
    let names = found
        .into_iter()
        .map(|id| catalog.entity(id).name().to_owned());
    Ok(names.collect())
}

fn found(facts: &Facts, query: &str) -> String {
    ask(facts, query).expect(query).join("")
}

fn refused(facts: &Facts, query: &str) -> (usize, usize, String, String) {
    let error = ask(facts, query).expect_err(query);
    let help = error.help.unwrap_or_default();
    (error.start, error.length, error.message, help)
}

#[test]
fn each_type_is_compared_in_its_own_way() {
    let facts = known(vec![
        fact("a", "readme.present", json!(true)),
        fact("b", "readme.present", json!(false)),
        fact("a", "commits.90d", json!(9)),
        fact("b", "commits.90d", json!(10)),
        fact("a", "dependency.log4j-core", json!("2.9.1")),
        fact("b", "dependency.log4j-core", json!("^2.17.0")),
        fact("c", "dependency.log4j-core", json!("latest")),
        fact("a", "dependency.org.apache:core", json!("1.0")),
        fact("a", "commit.last", json!("2025-12-31T23:59:59Z")),
        fact("b", "commit.last", json!("2026-06-01T12:00:00Z")),
        fact("a", "ci.systems", json!(["github-actions", "jenkins"])),
        fact("b", "ci.systems", json!([])),
        fact("a", "language", json!("Rust")),
        fact("a", "cost.team", json!(12.5)),
    ]);
    for (query, expected) in [
        ("fact.readme.present:true", "a"),
        ("-fact.readme.present:true", "b"),
        ("fact.readme.present:TRUE,false", "ab"),
        ("fact.commits.90d:>9", "b"),
        ("fact.commits.90d:9", "a"),
        ("fact.commits.90d:>=9 fact.commits.90d:<10", "a"),
        ("fact.cost.team:<=12.5", "a"),
        ("fact.dependency.log4j-core:<2.17", "a"),
        ("not fact.dependency.log4j-core:<2.17", "b"),
        ("fact.dependency.log4j-core:2.9.1.0", "a"),
        ("fact.dependency.log4j-core:2.9.*", "a"),
        ("fact.dependency.log4j-core:latest", "c"),
        ("fact.\"dependency.org.apache:core\":<2", "a"),
        ("fact.commit.last:<2026-01-01", "a"),
        ("fact.commit.last:2026-06-01", "b"),
        ("fact.commit.last:2026-*", "b"),
        ("fact.commit.age:<30", "b"),
        ("fact.commit.age:9", "b"),
        ("fact.commit.age:>20w", "a"),
        ("fact.commit.age:<240h", "b"),
        ("fact.ci.systems:jenkins", "a"),
        ("fact.ci.systems:git*", "a"),
        ("-fact.ci.systems:jenkins", "b"),
        ("fact.language:rust", "a"),
        ("fact.language:r*", "a"),
        ("FACT.language:rust", "a"),
    ] {
        assert_eq!(found(&facts, query), expected, "{query}");
    }
}

#[test]
fn what_is_not_known_fits_neither_way() {
    let mut expired = fact("b", "incident.open", json!(2));
    expired.valid_until = Some(time("2026-06-02T00:00:00Z"));
    let facts = known(vec![fact("a", "incident.open", json!(1)), expired]);
    for (query, expected) in [
        ("fact.incident.open:>0", "a"),
        ("-fact.incident.open:>0", ""),
        ("fact.incident.open:unknown", "bc"),
        ("-fact.incident.open:unknown", "a"),
        ("fact.incident.open:known", "a"),
        ("has:fact.incident.open", "a"),
        ("-has:fact.incident.open", "bc"),
        ("fact.incident.open:>5,unknown", "bc"),
        ("fact.incident.open:>0 or name:c", "ac"),
        ("-(fact.incident.open:>5 name:c)", "ab"),
        ("-(fact.incident.open:>5 or name:c)", "a"),
        ("not not fact.incident.open:>0", "a"),
    ] {
        assert_eq!(found(&facts, query), expected, "{query}");
    }
}

#[test]
fn dimensions_ask_for_another_environment_or_region() {
    let place = |environment: &str, region: Option<&str>, value: i64| {
        let mut it = fact("a", "availability", json!(value));
        it.dimensions = it.dimensions.with("environment", environment);
        if let Some(region) = region {
            it.dimensions = it.dimensions.with("region", region);
        }
        it
    };
    let facts = known(vec![
        place("production", None, 99),
        place("staging", None, 50),
        place("production", Some("eu, west"), 70),
    ]);
    for query in [
        "fact.availability:99",
        "fact.availability{environment=production}:99",
        "fact.availability{environment=staging}:<60",
        "fact.availability{ environment = \"staging\" }:50",
        "-fact.availability{environment=production,region=\"eu, west\"}:>70",
        "fact.availability{region=\"eu, west\"}:70",
        "has:fact.availability{environment=production,region=\"eu, west\"}",
    ] {
        assert_eq!(found(&facts, query), "a", "{query}");
    }
    assert_eq!(
        found(&facts, "fact.availability{environment=test}:known"),
        ""
    );
}

#[test]
fn mistakes_are_shown_at_their_place() {
    let facts = known(Vec::new());
    let (start, length, message, help) = refused(&facts, "pay fact.readme.lnes:>3");
    assert_eq!((start, length), (4, "fact.readme.lnes".len()));
    assert_eq!(message, "there is no fact \"readme.lnes\"");
    assert_eq!(help, "did you mean \"readme.lines\"?");
    assert_eq!(
        refused(&facts, "fact.cost.taem:>3").3,
        "did you mean \"cost.team\"?"
    );
    assert_eq!(refused(&facts, "has:fact.readme.lnes").0, 4);
    assert_eq!(
        refused(&facts, "fact.availability{zone=a}:1").2,
        "fact \"availability\" has no dimension \"zone\""
    );
    for (query, start, part) in [
        ("fact.readme.present:maybe", 20, "is a boolean"),
        ("fact.readme.present:>true", 20, "no order"),
        ("fact.readme.lines:many", 18, "is a number of lines"),
        ("fact.readme.lines:>3d", 18, "is a number of lines"),
        ("fact.commit.last:<soon", 17, "is a time"),
        ("fact.language:>rust", 14, "no order"),
        ("fact.dependency.x:<latest", 18, "is a version"),
        ("fact.dependency.org.apache:core:<2", 27, "is no version"),
    ] {
        let error = refused(&facts, query);
        assert_eq!(error.0, start, "{query}");
        assert!(error.2.contains(part), "{query}: {}", error.2);
    }
    for (query, start) in [
        ("fact.x{a=b:1", 6),
        ("fact.x{a}:1", 0),
        ("fact.:1", 0),
        ("fact:1", 0),
        ("fact.\"x:1", 5),
    ] {
        assert_eq!(refused(&facts, query).0, start, "{query}");
    }
}

#[test]
fn a_query_says_which_facts_it_needs() {
    let facts = |query: &str| Query::parse(query).unwrap().facts();
    assert_eq!(
        facts(
            "-(fact.readme.lines:>3 or fact.deployment.age{environment=staging}:known) has:fact.language kind:api"
        ),
        FactSelection::from_iter(["readme.lines", "deployment.age", "language"])
    );
    assert!(facts("kind:api fact.md \"fact.readme.lines:3\"").is_none());
}

#[test]
fn without_facts_what_could_fit_is_told_from_what_cannot() {
    let catalog = catalog();
    let context = QueryContext {
        catalog: &catalog,
        user: None,
        documented: &DocumentedEntities::default,
        facts: None,
    };
    let query =
        Query::parse("(fact.readme.lines:>3 tag:a) or -(fact.language:unknown tag:b) tag:b")
            .unwrap();
    let names = |found: Vec<_>| -> String {
        found
            .into_iter()
            .map(|id| catalog.entity(id).name())
            .collect()
    };
    assert_eq!(names(query.candidates(&context).unwrap()), "ab");
    assert_eq!(names(query.evaluate(&context).unwrap()), "");
}

/// Queries over what is true, false and unknown of component `a`.
fn written() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "fact.readme.present:true",
        "fact.license.present:true",
        "fact.tests.present:true",
        "fact.availability{environment=staging,region=\"eu (w): 1\"}:<3,unknown",
        "name:a",
        "name:b",
    ]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(4, 16, 3, |inner| {
            prop_oneof![
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} {b})")),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} or {b})")),
                inner.prop_map(|it| format!("not {it}")),
            ]
        })
}

fn answer(query: &str) -> Answer {
    let facts = known(vec![
        fact("a", "readme.present", json!(true)),
        fact("a", "license.present", json!(false)),
    ]);
    let is_found = |query: &str| found(&facts, query).contains('a');
    match (is_found(query), is_found(&format!("not ({query})"))) {
        (true, false) => Answer::Yes,
        (false, true) => Answer::No,
        (false, false) => Answer::Unknown,
        (true, true) => panic!("{query} holds, and its opposite"),
    }
}

fn answers() -> impl Strategy<Value = Answer> {
    prop::sample::select(vec![Answer::No, Answer::Unknown, Answer::Yes])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn queries_obey_the_laws_of_the_logic(a in written(), b in written()) {
        let (left, right) = (answer(&a), answer(&b));
        prop_assert_eq!(answer(&format!("({a}) ({b})")), left.min(right));
        prop_assert_eq!(answer(&format!("({a}) or ({b})")), left.max(right));
        prop_assert_eq!(answer(&format!("not ({a})")), !left);
        prop_assert_eq!(answer(&format!("not (({a}) ({b}))")), (!left).max(!right));
    }

    #[test]
    fn what_is_printed_asks_the_same(query in written()) {
        let parsed = Query::parse(&query).unwrap();
        let printed = parsed.to_string();
        prop_assert_eq!(Query::parse(&printed).unwrap().to_string(), printed.clone(), "{} printed as {}", query, printed);
        prop_assert_eq!(answer(&printed), answer(&query));
    }

    #[test]
    fn any_and_all_are_the_greatest_and_the_least(all in prop::collection::vec(answers(), 0..5)) {
        let greatest = all.iter().copied().max().unwrap_or(Answer::No);
        prop_assert_eq!(Answer::any(all.iter().copied()), greatest);
        let least = all.iter().copied().min().unwrap_or(Answer::Yes);
        prop_assert_eq!(Answer::all(all.iter().copied()), least);
        prop_assert_eq!(!Answer::all(all.iter().copied()), Answer::any(all.iter().map(|it| !*it)));
    }
}

#[test]
fn a_revision_means_the_time_of_its_commit() {
    let sandbox = crate::sandbox::Sandbox::new();
    let ledger = |day: u32| {
        format!(
            "{{\"entity\":\"component:default/payments\",\"fact\":\"availability\",\"value\":{day},\"at\":\"2026-01-{day}T00:00:00Z\"}}\n\
             {{\"run\":{{\"at\":\"2026-01-{day}T00:00:00Z\",\"complete\":true,\"until\":\"2026-01-{day}T23:00:00Z\",\"values\":1}}}}\n"
        )
    };
    sandbox.write("devportal.yaml", "repositories: [\"*\"]\n");
    sandbox.write("catalog/devportal.yaml", "organisation: Shop\n");
    sandbox.write(
        "catalog/catalog-info.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: payments}\n\
         spec: {type: service, lifecycle: production, owner: team}\n",
    );
    sandbox.write("catalog/facts/prometheus/2026-01/15-ci.jsonl", &ledger(15));
    sandbox.repository("catalog");
    sandbox.git("catalog", &["tag", "v1"]);
    sandbox.write("catalog/facts/prometheus/2026-01/20-ci.jsonl", &ledger(20));
    sandbox.commit_on("2026-01-20", "catalog");
    let found = |at: &[&str], query: &str| {
        let words = [&["find", query, "-o", "name"], at].concat();
        let run = sandbox.devportal("", &words);
        assert_ne!(run.code, 2, "{}", run.stderr);
        !run.stdout.is_empty()
    };
    assert!(found(&["--at", "v1"], "fact.availability:15"));
    assert!(found(
        &["--at", "2026-01-20T12:00:00Z"],
        "fact.availability:20"
    ));
    assert!(found(&["--at", "2026-01-25"], "fact.availability:unknown"));
    assert!(found(&[], "fact.availability:unknown"));
}
