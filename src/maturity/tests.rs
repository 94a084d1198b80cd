//! What holds of evaluation, whatever the rules are.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::evaluate::{EvaluationRequest, Outcome, RuleResult, ScorecardResult, evaluate};
use super::level::Standing;
use super::names::KnownNames;
use super::scorecard::Scorecard;
use crate::catalog::{BuildInput, Catalog, EntityId};
use crate::diagnostic::{Diagnostic, Severity};
use crate::fact::{Dimensions, Fact, Facts, Register};
use crate::model::{Entity, EntityRef, Source, SourceFile};
use crate::query::{DocumentedEntities, Query, QueryContext};
use crate::yaml;

mod below;

const NOW: &str = "2026-11-17T12:00:00Z";
const ENTITIES: &str = "\
kind: Component\nmetadata: {name: known}\nspec: {type: service, owner: group:team, lifecycle: production}
---
kind: Component\nmetadata: {name: lacking}\nspec: {type: service}
---
kind: Group\nmetadata: {name: team}\nspec: {type: team, children: []}
";

fn entities(text: &str) -> Vec<Entity> {
    let file = Arc::new(SourceFile::new(Arc::from("r"), "", b"catalog-info.yaml"));
    let documents = yaml::parse(text).into_iter();
    documents
        .map(|document| {
            let tree = document.tree.expect("a tree");
            let root = tree.root().expect("a document");
            let name = root.get("metadata").and_then(|it| it.str_at("name"));
            let kind = root.str_at("kind").expect("a kind");
            let reference = EntityRef::new(kind, "default", name.expect("a name"));
            let source = Source {
                file: Arc::clone(&file),
                document: document.index,
                line: document.line,
            };
            Entity::new(reference, tree, source, true)
        })
        .collect()
}

fn catalog() -> Catalog {
    Catalog::build(BuildInput {
        entities: entities(ENTITIES),
        ..BuildInput::default()
    })
}

fn now() -> Timestamp {
    NOW.parse().expect("a time")
}

fn fact(entity: &str, name: &str, value: Value) -> Fact {
    Fact {
        entity: EntityRef::new("component", "default", entity),
        name: Arc::from(name),
        dimensions: Dimensions::default(),
        value,
        observed_at: now(),
        valid_until: None,
        source: Arc::from("test"),
        evidence: None,
        is_shared: false,
    }
}

fn read(spec: &str) -> (Scorecard, Vec<Diagnostic>) {
    let spec = spec.replace('\n', "\n  ");
    let text = format!("kind: Scorecard\nmetadata: {{name: card}}\nspec:\n  {spec}");
    let entity = entities(&text).remove(0);
    let (catalog, register) = (catalog(), Register::default());
    let (card, problems) = Scorecard::read(&entity, &KnownNames::new(&catalog, &register));
    (card.expect("a scorecard"), problems)
}

fn results(spec: &str, facts: Vec<Fact>) -> Vec<RuleResult> {
    results_at(spec, facts, now(), "lacking")
}

/// What became of the rules of a scorecard for an entity.
fn results_at(spec: &str, facts: Vec<Fact>, now: Timestamp, entity: &str) -> Vec<RuleResult> {
    let (card, problems) = read(spec);
    assert!(problems.is_empty(), "{problems:#?}");
    let catalog = catalog();
    let facts = Facts::new(facts, Register::default(), now, "production");
    let context = QueryContext {
        catalog: &catalog,
        user: None,
        documented: &DocumentedEntities::default,
        facts: Some(&facts),
    };
    let ids: Vec<EntityId> = catalog.ids().collect();
    let results = evaluate(
        std::slice::from_ref(&card),
        &EvaluationRequest {
            catalog: &catalog,
            facts: &facts,
            entities: &ids,
            now,
            ask: &|query: &Query| query.answers(&context),
        },
    );
    let id = catalog.id(&EntityRef::new("component", "default", entity));
    let of_entity = |card: &ScorecardResult<'_>| {
        let mut entities = card.entities.iter();
        let found = entities.find(|result| Some(result.entity) == id);
        found.map(|result| result.rules.clone())
    };
    results.iter().find_map(of_entity).expect("a result")
}

