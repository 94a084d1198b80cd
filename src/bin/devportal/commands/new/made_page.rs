//! What was made, and what to do next.

use std::path::Path;

use devportal::scaffold::{Plan, PlannedRepository, Redaction, StepStatus};
use devportal::view::{Block, Role, Text, View};

use crate::scaffolding::effects::EffectReport;
use crate::scaffolding::plan_page::shown;
use crate::scaffolding::writing::WrittenRepository;

/// The characters of a commit that people are told.
const SHORT_COMMIT: usize = 10;

/// Where one is.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    /// The folder one stands in.
    pub(super) current: &'a Path,
    /// The folder of the workspace.
    pub(super) workspace: &'a Path,
}

/// What was made, for people.
pub(super) fn page(
    plan: &Plan,
    made: &[WrittenRepository],
    done: &[EffectReport],
    redaction: &Redaction,
    places: Places<'_>,
) -> View {
    let mut view = View::new();
    for (repository, written) in plan.repositories.iter().zip(made) {
        let mut lines = add_repository(&mut view, repository, written, redaction, places);
        lines.push((
            "undo".to_owned(),
            undo(repository, written, done, places.current),
        ));
        view.push(Block::KeyValues(lines));
    }
    add_steps(&mut view, plan);
    if !done.is_empty() {
        view.push(Block::Heading("And then".into()));
        let lines = done.iter().flat_map(EffectReport::lines);
        view.push(Block::KeyValues(lines.collect()));
    }
    add_output(&mut view, plan, redaction);
    view
}

/// Says what was made. Returns what more there is to say of it.
fn add_repository(
    view: &mut View,
    repository: &PlannedRepository,
    written: &WrittenRepository,
    redaction: &Redaction,
    places: Places<'_>,
) -> Vec<(String, Text)> {
    let folder = shown(&written.destination, places.current);
    let files = repository.tree.len();
    let word = if written.made_before {
        "Went on with "
    } else {
        "Made "
    };
    let mut title = Text::plain(word)
        .then(&folder, Role::Name)
        .then(format!(", {files} files"), Role::Plain);
    if let Some(commit) = &written.commit {
        let short: String = commit.chars().take(SHORT_COMMIT).collect();
        title = title.then(format!(", commit {short}"), Role::Plain);
    }
    view.push(Block::Heading(title));
    let word = shell_words::quote(&folder);
    let mut lines = vec![(
        "look".to_owned(),
        Text::new(format!("cd {word}"), Role::Code),
    )];
    // Elsewhere the catalog does not see it.
    let is_seen = std::path::absolute(&written.destination)
        .is_ok_and(|destination| destination.starts_with(places.workspace));
    if let Some(name) = entity_name(repository).filter(|_| is_seen) {
        let command = format!("devportal show {}", shell_words::quote(&name));
        lines.push(("catalog".to_owned(), Text::new(command, Role::Code)));
    }
    if let Some(reason) = written.without_commit {
        let message = repository
            .publication
            .as_ref()
            .map_or("initial commit", |publication| &publication.message);
        let command = format!(
            "git config --global user.name NAME; git config --global user.email EMAIL; git -C {word} add --all; git -C {word} commit -m {}",
            shell_words::quote(&redaction.text(message))
        );
        lines.push((
            "commit".to_owned(),
            Text::plain(format!("there is none: {reason}. ")).then(command, Role::Code),
        ));
    }
    if let Some(aside) = &written.moved_aside {
        let aside = shown(aside, places.current);
        lines.push(("before".to_owned(), Text::plain(format!("is in {aside}"))));
    }
    if !written.ignored.is_empty() {
        let files = written.ignored.join(", ");
        let text = format!("committed although .gitignore names them: {files}");
        lines.push(("ignored".to_owned(), Text::plain(text)));
    }
    lines
}

/// How to take away what was made.
fn undo(
    repository: &PlannedRepository,
    written: &WrittenRepository,
    done: &[EffectReport],
    current: &Path,
) -> Text {
    let folder = shown(&written.destination, current);
    let undo = Text::new(format!("rm -r {}", shell_words::quote(&folder)), Role::Code);
    let Some(publication) = &repository.publication else {
        return undo;
    };
    let identity = publication.remote.identity();
    let mut done = done.iter();
    if !done.any(|it| it.kind == "publish" && it.done && it.subject == identity) {
        return undo;
    }
    let host = &publication.remote.host;
    undo.then(format!(", and delete {identity} on {host}"), Role::Plain)
}

/// The name of the entity that the new repository declares.
fn entity_name(repository: &PlannedRepository) -> Option<String> {
    crate::scaffolding::entity_name(&repository.tree)
}

/// Steps that were left out, and what the others want everybody to read.
fn add_steps(view: &mut View, plan: &Plan) {
    let mut lines = Vec::new();
    for step in &plan.steps {
        let name = Text::new(&step.name, Role::Name);
        if step.status == StepStatus::Unsupported {
            let reason = step.reason.as_deref().unwrap_or_default();
            lines.push(
                name.clone()
                    .then(format!(" was left out: {reason}"), Role::Plain),
            );
        }
        for notice in &step.log.notices {
            lines.push(name.clone().then(format!(": {notice}"), Role::Plain));
        }
    }
    if !lines.is_empty() {
        view.push(Block::Heading("Steps".into()));
        view.push(Block::List(lines));
    }
}

/// What the template tells at the end.
fn add_output(view: &mut View, plan: &Plan, redaction: &Redaction) {
    for text in &plan.output.text {
        if let Some(title) = &text.title {
            view.push(Block::Heading(redaction.text(title).into()));
        }
        view.push(Block::Markdown(redaction.text(&text.content)));
    }
    let links = plan.output.links.iter().map(|link| {
        let target = link.url.as_ref().or(link.entity_ref.as_ref());
        let target = redaction.text(target.map_or("", String::as_str));
        let role = if link.url.is_some() {
            Role::Url
        } else {
            Role::Name
        };
        let title = redaction.text(link.title.as_deref().unwrap_or("link"));
        (title, Text::new(target, role))
    });
    let links: Vec<(String, Text)> = links.collect();
    if !links.is_empty() {
        view.push(Block::Heading("Links".into()));
        view.push(Block::KeyValues(links));
    }
}
