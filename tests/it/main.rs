//! The behaviours that users would miss, one file a subject.

#![expect(
    clippy::unwrap_used,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "a test may fail where a program must not, and its files are named by us"
)]

#[cfg(unix)]
mod abuse;
mod architecture;
#[cfg(unix)]
mod cache_command;
mod campaigns;
mod cases;
#[cfg(unix)]
mod ci;
mod completion;
mod demo;
mod fact_queries;
mod fact_files;
mod fact_connectors;
mod fact_doubles;
mod fact_activity;
mod fact_delivery;
mod fact_reading;
mod fact_collect;
mod fact_journey;
mod forge_double;
mod forges;
#[cfg(unix)]
mod git_program;
mod git_writing;
mod golden_paths;
mod graph;
mod http_client;
mod ledger;
mod maturity_products;
mod import_attribution;
mod import_formats;
mod import_hostile;
mod output_formats;
mod owner;
#[cfg(unix)]
mod picker;
mod portal;
#[cfg(unix)]
mod prompt;
mod properties;
#[cfg(unix)]
mod publishing;
mod query;
mod readme;
mod registry;
mod report;
mod report_pages;
mod sandbox;
mod scores;
mod states;
mod step_summary;
mod template_files;
mod template_update;
#[cfg(unix)]
mod terminal;
mod trend;
mod user_configuration;
mod yaml_cases;
