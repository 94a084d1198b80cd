//! Golden paths: manifest → answers → plan → apply.
//!
//! A template is read into a [`Manifest`], its parameters are answered, and its steps run on a
//! [`WorkTree`] in memory. What comes out is a plan; only applying it writes.

pub mod actions;
pub mod answers;
pub mod apply;
mod call;
pub mod case;
mod effect;
mod fetched;
mod globs;
mod input;
mod json_text;
mod link;
pub mod lint;
pub mod lock;
mod manifest;
mod plan;
mod program;
mod publishing;
mod redaction;
mod regular_expression;
mod remote_repository;
mod rendering;
mod run;
mod source;
mod structured_text;
mod support;
mod target_path;
mod trusted_programs;
pub mod update;
mod value_merge;
mod work_tree;
mod yaml_text;

pub use call::{Call, Entities, Outputs, StepError, StepLog, World};
pub use effect::{CiRun, Effect, Proposal, Publication, Registration};
pub use globs::PathPatterns;
pub use link::refuse_outside;
pub use manifest::{Include, Manifest, Page, Step};
pub use plan::{Plan, PlanWarning, PlannedFile, PlannedRepository};
pub use program::{Invocation, NoPrograms, ProgramEnd, Programs};
pub use redaction::Redaction;
pub use remote_repository::RemoteRepository;
pub use run::{
    Output, OutputLink, OutputText, Ran, RunError, RunRequest, StepReport, StepStatus, Unsupported,
    run, unsupported,
};
pub use source::{SourceEntry, Sources};
pub use support::{StepSupport, TemplateSupport};
pub use target_path::{PathRefusal, TargetPath};
pub use trusted_programs::TrustedPrograms;
pub use work_tree::{Entry, MOST_BYTES, MOST_FILES, WorkTree};