fn rule(require: &str) -> String {
    format!(
        "levels: [{{name: a}}]\nrules:\n- {{id: r, title: R, level: a, require: {}}}",
        json!(require)
    )
}

fn outcome(require: &str, facts: Vec<Fact>) -> Outcome {
    results(&rule(require), facts)[0].outcome
}

#[test]
fn what_is_unknown_never_passes_whatever_is_made_of_it() {
    let others = || vec![fact("known", "readme.lines", json!(30))];
    for require in [
        "facts('readme.lines') >= 20",
        "facts('readme.lines') < 20",
        "facts('readme.lines') != 20",
        "not facts('readme.lines')",
        "not (facts('readme.lines') >= 20)",
        "facts('readme.lines') is not none",
        "facts('readme.lines') is not number",
        "[facts('readme.lines')]|length == 1",
        "facts('readme.lines')|string != 'x'",
        "facts('readme.lines') not in [1, 2]",
        "'x' if facts('readme.lines') is none else 'y'",
        "facts('readme.lines') >= 20 and true",
        "facts('readme.lines') >= 20 or entity.type == 'library'",
    ] {
        assert_eq!(outcome(require, others()), Outcome::Unknown, "{require}");
    }
}

#[test]
fn what_decides_alone_decides_wherever_it_stands() {
    let others = || vec![fact("known", "readme.lines", json!(30))];
    for (require, expected) in [
        (
            "facts('readme.lines') > 2 or entity.type == 'service'",
            Outcome::Passed,
        ),
        (
            "entity.type == 'service' or facts('readme.lines') > 2",
            Outcome::Passed,
        ),
        (
            "facts('readme.lines') > 2 and entity.type == 'library'",
            Outcome::Failed,
        ),
        (
            "not (facts('readme.lines') > 2 or entity.type == 'service')",
            Outcome::Failed,
        ),
        (
            "entity.description and facts('readme.lines') > 2",
            Outcome::Failed,
        ),
        // What breaks does not hold, and neither does its opposite.
        ("entity.spec.lifecycle == 'production'", Outcome::Failed),
        ("not entity.spec.lifecycle == 'production'", Outcome::Failed),
        // Who says what holds else has answered.
        ("facts('readme.lines') is not defined", Outcome::Passed),
        ("facts('readme.lines')|default(0) >= 20", Outcome::Failed),
    ] {
        assert_eq!(outcome(require, others()), expected, "{require}");
    }
}

#[test]
fn what_nobody_has_is_not_measured_and_what_has_expired_is_unknown() {
    let require = "facts('on-call.schedule')";
    assert_eq!(outcome(require, Vec::new()), Outcome::NotMeasured);
    let mut expired = fact("lacking", "on-call.schedule", json!("Payments"));
    expired.valid_until = Some(now() - SignedDuration::from_secs(1));
    assert_eq!(outcome(require, vec![expired.clone()]), Outcome::Unknown);
    expired.valid_until = Some(now());
    assert_eq!(outcome(require, vec![expired]), Outcome::Passed);
    // That a source is known in one environment does not make it known in another.
    let staging = "facts('availability', environment='staging') > 99";
    let production = vec![fact("lacking", "availability", json!(99.9))];
    assert_eq!(outcome(staging, production), Outcome::NotMeasured);
    // One fact that others have is enough to know that this entity lacks something.
    let both = "facts('vulnerability.critical') == 0 or facts('vulnerability.critical.age') <= 30";
    let others = vec![fact("known", "vulnerability.critical", json!(0))];
    assert_eq!(outcome(both, others), Outcome::Unknown);
}

