//! `devportal template list`: the templates there are, and how much of each runs.

use std::sync::Arc;

use anyhow::Result;
use devportal::diagnostic::{Diagnostic, Severity};
use devportal::model::SourceFile;
use devportal::scaffold::{Manifest, StepSupport, TemplateSupport};
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::golden_paths::{GoldenPath, golden_paths};
use crate::listing::{LISTING_FORMATS, Listing};
use crate::session::Session;
use crate::template_source::{TemplateSource, templates};

/// Options of `template list`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// A template.
#[derive(Serialize)]
struct Row {
    name: String,
    #[serde(rename = "ref")]
    reference: String,
    title: Option<String>,
    description: Option<String>,
    owner: Option<String>,
    tags: Vec<String>,
    /// `devportal`, or the path of its file.
    from: String,
    /// `whole`, `with-programs`, `in-part` or `invalid`.
    runs: &'static str,
    /// The actions that nobody here knows.
    unsupported: Vec<String>,
    /// What is wrong with it.
    problems: Vec<String>,
}

pub(crate) fn run(_: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(LISTING_FORMATS)?;
    let settings = session.user_settings().clone();
    let has_program: HasProgram<'_> = &|action| settings.actions.contains_key(action);
    let scan = session.scan()?;
    let of_workspace = templates(&scan).filter_map(|entity| {
        let file = &entity.source().file;
        let manifest = Manifest::of_tree(entity.tree().root()?, file);
        let row = Row::of(manifest, file.path().to_owned(), has_program);
        Some(Row {
            name: entity.name().to_owned(),
            reference: entity.reference().to_string(),
            ..row
        })
    });
    let mut rows: Vec<Row> = of_workspace.collect();
    let shipped = golden_paths().into_iter();
    rows.extend(shipped.map(|path| Row::shipped(path, has_program)));
    let listing = Listing {
        schema: "devportal.template-list/v1",
        name: "templates",
        complete: scan.is_complete(),
        rows: rows.iter(),
        view: || view(&rows),
    };
    session.write_listing(format, listing)?;
    if rows.is_empty() {
        session.hint("there are no templates here");
    }
    Ok(session.outcome_of_answer(&scan))
}

impl Row {
    fn shipped(path: GoldenPath, has_program: HasProgram<'_>) -> Self {
        let source = TemplateSource::shipped(path);
        let row = Self::of(source.manifest, "devportal".to_owned(), has_program);
        Self {
            name: path.name().to_owned(),
            reference: format!("template:default/{}", path.name()),
            ..row
        }
    }

    fn of(
        manifest: Result<Manifest, Vec<Diagnostic>>,
        from: String,
        has_program: HasProgram<'_>,
    ) -> Self {
        let row = Self {
            name: String::new(),
            reference: String::new(),
            title: None,
            description: None,
            owner: None,
            tags: Vec::new(),
            from,
            runs: "invalid",
            unsupported: Vec::new(),
            problems: Vec::new(),
        };
        match manifest {
            Ok(manifest) => Self {
                runs: TemplateSupport::of(&manifest, has_program).name(),
                unsupported: unsupported(&manifest, has_program),
                title: manifest.title,
                description: manifest.description,
                owner: manifest.owner,
                tags: manifest.tags,
                ..row
            },
            Err(problems) => Self {
                problems: problems.into_iter().map(|it| it.message).collect(),
                ..row
            },
        }
    }
}

/// Says whether the user's configuration has a program for an action.
pub(super) type HasProgram<'a> = &'a dyn Fn(&str) -> bool;

/// The actions of a template that nobody here knows, each once, in the order of its steps.
pub(super) fn unsupported(manifest: &Manifest, has_program: HasProgram<'_>) -> Vec<String> {
    let mut actions: Vec<String> = Vec::new();
    for step in &manifest.steps {
        let support = StepSupport::of(&step.action, has_program(&step.action));
        let is_known = support != StepSupport::Unsupported;
        if !is_known && !actions.contains(&step.action) {
            actions.push(step.action.clone());
        }
    }
    actions
}

/// How much of a template runs, for people.
pub(super) fn shown_support(runs: &str) -> Text {
    match runs {
        "whole" => Text::new("whole", Role::Good),
        "with-programs" => Text::plain("with programs"),
        "in-part" => Text::new("in part", Role::Bad(Severity::Warning)),
        other => Text::new(other, Role::Bad(Severity::Error)),
    }
}

fn view(rows: &[Row]) -> View {
    let rows = rows.iter().map(|row| {
        let owner = row.owner.clone().unwrap_or_default();
        let about = row.description.as_ref().or(row.title.as_ref());
        vec![
            Text::new(&row.name, Role::Name),
            shown_support(row.runs),
            Text::plain(owner),
            from(&row.from),
            Text::plain(about.map(String::as_str).unwrap_or_default().trim_end()),
        ]
    });
    let table = Table {
        columns: vec![
            Column::fixed("template"),
            Column::fixed("runs"),
            Column::fixed("owner"),
            Column::flexible("from"),
            Column::flexible("description"),
        ],
        rows: rows.collect(),
    };
    View {
        blocks: vec![Block::Table(table)],
    }
}

/// Where a template is from, for people.
pub(super) fn from(from: &str) -> Text {
    if from == "devportal" {
        Text::new(from, Role::Faint)
    } else {
        Text::new(from, Role::File)
    }
}

/// Where a template is from, for machines.
pub(super) fn place(file: &Arc<SourceFile>) -> String {
    if file.repository() == crate::golden_paths::SHIPPED {
        "devportal".to_owned()
    } else {
        file.path().to_owned()
    }
}
