//! Bringing a repository up to date with its template: what the template changed since, merged
//! into what was done by hand.

mod merge;
mod write;

pub use merge::{FileChange, FileUpdate, MergeInput, Update, merge};
