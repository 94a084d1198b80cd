//! Reading one repository.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher};

use super::Limit;
use super::chain::Chain;
use super::code_owners;
use super::foreign::ForeignFiles;
use super::problem::{cycle, leads_nowhere, leads_too_far, unreadable};
use crate::catalog::Catalog;
use crate::codeowners::CodeOwners;
use crate::config::Config;
use crate::descriptor::{
    FORMATS, Format, ReadDocument, Reader, Siblings, Status, Target, TargetKind,
    is_below_ignored_folder, skeleton_folders, targets, template_of_case,
};
use crate::diagnostic::{Diagnostic, Suppressions};
use crate::model::{Moment, Place, RepositoryUrl, SourceFile};
use crate::repo::{FileEntry, FileKind, ReadError, Repository, Snapshot, SnapshotRequest};

/// What reading any repository needs.
pub(super) struct Context<'a> {
    pub(super) reader: &'a Reader,
    pub(super) config: &'a Config,
    pub(super) moment: &'a Moment,
    pub(super) limit: &'a Limit,
    pub(super) all_code_owners: bool,
}

/// What was read of a repository.
#[derive(Debug, Default)]
pub(super) struct RepositoryRead {
    pub(super) documents: Vec<ReadDocument>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) suppressions: Suppressions,
    pub(super) foreign: ForeignFiles,
    pub(super) code_owners: Option<(Arc<str>, CodeOwners)>,
    /// Targets of Locations that are URLs of repositories.
    pub(super) urls: Vec<UrlTarget>,
    /// The files that were read or wait for it, by path in the repository.
    pub(super) seen: Seen,
    /// Paths that the command was limited to and that are not there.
    pub(super) missing: Vec<String>,
}

/// Paths in a repository, which need not be UTF-8.
pub(super) type Seen = HashSet<Box<[u8]>>;

/// A target of a Location that is a URL.
#[derive(Debug)]
pub(super) struct UrlTarget {
    pub(super) url: RepositoryUrl,
    pub(super) target: Target,
    pub(super) place: Place,
    pub(super) chain: Chain,
}

/// A file to read.
struct Queued {
    path: Box<[u8]>,
    /// Named by a Location, the configuration or a command, and not found by its name.
    named: bool,
    chain: Chain,
}

/// The names that count although they are not tracked, at the root of any repository.
fn names_at_root() -> Vec<&'static str> {
    let read = FORMATS.iter().filter(|format| format.is_read);
    read.flat_map(|format| format.file_names.iter().copied())
        .collect()
}

fn counts_untracked(path: &[u8]) -> bool {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
    let is_maturity = path.starts_with(b"scorecards/") || path.starts_with(b"campaigns/");
    let is_yaml = name.ends_with(b".yaml") || name.ends_with(b".yml");
    Format::of(name).is_some() || (is_maturity && is_yaml)
}

/// The files of a repository at the moment of the run.
pub(super) fn snapshot(repository: &Repository, moment: &Moment) -> Snapshot {
    let names = names_at_root();
    repository.snapshot(&SnapshotRequest {
        moment,
        untracked: &counts_untracked,
        untracked_at_root: &names,
    })
}

/// Reads the descriptors of a repository, and those that its Locations name in it.
pub(super) fn read(repository: &Repository, context: &Context<'_>) -> RepositoryRead {
    let mut snapshot = snapshot(repository, context.moment);
    let mut read = RepositoryRead {
        diagnostics: snapshot.take_problems(),
        missing: context.limit.missing(repository, &snapshot, context.moment),
        ..RepositoryRead::default()
    };
    let queue = find(repository, &snapshot, context, &mut read);
    let mut reading = Reading {
        repository,
        snapshot: &snapshot,
        context,
        read,
        waiting: Seen::new(),
        compared: 0,
    };
    reading.run(queue);
    reading.leave_out_skeletons();
    reading.read_code_owners();
    reading.read
}

/// Reads files of a repository that Locations elsewhere name: one file, or a pattern. Takes the
/// files that were read before, and gives them back when nothing of that name is there.
pub(super) fn read_named(
    repository: &Repository,
    snapshot: &Snapshot,
    context: &Context<'_>,
    seen: Seen,
    url: &UrlTarget,
) -> Result<RepositoryRead, Seen> {
    let read = RepositoryRead {
        seen,
        ..RepositoryRead::default()
    };
    let mut reading = Reading {
        repository,
        snapshot,
        context,
        read,
        waiting: Seen::new(),
        compared: 0,
    };
    let paths = reading.matching(&url.url.path);
    if paths.is_empty() {
        return Err(reading.read.seen);
    }
    reading.run(
        paths
            .into_iter()
            .map(|path| Queued {
                path,
                named: true,
                chain: url.chain.clone(),
            })
            .collect(),
    );
    Ok(reading.read)
}

