//! The scorecards that come along.

use std::sync::Arc;

use super::names::KnownNames;
use super::scorecard::Scorecard;
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, EntityRef, Source, SourceFile};
use crate::yaml;

/// Each by its name, in the order in which they are shown.
pub static SHIPPED: &[(&str, &str)] = &[
    ("ownership", include_str!("shipped/ownership.yaml")),
    ("documentation", include_str!("shipped/documentation.yaml")),
    ("security", include_str!("shipped/security.yaml")),
    (
        "production-readiness",
        include_str!("shipped/production-readiness.yaml"),
    ),
];

impl Scorecard {
    /// The scorecard of that name that comes along.
    #[must_use]
    pub fn shipped(name: &str, names: &KnownNames<'_>) -> Option<(Self, Vec<Diagnostic>)> {
        let (name, text) = SHIPPED.iter().find(|(known, _)| *known == name)?;
        let document = yaml::parse(text).into_iter().next()?;
        let file = SourceFile::new(
            Arc::from("devportal"),
            "",
            format!("scorecards/{name}.yaml").as_bytes(),
        );
        let source = Source {
            file: Arc::new(file),
            document: 0,
            line: 1,
        };
        let reference = EntityRef::new("scorecard", "default", name);
        let entity = Entity::new(reference, document.tree?, source, true);
        let (scorecard, problems) = Self::read(&entity, names);
        Some((scorecard?, problems))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{KnownNames, SHIPPED, Scorecard};
    use crate::catalog::{BuildInput, Catalog};
    use crate::fact::Register;
    use crate::maturity::Outcome;

    #[test]
    fn scorecards_that_come_along_are_without_mistakes() {
        let (catalog, register) = (Catalog::build(BuildInput::default()), Register::default());
        let names = KnownNames::new(&catalog, &register);
        for (name, _) in SHIPPED {
            let (scorecard, problems) = Scorecard::shipped(name, &names).expect(name);
            assert!(problems.is_empty(), "{name}: {problems:#?}");
            assert_eq!(scorecard.levels.len(), 3, "{name}");
            assert!(
                scorecard.rules.iter().all(|rule| rule.fix.is_some()),
                "{name}"
            );
        }
    }

    #[test]
    fn scorecards_that_come_along_pass_their_cases() {
        let (catalog, register) = (Catalog::build(BuildInput::default()), Register::default());
        let names = KnownNames::new(&catalog, &register);
        for (name, _) in SHIPPED {
            let (scorecard, _) = Scorecard::shipped(name, &names).expect(name);
            let results = scorecard.test(&register, Timestamp::UNIX_EPOCH);
            for result in &results {
                let case = &result.case.name;
                assert_eq!(result.mismatches, [""; 0], "{name}: {case}");
            }
            // Each rule must pass somewhere, and not pass elsewhere.
            for rule in &scorecard.rules {
                let cases = || results.iter().flat_map(|result| result.case.expected());
                let of_rule = || cases().filter(|(id, _)| scorecard.rules[*id].id == rule.id);
                let passes = |(_, outcome): (usize, Outcome)| outcome == Outcome::Passed;
                let id = &rule.id;
                assert!(of_rule().any(passes), "{name}: {id} never passes");
                assert!(!of_rule().all(passes), "{name}: {id} always passes");
            }
        }
    }
}
