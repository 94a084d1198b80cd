//! What `CODEOWNERS` says of entities, and whether it names their owners.

use super::Catalog;
use crate::codeowners::{CodeOwners, OwnerName, Rule};
use crate::model::{DEFAULT_NAMESPACE, Entity, EntityRef, RelationType};

/// Annotations by which a group or a person says how it is called on a forge: `team`,
/// `organisation/team`, or a login.
const FORGE_NAMES: [&str; 3] = [
    "github.com/team-slug",
    "github.com/user-login",
    "gitlab.com/user-login",
];

impl Catalog {
    /// The `CODEOWNERS` of a repository, where it was read.
    #[must_use]
    pub fn code_owners(&self, repository: &str) -> Option<&CodeOwners> {
        self.code_owners.get(repository)
    }

    /// The rules about an entity: those that match its descriptor, or its home when the
    /// descriptor lies elsewhere. `None` when there is no file to ask.
    #[must_use]
    pub fn rules_of(&self, entity: &Entity) -> Option<(&CodeOwners, Vec<&Rule>)> {
        let home = self.home(entity)?;
        let code_owners = self.code_owners(&home.repository)?;
        let file = &entity.source().file;
        let rules = if file.repository() == &*home.repository {
            code_owners.rules_for(file.path_in_repository())
        } else {
            code_owners.rules_for_folder(&home.folder)
        };
        Some((code_owners, rules))
    }

    /// The first owner of the last rule that names one, as Backstage's processor takes it.
    #[must_use]
    pub fn first_owner(&self, code_owners: &CodeOwners, rules: &[&Rule]) -> Option<EntityRef> {
        let mut owners = rules
            .iter()
            .rev()
            .filter_map(|rule| code_owners.owners_of(rule).next());
        owners.next().map(|(_, owner)| self.entity_named(owner))
    }

    /// Whether rules name an owner, or a person in it; `None` when they name nobody.
    #[must_use]
    pub fn is_named(
        &self,
        owner: &EntityRef,
        code_owners: &CodeOwners,
        rules: &[&Rule],
    ) -> Option<bool> {
        let rules = rules.iter();
        let mut named = rules
            .flat_map(|rule| code_owners.owners_of(rule))
            .peekable();
        named.peek()?;
        let members = self
            .id(owner)
            .map(|id| self.related(id, RelationType::HasMember))
            .unwrap_or_default();
        Some(named.any(|(written, name)| {
            let goes_by = |reference: &EntityRef| self.goes_by(reference, written, name);
            goes_by(owner) || members.iter().any(|member| goes_by(member))
        }))
    }

    /// Whether a group or a person has a name of `CODEOWNERS`.
    fn goes_by(&self, reference: &EntityRef, written: &str, name: OwnerName<'_>) -> bool {
        let is_right_kind = match name {
            OwnerName::Team(_) => reference.kind() == "group",
            OwnerName::Person(_) => reference.kind() == "user",
            OwnerName::PersonOrTeam(_) => true,
        };
        if is_right_kind && reference.name().eq_ignore_ascii_case(name.text()) {
            return true;
        }
        self.get(reference)
            .is_some_and(|entity| has_forge_name(entity, written.trim_start_matches('@'), name))
    }

    /// The reference that a name of `CODEOWNERS` becomes.
    fn entity_named(&self, owner: OwnerName<'_>) -> EntityRef {
        let group = || EntityRef::new("group", DEFAULT_NAMESPACE, owner.text());
        match owner {
            OwnerName::Team(_) => group(),
            OwnerName::PersonOrTeam(_) if self.id(&group()).is_some() => group(),
            OwnerName::PersonOrTeam(name) | OwnerName::Person(name) => {
                EntityRef::new("user", DEFAULT_NAMESPACE, name)
            }
        }
    }
}

/// Whether an entity says itself that it has that name or address.
fn has_forge_name(entity: &Entity, written: &str, name: OwnerName<'_>) -> bool {
    let email = entity
        .spec()
        .and_then(|spec| spec.get("profile")?.str_at("email"));
    let is_email = email.is_some_and(|email| email.eq_ignore_ascii_case(written));
    let mut names = FORGE_NAMES
        .iter()
        .filter_map(|annotation| entity.annotation(annotation));
    is_email
        || names.any(|known| {
            known.eq_ignore_ascii_case(written) || known.eq_ignore_ascii_case(name.text())
        })
}
