//! `catalog:register`: the catalog learns of a descriptor.

use serde::Deserialize;

use super::{Action, Needs};
use crate::model::{DEFAULT_NAMESPACE, Tree};
use crate::scaffold::{Call, Effect, Outputs, Registration, StepError, TargetPath};
use crate::yaml;

pub(super) static ACTION: Action = Action {
    name: "catalog:register",
    summary: "let the catalog know the new descriptor",
    needs: Needs::Nothing,
    outputs: &["entityRef", "catalogInfoUrl"],
    run,
};

const DESCRIPTOR: &str = "catalog-info.yaml";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    catalog_info_url: Option<String>,
    repo_contents_url: Option<String>,
    catalog_info_path: Option<String>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let path = input.catalog_info_path.as_deref().unwrap_or(DESCRIPTOR);
    let path = path.trim_start_matches('/');
    let url = match (input.catalog_info_url, input.repo_contents_url) {
        (Some(url), _) => url,
        (None, Some(contents)) => match contents.split_once('?') {
            // Azure DevOps names the path of a file in the query.
            Some((repository, query)) => format!("{repository}?path=/{path}&{query}"),
            None => format!("{}/{path}", contents.trim_end_matches('/')),
        },
        (None, None) => {
            return Err(StepError::new(
                "input needs \"catalogInfoUrl\", or \"repoContentsUrl\" and \"catalogInfoPath\"",
            ));
        }
    };
    let mut outputs = Outputs::from_iter([("catalogInfoUrl".to_owned(), url.clone().into())]);
    if let Some(reference) = entity_ref(call, path) {
        outputs.insert("entityRef".to_owned(), reference.into());
    }
    call.effects.push(Effect::Register(Registration { url }));
    Ok(outputs)
}

/// The reference of the first entity of a descriptor of the tree.
fn entity_ref(call: &Call<'_>, path: &str) -> Option<String> {
    let path = TargetPath::of_input(path).ok()??;
    let text = call.tree.text(&path).ok()?;
    let documents = yaml::parse(text);
    let root = documents.iter().find_map(|document| {
        let root = document.tree.as_ref().and_then(Tree::root)?;
        root.is_mapping().then_some(root)
    })?;
    let metadata = root.get("metadata")?;
    let kind = root.str_at("kind")?;
    let namespace = metadata.str_at("namespace").unwrap_or(DEFAULT_NAMESPACE);
    let name = metadata.str_at("name")?;
    Some(format!("{kind}:{namespace}/{name}").to_lowercase())
}
