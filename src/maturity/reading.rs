//! What scorecards and campaigns have in common while they are read.

use std::sync::Arc;

use super::exemption::{Exemption, Written, WrittenExemption};
use super::names::{KnownNames, UnknownName};
use super::requirement::{Requirement, RequirementError};
use crate::diagnostic::{Code, Diagnostic, Severity, did_you_mean, register};
use crate::model::{Entity, Place, Span};
use crate::query::{Query, QueryError};
use crate::yaml::Spanned;

/// A scorecard or a campaign while it is read.
pub(super) struct Reading<'a, 'names> {
    pub(super) entity: &'a Entity,
    names: &'a KnownNames<'names>,
    pub(super) problems: Vec<Diagnostic>,
}

impl<'a, 'names> Reading<'a, 'names> {
    pub(super) const fn new(entity: &'a Entity, names: &'a KnownNames<'names>) -> Self {
        Self {
            entity,
            names,
            problems: Vec::new(),
        }
    }

    /// The names that there are.
    pub(super) const fn names(&self) -> &'a KnownNames<'names> {
        self.names
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

    pub(super) fn exemption(
        &mut self,
        written: WrittenExemption,
        rules: &[&str],
    ) -> Option<Exemption> {
        let code = &register::INVALID_EXEMPTION;
        let problems = self.problems.len();
        let entities = self.query(Some(&written.entities), code);
        for rule in written.rules.iter().flatten() {
            if !rules.iter().any(|known| **known == rule.value) {
                let meant = did_you_mean(&rule.value, rules.iter().copied());
                let help = meant.map(|meant| format!("did you mean \"{meant}\"?"));
                let message = format!("there is no rule \"{}\"", rule.value);
                self.problem(code, rule.span, message, help);
            }
        }
        self.approver(&written.approver);
        let until = written.until;
        let ids = written
            .rules
            .map(|rules| rules.into_iter().map(|rule| rule.value).collect());
        let exemption = entities.and_then(|entities| {
            Exemption::new(Written {
                entities,
                rules: ids,
                reason: written.reason,
                approver: written.approver.value,
                until: until.value.clone(),
                place: self.place(written.entities.span),
            })
        });
        let is_sound = |problems: &[Diagnostic]| {
            let mut problems = problems.iter();
            problems.all(|problem| problem.severity > Severity::Error)
        };
        if exemption.is_none() && is_sound(&self.problems[problems..]) {
            let message = format!("\"{}\" is no date", until.value);
            self.problem(
                code,
                until.span,
                message,
                Some("write it as \"2026-12-31\"".to_owned()),
            );
        }
        exemption.filter(|_| is_sound(&self.problems[problems..]))
    }

    /// An exemption that nobody of the catalog agreed to is none, unless whoever agreed may be out
    /// of sight.
    fn approver(&mut self, written: &Spanned<String>) {
        let Err(UnknownName { message, help }) = self.names.approver(&written.value) else {
            return;
        };
        let code = &register::INVALID_EXEMPTION;
        let problem = self.diagnostic(code, written.span, message, Some(help));
        let limit = self.names.severity_of_approver(&written.value);
        self.problems.push(problem.at_most(limit));
    }

    pub(super) fn query(
        &mut self,
        written: Option<&Spanned<String>>,
        code: &'static Code,
    ) -> Option<Query> {
        let written = written?;
        match Query::parse(&written.value) {
            Ok(query) => Some(query),
            Err(QueryError { message, help, .. }) => {
                self.problem(code, written.span, message, help);
                None
            }
        }
    }

    pub(super) fn problem(
        &mut self,
        code: &'static Code,
        span: Span,
        message: String,
        help: Option<String>,
    ) {
        let problem = self.diagnostic(code, span, message, help);
        self.problems.push(problem);
    }

    fn diagnostic(
        &self,
        code: &'static Code,
        span: Span,
        message: String,
        help: Option<String>,
    ) -> Diagnostic {
        let problem = Diagnostic::new(code, message.clone())
            .entity(self.entity.reference())
            .subject(message)
            .at(self.place(span));
        Diagnostic { help, ..problem }
    }

    pub(super) fn place(&self, span: Span) -> Place {
        Place::span(Arc::clone(&self.entity.source().file), span)
    }
}
