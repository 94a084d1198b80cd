//! What is not said of components, and should be.

use serde::Serialize;

use super::{ReportInput, known, page, team};
use crate::catalog::EntityId;
use crate::documentation::Documented;
use crate::model::EntityRef;
use crate::view::{Block, Column, Table, View};

/// Days after which something in production that nobody changed is told.
const UNTOUCHED: i64 = 365;

/// Something that is not said of components.
#[derive(Serialize)]
pub(super) struct Gap<'a> {
    #[serde(rename = "gap")]
    name: &'static str,
    components: Vec<&'a EntityRef>,
    /// Of how many it is known either way.
    of: usize,
    #[serde(skip)]
    about: &'static str,
}

/// What is not said of components; what is said of all is left out.
pub(super) fn gaps<'a>(input: &ReportInput<'a>) -> Vec<Gap<'a>> {
    let catalog = input.catalog;
    let entity = |id: EntityId| catalog.entity(id);
    let documented: Vec<Documented> = input.documentation.documented();
    let is_untouched = |id: EntityId| {
        let last = known::time(input, id, "commit.last")?;
        let is_production = entity(id).spec_str("lifecycle") == Some("production");
        is_production.then(|| known::days_since(input, last) > UNTOUCHED)
    };
    let gap = |name, about, lacks: &dyn Fn(EntityId) -> Option<bool>| {
        let known = known::components(input).filter_map(|id| Some((id, lacks(id)?)));
        let known: Vec<(EntityId, bool)> = known.collect();
        let lacking = known.iter().filter(|(_, lacks)| *lacks);
        Gap {
            name,
            components: lacking.map(|(id, _)| entity(*id).reference()).collect(),
            of: known.len(),
            about,
        }
    };
    let gaps = [
        gap("owner", "have no owner", &|id| {
            Some(team::is_unowned(catalog, id))
        }),
        gap("system", "belong to no system", &|id| {
            Some(catalog.record(id).system.is_none())
        }),
        gap("lifecycle", "say no lifecycle", &|id| {
            Some(entity(id).spec_str("lifecycle").is_none())
        }),
        gap("description", "have no description", &|id| {
            Some(
                entity(id)
                    .description()
                    .is_none_or(|it| it.trim().is_empty()),
            )
        }),
        gap(
            "documentation",
            "have nothing to read",
            &|id| match documented.get(id.index())? {
                Documented::Yes => Some(false),
                Documented::No => Some(true),
                Documented::Unknown => None,
            },
        ),
        gap("tags", "have no tags", &|id| {
            Some(entity(id).tags().next().is_none())
        }),
        gap(
            "changes",
            "in production were not changed for a year",
            &is_untouched,
        ),
    ];
    let gaps = gaps.into_iter();
    gaps.filter(|gap| !gap.components.is_empty()).collect()
}

/// Shows each with the components, on demand.
pub(super) fn show(gaps: &[Gap<'_>], input: &ReportInput<'_>, view: &mut View) {
    view.push(Block::Heading("Gaps".into()));
    if gaps.is_empty() {
        let about = "Every component says what it should.";
        view.push(Block::Paragraph(about.into()));
        return;
    }
    for gap in gaps {
        let summary = format!("{} of {} {}", gap.components.len(), gap.of, gap.about);
        let rows = gap.components.iter().map(|reference| {
            let id = input.catalog.id(reference);
            let owner = id.and_then(|id| input.catalog.owner(id));
            vec![
                page::name(input, reference),
                page::whose(input, owner.map(|owner| owner.reference)),
            ]
        });
        view.push(Block::Folded {
            summary: summary.into(),
            blocks: vec![Block::Table(Table {
                columns: ["component", "team"].map(Column::fixed).into(),
                rows: rows.collect(),
            })],
        });
    }
}
