//! The words of the product as plain values: entities, references, relations, places.

mod entity;
mod entity_ref;
mod file_address;
mod forge;
mod kind;
mod moment;
mod place;
mod relation;
mod span;
mod tree;
mod version;

pub use entity::{Entity, Source};
pub use entity_ref::{DEFAULT_NAMESPACE, EntityRef, RefError, RefParts};
pub use file_address::FileAddress;
pub use forge::{ForgeKind, Forges, RepositoryUrl};
pub use kind::{CUSTOM_KIND_RELATIONS, KINDS, Kind, RelationField, known_kind, relation_fields};
pub use moment::{Moment, date_on_clock, parse_time_with_offset, seconds_of_time};
pub use place::{Place, SourceFile};
pub use relation::RelationType;
pub use span::Span;
pub use tree::{Entries, Items, Node, NodeKind, OpenCollection, Tree, TreeBuilder};
pub use version::{Version, compare_versions};
