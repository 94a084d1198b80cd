//! Repositories that were made from templates, and what their templates make today.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use devportal::model::Moment;
use devportal::repo::{self, FolderLimits, LastChange, Repository};
use devportal::scaffold::answers::{self, Given};
use devportal::scaffold::lock::{self, LOCK_PATH, Lock, LockedSource, LockedTemplate};
use devportal::scaffold::update::{FileChange, FileUpdate, MergeInput, Update, merge};
use devportal::scaffold::{
    Effect, MOST_BYTES, MOST_FILES, Manifest, NoPrograms, Ran, RunRequest, TargetPath, WorkTree,
    World,
};
use devportal::scan::Scan;
use serde_json::{Map, Value};

use super::catalog::{self, ScannedEntities};
use super::files::TemplateFiles;
use super::locating::Locator;
use super::locked_template;
use super::stack::on_large_stack;
use crate::session::Session;
use crate::template_source::TemplateSource;

const LIMITS: FolderLimits = FolderLimits {
    most_files: MOST_FILES,
    most_bytes: MOST_BYTES,
};

/// A repository that was made from a template.
pub(crate) struct Locked<'a> {
    pub(crate) repository: &'a Repository,
    pub(crate) lock: Lock,
}

/// What an update would do to a repository.
pub(crate) struct Outdated {
    /// The merge.
    pub(crate) update: Update,
    /// The lock before it.
    pub(crate) old_lock: Lock,
    /// The lock after it.
    pub(crate) lock: Lock,
    /// Files that were merged with two sides alone: what the template made of them before is not
    /// known, so every difference is a conflict.
    pub(crate) two_sided: Vec<String>,
}

impl Outdated {
    /// The update, and the lock that belongs to it.
    pub(crate) fn with_lock(&self) -> Result<Update> {
        let mut tree = WorkTree::default();
        self.lock.put(&mut tree)?;
        let path = TargetPath::new(LOCK_PATH)?;
        let mut update = self.update.clone();
        update.files.push(FileUpdate {
            new: tree.get(&path).cloned(),
            path,
            change: FileChange::Changed,
            old: None,
        });
        Ok(update)
    }
}

/// Does something with every repository of the workspace, or of some folders, that was made from
/// a template, in the order of the folders: with its lock, and what an update would do to it.
/// A lock that cannot be read is told there, too, and does not hide other repositories.
pub(crate) fn locked_in<T>(
    session: &mut Session,
    folders: &[PathBuf],
    fetch: bool,
    set: &[(String, String)],
    mut visit: impl FnMut(&Repository, Option<&Standing>, Result<Outdated>) -> T,
) -> Result<Vec<T>> {
    let scan = session.scan()?;
    let settings = session.user_settings();
    let locator = Locator::new(session, fetch)?;
    let programs = catalog::programs(settings);
    let renderer = Renderer {
        scan: &scan,
        locator: &locator,
        user: catalog::user(settings, Some(&scan)),
        programs: &programs,
        set,
    };
    let wanted = session.selection(folders, false)?;
    let mut visited = Vec::new();
    for repository in &scan.repositories {
        let is_wanted = folders.is_empty() || wanted.paths.contains(&repository.folder);
        if !is_wanted {
            continue;
        }
        let locked = match locked(repository) {
            Ok(None) => continue,
            Ok(Some(locked)) => locked,
            Err(error) => {
                visited.push(visit(repository, None, Err(error)));
                continue;
            }
        };
        let now = renderer.source_now(&locked);
        let standing = renderer.standing(&locked, now.as_ref().ok());
        let outdated = now.and_then(|now| renderer.outdated(&locked, &now));
        visited.push(visit(repository, Some(&standing), outdated));
    }
    Ok(visited)
}

/// How a repository stands to its template, whether the template can be rendered again or not.
pub(crate) struct Standing {
    /// The template that made it.
    pub(crate) then: LockedTemplate,
    /// The template as it is today, where it is in sight.
    pub(crate) now: Option<LockedTemplate>,
    /// Commits of the template since, where they can be counted.
    pub(crate) behind: Option<usize>,
}

/// The repository of a template, where it is in sight.
struct Found {
    root: PathBuf,
    identity: String,
    /// The commit that is there today; the files as they lie there where none is named.
    now: Option<String>,
}

