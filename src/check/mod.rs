//! Checks of the catalog, one file each. The `//!` lines of a file are the page that
//! `devportal explain CODE` shows.
//!
//! What one document tells on its own (syntax, shape, references that cannot be read) is found
//! while reading; its codes are in [`crate::diagnostic::register`].

mod api;
mod api_without_consumers;
mod api_without_providers;
mod baseline;
mod control_character;
mod cycle;
mod dangling_reference;
mod dependency_cycle;
mod deprecated_in_use;
mod duplicate_entity;
mod group_cycle;
mod kind_not_allowed;
mod lifecycle;
mod link_not_http;
mod lookalike_name;
mod missing_owner;
mod owner_is_deprecated;
mod owner_is_user;
mod production_on_experimental;
mod reference_unchecked;
mod taxonomy_cycle;
mod unquoted_template;

use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Severity, register};

pub use baseline::Baseline;

/// A check: a code, and how it is found.
#[derive(Debug)]
pub struct Check {
    /// Its code.
    pub code: Code,
    /// Finds what there is to report.
    pub run: fn(&CheckInput<'_>) -> Vec<Diagnostic>,
}

/// What checks look at.
#[derive(Debug)]
pub struct CheckInput<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// Whether the workspace is a single repository: then most of what it refers to lies
    /// elsewhere, and that something is missing says nothing.
    pub is_single_repository: bool,
}

/// All checks, in the order of their names.
pub static CHECKS: &[&Check] = &[
    &api_without_consumers::CHECK,
    &api_without_providers::CHECK,
    &control_character::CHECK,
    &dangling_reference::CHECK,
    &dependency_cycle::CHECK,
    &deprecated_in_use::CHECK,
    &duplicate_entity::CHECK,
    &group_cycle::CHECK,
    &kind_not_allowed::CHECK,
    &link_not_http::CHECK,
    &lookalike_name::CHECK,
    &missing_owner::CHECK,
    &owner_is_deprecated::CHECK,
    &owner_is_user::CHECK,
    &production_on_experimental::CHECK,
    &reference_unchecked::CHECK,
    &taxonomy_cycle::CHECK,
    &unquoted_template::CHECK,
];

/// All codes there are: of reading and of checks, in the order of their names.
#[must_use]
pub fn all_codes() -> Vec<&'static Code> {
    let checks = CHECKS.iter().map(|check| &check.code);
    let mut codes: Vec<&'static Code> = register::CODES.iter().copied().chain(checks).collect();
    codes.sort_by_key(|code| code.name);
    codes
}

/// Runs all checks.
#[must_use]
pub fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    CHECKS.iter().flat_map(|check| (check.run)(input)).collect()
}

const ERROR: &[(&str, Severity)] = &[("0.1", Severity::Error)];
const WARNING: &[(&str, Severity)] = &[("0.1", Severity::Warning)];
const NOTE: &[(&str, Severity)] = &[("0.1", Severity::Note)];
const OFF: &[(&str, Severity)] = &[("0.1", Severity::Off)];