#[test]
fn names_with_colons_are_found_where_they_are_asked_for() {
    let require = "version(facts('dependency.org:core')) >= version('1.10')";
    let facts = vec![fact("lacking", "dependency.org:core", json!("1.9"))];
    assert_eq!(outcome(require, facts), Outcome::Failed);
}

#[test]
fn an_exemption_counts_until_the_end_of_its_last_day() {
    let spec = format!(
        "{}\nexemptions:\n- {{entities: 'name:lacking', rules: [r], reason: x, approver: team, until: '2026-11-17'}}",
        rule("entity.description")
    );
    let at = |time: &str| {
        let time = time.parse().expect("a time");
        results_at(&spec, Vec::new(), time, "lacking")[0].clone()
    };
    assert_eq!(at("2026-11-17T23:59:59Z").outcome, Outcome::Exempt);
    assert_eq!(at("2026-11-17T23:59:59Z").exemption, Some(0));
    assert_eq!(at("2026-11-18T00:00:00Z").outcome, Outcome::Failed);
    let other = results_at(&spec, Vec::new(), now(), "known");
    assert_eq!(other[0].outcome, Outcome::Failed);
}

#[test]
fn an_exemption_that_nobody_of_the_catalog_agreed_to_is_none() {
    let read = |approver: &str, is_single_repository: bool| {
        let spec = format!(
            "{}\n  exemptions:\n  - {{entities: 'name:lacking', reason: x, approver: '{approver}', until: '2026-11-17'}}",
            rule("entity.description").replace('\n', "\n  ")
        );
        let text = format!("kind: Scorecard\nmetadata: {{name: card}}\nspec:\n  {spec}");
        let (catalog, register) = (catalog(), Register::default());
        let names = KnownNames::new(&catalog, &register);
        let names = names.of_single_repository(is_single_repository);
        let (card, problems) = Scorecard::read(&entities(&text)[0], &names);
        let problems = problems.into_iter();
        let said = problems.map(|it| (it.severity, it.message, it.help));
        (card.expect("a scorecard").exemptions.len(), said.collect())
    };
    for known in ["team", "group:team", "GROUP:default/Team"] {
        assert_eq!(read(known, false), (1, Vec::new()), "{known}");
    }
    let refused = |approver: &str, severity: Severity, help: &str| {
        let message = format!("there is no User or Group \"{approver}\" that could have agreed");
        vec![(severity, message, Some(help.to_owned()))]
    };
    let suggested = "did you mean \"group:team\"?";
    let nobody = "name a User or a Group of the catalog";
    for (approver, help) in [
        ("group:taem", suggested),
        ("group:somebody", nobody),
        // There is such an entity, but it can agree to nothing.
        ("component:lacking", nobody),
    ] {
        let expected = refused(approver, Severity::Error, help);
        assert_eq!(read(approver, false), (0, expected));
        // Of an organisation that is not in sight anybody may have agreed.
        let expected = refused(approver, Severity::Note, help);
        assert_eq!(read(approver, true), (1, expected));
    }
    // There are no Users here, whom many catalogs leave out.
    for (approver, help) in [("taem", "did you mean \"team\"?"), ("user:mira", nobody)] {
        let expected = refused(approver, Severity::Warning, help);
        assert_eq!(read(approver, false), (1, expected));
    }
}

#[test]
fn a_rule_of_which_nobody_knows_whether_it_is_meant_does_not_pass() {
    let spec = "levels: [{name: a}]\nrules:\n- {id: r, title: R, level: a, when: 'fact.readme.lines:>10', require: 'true'}";
    let outcome = |facts| results(spec, facts)[0].outcome;
    assert_eq!(outcome(Vec::new()), Outcome::NotMeasured);
    let others = vec![fact("known", "readme.lines", json!(30))];
    assert_eq!(outcome(others), Outcome::Unknown);
    let few = vec![fact("lacking", "readme.lines", json!(5))];
    assert_eq!(outcome(few), Outcome::NotApplicable);
    let many = vec![fact("lacking", "readme.lines", json!(50))];
    assert_eq!(outcome(many), Outcome::Passed);
}

