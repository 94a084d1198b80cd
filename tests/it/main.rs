//! The behaviours that users would miss, one file a subject.

mod abuse;
mod architecture;
mod demo;
mod output_formats;
mod readme;
mod registry;
mod sandbox;
mod yaml_cases;
