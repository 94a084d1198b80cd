//! Scorecards, read from their entities.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::case::Case;
use super::exemption::{Exemption, WrittenExemption};
use super::names::KnownNames;
use super::reading::Reading;
use super::requirement::Requirement;
use crate::diagnostic::{Diagnostic, did_you_mean, register};
use crate::fact::FactSelection;
use crate::model::{Entity, EntityRef, Node, Place, Span};
use crate::query::Query;
use crate::yaml::{self, Spanned};

/// What good looks like, in steps.
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// Its reference.
    pub reference: EntityRef,
    /// What people call it.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// Whether it is only shown when it is asked for.
    pub is_draft: bool,
    /// Which entities it is about; all where there is none.
    pub filter: Option<Query>,
    /// The levels, the first to reach first.
    pub levels: Vec<Level>,
    /// The rules, in the order of the file.
    pub rules: Vec<Rule>,
    /// Who need not follow which rules.
    pub exemptions: Vec<Exemption>,
    /// What it must say of made-up entities.
    pub cases: Vec<Case>,
    /// Where it is written.
    pub place: Place,
}

/// A level.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Level {
    /// What rules call it.
    pub name: String,
    /// What people call it.
    #[serde(default)]
    pub title: Option<String>,
    /// Its colour, as `#cd7f32`.
    #[serde(default)]
    pub color: Option<String>,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What it is called in results and exemptions.
    pub id: String,
    /// What is required, in a few words.
    pub title: String,
    /// Which level needs it: an index of the levels.
    pub level: usize,
    /// How much it counts in percentages.
    pub weight: f64,
    /// Which entities of the scorecard it is about.
    pub when: Option<Query>,
    /// What must hold.
    pub require: Requirement,
    /// Why it matters.
    pub why: Option<String>,
    /// What to do when it fails.
    pub fix: Option<String>,
    /// Where to read more.
    pub link: Option<String>,
    /// Where it is written.
    pub place: Place,
}

#[derive(Deserialize)]
struct Spec {
    #[serde(default)]
    draft: bool,
    filter: Option<Spanned<String>>,
    levels: Vec<Level>,
    rules: Vec<WrittenRule>,
    #[serde(default)]
    exemptions: Vec<WrittenExemption>,
}

#[derive(Deserialize)]
struct WrittenRule {
    id: Spanned<String>,
    title: String,
    level: Spanned<String>,
    weight: Option<f64>,
    when: Option<Spanned<String>>,
    require: Spanned<String>,
    why: Option<String>,
    fix: Option<String>,
    link: Option<String>,
}

impl Scorecard {
    /// Reads the scorecard of an entity. A rule or an exemption that cannot be is left out, and
    /// said; whoever evaluates must not go on as if it were not there.
    #[must_use]
    pub fn read(entity: &Entity, names: &KnownNames<'_>) -> (Option<Self>, Vec<Diagnostic>) {
        let mut reading = Reading::new(entity, names);
        let scorecard = reading.scorecard();
        (scorecard, reading.problems)
    }

    /// The facts that its rules and queries ask for.
    #[must_use]
    pub fn facts(&self) -> FactSelection {
        let required = self.rules.iter().flat_map(|rule| &rule.require.facts);
        let names = required.map(|selector| selector.name.clone());
        let when = self.rules.iter().filter_map(|rule| rule.when.as_ref());
        let exempt = self.exemptions.iter().map(|exemption| &exemption.entities);
        let queries = self.filter.iter().chain(when).chain(exempt);
        queries.fold(names.collect(), |selection: FactSelection, query| {
            selection.and(query.facts())
        })
    }

    /// The rule of that id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}

impl Level {
    /// What people call it: its title, else its name.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }
}

impl Reading<'_, '_> {
    fn scorecard(&mut self) -> Option<Scorecard> {
        // What has not the shape of the schema is reported where it is read.
        let spec: Spec = yaml::from_node(self.entity.spec()?).ok()?;
        let filter = self.query(spec.filter.as_ref(), &register::INVALID_RULE);
        self.levels(&spec.levels);
        let mut rules: Vec<Rule> = Vec::new();
        let mut seen = BTreeSet::new();
        for written in spec.rules {
            if !seen.insert(written.id.value.clone()) {
                let message = format!("there are two rules \"{}\"", written.id.value);
                self.problem(&register::INVALID_RULE, written.id.span, message, None);
                continue;
            }
            rules.extend(self.rule(written, &spec.levels));
        }
        let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
        let exemptions = spec.exemptions.into_iter();
        let exemptions = exemptions.filter_map(|written| self.exemption(written, &ids));
        let exemptions = exemptions.collect();
        let cases = self.cases(&rules, &spec.levels);
        Some(Scorecard {
            reference: self.entity.reference().clone(),
            title: self
                .entity
                .title()
                .unwrap_or_else(|| self.entity.name())
                .to_owned(),
            description: self.entity.description().map(str::to_owned),
            is_draft: spec.draft,
            filter,
            levels: spec.levels,
            rules,
            exemptions,
            cases,
            place: self.entity.place(),
        })
    }

    /// Says which levels there are twice.
    fn levels(&mut self, levels: &[Level]) {
        for (index, level) in levels.iter().enumerate() {
            if levels[..index].iter().any(|other| other.name == level.name) {
                let spec = self.entity.spec_field("levels");
                let span = spec
                    .and_then(|levels| levels.items().nth(index))
                    .map_or_else(Span::default, Node::span);
                let message = format!("there are two levels \"{}\"", level.name);
                self.problem(&register::INVALID_RULE, span, message, None);
            }
        }
    }

    fn rule(&mut self, written: WrittenRule, levels: &[Level]) -> Option<Rule> {
        let level = levels
            .iter()
            .position(|level| level.name == written.level.value);
        if level.is_none() {
            let names = levels.iter().map(|level| level.name.as_str());
            let help = did_you_mean(&written.level.value, names.clone()).map_or_else(
                || format!("levels are {}", names.collect::<Vec<&str>>().join(", ")),
                |meant| format!("did you mean \"{meant}\"?"),
            );
            let message = format!("there is no level \"{}\"", written.level.value);
            self.problem(
                &register::INVALID_RULE,
                written.level.span,
                message,
                Some(help),
            );
        }
        let problems = self.problems.len();
        let when = self.query(written.when.as_ref(), &register::INVALID_RULE);
        let require = self.requirement(&written.require);
        if self.problems.len() > problems {
            return None;
        }
        Some(Rule {
            id: written.id.value,
            title: written.title,
            level: level?,
            weight: written.weight.unwrap_or(1.0),
            when,
            require: require?,
            why: written.why,
            fix: written.fix,
            link: written.link,
            place: self.place(written.id.span),
        })
    }
}
