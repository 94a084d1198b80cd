//! `workspace:template:file`: a file that an earlier step made, rendered.

use serde::Deserialize;

use super::fetch_template::TemplateInput;
use super::fetch_template_file::render_file;
use super::{Action, Needs};
use crate::scaffold::{Call, Outputs, SourceEntry, StepError, TargetPath};

pub(super) static ACTION: Action = Action {
    name: "workspace:template:file",
    summary: "render a file that an earlier step made",
    needs: Needs::Nothing,
    outputs: &[],
    run,
};

#[derive(Deserialize)]
struct Input {
    #[serde(rename = "sourcePath")]
    source_path: String,
    #[serde(flatten)]
    template: TemplateInput,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let missing = || StepError::new(format!("there is no file \"{}\"", input.source_path));
    let source = TargetPath::of_input(&input.source_path)?.ok_or_else(missing)?;
    let entry = call.tree.get(&source).ok_or_else(missing)?;
    let entry = SourceEntry {
        path: source.to_string(),
        content: entry.clone(),
    };
    render_file(&input.template, entry, call)?;
    Ok(Outputs::new())
}
