//! Facts from files that tools write.
//!
//! Each format is a file and a line of [`FORMATS`]. It reads bytes and says what they tell about
//! what ([`Imported`]). Which entity that is, [`Attribution`] finds out, and [`combine`] makes one
//! fact of what several files of a run say of one entity.
//!
//! A scan that ran and found nothing says zero. One that failed says nothing, and has a problem.

mod amount;
mod attribution;
mod cobertura;
mod combination;
mod configured;
mod coverage;
mod cyclonedx;
mod deployments;
mod document;
mod facts;
mod incident;
mod incidents;
mod junit;
mod lcov;
mod openslo;
mod osv_scanner;
mod pagerduty_incidents;
mod pagerduty_services;
mod result;
mod sarif;
mod snyk;
mod snyk_code;
mod spdx;
mod table;
mod trivy;
mod validation;
mod vulnerability;
mod xml;

use jiff::Timestamp;

pub use amount::Amount;
pub use attribution::{Attributed, AttributedResults, Attribution, Unattributed};
pub use combination::combine;
pub(super) use configured::read_configured;
pub use result::{ImportError, ImportProblem, Imported, ImportedResult, Subject};

/// Bytes of a file that are read; a larger one is an error.
pub const IMPORT_LIMIT: u64 = 64 << 20;

/// A format of files that tools write.
pub struct ImportFormat {
    /// What `--format` calls it.
    pub name: &'static str,
    /// The name of the source in the ledger.
    pub source: &'static str,
    /// What it is, and of which version of which document (with its address) this is written.
    pub about: &'static str,
    /// The names of the facts that it gives, as they are declared; `*` for any.
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

/// All formats, in the order of the documentation. What is more special stands before what is
/// more general, because the first that recognises a file reads it.
pub static FORMATS: &[ImportFormat] = &[
    snyk::FORMAT,
    snyk_code::FORMAT,
    sarif::FORMAT,
    osv_scanner::FORMAT,
    trivy::FORMAT,
    cyclonedx::FORMAT,
    spdx::FORMAT,
    junit::FORMAT,
    cobertura::FORMAT,
    lcov::FORMAT,
    openslo::FORMAT,
    pagerduty_incidents::FORMAT,
    pagerduty_services::FORMAT,
    deployments::FORMAT,
    incidents::FORMAT,
    facts::FORMAT,
];

impl ImportFormat {
    /// The format of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// The first format that a file looks like.
    #[must_use]
    pub fn of(file: &ImportFile<'_>) -> Option<&'static Self> {
        FORMATS.iter().find(|format| (format.recognises)(file))
    }
}
