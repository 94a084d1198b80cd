//! Scorecards, read from their entities.

use serde::Deserialize;

use super::exemption::{Exemption, Written};
use super::names::KnownNames;
use super::requirement::{Requirement, RequirementError};
use crate::diagnostic::{Code, Diagnostic, did_you_mean, register};
use crate::model::{Entity, EntityRef, Place, Span};
use crate::query::{Query, QueryError};
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

#[derive(Deserialize)]
struct WrittenExemption {
    entities: Spanned<String>,
    rules: Option<Vec<Spanned<String>>>,
    reason: String,
    approver: String,
    until: Spanned<String>,
}

impl Scorecard {
    /// Reads the scorecard of an entity. A rule or an exemption that cannot be is left out, and
    /// said; whoever evaluates must not go on as if it were not there.
    #[must_use]
    pub fn read(entity: &Entity, names: &KnownNames<'_>) -> (Option<Self>, Vec<Diagnostic>) {
        let mut reading = Reading {
            entity,
            names,
            problems: Vec::new(),
        };
        let scorecard = reading.scorecard();
        (scorecard, reading.problems)
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

/// A scorecard while it is read.
struct Reading<'a> {
    entity: &'a Entity,
    names: &'a KnownNames<'a>,
    problems: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn scorecard(&mut self) -> Option<Scorecard> {
        // What has not the shape of the schema is reported where it is read.
        let spec: Spec = yaml::from_node(self.entity.spec()?).ok()?;
        let filter = self.query(spec.filter.as_ref(), &register::INVALID_RULE);
        let mut rules: Vec<Rule> = Vec::new();
        for written in spec.rules {
            if rules.iter().any(|rule| rule.id == written.id.value) {
                let message = format!("there are two rules \"{}\"", written.id.value);
                self.problem(&register::INVALID_RULE, written.id.span, message, None);
                continue;
            }
            rules.extend(self.rule(written, &spec.levels));
        }
        let exemptions = spec.exemptions.into_iter();
        let exemptions = exemptions.filter_map(|written| self.exemption(written, &rules));
        let exemptions = exemptions.collect();
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
            place: self.entity.place(),
        })
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

    pub(super) fn requirement(&mut self, written: &Spanned<String>) -> Option<Requirement> {
        match Requirement::read(&written.value, self.names) {
            Ok(requirement) => Some(requirement),
            Err(errors) => {
                for RequirementError {
                    message,
                    help,
                    start,
                    length,
                } in errors
                {
                    let part = written
                        .value
                        .get(start..start + length)
                        .unwrap_or(&written.value);
                    let message = format!("{message}, in \"{part}\"");
                    self.problem(&register::INVALID_RULE, written.span, message, help);
                }
                None
            }
        }
    }

    fn exemption(&mut self, written: WrittenExemption, rules: &[Rule]) -> Option<Exemption> {
        let code = &register::INVALID_EXEMPTION;
        let problems = self.problems.len();
        let entities = self.query(Some(&written.entities), code);
        for rule in written.rules.iter().flatten() {
            if !rules.iter().any(|known| known.id == rule.value) {
                let meant = did_you_mean(&rule.value, rules.iter().map(|rule| rule.id.as_str()));
                let help = meant.map(|meant| format!("did you mean \"{meant}\"?"));
                let message = format!("there is no rule \"{}\"", rule.value);
                self.problem(code, rule.span, message, help);
            }
        }
        let until = written.until;
        let ids = written
            .rules
            .map(|rules| rules.into_iter().map(|rule| rule.value).collect());
        let exemption = entities.and_then(|entities| {
            Exemption::new(Written {
                entities,
                rules: ids,
                reason: written.reason,
                approver: written.approver,
                until: until.value.clone(),
                place: self.place(written.entities.span),
            })
        });
        if exemption.is_none() && self.problems.len() == problems {
            let message = format!("\"{}\" is no date", until.value);
            self.problem(
                code,
                until.span,
                message,
                Some("write it as \"2026-12-31\"".to_owned()),
            );
        }
        exemption.filter(|_| self.problems.len() == problems)
    }

    fn query(&mut self, written: Option<&Spanned<String>>, code: &'static Code) -> Option<Query> {
        let written = written?;
        match Query::parse(&written.value) {
            Ok(query) => Some(query),
            Err(QueryError { message, help, .. }) => {
                self.problem(code, written.span, message, help);
                None
            }
        }
    }

    fn problem(&mut self, code: &'static Code, span: Span, message: String, help: Option<String>) {
        let problem = Diagnostic::new(code, message.clone())
            .entity(self.entity.reference())
            .subject(message)
            .at(self.place(span));
        self.problems.push(Diagnostic { help, ..problem });
    }

    fn place(&self, span: Span) -> Place {
        Place::span(std::sync::Arc::clone(&self.entity.source().file), span)
    }
}
