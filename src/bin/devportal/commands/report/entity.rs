//! `devportal report entity`: a page for an entity, or for each that fits a query.

use std::collections::HashSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use devportal::catalog::EntityId;
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
use crate::step_summary::StepSummary;
use crate::write_file::write_atomically;

/// What is reported where nothing is named.
const EVERYTHING: &str = "kind:component";

pub(super) fn run(
    args: &Args,
    form: &Form,
    summary: Option<&StepSummary>,
    session: &mut Session,
) -> Result<Outcome> {
    args.trend.refuse(OF_ENTITIES.0)?;
    let scan = session.scan()?;
    let Some(entities) = entities(&args.query, &scan, session)? else {
        return Ok(session.outcome_of_nothing(&scan));
    };
    let needs = Needs::everything();
    let Some(maturity) = needs.maturity(&scan, session) else {
        return Ok(Outcome::Failure);
    };
    let made = with_input(&needs, &maturity, &scan, session, |input| {
        Ok((
            entity_pages(input, &entities)?,
            input.facts.now().to_string(),
        ))
    })?;
    let (pages, at) = made.answer;
    let answered = Answered {
        at,
        complete: made.complete,
    };
    if let Some(summary) = summary {
        for page in &pages {
            let written = together(vec![page.clone()]);
            form.append(&written, &answered.answer(&written), summary, session)?;
        }
    }
    match &args.output {
        Some(path) => {
            let names = names(&entities, &scan);
            write_files(&session.base()?.join(path), &names, pages, form, &answered)?;
        }
        // Each page has a title of its own, and only the first of a view is one.
        None if matches!(form, Form::View("markdown")) => {
            for (number, page) in pages.iter().enumerate() {
                if number > 0 {
                    session.stdout().write_all(b"\n")?;
                }
                session.write_view(&page.view, "markdown")?;
            }
        }
        None => {
            let written = together(pages);
            let answer = answered.answer(&written);
            form.print(&written, &answer, session)?;
        }
    }
    Ok(made.outcome)
}

/// What every page is told beside its rows.
struct Answered {
    at: String,
    complete: bool,
}

impl Answered {
    fn answer<'a>(&'a self, written: &'a WrittenReport) -> Answer<'a> {
        Answer::new(OF_ENTITIES.0, written, &self.at, self.complete)
    }
}

/// The entities that are meant: one by its name, else those that fit; nothing where there are none,
/// which is told.
fn entities(query: &[String], scan: &Scan, session: &Session) -> Result<Option<Vec<EntityId>>> {
    if let [name] = query
        && matches!(scan.catalog.resolve(name, &[]), Ok(Some(_)))
    {
        return Ok(session.entity(scan, name, &[])?.map(|id| vec![id]));
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

/// Writes a file for each page into a folder; the only one into a file whose name has an extension.
fn write_files(
    path: &Path,
    names: &[String],
    pages: Vec<WrittenReport>,
    form: &Form,
    answered: &Answered,
) -> Result<()> {
    let is_file = path.extension().is_some() && !path.is_dir();
    if is_file && pages.len() > 1 {
        let (shown, count) = (path.display(), pages.len());
        bail!("\"{shown}\" is one file, and there are {count} pages: name a folder");
    }
    if is_file {
        let written = together(pages);
        return write_atomically(path, &form.page(&written, &answered.answer(&written))?);
    }
    std::fs::create_dir_all(path)
        .with_context(|| format!("cannot make the folder \"{}\"", path.display()))?;
    for (name, page) in names.iter().zip(pages) {
        let written = together(vec![page]);
        let answer = answered.answer(&written);
        let path = path.join(format!("{name}.{}", form.extension()));
        write_atomically(&path, &form.page(&written, &answer)?)?;
    }
    Ok(())
}

/// The names of the files of entities.
fn names(entities: &[EntityId], scan: &Scan) -> Vec<String> {
    let mut taken = HashSet::new();
    let references = entities
        .iter()
        .map(|id| scan.catalog.entity(*id).reference());
    references
        .map(|reference| file_name(reference, &mut taken))
        .collect()
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
