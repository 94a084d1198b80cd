//! `fetch:template:file`: one file, rendered.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::fetch_template::TemplateInput;
use super::{Action, Needs};
use crate::scaffold::rendering::refused;
use crate::scaffold::{Call, Entry, Outputs, SourceEntry, StepError, TargetPath};
use crate::template::{Dialect, Engine, Values};

pub(super) static ACTION: Action = Action {
    name: "fetch:template:file",
    summary: "render one file",
    needs: Needs::Nothing,
    outputs: &[],
    run,
};

#[derive(Deserialize)]
struct Input {
    url: String,
    #[serde(flatten)]
    template: TemplateInput,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let entry = call.world.sources.file(&input.url)?;
    render_file(&input.template, entry, call)?;
    Ok(Outputs::new())
}

/// Renders one file to `targetPath`.
pub(super) fn render_file(
    input: &TemplateInput,
    entry: SourceEntry,
    call: &mut Call<'_>,
) -> Result<(), StepError> {
    let target = input
        .target_path
        .as_deref()
        .ok_or_else(|| StepError::new("input \"targetPath\" is missing"))?;
    let path = TargetPath::of_input(target)?
        .ok_or_else(|| StepError::new("\"targetPath\" must name a file"))?;
    if input.replace != Some(true) && call.tree.contains(&path) {
        call.log
            .push(format!("\"{path}\" is there already and stays"));
        return Ok(());
    }
    let Entry::File { bytes, .. } = entry.content else {
        return Err(StepError::new(format!(
            "\"{}\" is not a regular file",
            entry.path
        )));
    };
    let options = input.options(call);
    let root = match options.dialect {
        Dialect::Backstage => "values",
        Dialect::Cookiecutter => "cookiecutter",
    };
    let given = Value::Object(input.values.clone().unwrap_or_default());
    let values = Values::new(&Map::from_iter([(root.to_owned(), given)]));
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => Engine::new(options)
            .render(&entry.path, &text, &values)
            .map_err(refused)?
            .into_bytes(),
        Err(no_text) => no_text.into_bytes(),
    };
    call.tree.put(
        path,
        Entry::File {
            bytes,
            executable: false,
        },
    )
}
