//! The behaviours that users would miss, one file a subject.

#![expect(
    clippy::unwrap_used,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "a test may fail where a program must not, and its files are named by us"
)]

#[cfg(unix)]
mod abuse;
mod architecture;
mod cases;
mod completion;
mod demo;
mod fact_queries;
mod fact_files;
mod fact_connectors;
mod fact_doubles;
mod forge_double;
mod forges;
#[cfg(unix)]
mod git_program;
mod git_writing;
mod golden_paths;
mod graph;
mod http_client;
mod ledger;
mod output_formats;
mod owner;
#[cfg(unix)]
mod picker;
#[cfg(unix)]
mod prompt;
mod properties;
#[cfg(unix)]
mod publishing;
mod query;
mod readme;
mod registry;
mod sandbox;
mod states;
mod template_files;
mod template_update;
#[cfg(unix)]
mod terminal;
mod user_configuration;
mod yaml_cases;
