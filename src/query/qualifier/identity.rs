//! What an entity is: its kind, type, name, namespace, lifecycle and tags.

use super::{Operand, Qualifier};
use crate::catalog::Catalog;
use crate::diagnostic::did_you_mean;
use crate::model::{Entity, KINDS};
use crate::query::error::Problem;
use crate::query::matcher::{Matcher, QueryContext, certain};

pub(super) const KIND: Qualifier = Qualifier {
    name: "kind",
    key: None,
    value: "KIND",
    about: "of that kind",
    example: "kind:system",
    compile: |context, operand| {
        check_kind(context.catalog, operand)?;
        Ok(field(context, operand, |entity| {
            Some(entity.reference().kind())
        }))
    },
};

pub(super) const TYPE: Qualifier = Qualifier {
    name: "type",
    key: None,
    value: "TYPE",
    about: "of that spec.type",
    example: "type:library",
    compile: |context, operand| Ok(field(context, operand, |entity| entity.spec_str("type"))),
};

pub(super) const NAME: Qualifier = Qualifier {
    name: "name",
    key: None,
    value: "NAME",
    about: "of exactly that name",
    example: "name:pay*",
    compile: |context, operand| Ok(field(context, operand, |entity| Some(entity.name()))),
};

pub(super) const NAMESPACE: Qualifier = Qualifier {
    name: "namespace",
    key: None,
    value: "NAMESPACE",
    about: "in that namespace",
    example: "namespace:default kind:domain",
    compile: |context, operand| Ok(field(context, operand, |entity| Some(entity.namespace()))),
};

pub(super) const LIFECYCLE: Qualifier = Qualifier {
    name: "lifecycle",
    key: None,
    value: "LIFECYCLE",
    about: "of that spec.lifecycle",
    example: "lifecycle:experimental,deprecated",
    compile: |context, operand| {
        Ok(field(context, operand, |entity| {
            entity.spec_str("lifecycle")
        }))
    },
};

pub(super) const TAG: Qualifier = Qualifier {
    name: "tag",
    key: None,
    value: "TAG",
    about: "with that tag",
    example: "tag:grpc",
    compile: |context, operand| {
        let catalog = context.catalog;
        Ok(certain(move |id| {
            let mut tags = catalog.entity(id).tags();
            tags.any(|tag| operand.value.fits(tag))
        }))
    },
};

/// Entities of which a field has the value.
fn field<'a>(
    context: &QueryContext<'a>,
    operand: Operand<'a>,
    of: for<'e> fn(&'e Entity) -> Option<&'e str>,
) -> Matcher<'a> {
    let catalog = context.catalog;
    certain(move |id| of(catalog.entity(id)).is_some_and(|field| operand.value.fits(field)))
}

/// Refuses a kind that is neither one of Backstage's nor in the catalog.
fn check_kind(catalog: &Catalog, operand: Operand<'_>) -> Result<(), Problem> {
    let kind = operand.value.text.as_str();
    let names = KINDS.iter().map(|known| known.name);
    let is_known = names.clone().any(|name| name.eq_ignore_ascii_case(kind));
    if operand.value.is_pattern() || is_known || catalog.has_kind(&kind.to_lowercase()) {
        return Ok(());
    }
    let meant = did_you_mean(kind, names.clone()).map(str::to_lowercase);
    let problem = Problem::new(format!("there is no kind \"{kind}\""));
    Err(problem.or_meant(meant.as_deref(), || {
        let names: Vec<String> = names.map(str::to_lowercase).collect();
        format!("kinds are {}", names.join(", "))
    }))
}
