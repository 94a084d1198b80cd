//! `roadiehq:utils:merge`: merges values into a JSON or YAML file.
//!
//! Comments of a YAML file are not kept, which is told where they were wanted.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Action, Needs};
use crate::scaffold::value_merge::{self, Lists};
use crate::scaffold::yaml_text::{self, YamlOptions};
use crate::scaffold::{Call, Outputs, StepError, TargetPath, input, json_text, structured_text};

pub(super) static ACTION: Action = Action {
    name: "roadiehq:utils:merge",
    summary: "merges values into a JSON or YAML file",
    needs: Needs::Nothing,
    outputs: &["path"],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    path: String,
    content: Content,
    merge_arrays: Option<bool>,
    preserve_yaml_comments: Option<bool>,
    use_document_including_field: Option<Field>,
    options: Option<YamlOptions>,
}

/// What is merged into a file.
#[derive(Deserialize)]
#[serde(untagged, expecting = "must be a text or a mapping")]
pub(super) enum Content {
    /// A text of the file's language.
    Text(String),
    /// What such a text would say.
    Mapping(Map<String, Value>),
}

/// What tells the document of a file that is meant.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Field {
    key: String,
    value: String,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let path = input::path_below_root(&input.path)?;
    let text = call.tree.text(&path)?;
    let lists = Lists::of_input(input.merge_arrays);
    let what = format!("\"{path}\"");
    let name = path.as_str().rsplit('/').next().unwrap_or_default();
    let written = match name.rsplit_once('.') {
        Some((_, "json")) => {
            let old = structured_text::read_yaml(&what, text)?;
            let content = input.content.read(structured_text::read_json)?;
            json_text::to_json(&merged(&path, old, content, lists)?, json_text::INDENT)?
        }
        Some((_, "yaml" | "yml")) => {
            let documents = structured_text::read_yaml_documents(&what, text)?;
            let content = input.content.read(structured_text::read_yaml)?;
            let field = input.use_document_including_field.as_ref();
            let documents = merged_documents(&path, documents, &content, field, lists)?;
            let options = input.options.unwrap_or_default();
            options.tell_ignored(&mut call.log.lines);
            if input.preserve_yaml_comments.unwrap_or(false) && text.contains('#') {
                call.log
                    .push(format!("comments of \"{path}\" are not kept"));
            }
            let indent = options.indent()?;
            let texts = documents
                .iter()
                .map(|document| yaml_text::to_yaml(document, indent));
            texts.collect::<Result<Vec<_>, _>>()?.join("---\n")
        }
        _ => {
            call.log.push(format!(
                "left \"{path}\": only files named .json, .yaml or .yml are merged into"
            ));
            return Ok(Outputs::new());
        }
    };
    let outputs = super::path_output(&path);
    call.log.push(format!("merged into \"{path}\""));
    call.tree.write(path, written.into_bytes())?;
    Ok(outputs)
}

impl Content {
    /// What it says.
    ///
    /// # Errors
    /// When it is a text that cannot be read.
    pub(super) fn read(
        self,
        read: fn(&str, &str) -> Result<Value, StepError>,
    ) -> Result<Value, StepError> {
        match self {
            Self::Text(text) => read("input \"content\"", &text),
            Self::Mapping(mapping) => Ok(Value::Object(mapping)),
        }
    }
}

/// What a file says with `content` merged into it; an empty file has nothing to say yet.
///
/// # Errors
/// When one of the two is no mapping.
pub(super) fn merged(
    path: &TargetPath,
    old: Value,
    content: Value,
    lists: Lists,
) -> Result<Value, StepError> {
    if !content.is_object() {
        return Err(StepError::new("input \"content\" must be a mapping"));
    }
    let mut merged = match old {
        Value::Object(_) => old,
        Value::Null => Value::Object(Map::new()),
        _ => {
            return Err(StepError::new(format!(
                "\"{path}\" has no mapping to merge into"
            )));
        }
    };
    value_merge::merge(&mut merged, content, lists);
    Ok(merged)
}

/// The documents of a file with `content` merged into the only one, or into those with the field.
fn merged_documents(
    path: &TargetPath,
    documents: Vec<Value>,
    content: &Value,
    field: Option<&Field>,
    lists: Lists,
) -> Result<Vec<Value>, StepError> {
    if documents.len() <= 1 {
        let old = documents.into_iter().next().unwrap_or_default();
        return Ok(vec![merged(path, old, content.clone(), lists)?]);
    }
    let field = field.ok_or_else(|| {
        StepError::new(format!("\"{path}\" has {} documents", documents.len()))
            .help("\"useDocumentIncludingField\" with \"key\" and \"value\" says which is meant")
    })?;
    let documents = documents.into_iter().map(|document| {
        let value = match document.get(&field.key) {
            Some(Value::String(text)) => text.clone(),
            Some(number @ Value::Number(_)) => json_text::with_plain_numbers(number).to_string(),
            _ => {
                return Err(StepError::new(format!(
                    "\"{}\" of a document of \"{path}\" must be a text or a number",
                    field.key
                )));
            }
        };
        if value == field.value {
            merged(path, document, content.clone(), lists)
        } else {
            Ok(document)
        }
    });
    documents.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{Files, fails, run, succeeds};
    use crate::scaffold::Outputs;

    #[test]
    fn roadie_merges_yaml() {
        let merge = "roadiehq:utils:merge";
        let path = json!({"path": "x.yml"});
        succeeds(
            merge,
            &json!({"path": "x.yml", "content": "b:\n  d: 2\n", "preserveYamlComments": true}),
            &[("x.yml", "a: 1 # one\nb:\n  c: x\n")],
            &[("x.yml", "a: 1\nb:\n  c: x\n  d: 2\n")],
            &path,
        );
        let many: Files<'_> = &[("x.yml", "id: 1\n---\nid: two\n")];
        succeeds(
            merge,
            &json!({"path": "x.yml", "content": {"a": 1}, "useDocumentIncludingField": {"key": "id", "value": "1"}}),
            many,
            &[("x.yml", "id: 1\na: 1\n---\nid: two\n")],
            &path,
        );
        fails(
            merge,
            &json!({"path": "x.yml", "content": {"a": 1}}),
            many,
            "\"x.yml\" has 2 documents",
        );
        fails(
            merge,
            &json!({"path": "x.yml", "content": 1}),
            many,
            "input \"content\" must be a text or a mapping",
        );
        let other = run(
            merge,
            &json!({"path": "x.toml", "content": {"a": 1}}),
            &[("x.toml", "")],
        );
        assert_eq!(other.result.expect("it goes on"), Outputs::new());
        assert_eq!(
            other.log,
            ["left \"x.toml\": only files named .json, .yaml or .yml are merged into"]
        );
    }
}