#[test]
fn names_that_do_not_exist_are_mistakes_with_a_suggestion() {
    for (require, message, help) in [
        ("facts('readme.line') > 1", "no fact", "readme.lines"),
        ("entity.descripton", "no field", "description"),
        ("entity.spec.lifecycel", "spec.lifecycel", "lifecycle"),
        ("owner.member|length > 1", "no field", "members"),
        ("relations.dependsOm|length > 1", "no field", "dependsOn"),
        ("entity.tags|lenght > 1", "filter", "length"),
        ("entity.description is defind", "test", "defined"),
        (
            "dependencies|selectattr('lifecycel', 'eq', 'x')|list",
            "no field",
            "lifecycle",
        ),
        ("fact('readme.lines') > 1", "no function", "facts"),
        ("entty.name", "no value", "entity"),
        (
            "facts('availability', environmen='x') > 1",
            "no dimension",
            "environment",
        ),
    ] {
        let (card, problems) = read(&rule(require));
        assert_eq!(card.rules.len(), 0, "{require}");
        assert_eq!(problems.len(), 1, "{require}: {problems:#?}");
        assert!(problems[0].message.contains(message), "{:#?}", problems[0]);
        let said = problems[0].help.as_deref().unwrap_or_default();
        assert!(said.contains(help), "{require}: {said}");
        let span = problems[0].place.as_ref().and_then(|place| place.span);
        assert!(span.is_some_and(|span| span.line > 1), "{require}");
    }
}

#[test]
fn what_there_is_twice_is_a_mistake() {
    let twice = "levels: [{name: a}, {name: a}]\nrules:\n- {id: r, title: R, level: a, require: 'true'}\n- {id: r, title: R, level: b, require: 'true'}";
    let (_, problems) = read(twice);
    let messages: Vec<&str> = problems.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        messages,
        ["there are two levels \"a\"", "there are two rules \"r\""]
    );
}

/// A scorecard with a rule on each of three levels, and a second one on the first.
fn ladder() -> Scorecard {
    let (card, problems) = read(
        "levels: [{name: a}, {name: b}, {name: c}]\nrules:\n- {id: a, title: A, level: a, require: 'true'}\n- {id: a2, title: A, level: a, require: 'true', weight: 3}\n- {id: b, title: B, level: b, require: 'true'}\n- {id: c, title: C, level: c, require: 'true'}",
    );
    assert!(problems.is_empty(), "{problems:#?}");
    card
}

fn standing(card: &Scorecard, outcomes: &[Outcome]) -> Standing {
    let results: Vec<RuleResult> = outcomes
        .iter()
        .map(|outcome| RuleResult {
            outcome: *outcome,
            unknown: Arc::default(),
            problem: None,
            exemption: None,
        })
        .collect();
    Standing::of(card, &results)
}

/// Every combination of outcomes of four rules.
fn combinations() -> impl Iterator<Item = [Outcome; 4]> {
    (0..6_usize.pow(4)).map(|number| {
        let digit = |place: u32| Outcome::ALL[number / 6_usize.pow(place) % 6];
        [digit(0), digit(1), digit(2), digit(3)]
    })
}

#[test]
fn a_level_is_reached_when_everything_up_to_it_holds() {
    use Outcome::{Exempt, Failed, NotApplicable, NotMeasured, Passed, Unknown};
    let card = ladder();
    for (outcomes, level) in [
        ([Passed, Passed, Passed, Passed], Some(2)),
        ([Passed, Passed, Failed, Passed], Some(0)),
        ([Passed, Failed, Passed, Passed], None),
        ([Passed, Unknown, Passed, Passed], None),
        ([Passed, Exempt, NotApplicable, Failed], Some(1)),
        ([Passed, NotMeasured, Passed, Failed], Some(1)),
        // Nobody is at the top because a scanner is not connected.
        ([Passed, NotMeasured, Passed, Passed], Some(1)),
        ([NotMeasured, NotMeasured, Passed, Passed], None),
        ([NotApplicable; 4], None),
    ] {
        assert_eq!(standing(&card, &outcomes).level, level, "{outcomes:?}");
    }
    let percent = |outcomes: &[Outcome]| standing(&card, outcomes).percent;
    assert_eq!(percent(&[Passed, Failed, Unknown, Exempt]), Some(20.0));
    assert_eq!(
        percent(&[NotMeasured, Exempt, NotApplicable, NotMeasured]),
        None
    );
}

