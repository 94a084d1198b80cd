//! The kinds of entities that Backstage knows and those of devportal, and the fields in which they name other entities.

use super::{Node, RelationType};

/// A kind of entity.
#[derive(Debug)]
pub struct Kind {
    /// The name as descriptors write it.
    pub name: &'static str,
    /// What an `apiVersion` may be.
    pub api_versions: &'static [&'static str],
    /// The fields of `spec` that make relations.
    pub relations: &'static [RelationField],
    /// Whether a Backstage without further `catalog.rules` takes it from any repository.
    pub allowed_by_default: bool,
}

/// A field of `spec` with one reference or a list of them.
#[derive(Debug)]
pub struct RelationField {
    /// The name of the field.
    pub name: &'static str,
    /// What the entity is to the one it names.
    pub relation: RelationType,
    /// The kind that a reference without one means; `None` where the kind must be given.
    pub default_kind: Option<&'static str>,
}

impl RelationField {
    /// The references that a `spec` has in this field: one, or a list of them.
    pub fn targets<'tree>(&self, spec: Node<'tree>) -> impl Iterator<Item = Node<'tree>> {
        let value = spec.get(self.name);
        let one = value.filter(|value| value.as_str().is_some());
        let many = value
            .into_iter()
            .flat_map(Node::items)
            .filter(|item| item.as_str().is_some());
        one.into_iter().chain(many)
    }
}

const fn field(
    name: &'static str,
    relation: RelationType,
    default_kind: Option<&'static str>,
) -> RelationField {
    RelationField {
        name,
        relation,
        default_kind,
    }
}

const OWNER: RelationField = field("owner", RelationType::OwnedBy, Some("group"));
const SYSTEM: RelationField = field("system", RelationType::PartOf, Some("system"));
const DEPENDS_ON: RelationField = field("dependsOn", RelationType::DependsOn, None);
const DEPENDENCY_OF: RelationField = field("dependencyOf", RelationType::DependencyOf, None);

const CORE: &[&str] = &["backstage.io/v1alpha1", "backstage.io/v1beta1"];

/// The kinds of Backstage's catalog model 1.10 and of its scaffolder and AI models, and the two of
/// devportal: what good looks like, and what is to be done until when.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "Component",
        api_versions: CORE,
        relations: &[
            OWNER,
            SYSTEM,
            field("subcomponentOf", RelationType::PartOf, Some("component")),
            field("providesApis", RelationType::ProvidesApi, Some("api")),
            field("consumesApis", RelationType::ConsumesApi, Some("api")),
            DEPENDS_ON,
            DEPENDENCY_OF,
        ],
        allowed_by_default: true,
    },
    Kind {
        name: "API",
        api_versions: CORE,
        relations: &[OWNER, SYSTEM],
        allowed_by_default: true,
    },
    Kind {
        name: "Resource",
        api_versions: CORE,
        relations: &[OWNER, SYSTEM, DEPENDS_ON, DEPENDENCY_OF],
        allowed_by_default: false,
    },
    Kind {
        name: "System",
        api_versions: CORE,
        relations: &[OWNER, field("domain", RelationType::PartOf, Some("domain"))],
        allowed_by_default: false,
    },
    Kind {
        name: "Domain",
        api_versions: CORE,
        relations: &[
            OWNER,
            field("subdomainOf", RelationType::PartOf, Some("domain")),
        ],
        allowed_by_default: false,
    },
    Kind {
        name: "Group",
        api_versions: CORE,
        relations: &[
            field("parent", RelationType::ChildOf, Some("group")),
            field("children", RelationType::ParentOf, Some("group")),
            field("members", RelationType::HasMember, Some("user")),
        ],
        allowed_by_default: false,
    },
    Kind {
        name: "User",
        api_versions: CORE,
        relations: &[field("memberOf", RelationType::MemberOf, Some("group"))],
        allowed_by_default: false,
    },
    Kind {
        name: "Location",
        api_versions: CORE,
        relations: &[],
        allowed_by_default: true,
    },
    Kind {
        name: "Template",
        api_versions: &["scaffolder.backstage.io/v1beta3"],
        relations: &[OWNER],
        allowed_by_default: false,
    },
    Kind {
        name: "AiResource",
        api_versions: &["backstage.io/v1alpha1"],
        relations: &[
            OWNER,
            SYSTEM,
            field("dependsOn", RelationType::DependsOn, Some("airesource")),
            field("skills", RelationType::HasPart, Some("airesource")),
            field("plugins", RelationType::HasPart, Some("airesource")),
        ],
        allowed_by_default: false,
    },
    Kind {
        name: "Scorecard",
        api_versions: &["devportal.dev/v1"],
        relations: &[OWNER],
        allowed_by_default: false,
    },
    Kind {
        name: "Campaign",
        api_versions: &["devportal.dev/v1"],
        relations: &[OWNER],
        allowed_by_default: false,
    },
];

/// The fields by which kinds that nobody declared here are related: the standard ones.
pub const CUSTOM_KIND_RELATIONS: &[RelationField] = &[
    OWNER,
    SYSTEM,
    field("domain", RelationType::PartOf, Some("domain")),
    field("subcomponentOf", RelationType::PartOf, Some("component")),
    field("providesApis", RelationType::ProvidesApi, Some("api")),
    field("consumesApis", RelationType::ConsumesApi, Some("api")),
    DEPENDS_ON,
    DEPENDENCY_OF,
];

/// The kind of that name, written exactly so.
#[must_use]
pub fn known_kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// The fields that relate an entity of that kind to others.
#[must_use]
pub fn relation_fields(kind: &str) -> &'static [RelationField] {
    known_kind(kind).map_or(CUSTOM_KIND_RELATIONS, |kind| kind.relations)
}
