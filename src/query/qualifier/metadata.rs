//! What an entity says of itself: labels, annotations, and any field of `spec`.

use super::{Operand, Qualifier};
use crate::model::Node;
use crate::query::matcher::certain;

pub(super) const LABEL: Qualifier = Qualifier {
    name: "label",
    key: Some("KEY"),
    value: "VALUE",
    about: "with that value of a label; `>` `>=` `<` `<=` compare numbers and dates",
    example: "label.tier:<=1",
    compile: |context, Operand { key, value }| {
        let catalog = context.catalog;
        Ok(certain(move |id| {
            let mut labels = catalog.entity(id).labels();
            labels.any(|(name, text)| name == key && value.fits(text))
        }))
    },
};

pub(super) const ANNOTATION: Qualifier = Qualifier {
    name: "annotation",
    key: Some("KEY"),
    value: "VALUE",
    about: "with that value of an annotation",
    example: "annotation.backstage.io/techdocs-ref:dir:*",
    compile: |context, Operand { key, value }| {
        let catalog = context.catalog;
        Ok(certain(move |id| {
            let annotation = catalog.entity(id).annotation(key);
            annotation.is_some_and(|text| value.fits(text))
        }))
    },
};

pub(super) const SPEC: Qualifier = Qualifier {
    name: "spec",
    key: Some("FIELD"),
    value: "VALUE",
    about: "with that value of a field of `spec`, or an item of it; `.` leads into mappings",
    example: "spec.profile.email:*@larkspur.example kind:group",
    compile: |context, Operand { key, value }| {
        let catalog = context.catalog;
        Ok(certain(move |id| {
            catalog.entity(id).spec_field(key).is_some_and(|field| {
                let items = field.items().map(Node::text);
                let scalar =
                    (!field.is_mapping() && field.items().next().is_none()).then(|| field.text());
                items.chain(scalar).any(|text| value.fits(text))
            })
        }))
    },
};