#[test]
fn no_level_is_given_for_what_is_unknown_and_knowing_more_good_never_costs_one() {
    let card = ladder();
    for outcomes in combinations() {
        let level = standing(&card, &outcomes).level;
        for (index, outcome) in outcomes.iter().enumerate() {
            let own = card.rules[index].level;
            let holds_back = matches!(outcome, Outcome::Failed | Outcome::Unknown);
            assert!(!holds_back || level < Some(own), "{outcomes:?}: {level:?}");
            let mut better = outcomes;
            better[index] = Outcome::Passed;
            let reached = standing(&card, &better).level;
            assert!(reached >= level, "{outcomes:?} to {better:?}");
            let percent = standing(&card, &better).percent;
            assert!(
                percent >= standing(&card, &outcomes).percent,
                "{outcomes:?}"
            );
        }
    }
}

#[test]
fn the_steps_to_the_next_level_lead_there_and_none_is_needless() {
    let card = ladder();
    for outcomes in combinations() {
        let results: Vec<RuleResult> = outcomes
            .iter()
            .map(|outcome| RuleResult {
                outcome: *outcome,
                unknown: Arc::default(),
                problem: None,
                exemption: None,
            })
            .collect();
        let before = Standing::of(&card, &results);
        let result = super::EntityResult {
            entity: catalog().ids().next().expect("an entity"),
            rules: results,
            standing: before,
        };
        let is_about = outcomes.iter().any(|it| *it != Outcome::NotApplicable);
        if !is_about || card.next_level(before).is_none() {
            continue;
        }
        let steps: Vec<&str> = card
            .steps(&result)
            .iter()
            .map(|it| it.id.as_str())
            .collect();
        let level_after = |steps: &[&str]| {
            let passed = card.rules.iter().zip(outcomes).map(|(rule, outcome)| {
                let is_step = steps.contains(&rule.id.as_str());
                if is_step { Outcome::Passed } else { outcome }
            });
            standing(&card, &passed.collect::<Vec<Outcome>>()).level
        };
        assert!(
            level_after(&steps) > before.level,
            "{outcomes:?}: {steps:?}"
        );
        for needless in &steps {
            let fewer: Vec<&str> = steps.iter().copied().filter(|it| it != needless).collect();
            let is_enough = level_after(&fewer) > before.level;
            // Of rules that nobody measures one may be enough, but which is not said.
            let holds_back =
                card.rules.iter().zip(outcomes).any(|(rule, outcome)| {
                    rule.id == **needless && outcome != Outcome::NotMeasured
                });
            assert!(!is_enough || !holds_back, "{outcomes:?}: {needless}");
        }
    }
}

#[test]
fn a_rule_can_ask_what_is_below() {
    let (card, problems) = read(
        "levels: [{name: one}]\nrules:\n- {id: firm, title: t, level: one, require: \"'x' not in below.lifecycles and below.kinds|length < 2\"}",
    );
    assert!(problems.is_empty(), "{problems:#?}");
    assert_eq!(
        card.rules[0].require.values().collect::<Vec<&str>>(),
        ["below.kinds", "below.lifecycles"]
    );
    let (_, problems) = read(
        "levels: [{name: one}]\nrules:\n- {id: firm, title: t, level: one, require: \"'x' in below.lifecycle\"}",
    );
    assert_eq!(
        problems[0].help.as_deref(),
        Some("did you mean \"lifecycles\"?")
    );
}
