//! `catalog:fetch`: looks entities up in the catalog.

use serde::Deserialize;
use serde_json::Value;

use super::{Action, Needs};
use crate::model::{DEFAULT_NAMESPACE, EntityRef};
use crate::scaffold::{Call, Outputs, StepError};

pub(super) static ACTION: Action = Action {
    name: "catalog:fetch",
    summary: "looks entities up in the catalog",
    needs: Needs::Nothing,
    outputs: &["entities", "entity"],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    entity_ref: Option<String>,
    entity_refs: Option<Vec<String>>,
    optional: Option<bool>,
    default_kind: Option<String>,
    default_namespace: Option<String>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let single = input.entity_ref.as_deref().filter(|text| !text.is_empty());
    let mut outputs = Outputs::new();
    if single.is_none() && input.entity_refs.is_none() && !input.is_optional() {
        return Err(
            StepError::new("the input has neither \"entityRef\" nor \"entityRefs\"")
                .help("\"optional: true\" goes on without"),
        );
    }
    if let Some(reference) = single {
        outputs.insert("entity".to_owned(), input.look_up(call, reference)?);
    }
    if let Some(references) = &input.entity_refs {
        let entities = references
            .iter()
            .map(|reference| input.look_up(call, reference));
        outputs.insert("entities".to_owned(), entities.collect::<Result<_, _>>()?);
    }
    Ok(outputs)
}

impl Input {
    fn is_optional(&self) -> bool {
        self.optional.unwrap_or(false)
    }

    /// The entity, or null where it may be missing.
    fn look_up(&self, call: &Call<'_>, reference: &str) -> Result<Value, StepError> {
        let namespace = self.default_namespace.as_deref();
        let namespace = namespace.unwrap_or(DEFAULT_NAMESPACE);
        let parsed = EntityRef::parse(reference, self.default_kind.as_deref(), namespace).map_err(
            |error| {
                StepError::new(format!("\"{reference}\" is no reference: {error}"))
                    .help("write \"kind:namespace/name\", or give \"defaultKind\"")
            },
        )?;
        match call.world.entities.entity(&parsed)? {
            Some(entity) => Ok(entity),
            None if self.is_optional() => Ok(Value::Null),
            None => Err(
                StepError::new(format!("entity \"{reference}\" is not in the catalog"))
                    .help("\"optional: true\" goes on without it"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{fails, succeeds};

    #[test]
    fn catalog_fetch_gives_entities() {
        let orders = json!({"kind": "Component", "metadata": {"name": "orders"}});
        for (input, outputs) in [
            (
                json!({"entityRef": "Component:orders"}),
                json!({"entity": orders}),
            ),
            (
                json!({"entityRef": "orders", "defaultKind": "component", "defaultNamespace": "default"}),
                json!({"entity": orders}),
            ),
            (
                json!({"entityRefs": ["component:orders", "api:x"], "optional": true}),
                json!({"entities": [orders, null]}),
            ),
            (
                json!({"entityRef": "api:x", "optional": true}),
                json!({"entity": null}),
            ),
            (json!({"optional": true}), json!({})),
        ] {
            succeeds("catalog:fetch", &input, &[], &[], &outputs);
        }
        for (input, message) in [
            (
                json!({}),
                "the input has neither \"entityRef\" nor \"entityRefs\"",
            ),
            (
                json!({"entityRef": "component:x"}),
                "entity \"component:x\" is not in the catalog",
            ),
            (
                json!({"entityRef": "orders"}),
                "\"orders\" is no reference: the reference does not say which kind it means",
            ),
        ] {
            fails("catalog:fetch", &input, &[], message);
        }
    }
}
