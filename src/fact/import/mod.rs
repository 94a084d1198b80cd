//! Facts from files that tools write.
//!
//! Each format is a file and a line of [`FORMATS`]. It reads bytes and says what they tell about
//! what; which entity that is, is found out here.

mod attribution;

use jiff::Timestamp;

use super::Observation;
use crate::model::EntityRef;

pub use attribution::{Attributed, Attribution, Unattributed};

/// A format of files that tools write.
pub struct ImportFormat {
    /// What `--format` calls it.
    pub name: &'static str,
    /// The name of the source in the ledger.
    pub source: &'static str,
    /// What it is, and of which version of which document (with its address) this is written.
    pub about: &'static str,
    /// The names of the facts that it gives, as they are declared.
    pub gives: &'static [&'static str],
    /// Whether a file looks like one, where no format was said.
    pub recognises: fn(&ImportFile<'_>) -> bool,
    /// Reads a file.
    pub read: fn(&ImportFile<'_>) -> Result<Imported, ImportError>,
}

/// A file to read.
#[derive(Clone, Copy, Debug)]
pub struct ImportFile<'a> {
    /// Its path, as it was named.
    pub path: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The moment of the run.
    pub now: Timestamp,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// When it was written, where it says so.
    pub observed_at: Option<Timestamp>,
    /// What it says of what.
    pub results: Vec<(Subject, Observation)>,
    /// What in it was left out, and why.
    pub problems: Vec<String>,
}

/// What a result of a file is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// What the file is about: the entity that the command names, else the one in whose home it is.
    File,
    /// An entity, by a reference as people write it.
    Entity(String),
    /// The entities with that value of an annotation, as `pagerduty.com/service-id`.
    Annotation(&'static str, String),
    /// The entities whose home is that repository (`github.com/larkspur/payments`), and in it the
    /// deepest folder that holds a path.
    Repository(String, String),
    /// The entities whose home holds a path, relative to the repository of the file.
    Path(String),
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// What is wrong.
    pub message: String,
    /// The line, where it is known.
    pub line: Option<u32>,
}

/// All formats, in the order of the documentation.
pub static FORMATS: &[ImportFormat] = &[];

/// What a result is about, once it is known.
pub type Entities = Vec<EntityRef>;
