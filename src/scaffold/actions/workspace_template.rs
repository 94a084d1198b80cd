//! `workspace:template`: files that earlier steps made, rendered into another folder.

use serde::Deserialize;

use super::fetch_template::TemplateInput;
use super::{Action, Needs};
use crate::scaffold::{Call, Outputs, SourceEntry, StepError, TargetPath, WorkTree};

pub(super) static ACTION: Action = Action {
    name: "workspace:template",
    summary: "render files that earlier steps made",
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
    let source = TargetPath::of_input(&input.source_path)?;
    let target = input.template.target_path.as_deref().unwrap_or("./");
    let target = TargetPath::of_input(target)?;
    if overlap(source.as_ref(), target.as_ref()) {
        return Err(StepError::new(
            "\"targetPath\" and \"sourcePath\" must not contain each other",
        ));
    }
    let entries = entries_below(call.tree, source.as_ref());
    input.template.render(entries, call)?;
    Ok(Outputs::new())
}

fn overlap(source: Option<&TargetPath>, target: Option<&TargetPath>) -> bool {
    let (Some(source), Some(target)) = (source, target) else {
        return true;
    };
    let contains = |outer: &TargetPath, inner: &TargetPath| {
        outer == inner || inner.folders().any(|folder| folder == outer.as_str())
    };
    contains(source, target) || contains(target, source)
}

/// The files of a folder of the tree, as those of a template.
fn entries_below(tree: &WorkTree, folder: Option<&TargetPath>) -> Vec<SourceEntry> {
    let prefix = folder.map_or(0, |folder| folder.as_str().len() + 1);
    let entries = tree.below(folder).map(|(path, entry)| SourceEntry {
        path: path.as_str()[prefix..].to_owned(),
        content: entry.clone(),
    });
    entries.collect()
}
