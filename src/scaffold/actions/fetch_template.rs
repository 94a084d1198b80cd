//! `fetch:template`: a folder of files, rendered.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Action, Needs};
use crate::scaffold::globs::PathPatterns;
use crate::scaffold::rendering::Rendering;
use crate::scaffold::{Call, Outputs, SourceEntry, StepError, TargetPath, fetched};
use crate::template::{Dialect, Options};

pub(super) static ACTION: Action = Action {
    name: "fetch:template",
    summary: "render the files of a folder",
    needs: Needs::Nothing,
    outputs: &[],
    run,
};

/// What the actions that render files take.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TemplateInput {
    #[serde(default)]
    pub(super) target_path: Option<String>,
    #[serde(default)]
    pub(super) values: Option<Map<String, Value>>,
    #[serde(default)]
    copy_without_templating: Option<Vec<String>>,
    #[serde(default)]
    cookiecutter_compat: Option<bool>,
    #[serde(default)]
    template_file_extension: Option<Extension>,
    #[serde(default)]
    pub(super) replace: Option<bool>,
    #[serde(default)]
    trim_blocks: Option<bool>,
    #[serde(default)]
    lstrip_blocks: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Extension {
    Default(bool),
    Named(String),
}

#[derive(Deserialize)]
struct Input {
    url: String,
    #[serde(flatten)]
    template: TemplateInput,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let entries = fetched::read_folder(call.world.sources, &input.url)?;
    input.template.render(entries, call)?;
    Ok(Outputs::new())
}

impl TemplateInput {
    /// The language and its options.
    pub(super) fn options(&self, call: &Call<'_>) -> Options {
        Options {
            dialect: if self.cookiecutter_compat == Some(true) {
                Dialect::Cookiecutter
            } else {
                Dialect::Backstage
            },
            trim_blocks: self.trim_blocks == Some(true),
            lstrip_blocks: self.lstrip_blocks == Some(true),
            refuses_unknown_names: call.world.refuses_unknown_names,
        }
    }

    /// Renders files into the tree, and tells what is worth telling.
    pub(super) fn render(
        self,
        entries: Vec<SourceEntry>,
        call: &mut Call<'_>,
    ) -> Result<(), StepError> {
        let extension = self.extension()?;
        let target = self.target_path.as_deref().unwrap_or("./");
        let rendering = Rendering {
            target: TargetPath::of_input(target)?,
            copied: PathPatterns::new(self.copy_without_templating.as_deref().unwrap_or(&[]))?,
            extension,
            replaces: self.replace == Some(true),
            options: self.options(call),
            values: self.values.unwrap_or_default(),
        };
        let rendered = rendering.render(entries, call.tree)?;
        if rendered.left_out > 0 {
            let files = rendered.left_out;
            call.log
                .push(format!("{files} left out: their names render to nothing"));
        }
        for path in &rendered.kept {
            call.log
                .push(format!("\"{path}\" is there already and stays"));
        }
        for path in &rendered.too_large {
            call.log.notice(format!(
                "\"{path}\" is larger than 256 KiB and is copied without rendering"
            ));
        }
        Ok(())
    }

    fn extension(&self) -> Result<Option<String>, StepError> {
        let extension = match &self.template_file_extension {
            None | Some(Extension::Default(false)) => return Ok(None),
            Some(Extension::Named(name)) if name.is_empty() => return Ok(None),
            Some(Extension::Default(true)) => ".njk".to_owned(),
            Some(Extension::Named(name)) if name.starts_with('.') => name.clone(),
            Some(Extension::Named(name)) => format!(".{name}"),
        };
        if self.copy_without_templating.is_some() || self.cookiecutter_compat == Some(true) {
            return Err(StepError::new(
                "\"templateFileExtension\" goes with neither \"copyWithoutTemplating\" nor \"cookiecutterCompat\"",
            ));
        }
        Ok(Some(extension))
    }
}
