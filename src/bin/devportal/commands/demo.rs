//! `devportal demo`: the sample organisation, as real Git repositories.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use devportal::repo::{ReplayedCommit, replay};
use devportal::view::{Block, Role, Text, View};
use devportal::yaml;
use globset::{Glob, GlobSet, GlobSetBuilder};
use include_dir::{Dir, File, include_dir};
use serde::Deserialize;

use crate::Outcome;
use crate::session::Session;

/// Options of `demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to write it
    #[arg(value_name = "DIR", default_value = "larkspur")]
    folder: PathBuf,
}

static SAMPLE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/examples/larkspur");

/// What makes the folder a workspace, from wherever in it one starts.
const WORKSPACE_FILE: &str = "# The workspace: every repository below this folder.\nrepositories: [\"*\"]\n\n# Its history ends on this day, which is taken for today.\nnow: 2026-11-17\n";

/// `history.yaml`: who changed what, and when.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct History {
    people: BTreeMap<String, Person>,
    repositories: BTreeMap<String, RepositoryHistory>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    name: String,
    email: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RepositoryHistory {
    remote: String,
    commits: Vec<CommitEntry>,
}

/// A commit. `files` get the content that they have in the folder of the repository, `write`
/// gives the content of files that change later.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommitEntry {
    date: String,
    author: String,
    message: String,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    write: BTreeMap<String, String>,
    #[serde(default)]
    remove: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(&["human", "markdown"])?;
    let folder = &args.folder;
    if is_sample(folder) {
        session.hint(&format!("{} is already there", folder.display()));
    } else {
        refuse_existing(folder)?;
        write(folder)?;
    }
    session.write_view(&tour(folder), format)?;
    Ok(Outcome::Fine)
}

fn is_sample(folder: &Path) -> bool {
    std::fs::read_to_string(folder.join("devportal.yaml")).is_ok_and(|text| text == WORKSPACE_FILE)
}

fn refuse_existing(folder: &Path) -> Result<()> {
    let Ok(metadata) = folder.symlink_metadata() else {
        return Ok(());
    };
    let is_empty = metadata.is_dir()
        && std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if is_empty {
        return Ok(());
    }
    bail!(
        "\"{}\" exists already: name another folder, as in \"devportal demo /tmp/larkspur\"",
        folder.display()
    );
}

/// Writes everything into a folder beside, and gives it its name at the end.
fn write(folder: &Path) -> Result<()> {
    let name = folder
        .file_name()
        .context("the folder needs a name")?
        .to_string_lossy()
        .into_owned();
    let beside = folder.with_file_name(format!(".devportal-tmp-{name}"));
    if beside.symlink_metadata().is_ok() {
        std::fs::remove_dir_all(&beside)
            .with_context(|| format!("cannot remove \"{}\"", beside.display()))?;
    }
    let written = write_all(&beside).and_then(|()| {
        if folder.is_dir() {
            std::fs::remove_dir(folder)?;
        }
        std::fs::rename(&beside, folder)
            .with_context(|| format!("cannot write \"{}\"", folder.display()))
    });
    if written.is_err() {
        let _ = std::fs::remove_dir_all(&beside);
    }
    written
}

fn write_all(folder: &Path) -> Result<()> {
    let history = read_history()?;
    for (name, repository) in &history.repositories {
        let files = files_of(name)?;
        let commits: Result<Vec<ReplayedCommit>> = repository
            .commits
            .iter()
            .map(|entry| commit(entry, &history.people, &files))
            .collect();
        let commits = commits.with_context(|| format!("the history of \"{name}\""))?;
        replay(&folder.join(name), &repository.remote, &commits)?;
    }
    std::fs::write(folder.join("devportal.yaml"), WORKSPACE_FILE)
        .context("cannot write the workspace's devportal.yaml")
}

fn read_history() -> Result<History> {
    let text = SAMPLE
        .get_file("history.yaml")
        .and_then(File::contents_utf8)
        .context("the sample has no history")?;
    let document = yaml::parse(text)
        .into_iter()
        .next()
        .context("the history is empty")?;
    let tree = document.tree.context("the history is no YAML")?;
    let root = tree.root().context("the history is empty")?;
    yaml::from_node(root)
        .map_err(|error| anyhow!("history.yaml, line {}: {error}", error.span.line))
}

/// The files of a repository as they are at the end: path → content.
fn files_of(repository: &str) -> Result<BTreeMap<String, &'static [u8]>> {
    let root = format!("repositories/{repository}");
    let folder = SAMPLE
        .get_dir(&root)
        .with_context(|| format!("the sample has no repository \"{repository}\""))?;
    let mut files = BTreeMap::new();
    let mut open = vec![folder];
    while let Some(folder) = open.pop() {
        open.extend(folder.dirs());
        for file in folder.files() {
            let path = file.path().strip_prefix(&root).unwrap_or(file.path());
            files.insert(path.to_string_lossy().replace('\\', "/"), file.contents());
        }
    }
    Ok(files)
}

fn commit(
    entry: &CommitEntry,
    people: &BTreeMap<String, Person>,
    files: &BTreeMap<String, &'static [u8]>,
) -> Result<ReplayedCommit> {
    let person = people
        .get(&entry.author)
        .with_context(|| format!("nobody is called \"{}\"", entry.author))?;
    let time = devportal::model::parse_time_with_offset(&entry.date)
        .with_context(|| format!("\"{}\" is no date and time with an offset", entry.date))?;
    let patterns = glob_set(&entry.files)?;
    let finished = files.iter().filter(|(path, _)| patterns.is_match(path));
    let mut writes: BTreeMap<String, Vec<u8>> = finished
        .map(|(path, content)| (path.clone(), content.to_vec()))
        .collect();
    writes.extend(
        entry
            .write
            .iter()
            .map(|(path, text)| (path.clone(), text.clone().into_bytes())),
    );
    Ok(ReplayedCommit {
        author: (person.name.clone(), person.email.clone()),
        time,
        message: format!("{}\n", entry.message.trim_end()),
        writes,
        removes: entry.remove.clone(),
        tags: entry.tags.clone(),
    })
}

fn glob_set(patterns: &[String]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(Glob::new(pattern)?);
    }
    Ok(set.build()?)
}

/// What to try next.
fn tour(folder: &Path) -> View {
    let folder = folder.display();
    let steps = [
        (
            format!("cd {folder}"),
            "the repositories of a small shop, with a year of history",
        ),
        (
            "devportal find payments".to_owned(),
            "what there is, by words",
        ),
        (
            "devportal find owner:payments".to_owned(),
            "and by kind, owner, system, type, lifecycle, tag",
        ),
        (
            "devportal show order-service".to_owned(),
            "everything known about one of them",
        ),
        (
            "devportal check".to_owned(),
            "what is wrong, and what to do about it",
        ),
        (
            "devportal explain dependency-cycle".to_owned(),
            "why it matters",
        ),
        (
            "devportal show refunds --at 2026-03-31".to_owned(),
            "how it was in March",
        ),
    ];
    let mut view = View::new();
    view.push(Block::Heading(Text::plain(format!(
        "Larkspur Outfitters is in {folder}. Try:"
    ))));
    let rows = steps
        .into_iter()
        .map(|(command, what)| (command, Text::new(what, Role::Faint)));
    view.push(Block::KeyValues(rows.collect()));
    view
}
