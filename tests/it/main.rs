//! The behaviours that users would miss, one file a subject.

mod architecture;
mod output_formats;
mod registry;
mod yaml_cases;
