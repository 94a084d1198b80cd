//! What a template tells at the end.

use serde_json::{Map, Value};

use super::condition::holds;
use super::context::Context;
use crate::scaffold::{Manifest, StepLog};

/// What a template tells at the end.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Output {
    /// Places to look at next.
    pub links: Vec<OutputLink>,
    /// Texts in Markdown.
    pub text: Vec<OutputText>,
    /// Everything else, by name.
    #[serde(flatten)]
    pub values: Map<String, Value>,
}

/// A place to look at next.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutputLink {
    /// What it is called.
    pub title: Option<String>,
    /// Where it leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The entity that it leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity_ref: Option<String>,
}

/// A text in Markdown.
#[derive(Clone, Debug, serde::Serialize)]
pub struct OutputText {
    /// What it is called.
    pub title: Option<String>,
    /// The text.
    pub content: String,
}

impl Output {
    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.links.is_empty() && self.text.is_empty() && self.values.is_empty()
    }

    pub(super) fn of(manifest: &Manifest, context: &Context) -> Self {
        let declared = Value::Object(manifest.output.clone());
        let evaluated = context.evaluate(&declared, &context.values(), &mut StepLog::default());
        let Ok(Some(Value::Object(mut fields))) = evaluated else {
            return Self::default();
        };
        let links = items(&mut fields, "links")
            .into_iter()
            .filter_map(|item| link(&item));
        let links = links.collect();
        let text = items(&mut fields, "text")
            .into_iter()
            .filter_map(|item| text(&item));
        Self {
            links,
            text: text.collect(),
            values: fields,
        }
    }
}

/// The items of a list of the output whose own condition holds.
fn items(fields: &mut Map<String, Value>, name: &str) -> Vec<Map<String, Value>> {
    let Some(Value::Array(items)) = fields.remove(name) else {
        return Vec::new();
    };
    let items = items.into_iter().filter_map(|item| match item {
        Value::Object(item) => Some(item),
        _ => None,
    });
    items
        .filter(|item| {
            item.get("if")
                .is_none_or(|condition| holds(Some(condition)))
        })
        .collect()
}

fn string(item: &Map<String, Value>, name: &str) -> Option<String> {
    item.get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn link(item: &Map<String, Value>) -> Option<OutputLink> {
    let link = OutputLink {
        title: string(item, "title"),
        url: string(item, "url"),
        entity_ref: string(item, "entityRef"),
    };
    (link.url.is_some() || link.entity_ref.is_some()).then_some(link)
}

fn text(item: &Map<String, Value>) -> Option<OutputText> {
    Some(OutputText {
        title: string(item, "title"),
        content: string(item, "content")?,
    })
}
