//! Who a written owner is.

use super::Dialect;

/// Who a written owner is, as Backstage's CODEOWNERS processor understands it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerName<'text> {
    /// A team of an organisation.
    Team(&'text str),
    /// A person, by the name on the forge or the part of an address before the `@`.
    Person(&'text str),
    /// A person or a group at the top: GitLab writes them alike.
    PersonOrTeam(&'text str),
}

impl<'text> OwnerName<'text> {
    /// Understands an owner as written. A role of GitLab (`@@maintainer`) is nobody in
    /// particular.
    #[must_use]
    pub fn parse(owner: &'text str, dialect: Dialect) -> Option<Self> {
        // Bitbucket: `@team/name:random(2)`.
        let owner = match dialect {
            Dialect::Bitbucket => owner.split_once(':').map_or(owner, |(owner, _)| owner),
            _ => owner,
        };
        let name = match owner.strip_prefix('@') {
            None => Self::Person(owner.split_once('@')?.0),
            Some(handle) => match (handle.strip_prefix('@'), handle.rsplit_once('/')) {
                (Some(_), _) if dialect == Dialect::GitLab => return None,
                (Some(group), _) => Self::Team(group),
                (None, Some((_, team))) => Self::Team(team),
                (None, None) if dialect == Dialect::GitLab => Self::PersonOrTeam(handle),
                (None, None) => Self::Person(handle),
            },
        };
        (!name.text().is_empty()).then_some(name)
    }

    /// The name alone.
    #[must_use]
    pub const fn text(self) -> &'text str {
        let (Self::Team(text) | Self::Person(text) | Self::PersonOrTeam(text)) = self;
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_teams_people_and_addresses() {
        for (owner, dialect, expected) in [
            ("@acme/pay", Dialect::GitHub, Some(OwnerName::Team("pay"))),
            ("@mira", Dialect::GitHub, Some(OwnerName::Person("mira"))),
            (
                "mira@acme.io",
                Dialect::GitHub,
                Some(OwnerName::Person("mira")),
            ),
            ("nobody", Dialect::GitHub, None),
            ("@", Dialect::GitHub, None),
            (
                "@pay",
                Dialect::GitLab,
                Some(OwnerName::PersonOrTeam("pay")),
            ),
            (
                "@acme/core/pay",
                Dialect::GitLab,
                Some(OwnerName::Team("pay")),
            ),
            ("@@maintainer", Dialect::GitLab, None),
            ("@@Devs", Dialect::Bitbucket, Some(OwnerName::Team("Devs"))),
            (
                "@acme/pay:random(2)",
                Dialect::Bitbucket,
                Some(OwnerName::Team("pay")),
            ),
        ] {
            assert_eq!(OwnerName::parse(owner, dialect), expected, "{owner}");
        }
    }
}
