//! Which names a template gives values to, and which of them outlive a loop.
//!
//! In Nunjucks a `set` within a loop changes the name that is already known outside of it. In the
//! engine it ends with the turn of the loop. So names that are set within loops are kept by us.

use std::collections::{BTreeMap, BTreeSet};

use crate::template::syntax::{Part, Statement};

/// The names of a template.
#[derive(Debug, Default)]
pub(super) struct Scopes<'parts> {
    /// Names that have a value of the template, somewhere.
    assigned: BTreeSet<&'parts str>,
    /// Those that are set within a loop.
    kept: BTreeSet<&'parts str>,
    /// How many parameters the macros have.
    macros: BTreeMap<&'parts str, usize>,
}

impl<'parts> Scopes<'parts> {
    pub(super) fn of(parts: &'parts [Part<'_>]) -> Self {
        let mut scopes = Self::default();
        let mut loops = 0_usize;
        for part in parts {
            let Part::Statement { statement, .. } = part else {
                continue;
            };
            match statement {
                Statement::For { names, .. } => {
                    loops += 1;
                    scopes.assigned.extend(names.iter().map(String::as_str));
                }
                Statement::End("for") => loops = loops.saturating_sub(1),
                Statement::Set { names, .. } => {
                    let names = names.iter().map(String::as_str);
                    scopes.assigned.extend(names.clone());
                    if loops > 0 {
                        scopes.kept.extend(names);
                    }
                }
                Statement::Macro { name, parameters } => {
                    scopes.assigned.insert(name);
                    let most = scopes.macros.entry(name).or_default();
                    *most = parameters.len().max(*most);
                    let parameters = parameters.iter().map(|it| it.name.as_str());
                    scopes.assigned.extend(parameters);
                }
                Statement::Call { parameters, .. } => {
                    let parameters = parameters.iter().map(|it| it.name.as_str());
                    scopes.assigned.extend(parameters);
                }
                _ => {}
            }
        }
        scopes
    }

    pub(super) fn is_assigned(&self, name: &str) -> bool {
        self.assigned.contains(name)
    }

    /// How many parameters a macro of this name has.
    pub(super) fn parameters_of(&self, name: &str) -> Option<usize> {
        self.macros.get(name).copied()
    }

    pub(super) fn is_kept(&self, name: &str) -> bool {
        self.kept.contains(name)
    }

    pub(super) fn keeps_any(&self) -> bool {
        !self.kept.is_empty()
    }
}
