//! Objectives as `OpenSLO` declares them, in YAML of several documents.
//!
//! They are those of the entity that is called like `spec.service`. What is promised is the lowest
//! target of the objectives about availability, which say so in their name; where none does, the
//! lowest of all. A service without objectives has none.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{looks_like, text};
use super::{
    Amount, ImportError, ImportFile, ImportFormat, ImportProblem, Imported, ImportedResult, Subject,
};
use crate::fact::Dimensions;
use crate::model::Node;
use crate::yaml;

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "openslo",
    source: "openslo",
    about: "objectives: OpenSLO openslo/v1 (and v1alpha), YAML \
            (github.com/OpenSLO/OpenSLO, specification v1)",
    gives: &["slo.count", "slo.objective"],
    recognises: |file| looks_like(file, &["apiVersion", "openslo/v1", "kind"]),
    read,
};

/// What is declared for a service in an environment.
#[derive(Default)]
struct Objectives {
    count: u64,
    lowest: Option<(u8, f64)>,
}

/// All of them, by service and environment.
type Services = BTreeMap<(String, Option<String>), Objectives>;

fn read(file: &ImportFile<'_>) -> Result<Imported, ImportError> {
    let text = text(file)?;
    let mut imported = Imported::default();
    let mut services = Services::new();
    let (mut declared, mut seen) = (BTreeSet::new(), 0);
    for document in yaml::parse(&text) {
        let line = usize::try_from(document.line).unwrap_or_default();
        let Some(root) = document.tree.as_ref().and_then(crate::model::Tree::root) else {
            let said = document.problems.first().map(|it| it.message.clone());
            let message = said.unwrap_or_else(|| "it is empty".to_owned());
            imported
                .problems
                .push(ImportProblem::new(message).on_line(line));
            continue;
        };
        let version = root.str_at("apiVersion").unwrap_or_default();
        if !version.starts_with("openslo/v1") {
            continue;
        }
        seen += 1;
        let read = match root.str_at("kind") {
            Some("SLO") => add(root, &mut services),
            Some("Service") => {
                let name = root.get("metadata").and_then(|it| it.str_at("name"));
                declared.extend(name.map(str::to_owned));
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(message) = read {
            imported
                .problems
                .push(ImportProblem::new(message).on_line(line));
        }
    }
    if seen == 0 {
        return Err(ImportError::new(
            "there is no document of \"apiVersion: openslo/v1\"",
        ));
    }
    for service in declared {
        let is_known = services.keys().any(|(known, _)| *known == service);
        if !is_known {
            services.entry((service, None)).or_default();
        }
    }
    say(services, &mut imported);
    Ok(imported)
}

fn say(services: Services, imported: &mut Imported) {
    for ((service, environment), objectives) in services {
        let environment = environment.map(|it| ("environment", it));
        let dimensions: Dimensions = environment.into_iter().collect();
        let lowest = objectives.lowest;
        let lowest = lowest.map(|(rank, value)| Amount::Lowest { rank, value });
        for (name, amount) in [
            ("slo.count", Some(Amount::count(objectives.count))),
            ("slo.objective", lowest),
        ] {
            imported.results.extend(amount.map(|amount| ImportedResult {
                dimensions: dimensions.clone(),
                ..ImportedResult::new(Subject::Entity(service.clone()), name, amount)
            }));
        }
    }
}

/// Adds the objectives of an SLO, or says what is wrong with it.
fn add(slo: Node<'_>, services: &mut Services) -> Result<(), String> {
    let metadata = slo.get("metadata");
    let named = |key| metadata.and_then(|it| it.str_at(key)).unwrap_or_default();
    let name = named("name");
    let Some(spec) = slo.get("spec") else {
        return Err(format!("SLO \"{name}\" has no \"spec\""));
    };
    let Some(service) = spec.str_at("service").filter(|it| !it.is_empty()) else {
        return Err(format!("SLO \"{name}\" has no \"spec.service\""));
    };
    let environment = metadata
        .and_then(|it| it.get("labels")?.get("environment"))
        .and_then(|it| it.as_str().or_else(|| it.items().next()?.as_str()));
    let is_availability = [name, named("displayName")]
        .iter()
        .any(|it| it.to_lowercase().contains("availab"));
    let rank = u8::from(!is_availability);
    let objectives = spec.get("objectives").map(Node::items);
    let mut targets = Vec::new();
    for objective in objectives.into_iter().flatten() {
        let percent = objective.get("targetPercent").and_then(Node::as_number);
        let target = objective.get("target").and_then(Node::as_number);
        let target = percent.or(target.map(|target| target * 100.0));
        match target {
            Some(target) if (0.0..=100.0).contains(&target) => targets.push(target),
            Some(_) => return Err(format!("a target of SLO \"{name}\" is no part of a whole")),
            None => {}
        }
    }
    let key = (service.to_owned(), environment.map(str::to_owned));
    let known = services.entry(key).or_default();
    known.count += 1;
    for target in targets {
        let lower = known.lowest.is_none_or(|lowest| (rank, target) < lowest);
        if lower {
            known.lowest = Some((rank, target));
        }
    }
    Ok(())
}
