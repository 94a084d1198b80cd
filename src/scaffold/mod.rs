//! Golden paths: manifest → answers → plan → apply.
//!
//! A template is read into a [`Manifest`], its parameters are answered, and its steps run on a
//! [`WorkTree`] in memory. What comes out is a plan; only applying it writes.

pub mod actions;
pub mod answers;
mod call;
mod manifest;
mod source;
mod support;
mod target_path;
mod work_tree;

pub use call::{Call, Effect, Entities, Outputs, StepError, World};
pub use manifest::{Include, Manifest, Page, Step};
pub use source::{SourceContent, SourceEntry, Sources};
pub use support::{StepSupport, TemplateSupport};
pub use target_path::{PathRefusal, TargetPath};
pub use work_tree::{Entry, WorkTree};
