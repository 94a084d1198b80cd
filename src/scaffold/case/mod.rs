//! Cases of a template: answers, and the files that must come out.
//!
//! They lie in `tests/CASE/` beside the `template.yaml`: `answers.yaml`, `expected/` with the
//! files, and where there is more to say, `case.yaml`.

mod comparison;
mod reading;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::WorkTree;

pub use comparison::{CaseDifference, compare};
pub use reading::read;

/// The folder of the cases, beside the template.
pub const FOLDER: &str = "tests";
/// The folder of a case with the files that must come out.
pub const EXPECTED: &str = "expected";

/// A case of a template.
#[derive(Clone, Debug)]
pub struct Case {
    /// The name of its folder.
    pub name: String,
    /// The answers; the rest takes its default.
    pub answers: Value,
    /// The files that must come out; `None` where there is no such folder.
    pub expected: Option<WorkTree>,
    /// What else it says.
    pub settings: CaseSettings,
}

/// `case.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct CaseSettings {
    /// A program with its arguments that must succeed in the files.
    pub command: Vec<String>,
    /// Whether steps are left out whose action is not known here.
    pub skip_unsupported: bool,
    /// Whether names without a value render to nothing, as in Backstage.
    pub allow_undefined: bool,
    /// A part of the message with which the template must fail.
    pub fails: Option<String>,
}
