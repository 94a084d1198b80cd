//! Golden paths: manifest → answers → plan → apply.
//!
//! A template is read into a [`Manifest`], its parameters are answered, and its steps run on a
//! [`WorkTree`] in memory. What comes out is a plan; only applying it writes.

pub mod actions;
mod call;
mod fetched;
mod globs;
mod input;
mod json_text;
mod link;
mod manifest;
mod regular_expression;
mod source;
mod structured_text;
mod target_path;
mod value_merge;
mod work_tree;
mod yaml_text;

pub use call::{Call, Effect, Entities, Outputs, StepError, World};
pub use globs::PathPatterns;
pub use link::refuse_outside;
pub use manifest::{Manifest, Page, Step};
pub use source::{SourceContent, SourceEntry, Sources};
pub use target_path::{PathRefusal, TargetPath};
pub use work_tree::{Entry, WorkTree};
