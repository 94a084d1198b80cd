//! Descriptors: text → entities and diagnostics.
//!
//! [`FORMATS`] lists the files that are known by their names. Backstage's format is the native
//! one, and the shape that other formats are brought into.

mod backstage;
mod format;
mod json_view;
mod location;
mod placeholder;
mod reference;
mod shape;
mod skeleton;
mod unknown_field;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Suppressions};
use crate::model::{Entity, EntityRef, Forges, SourceFile};

pub use backstage::Reader;
pub use format::{FORMATS, Format, IGNORED_FOLDERS, is_below_ignored_folder};
pub use location::{Target, TargetKind, targets};
pub use shape::{SCHEMA_TEXT, Schema};
pub use skeleton::{folders_of as skeleton_folders, is_templated, template_of_case};

/// What the configuration says about descriptors.
#[derive(Debug, Default)]
pub struct Settings {
    /// Whether Backstage's alpha models are accepted.
    pub alpha: bool,
    /// The custom kinds, each with the schema of its entities where there is one.
    pub kinds: BTreeMap<String, Option<Arc<Schema>>>,
    /// The forges, for URLs that name a file of a repository.
    pub forges: Forges,
}

/// The other files of the repository that a descriptor lies in.
pub trait Siblings {
    /// The content of a file, by its path in the repository.
    ///
    /// # Errors
    /// Why it cannot be read, for people.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
}

/// A file that was read.
#[derive(Debug)]
pub struct ReadFile {
    /// Its documents, in order; empty ones are left out.
    pub documents: Vec<ReadDocument>,
    /// Problems of the file as a whole.
    pub diagnostics: Vec<Diagnostic>,
    /// What its comments ask not to report.
    pub suppressions: Suppressions,
}

/// A document that was read.
#[derive(Debug)]
pub struct ReadDocument {
    /// The file.
    pub file: Arc<SourceFile>,
    /// Which document of the file, from 0.
    pub document: u32,
    /// The line on which its content starts.
    pub line: u32,
    /// What it is.
    pub status: Status,
    /// Its `kind`, where there is one.
    pub kind: Option<Box<str>>,
    /// Its `metadata.name`, where there is one.
    pub name: Option<Box<str>>,
    /// Its reference, where kind and name are there.
    pub reference: Option<EntityRef>,
    /// The entity, where kind and name are there and it is not a skeleton.
    pub entity: Option<Entity>,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// An entity that Backstage would take.
    Valid,
    /// One that it refuses.
    Invalid,
    /// A part of a template that is not rendered yet.
    Skeleton,
    /// Something else that has a descriptor's name.
    NotADescriptor,
    /// A valid entity whose reference another one has already.
    Duplicate,
}

impl Status {
    /// The word for it in exports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Skeleton => "skeleton",
            Self::NotADescriptor => "not-a-descriptor",
            Self::Duplicate => "duplicate",
        }
    }
}