/// The descriptors of a repository: by name, by the configuration, by the command.
fn find(
    repository: &Repository,
    snapshot: &Snapshot,
    context: &Context<'_>,
    read: &mut RepositoryRead,
) -> VecDeque<Queued> {
    let patterns = configured_patterns(repository, context);
    let mut queue = VecDeque::new();
    for entry in snapshot.files() {
        let by_name = Format::of(entry.name());
        if by_name.is_none() && patterns.is_empty() && context.limit.of(repository).is_none() {
            continue;
        }
        let path = String::from_utf8_lossy(&entry.path);
        if !context.limit.includes(repository, &path) {
            continue;
        }
        let named = context.limit.names(repository, &path)
            || patterns.iter().any(|pattern| pattern.is_match(&*path));
        let is_of_case = || {
            let template = template_of_case(&path);
            template.is_some_and(|it| snapshot.file(it.as_bytes()).is_some())
        };
        let found = by_name.is_some() && !is_below_ignored_folder(&entry.path) && !is_of_case();
        match by_name {
            Some(format) if !format.is_read && found && !named => {
                read.foreign
                    .add(format, || Place::file(repository.file(&entry.path)));
            }
            Some(format) if !format.is_read && !named => {}
            _ if named || found => queue.push_back(Queued {
                path: entry.path.clone(),
                named,
                chain: Chain::default(),
            }),
            _ => {}
        }
    }
    queue_untracked_names(repository, snapshot, context, &mut queue);
    queue
}

/// A file that a command names is read even when Git does not track it.
fn queue_untracked_names(
    repository: &Repository,
    snapshot: &Snapshot,
    context: &Context<'_>,
    queue: &mut VecDeque<Queued>,
) {
    for path in context.limit.of(repository).unwrap_or_default() {
        let is_file = !path.is_empty()
            && repository
                .root
                .join(path)
                .symlink_metadata()
                .is_ok_and(|metadata| !metadata.is_dir());
        if is_file && *context.moment == Moment::Present && snapshot.file(path.as_bytes()).is_none()
        {
            queue.push_back(Queued {
                path: path.as_bytes().into(),
                named: true,
                chain: Chain::default(),
            });
        }
    }
}

fn configured_patterns(repository: &Repository, context: &Context<'_>) -> Vec<GlobMatcher> {
    let organisation = context.config.organisation().descriptors.iter();
    let own = context
        .config
        .repository(&repository.identity)
        .and_then(|settings| settings.descriptors.as_ref());
    let patterns = organisation.chain(own).flat_map(|setting| &setting.value);
    let is_catalog = context.config.catalog_repository() == Some(&*repository.identity);
    let maturity = MATURITY_PATTERNS.into_iter().filter(|_| is_catalog);
    let patterns = patterns.map(String::as_str).chain(maturity);
    patterns.filter_map(compile).collect()
}

/// Where the catalog repository has what good looks like.
const MATURITY_PATTERNS: [&str; 2] = ["scorecards/*.{yaml,yml}", "campaigns/*.{yaml,yml}"];

fn compile(pattern: &str) -> Option<GlobMatcher> {
    Some(
        GlobBuilder::new(pattern)
            .literal_separator(true)
            .build()
            .ok()?
            .compile_matcher(),
    )
}

struct Reading<'a> {
    repository: &'a Repository,
    snapshot: &'a Snapshot,
    context: &'a Context<'a>,
    read: RepositoryRead,
    /// The files that Locations named.
    waiting: Seen,
    /// How many paths were compared with patterns.
    compared: usize,
}

/// How many files Locations may lead to in one repository.
const MOST_FILES: usize = 100_000;

/// How many paths are compared with patterns of Locations in one repository; a pattern behind
/// that matches nothing.
const MOST_COMPARISONS: usize = 20_000_000;

