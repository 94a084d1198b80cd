//! Whose an entity is.

use std::collections::HashSet;

use super::Qualifier;
use super::relation::known_reference;
use crate::catalog::{Catalog, EntityId, RelationSet};
use crate::model::{EntityRef, RelationType};
use crate::query::error::Problem;
use crate::query::matcher::{Matcher, QueryContext, certain};

/// Who asks, and the teams that they are direct members of.
const ME: &str = "@me";
/// The teams of who asks.
const MY_TEAMS: &str = "@my-teams";

pub(super) const OWNER: Qualifier = Qualifier {
    name: "owner",
    key: None,
    value: "REF",
    about: "owned by that group or user; `@me` is you or one of your teams",
    example: "owner:payments",
    compile: |context, operand| {
        let catalog = context.catalog;
        if operand.value.text.starts_with('@') {
            let mine = mine(context, &operand.value.text)?;
            return Ok(owned_by(catalog, mine));
        }
        let owners = || {
            catalog
                .ids()
                .filter_map(|id| Some(catalog.owner(id)?.reference))
        };
        known_reference(catalog, operand.value, owners, &["group", "user"])?;
        Ok(certain(move |id| {
            let owner = catalog.owner(id);
            owner.is_some_and(|owner| operand.value.names(owner.reference))
        }))
    },
};

pub(super) const UNDER: Qualifier = Qualifier {
    name: "under",
    key: None,
    value: "GROUP",
    about: "owned by that group or any group below it; `@my-teams` are yours",
    example: "under:commerce kind:api",
    compile: |context, operand| {
        let catalog = context.catalog;
        let tops: Vec<EntityId> = if operand.value.text.starts_with('@') {
            mine(context, &operand.value.text)?
        } else {
            known_reference(catalog, operand.value, std::iter::empty, &["group"])?;
            let groups = catalog.ids().filter(|id| {
                let reference = catalog.entity(*id).reference();
                reference.kind() == "group" && operand.value.names(reference)
            });
            groups.collect()
        };
        let below = catalog.closure(&tops, RelationSet::from_iter([RelationType::ParentOf]));
        Ok(owned_by(catalog, below))
    },
};

/// Entities that one of these owns.
fn owned_by(catalog: &Catalog, owners: impl IntoIterator<Item = EntityId>) -> Matcher<'_> {
    let owners: HashSet<&EntityRef> = owners
        .into_iter()
        .map(|id| catalog.entity(id).reference())
        .collect();
    certain(move |id| {
        let owner = catalog.owner(id);
        owner.is_some_and(|owner| owners.contains(owner.reference))
    })
}

/// The entities that `@me` or `@my-teams` stand for.
fn mine(context: &QueryContext<'_>, word: &str) -> Result<Vec<EntityId>, Problem> {
    if word != ME && word != MY_TEAMS {
        let problem = Problem::new(format!("nobody is called \"{word}\""));
        return Err(problem.help(format!("write {ME} or {MY_TEAMS}, or a name without @")));
    }
    let catalog = context.catalog;
    let me = who_asks(context)?;
    let teams = catalog.related(me, RelationType::MemberOf);
    let mut mine: Vec<EntityId> = teams.into_iter().filter_map(|it| catalog.id(it)).collect();
    if word == ME {
        mine.push(me);
    }
    Ok(mine)
}

fn who_asks(context: &QueryContext<'_>) -> Result<EntityId, Problem> {
    let Some(user) = context.user else {
        return Err(Problem::new("it is not known who you are")
            .help("set `user:` in your configuration, or Git's user.email"));
    };
    let catalog = context.catalog;
    let mut users = catalog
        .ids()
        .filter(|id| catalog.entity(*id).reference().kind() == "user");
    let named = EntityRef::parse(user, Some("user"), crate::model::DEFAULT_NAMESPACE).ok();
    let found = users.find(|id| {
        let entity = catalog.entity(*id);
        let email = entity
            .spec()
            .and_then(|spec| spec.get("profile")?.str_at("email"));
        email.is_some_and(|email| email.eq_ignore_ascii_case(user))
            || named.as_ref() == Some(entity.reference())
    });
    found.ok_or_else(|| {
        Problem::new(format!("no User of the catalog is \"{user}\""))
            .help("set `user:` in your configuration to a name or an e-mail address of the catalog")
    })
}
