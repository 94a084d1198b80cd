//! `devportal report entity`: a page for an entity, or for each that fits a query.

use std::collections::HashSet;
use std::path::Path;

use anyhow::{Context, Result};
use devportal::catalog::EntityId;
use devportal::fact::FactSelection;
use devportal::model::EntityRef;
use devportal::report::{WrittenReport, entity_pages};
use devportal::scan::Scan;
use devportal::view::View;
use serde_json::{Value, json};

use super::input::{Needs, with_input};
use super::{Answer, Args, Form, OF_ENTITIES};
use crate::Outcome;
use crate::selection::{nothing_found, parse_query};
use crate::session::Session;
use crate::write_file::write_atomically;

/// What is reported where nothing is named.
const EVERYTHING: &str = "kind:component";

pub(super) fn run(args: &Args, form: &Form, session: &mut Session) -> Result<Outcome> {
    let scan = session.scan()?;
    let Some(entities) = entities(&args.query, &scan, session)? else {
        return Ok(session.outcome_of_nothing(&scan));
    };
    let needs = Needs {
        facts: FactSelection::All,
        scorecards: true,
        campaigns: true,
    };
    let Some(maturity) = needs.maturity(&scan, session) else {
        return Ok(Outcome::Failure);
    };
    let (pages, at) = with_input(needs, &maturity, &scan, session, |input| {
        Ok((entity_pages(input, &entities)?, input.facts.now().to_string()))
    })?;
    match &args.output {
        Some(path) => {
            let path = session.base()?.join(path);
            if pages.len() == 1 && !path.is_dir() && !path.to_string_lossy().ends_with('/') {
                let written = together(pages);
                let answer = Answer::new(OF_ENTITIES.0, &written, &at, &scan, session);
                write_atomically(&path, &form.page(&written, &answer)?)?;
            } else {
                write_folder(&path, &entities, pages, form, &at, &scan, session)?;
            }
        }
        None => {
            let written = together(pages);
            let answer = Answer::new(OF_ENTITIES.0, &written, &at, &scan, session);
            form.print(&written, &answer, session)?;
        }
    }
    Ok(session.outcome_of_answer(&scan))
}

/// The entities that are meant: one by its name, else those that fit; nothing where there are none,
/// which is told.
fn entities(query: &[String], scan: &Scan, session: &Session) -> Result<Option<Vec<EntityId>>> {
    if let [name] = query
        && let Ok(reference) = EntityRef::parse(name, Some("component"), "default")
        && (name.contains(':') || scan.catalog.id(&reference).is_some())
        && let Some(id) = scan.catalog.id(&reference)
    {
        return Ok(Some(vec![id]));
    }
    let everything = [EVERYTHING.to_owned()];
    let query = parse_query(if query.is_empty() { &everything } else { query })?;
    let entities = session.select(scan, &query)?;
    if entities.is_empty() {
        session.hint(&nothing_found(&query, &scan.catalog));
        return Ok(None);
    }
    Ok(Some(entities))
}

/// The pages, one below the other.
fn together(pages: Vec<WrittenReport>) -> WrittenReport {
    let (mut blocks, mut rows) = (Vec::new(), Vec::new());
    for page in pages {
        blocks.extend(page.view.blocks);
        rows.push(page.rows);
    }
    WrittenReport {
        view: View { blocks },
        rows: json!({ "entities": Value::Array(rows) }),
    }
}

fn write_folder(
    folder: &Path,
    entities: &[EntityId],
    pages: Vec<WrittenReport>,
    form: &Form,
    at: &str,
    scan: &Scan,
    session: &Session,
) -> Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder \"{}\"", folder.display()))?;
    let mut names = HashSet::new();
    for (id, page) in entities.iter().zip(pages) {
        let written = together(vec![page]);
        let answer = Answer::new(OF_ENTITIES.0, &written, at, scan, session);
        let name = file_name(scan.catalog.entity(*id).reference(), &mut names);
        let path = folder.join(format!("{name}.{}", form.extension()));
        write_atomically(&path, &form.page(&written, &answer)?)?;
    }
    Ok(())
}

/// A name for the file of an entity that no other one has, and that is no path.
fn file_name(reference: &EntityRef, taken: &mut HashSet<String>) -> String {
    let plain = |text: &str| -> String {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let characters = text.chars();
        characters
            .map(|c| if is_plain(c) { c } else { '_' })
            .collect()
    };
    let parts = [reference.kind(), reference.namespace(), reference.name()];
    let whole = parts.map(plain).join("-");
    let mut name = whole.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{whole}-{number}");
        number += 1;
    }
    name
}
