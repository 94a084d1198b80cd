//! Relations: typed edges between entities, always in pairs.

use std::fmt;

/// What one entity is to another. Every type has an inverse; the first of each pair below is
/// *forward*: the direction in which descriptors usually declare it.
///
/// Names and meaning are Backstage's (`@backstage/catalog-model` 1.10, `kinds/relations.ts`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RelationType {
    /// The entity consumes that API.
    ConsumesApi,
    /// The API is consumed by that entity.
    ApiConsumedBy,
    /// The entity provides that API.
    ProvidesApi,
    /// The API is provided by that entity.
    ApiProvidedBy,
    /// The entity needs that one to work.
    DependsOn,
    /// The entity is needed by that one.
    DependencyOf,
    /// The group is a child of that group.
    ChildOf,
    /// The group has that child.
    ParentOf,
    /// The user is a member of that group.
    MemberOf,
    /// The group has that member.
    HasMember,
    /// The entity is owned by that group or user.
    OwnedBy,
    /// The group or user owns that entity.
    OwnerOf,
    /// The entity is a part of that one.
    PartOf,
    /// The entity has that part.
    HasPart,
}

impl RelationType {
    /// All types; each forward one is followed by its inverse.
    pub const ALL: [Self; 14] = [
        Self::ConsumesApi,
        Self::ApiConsumedBy,
        Self::ProvidesApi,
        Self::ApiProvidedBy,
        Self::DependsOn,
        Self::DependencyOf,
        Self::ChildOf,
        Self::ParentOf,
        Self::MemberOf,
        Self::HasMember,
        Self::OwnedBy,
        Self::OwnerOf,
        Self::PartOf,
        Self::HasPart,
    ];

    /// What makes one entity need another: it depends on it, consumes that API, or is an API that
    /// the other provides.
    pub const DEPENDENCIES: [Self; 3] = [Self::DependsOn, Self::ConsumesApi, Self::ApiProvidedBy];

    /// What people call it: `depends on`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::ConsumesApi => "consumes",
            Self::ApiConsumedBy => "consumed by",
            Self::ProvidesApi => "provides",
            Self::ApiProvidedBy => "provided by",
            Self::DependsOn => "depends on",
            Self::DependencyOf => "needed by",
            Self::ChildOf => "child of",
            Self::ParentOf => "parent of",
            Self::MemberOf => "member of",
            Self::HasMember => "members",
            Self::OwnedBy => "owned by",
            Self::OwnerOf => "owns",
            Self::PartOf => "part of",
            Self::HasPart => "parts",
        }
    }

    /// The name in descriptors' vocabulary.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConsumesApi => "consumesApi",
            Self::ApiConsumedBy => "apiConsumedBy",
            Self::ProvidesApi => "providesApi",
            Self::ApiProvidedBy => "apiProvidedBy",
            Self::DependsOn => "dependsOn",
            Self::DependencyOf => "dependencyOf",
            Self::ChildOf => "childOf",
            Self::ParentOf => "parentOf",
            Self::MemberOf => "memberOf",
            Self::HasMember => "hasMember",
            Self::OwnedBy => "ownedBy",
            Self::OwnerOf => "ownerOf",
            Self::PartOf => "partOf",
            Self::HasPart => "hasPart",
        }
    }

    /// The same edge, seen from its other end.
    #[must_use]
    pub fn inverse(self) -> Self {
        let index = self as usize;
        Self::ALL[index ^ 1]
    }

    /// Whether it is the first of its pair.
    #[must_use]
    pub const fn is_forward(self) -> bool {
        (self as usize).is_multiple_of(2)
    }
}

impl fmt::Display for RelationType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
