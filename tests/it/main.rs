//! The behaviours that users would miss, one file a subject.

mod output_formats;
mod yaml_cases;