/// Everything that rendering a template again needs.
pub(crate) struct Renderer<'a> {
    pub(crate) scan: &'a Scan,
    pub(crate) locator: &'a Locator,
    pub(crate) user: Option<(String, Option<Value>)>,
    pub(crate) programs: &'a [(String, Vec<String>)],
    pub(crate) set: &'a [(String, String)],
}

/// Reads the lock of a repository, where it has one.
pub(crate) fn locked(repository: &Repository) -> Result<Option<Locked<'_>>> {
    let path = repository.root.join(LOCK_PATH);
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let shown = format!("{}/{LOCK_PATH}", repository.shown_folder());
    let file = repo::read_file_below(&repository.root, LOCK_PATH)?;
    let bytes = file
        .content
        .bytes()
        .ok_or_else(|| anyhow!("\"{shown}\" is no file"))?;
    let text = std::str::from_utf8(bytes).with_context(|| format!("\"{shown}\" is no text"))?;
    let lock = Lock::read(text).map_err(|error| anyhow!("{shown}: {error}"))?;
    Ok(Some(Locked { repository, lock }))
}

impl Renderer<'_> {
    /// What an update would do to a repository.
    pub(crate) fn outdated(&self, locked: &Locked<'_>, now: &TemplateSource) -> Result<Outdated> {
        let manifest = now.manifest()?;
        let answers = self.answers(manifest, &locked.lock.answers)?;
        let theirs = self.render(now, manifest, &answers)?;
        let base = self.base(locked)?;
        let ours = ours(locked, &theirs)?;
        let label = format!("template {}", manifest.name);
        let update = merge(&MergeInput {
            base: base.as_ref(),
            ours: &ours,
            theirs: &theirs,
            label: &label,
        })?;
        let files = update.files.iter().filter(|file| {
            let is_known = base
                .as_ref()
                .is_some_and(|base| base.get(&file.path).is_some());
            file.change == FileChange::Conflict && !is_known
        });
        let two_sided = files.map(|file| file.path.to_string()).collect();
        Ok(Outdated {
            update,
            old_lock: locked.lock.clone(),
            lock: Lock::new(
                locked_template(now, manifest, self.locator),
                answers,
                &theirs,
            ),
            two_sided,
        })
    }

    /// The answers of then, with defaults for what is new.
    fn answers(
        &self,
        manifest: &Manifest,
        locked: &Map<String, Value>,
    ) -> Result<Map<String, Value>> {
        // What the template does not ask any more has no place in its answers.
        let asked = answers::names(manifest);
        let known = locked
            .iter()
            .filter(|(name, _)| asked.contains(name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()));
        let given = Given {
            set: self.set.to_vec(),
            file: Some(Value::Object(known.collect())),
            use_defaults: true,
        };
        match answers::answer(manifest, &given) {
            Ok(answered) => Ok(answered.answers.0),
            Err(problems) => {
                let lines = problems
                    .iter()
                    .map(|problem| format!("\n  {}: {}", problem.parameter, problem.message));
                bail!(
                    "the template has questions that the lock does not answer:{}\n  help: answer them with --set NAME=VALUE",
                    lines.collect::<String>()
                )
            }
        }
    }

    fn render(
        &self,
        source: &TemplateSource,
        manifest: &Manifest,
        answers: &Map<String, Value>,
    ) -> Result<WorkTree> {
        let files = TemplateFiles {
            origin: &source.origin,
            locate: &|url| self.locator.locate(url),
        };
        let entities = ScannedEntities(Some(self.scan));
        let reference = manifest.reference();
        let world = World {
            sources: &files,
            entities: &entities,
            programs: &NoPrograms,
            template: Some(&reference),
            refuses_unknown_names: false,
        };
        let request = RunRequest {
            manifest,
            answers,
            secrets: &Map::new(),
            user: self.user.clone(),
            world: &world,
            programs: self.programs,
            skips_unsupported: true,
        };
        let ran = on_large_stack(|| devportal::scaffold::run(&request));
        let ran = ran
            .map_err(|error| anyhow!("step \"{}\" fails: {}", error.step.0, error.error.message))?;
        Ok(files_of(ran))
    }

    /// What the template made then: rendered again from the recorded commit, or as the commit
    /// has it that brought the lock. `None` where neither is known.
    fn base(&self, locked: &Locked<'_>) -> Result<Option<WorkTree>> {
        let template = &locked.lock.template;
        if template.commit.is_some()
            && !template.modified
            && let Some(then) = self.source_then(locked)?
        {
            let manifest = then.manifest()?;
            let tree = self.render(&then, manifest, &locked.lock.answers)?;
            return Ok(Some(tree));
        }
        let change = locked.repository.last_change(LOCK_PATH, &Moment::Present);
        let LastChange::Committed(change) = change else {
            return Ok(None);
        };
        let files = repo::read_folder_at(&locked.repository.root, &change.commit, "", &LIMITS)?;
        let mut tree = WorkTree::default();
        for file in files {
            let is_rendering = locked
                .lock
                .files
                .get(&file.path)
                .is_some_and(|hash| lock::hash(&file.content).as_ref() == Some(hash));
            if is_rendering {
                tree.put(TargetPath::new(&file.path)?, file.content)?;
            }
        }
        Ok((!tree.is_empty()).then_some(tree))
    }

    /// The template as it was, where its repository is in sight and has the commit.
    fn source_then(&self, locked: &Locked<'_>) -> Result<Option<TemplateSource>> {
        let template = &locked.lock.template;
        let (Some(commit), Some(path)) = (&template.commit, &template.path) else {
            return Ok(None);
        };
        let Some(Found { root, identity, .. }) = self.repository_of(locked)? else {
            return Ok(None);
        };
        Ok(TemplateSource::in_repository(&root, &identity, path, Some(commit)).ok())
    }

    fn standing(&self, locked: &Locked<'_>, now: Option<&TemplateSource>) -> Standing {
        let then = locked.lock.template.clone();
        let today = now.and_then(|now| {
            let manifest = now.manifest().ok()?;
            Some(locked_template(now, manifest, self.locator))
        });
        let behind = now.zip(then.commit.as_deref()).and_then(|(now, commit)| {
            let found = self.repository_of(locked).ok()??;
            repo::commits_since(&found.root, commit, now.origin.folder())
        });
        Standing {
            then,
            now: today,
            behind,
        }
    }

    /// The folder of the template's repository, where it is in sight, and what it is called.
    fn repository_of(&self, locked: &Locked<'_>) -> Result<Option<Found>> {
        let Some(identity) = &locked.lock.template.repository else {
            return Ok(None);
        };
        let mut known = self.scan.repositories.iter();
        if let Some(found) = known.find(|it| *it.identity == **identity) {
            return Ok(Some(Found {
                root: found.root.clone(),
                identity: identity.clone(),
                now: None,
            }));
        }
        if locked.lock.template.source == LockedSource::Git {
            let (root, commit) = self.locator.clone_of(identity, None)?;
            return Ok(Some(Found {
                root,
                identity: identity.clone(),
                now: Some(commit),
            }));
        }
        Ok(None)
    }

    /// The template as it is today.
    pub(crate) fn source_now(&self, locked: &Locked<'_>) -> Result<TemplateSource> {
        let template = &locked.lock.template;
        if template.source == LockedSource::Binary {
            return TemplateSource::shipped_as(&template.name)
                .with_context(|| format!("this devportal has no template \"{}\"", template.name));
        }
        let path = template.path.as_deref();
        match (self.repository_of(locked)?, path) {
            (Some(found), Some(path)) => {
                let Found {
                    root,
                    identity,
                    now,
                } = found;
                TemplateSource::in_repository(&root, &identity, path, now.as_deref())
            }
            _ => bail!(
                "template \"{}\" is not in sight: name a workspace that has its repository with -C, or clone it there",
                template.name
            ),
        }
    }
}

/// The files of a run: those of the first repository that it publishes, else all.
fn files_of(ran: Ran) -> WorkTree {
    let published = ran.effects.into_iter().find_map(|effect| match effect {
        Effect::Publish(publication) => Some(publication.files),
        _ => None,
    });
    published.unwrap_or(ran.tree)
}

/// What is in a repository of all that its template made or makes.
fn ours(locked: &Locked<'_>, theirs: &WorkTree) -> Result<WorkTree> {
    let made = locked.lock.files.keys().map(String::as_str);
    let makes = theirs.below(None).map(|(path, _)| path.as_str());
    let paths: BTreeSet<&str> = made.chain(makes).collect();
    let mut tree = WorkTree::default();
    for path in paths {
        // A lock is a file that anybody may have written: its paths are held to the same rules.
        let path = TargetPath::new(path)?;
        if locked
            .repository
            .root
            .join(path.as_str())
            .symlink_metadata()
            .is_err()
        {
            continue;
        }
        let file = repo::read_file_below(&locked.repository.root, path.as_str())?;
        tree.put(path, file.content)?;
    }
    Ok(tree)
}
