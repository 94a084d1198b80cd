//! `catalog:write`: writes the descriptor of an entity.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Action, Needs};
use crate::scaffold::{Call, Outputs, StepError, input, yaml_text};

/// The annotation that says which template made an entity.
const SOURCE_TEMPLATE: &str = "backstage.io/source-template";

pub(super) static ACTION: Action = Action {
    name: "catalog:write",
    summary: "writes the descriptor of an entity",
    needs: Needs::Nothing,
    outputs: &[],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    file_path: Option<String>,
    entity: Map<String, Value>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let path = input.file_path.as_deref().unwrap_or("catalog-info.yaml");
    let path = input::path_below_root(path)?;
    let mut entity = input.entity;
    if let Some(template) = call.world.template {
        let metadata = mapping_at(&mut entity, "metadata", "entity.metadata")?;
        let annotations = mapping_at(metadata, "annotations", "entity.metadata.annotations")?;
        annotations.insert(SOURCE_TEMPLATE.to_owned(), template.as_str().into());
    }
    let text = yaml_text::to_yaml(&Value::Object(entity), yaml_text::INDENT)?;
    call.log.push(format!("wrote \"{path}\""));
    call.tree.write(path, text.into_bytes())?;
    Ok(Outputs::new())
}

/// The mapping at a key, which is made where there is nothing.
fn mapping_at<'map>(
    holder: &'map mut Map<String, Value>,
    key: &str,
    path: &str,
) -> Result<&'map mut Map<String, Value>, StepError> {
    let value = holder.entry(key).or_insert(Value::Null);
    if value.is_null() {
        *value = Value::Object(Map::new());
    }
    value
        .as_object_mut()
        .ok_or_else(|| StepError::new(format!("input \"{path}\" must be a mapping")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{fails, succeeds};

    #[test]
    fn catalog_write_writes_a_descriptor_that_names_its_template() {
        succeeds(
            "catalog:write",
            &json!({"entity": {
                "apiVersion": "backstage.io/v1alpha1",
                "kind": "Component",
                "metadata": {"name": "x", "annotations": {"a.b/c": "true"}},
                "spec": {"type": "service"},
            }}),
            &[],
            &[(
                "catalog-info.yaml",
                "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: x\n  annotations:\n    a.b/c: \"true\"\n    backstage.io/source-template: template:default/service\nspec:\n  type: service\n",
            )],
            &json!({}),
        );
        succeeds(
            "catalog:write",
            &json!({"filePath": "./x/y.yaml", "entity": {"kind": "API"}}),
            &[],
            &[(
                "x/y.yaml",
                "kind: API\nmetadata:\n  annotations:\n    backstage.io/source-template: template:default/service\n",
            )],
            &json!({}),
        );
        fails(
            "catalog:write",
            &json!({"entity": "x"}),
            &[],
            "input \"entity\" must be a mapping, and is a text",
        );
        fails(
            "catalog:write",
            &json!({"entity": {"metadata": 1}}),
            &[],
            "input \"entity.metadata\" must be a mapping",
        );
    }
}
