//! A plan, for people and for machines.

use std::path::Path;

use devportal::scaffold::{
    Effect, Plan, PlanWarning, PlannedFile, PlannedRepository, Redaction, StepReport, StepStatus,
};
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

/// So many files are named; of more, the folders.
const MOST_FILES: usize = 40;

/// A plan, for machines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlanRecord<'a> {
    repositories: Vec<RepositoryRecord<'a>>,
    effects: Vec<EffectRecord>,
    steps: &'a [StepReport],
    warnings: Vec<PlanWarning>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RepositoryRecord<'a> {
    destination: String,
    branch: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote: Option<String>,
    bytes: u64,
    files: Vec<PlannedFile<'a>>,
}

#[derive(Serialize)]
struct EffectRecord {
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    removed: Vec<String>,
    summary: String,
}

impl<'a> PlanRecord<'a> {
    pub(crate) fn new(plan: &'a Plan) -> Self {
        Self {
            repositories: plan.repositories.iter().map(repository_record).collect(),
            effects: plan.effects.iter().map(effect_record).collect(),
            steps: &plan.steps,
            warnings: plan.warnings(),
        }
    }
}

fn repository_record(repository: &PlannedRepository) -> RepositoryRecord<'_> {
    let publication = repository.publication.as_ref();
    RepositoryRecord {
        destination: repository.destination.to_string_lossy().into_owned(),
        branch: repository.branch(),
        remote: publication.map(|publication| publication.remote.clone_url()),
        bytes: repository.tree.bytes(),
        files: repository.files().collect(),
    }
}

fn effect_record(effect: &Effect) -> EffectRecord {
    let (files, removed) = match effect {
        Effect::Propose(proposal) => {
            let paths = proposal.files.below(None).map(|(path, _)| path.to_string());
            (paths.collect(), proposal.removed.clone())
        }
        _ => (Vec::new(), Vec::new()),
    };
    EffectRecord {
        kind: effect.kind(),
        files,
        removed,
        summary: effect.summary(),
    }
}

/// A plan, for people.
pub(crate) fn page(plan: &Plan, redaction: &Redaction, current: &Path) -> View {
    let mut view = View::new();
    for repository in &plan.repositories {
        add_repository(&mut view, repository, redaction, current);
    }
    add_steps(&mut view, plan);
    add_effects(&mut view, &plan.effects, redaction);
    let warnings = plan.warnings();
    if !warnings.is_empty() {
        view.push(Block::Heading("Worth a look first".into()));
        let lines = warnings.into_iter().map(|warning| {
            let message = redaction.text(&warning.message);
            Text::new(redaction.text(&warning.subject), Role::Name)
                .then(format!(" {message}"), Role::Plain)
        });
        view.push(Block::List(lines.collect()));
    }
    view
}

fn add_repository(
    view: &mut View,
    repository: &PlannedRepository,
    redaction: &Redaction,
    current: &Path,
) {
    let (files, bytes) = (repository.tree.len(), repository.tree.bytes());
    let folder = redaction.text(&shown(&repository.destination, current));
    let mut title = Text::plain("New repository ")
        .then(folder, Role::Name)
        .then(format!(", {files} files, {}", size(bytes)), Role::Faint);
    if let Some(publication) = &repository.publication {
        let identity = redaction.text(&publication.remote.identity());
        title = title.then(format!(", for {identity}"), Role::Faint);
    }
    view.push(Block::Heading(title));
    if files > MOST_FILES {
        view.push(Block::Table(folders(repository)));
        return;
    }
    let rows = repository.files().map(|file| {
        let kind = match (file.kind, file.executable) {
            ("file", true) => "executable",
            ("file", false) => "",
            (other, _) => other,
        };
        vec![
            Text::plain(redaction.text(file.path)),
            Text::plain(size(file.size as u64)),
            Text::new(kind, Role::Faint),
        ]
    });
    view.push(Block::Table(Table {
        columns: vec![
            Column::flexible("file"),
            Column::numeric("size"),
            Column::fixed(""),
        ],
        rows: rows.collect(),
    }));
}

/// The folders at the top, with how much is in each.
fn folders(repository: &PlannedRepository) -> Table {
    let mut rows: Vec<(String, usize, u64)> = Vec::new();
    for file in repository.files() {
        let name = match file.path.split_once('/') {
            Some((folder, _)) => format!("{folder}/"),
            None => file.path.to_owned(),
        };
        match rows.last_mut() {
            Some(row) if row.0 == name => {
                row.1 += 1;
                row.2 += file.size as u64;
            }
            _ => rows.push((name, 1, file.size as u64)),
        }
    }
    let rows = rows.into_iter().map(|(name, files, bytes)| {
        vec![
            Text::plain(name),
            Text::plain(files.to_string()),
            Text::plain(size(bytes)),
        ]
    });
    Table {
        columns: vec![
            Column::flexible("path"),
            Column::numeric("files"),
            Column::numeric("size"),
        ],
        rows: rows.collect(),
    }
}

/// Steps that have something to tell, or did not run.
fn add_steps(view: &mut View, plan: &Plan) {
    let mut lines = Vec::new();
    for step in &plan.steps {
        if step.status == StepStatus::Unsupported {
            let reason = step.reason.as_deref().unwrap_or_default();
            lines.push(
                Text::new(&step.name, Role::Name)
                    .then(format!(" is left out: {reason}"), Role::Plain),
            );
        }
        for line in step.log.all() {
            lines.push(Text::new(&step.name, Role::Name).then(format!(": {line}"), Role::Plain));
        }
    }
    if !lines.is_empty() {
        view.push(Block::Heading("Steps".into()));
        view.push(Block::List(lines));
    }
}

fn add_effects(view: &mut View, effects: &[Effect], redaction: &Redaction) {
    if effects.is_empty() {
        return;
    }
    view.push(Block::Heading("And then".into()));
    let lines = effects.iter().flat_map(|effect| {
        let when = if effect.needs_push() {
            ", with --push"
        } else {
            ""
        };
        let line = Text::plain(redaction.text(&effect.summary())).then(when, Role::Faint);
        std::iter::once(line).chain(proposed_files(effect, redaction))
    });
    view.push(Block::List(lines.collect()));
}

/// The files of a change that is proposed.
fn proposed_files(effect: &Effect, redaction: &Redaction) -> Vec<Text> {
    let record = effect_record(effect);
    let (written, removed) = (record.files.iter(), record.removed.iter());
    let written = written.map(|path| (path, "writes"));
    let all = written.chain(removed.map(|path| (path, "removes")));
    let mut lines: Vec<Text> = all
        .take(MOST_FILES)
        .map(|(path, what)| Text::new(format!("{what} {}", redaction.text(path)), Role::Faint))
        .collect();
    let more = record.files.len() + record.removed.len();
    if let Some(more) = more.checked_sub(MOST_FILES + 1) {
        lines.push(Text::new(format!("and {} more", more + 1), Role::Faint));
    }
    lines
}

/// A folder as people would name it from where they are.
pub(crate) fn shown(path: &Path, current: &Path) -> String {
    let short = path.strip_prefix(current).unwrap_or(path);
    if short.as_os_str().is_empty() {
        return ".".to_owned();
    }
    short.to_string_lossy().into_owned()
}

/// A number of bytes.
fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{} MiB", bytes.div_ceil(1 << 20)),
    }
}
