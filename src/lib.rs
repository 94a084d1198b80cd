//! A whole developer portal in one binary: it reads the repositories that an organisation already
//! has, builds one graph of who owns what and what depends on what, and answers from it.
//!
//! The modules stand in the order of the data flow; each uses only modules above it.
//! `ARCHITECTURE.md` draws the house, and `tests/it/architecture.rs` keeps it standing.

pub mod model;
pub mod diagnostic;
pub mod view;
pub mod yaml;
pub mod config;
pub mod repo;
pub mod cache;
pub mod descriptor;
pub mod codeowners;
pub mod catalog;
pub mod documentation;
pub mod api_definition;
pub mod expression;
pub mod template;
pub mod program;
pub mod http;
pub mod forge_api;
pub mod fact;
pub mod query;
pub mod check;
pub mod maturity;
pub mod report;
pub mod scaffold;
pub mod output;
pub mod scan;