impl Reading<'_> {
    fn run(&mut self, mut queue: VecDeque<Queued>) {
        while let Some(queued) = queue.pop_front() {
            if self.read.seen.len() >= MOST_FILES || !self.read.seen.insert(queued.path.clone()) {
                continue;
            }
            if let Some(entry) = self.snapshot.file(&queued.path)
                && entry.kind == FileKind::Link
                && !self.is_worth_following(entry)
            {
                continue;
            }
            self.read_file(&queued, &mut queue);
        }
    }

    /// A link to another descriptor of the repository, or to what was read already, says nothing
    /// new; one that leads out is reported when it is opened.
    fn is_worth_following(&mut self, link: &FileEntry) -> bool {
        let Some(target) = self.snapshot.real_path(&link.path) else {
            return true;
        };
        let is_found = self.snapshot.file(&target).is_some_and(|file| {
            Format::of(file.name()).is_some_and(|format| format.is_read)
                && !is_below_ignored_folder(&file.path)
        });
        let limit = self.context.limit;
        let is_wanted = limit.includes(self.repository, &String::from_utf8_lossy(&target));
        !(is_found && is_wanted) && self.read.seen.insert(target)
    }

    fn read_file(&mut self, queued: &Queued, queue: &mut VecDeque<Queued>) {
        let file = self.repository.file(&queued.path);
        let bytes = match self.snapshot.read(&queued.path) {
            Ok(bytes) => bytes,
            // Deleted in the work tree, and not committed yet.
            Err(ReadError::Missing) if !queued.named => return,
            Err(error) => return self.read.diagnostics.push(unreadable(&error, file)),
        };
        let siblings = SnapshotFiles {
            snapshot: self.snapshot,
        };
        let content = self.context.reader.read(&bytes, &file, &siblings);
        self.read.diagnostics.extend(content.diagnostics);
        self.read.suppressions.extend(content.suppressions);
        for document in content.documents {
            if let Some(entity) = document
                .entity
                .as_ref()
                .filter(|entity| entity.reference().kind() == "location")
            {
                let found = targets(entity, &self.context.reader.settings().forges);
                self.follow(&file, found, queued, queue);
            }
            self.read.documents.push(document);
        }
    }

    fn follow(
        &mut self,
        file: &Arc<SourceFile>,
        targets: Vec<Target>,
        from: &Queued,
        queue: &mut VecDeque<Queued>,
    ) {
        let chain = from
            .chain
            .then(key(self.repository, file.path_in_repository()));
        for target in targets {
            let place = Place::span(Arc::clone(file), target.span);
            let paths = match &target.kind {
                TargetKind::Path(path) | TargetKind::Pattern(path) => self.matching(path),
                TargetKind::Url(url) if *url.identity == *self.repository.identity => {
                    self.matching(&url.path)
                }
                TargetKind::Url(url) => {
                    let url = url.clone();
                    self.read.urls.push(UrlTarget {
                        url,
                        target,
                        place,
                        chain: chain.clone(),
                    });
                    continue;
                }
                TargetKind::Outside | TargetKind::Unknown => Vec::new(),
            };
            if paths.is_empty() {
                self.read.diagnostics.extend(leads_nowhere(&target, place));
                continue;
            }
            for path in paths {
                let path_key = key(self.repository, &String::from_utf8_lossy(&path));
                if chain.contains(&path_key) {
                    self.read.diagnostics.push(cycle(&target, &place));
                } else if chain.is_too_long() {
                    let problem = leads_too_far(&target, place.clone());
                    self.read.diagnostics.push(problem);
                } else if self
                    .context
                    .limit
                    .includes(self.repository, &String::from_utf8_lossy(&path))
                    && self.waiting.insert(path.clone())
                {
                    queue.push_back(Queued {
                        path,
                        named: true,
                        chain: chain.clone(),
                    });
                }
            }
        }
    }

    /// The files of a path or pattern.
    fn matching(&mut self, path: &str) -> Vec<Box<[u8]>> {
        if self.snapshot.file(path.as_bytes()).is_some() {
            return vec![path.as_bytes().into()];
        }
        if !path.contains(['*', '?', '{', '[']) {
            return Vec::new();
        }
        self.compared += self.snapshot.files().len();
        let Some(glob) = compile(path).filter(|_| self.compared <= MOST_COMPARISONS) else {
            return Vec::new();
        };
        let files = self
            .snapshot
            .files()
            .iter()
            .filter(|entry| glob.is_match(&*String::from_utf8_lossy(&entry.path)));
        files.map(|entry| entry.path.clone()).collect()
    }

    /// What lies below the folder that a Template copies from was found by its name only, and is
    /// no part of the catalog before it is rendered.
    fn leave_out_skeletons(&mut self) {
        let templates = self
            .read
            .documents
            .iter()
            .filter_map(|document| document.entity.as_ref());
        let templates = templates.filter(|entity| entity.reference().kind() == "template");
        let folders: Vec<String> = templates
            .flat_map(skeleton_folders)
            .filter(|folder| !folder.is_empty())
            .collect();
        if folders.is_empty() {
            return;
        }
        let (limit, repository) = (self.context.limit, self.repository);
        for document in &mut self.read.documents {
            let path = document.file.path_in_repository();
            let below = folders.iter().any(|folder| {
                path.strip_prefix(folder.as_str())
                    .is_some_and(|rest| rest.starts_with('/'))
            });
            if below && !limit.names(repository, path) {
                document.status = Status::Skeleton;
                document.entity = None;
                document.diagnostics.clear();
            }
        }
    }

    /// Only where somebody has no owner yet, unless all are wanted.
    fn read_code_owners(&mut self) {
        let mut entities = self
            .read
            .documents
            .iter()
            .filter_map(|document| document.entity.as_ref());
        if !self.context.all_code_owners && !entities.any(Catalog::lacks_owner) {
            return;
        }
        let forges = &self.context.reader.settings().forges;
        match code_owners::read(self.repository, self.snapshot, forges) {
            Ok(code_owners) => {
                let identity = || Arc::clone(&self.repository.identity);
                self.read.code_owners = code_owners.map(|it| (identity(), it));
            }
            Err(problem) => self.read.diagnostics.push(*problem),
        }
    }
}

struct SnapshotFiles<'a> {
    snapshot: &'a Snapshot,
}

impl Siblings for SnapshotFiles<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.snapshot
            .read(path.as_bytes())
            .map_err(|error| error.to_string())
    }
}

/// The name of a file over all repositories.
pub(super) fn key(repository: &Repository, path: &str) -> String {
    format!("{}:{path}", repository.identity)
}
