//! The register: what every fact means, by subject, one file each.

mod activity;
mod declared;
mod delivery;
mod files;
mod forge;
mod incident;
mod manifest;
mod maturity;
mod quality;
mod reliability;
mod security;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Declaration;

/// Each subject, in the order of the documentation.
static SUBJECTS: &[&[Declaration]] = &[
    files::DECLARATIONS,
    manifest::DECLARATIONS,
    activity::DECLARATIONS,
    delivery::DECLARATIONS,
    security::DECLARATIONS,
    quality::DECLARATIONS,
    forge::DECLARATIONS,
    reliability::DECLARATIONS,
    incident::DECLARATIONS,
    maturity::DECLARATIONS,
];

/// What every fact means: those of devportal, and those that a configuration declares.
#[derive(Clone, Debug)]
pub struct Register {
    /// By name.
    declarations: BTreeMap<Cow<'static, str>, Cow<'static, Declaration>>,
}

impl Register {
    /// The facts of devportal, and these. What devportal declares stays as it is.
    #[must_use]
    pub fn with(declared: impl IntoIterator<Item = Declaration>) -> Self {
        let declared = declared.into_iter().map(Cow::Owned);
        let own = SUBJECTS
            .iter()
            .flat_map(|subject| subject.iter())
            .map(Cow::Borrowed);
        let all = declared.chain(own);
        Self {
            declarations: all
                .map(|declaration| (declaration.name.clone(), declaration))
                .collect(),
        }
    }

    /// All of them, in the order of their names.
    pub fn declarations(&self) -> impl Iterator<Item = &Declaration> {
        self.declarations.values().map(Cow::as_ref)
    }

    /// What a fact of that name is.
    #[must_use]
    pub fn declaration(&self, name: &str) -> Option<&Declaration> {
        if let Some(declaration) = self.declarations.get(name) {
            return Some(declaration);
        }
        // Names of a family may have dots themselves.
        let ends = name.match_indices('.').map(|(at, _)| at + 1);
        let mut families =
            ends.filter_map(|end| self.declarations.get(format!("{}*", &name[..end]).as_str()));
        families
            .find(|declaration| declaration.covers(name))
            .map(Cow::as_ref)
    }
}

impl Default for Register {
    fn default() -> Self {
        Self::with([])
    }
}

/// The source of everything that is read from repositories.
const REPOSITORY: &[Cow<'static, str>] = &[Cow::Borrowed("repository")];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Register, SUBJECTS};

    #[test]
    fn every_name_is_declared_once() {
        let mut seen = BTreeSet::new();
        for declaration in SUBJECTS.iter().flat_map(|subject| subject.iter()) {
            assert!(seen.insert(&declaration.name), "{}", declaration.name);
            let of = declaration.age_of;
            let register = Register::default();
            assert!(
                of.is_none_or(|of| register.declaration(of).is_some()),
                "{of:?}"
            );
        }
    }

    #[test]
    fn a_family_covers_names_with_dots() {
        let register = Register::default();
        for name in ["dependency.log4j-core", "dependency.@scope/left-pad.js"] {
            let declaration = register.declaration(name).expect(name);
            assert_eq!(declaration.name, "dependency.*");
        }
        assert!(register.declaration("dependency.").is_none());
    }
}
