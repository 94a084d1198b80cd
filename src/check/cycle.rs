//! What the checks of cycles have in common: a cycle → a finding.

use super::CheckInput;
use crate::catalog::{Cycle, EntityId, RelationSet};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::RelationType;

/// The longest way that is written out.
const MOST_SHOWN: usize = 8;

/// A finding for each cycle of a type of relation.
pub(super) fn problems(
    input: &CheckInput<'_>,
    code: &'static Code,
    relation: RelationType,
    of_itself: &str,
    help: &str,
) -> Vec<Diagnostic> {
    let cycles = input.catalog.cycles(RelationSet::from_iter([relation]));
    cycles
        .iter()
        .map(|cycle| problem(input, code, relation, of_itself, help, cycle))
        .collect()
}

fn problem(
    input: &CheckInput<'_>,
    code: &'static Code,
    relation: RelationType,
    of_itself: &str,
    help: &str,
    cycle: &Cycle,
) -> Diagnostic {
    let short = |id: &EntityId| input.catalog.entity(*id).reference().short();
    let names: Vec<String> = cycle.entities.iter().map(short).collect();
    let first = names.first().cloned().unwrap_or_default();
    let message = if names.len() == 1 {
        format!("\"{first}\" {of_itself}")
    } else {
        let mut way: Vec<String> = names.iter().take(MOST_SHOWN).cloned().collect();
        if names.len() > MOST_SHOWN {
            way.push("…".to_owned());
        }
        way.push(first.clone());
        let entangled = match cycle.entangled.saturating_sub(names.len()) {
            0 => String::new(),
            more => format!(" ({more} more are entangled with them)"),
        };
        format!("\"{first}\" {of_itself}: {}{entangled}", way.join(" → "))
    };
    let mut problem = Diagnostic::new(code, message)
        .help(help)
        .subject(names.join(" "));
    let mut next = cycle.entities.iter().cycle().skip(1);
    for from in cycle.entities.iter().take(MOST_SHOWN) {
        let Some(to) = next.next() else { break };
        let Some(place) = input
            .catalog
            .relation_between(*from, relation, *to)
            .and_then(|found| found.place)
        else {
            continue;
        };
        if problem.place.is_none() {
            problem = problem
                .entity(input.catalog.entity(*from).reference())
                .at(place);
        } else {
            problem = problem.related(place, format!("{} → {}", short(from), short(to)));
        }
    }
    problem
}
