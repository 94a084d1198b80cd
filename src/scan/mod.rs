//! Repositories → snapshots → entities → catalog: the stages joined, nothing else.

mod chain;
mod code_owners;
mod configuration;
mod foreign;
mod limit;
mod located;
mod location;
mod problem;
mod repository;
mod source_text;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use rayon::prelude::*;

use crate::catalog::{BuildInput, Catalog, RepositoryRole};
use crate::config::Config;
use crate::descriptor::{ReadDocument, Reader, Status};
use crate::diagnostic::{Diagnostic, Suppressions};
use crate::model::{Entity, EntityRef, Moment, SourceFile};
use crate::repo::{self, InsteadOf, Repository, Workspace};

pub use limit::PathSelection;
pub use located::RepositoryFolders;

use limit::Limit;
pub use source_text::SourceTexts;

use repository::RepositoryRead;

/// What a scan is asked for.
pub struct ScanRequest<'a> {
    /// Where to look.
    pub workspace: &'a Workspace,
    /// At which moment.
    pub moment: &'a Moment,
    /// The files and folders that are named.
    pub selection: &'a PathSelection,
    /// Whether `CODEOWNERS` of every repository is read, and not only where an entity has no owner.
    pub all_code_owners: bool,
    /// The codes that a configuration may name.
    pub codes: &'a [&'a str],
    /// Told how many repositories there are, and then of each that is done.
    pub progress: &'a (dyn Progress + Sync),
}

/// Is told how far a scan is.
pub trait Progress {
    /// So many repositories were found.
    fn found(&self, repositories: usize);
    /// One more is read.
    fn read(&self);
}

/// What was found.
#[derive(Debug)]
pub struct Scan {
    /// The catalog.
    pub catalog: Catalog,
    /// The repositories that were read.
    pub repositories: Vec<Repository>,
    /// Every document of a descriptor, in the order of the files.
    pub documents: Vec<Document>,
    /// What is wrong with what was read, in the order of [`Diagnostic::order`].
    pub diagnostics: Vec<Diagnostic>,
    /// What comments ask not to report.
    pub suppressions: Suppressions,
    /// The configuration of the workspace.
    pub config: Config,
    /// Whether the workspace is one Git repository, so that most of what it refers to lies
    /// elsewhere.
    pub is_single_repository: bool,
}

/// A document of a descriptor.
#[derive(Debug)]
pub struct Document {
    /// The file.
    pub file: Arc<SourceFile>,
    /// Which document of the file, from 0.
    pub document: u32,
    /// The line on which its content starts.
    pub line: u32,
    /// What it is.
    pub status: Status,
    /// Its `kind`, where there is one.
    pub kind: Option<Box<str>>,
    /// Its `metadata.name`, where there is one.
    pub name: Option<Box<str>>,
    /// Its reference, where kind and name are there.
    pub reference: Option<EntityRef>,
    /// The codes of what is wrong with it.
    pub codes: Vec<&'static str>,
}

impl Scan {
    /// Whether nothing that could change an answer is out of sight: nothing that could not be
    /// read, and no reference that leads out of a workspace of one repository.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let leads_out = self.is_single_repository && !self.catalog.dangling().is_empty();
        !leads_out
            && self
                .diagnostics
                .iter()
                .all(|problem| !problem.hides_something)
    }
}

/// Reads a workspace.
///
/// # Errors
/// When the workspace cannot be looked into at all, or a path that it is limited to is not
/// there. What cannot be read in it is a diagnostic.
pub fn scan(request: &ScanRequest<'_>) -> Result<Scan> {
    let discovery = repo::discover(request.workspace, &InsteadOf::of_user())?;
    let mut diagnostics = discovery.problems;
    let limit = Limit::new(
        request.selection,
        &discovery.repositories,
        request.workspace,
    )?;
    let repositories: Vec<Repository> = discovery
        .repositories
        .into_iter()
        .filter(|repository| limit.includes_repository(repository))
        .collect();
    request.progress.found(repositories.len());
    let (config, problems) = configuration::read(request, &repositories);
    diagnostics.extend(problems);
    let (settings, problems) = configuration::descriptor_settings(&config, &repositories, request);
    diagnostics.extend(problems);
    let reader = Reader::new(settings)?;
    let context = repository::Context {
        reader: &reader,
        config: &config,
        moment: request.moment,
        limit: &limit,
        all_code_owners: request.all_code_owners,
    };
    let mut read: Vec<RepositoryRead> = repositories
        .par_iter()
        .map(|repository| {
            let read = repository::read(repository, &context);
            request.progress.read();
            read
        })
        .collect();
    if let Some(path) = read.iter().find_map(|part| part.missing.first()) {
        return Err(limit::not_there(path, request.workspace));
    }
    location::follow(&mut read, &repositories, &context);
    let is_single_repository =
        repositories.len() == 1 && repositories.iter().all(|it| it.layout.git().is_some());
    Ok(join(
        read,
        repositories,
        config,
        diagnostics,
        reader,
        is_single_repository,
    ))
}

/// Puts what was read of each repository together.
fn join(
    read: Vec<RepositoryRead>,
    repositories: Vec<Repository>,
    config: Config,
    mut diagnostics: Vec<Diagnostic>,
    reader: Reader,
    is_single_repository: bool,
) -> Scan {
    let roles = roles(&repositories, &config);
    let mut input = BuildInput {
        repositories: roles,
        forges: reader.settings().forges.clone(),
        ..BuildInput::default()
    };
    let mut documents = Vec::new();
    let mut suppressions = Suppressions::default();
    let mut foreign = foreign::ForeignFiles::default();
    for part in read {
        diagnostics.extend(part.diagnostics);
        suppressions.extend(part.suppressions);
        foreign.extend(part.foreign);
        if let Some(code_owners) = part.code_owners {
            input.code_owners.insert(code_owners.0, code_owners.1);
        }
        for document in part.documents {
            let (document, entity) = split(document, &mut diagnostics);
            input.entities.extend(entity);
            documents.push(document);
        }
    }
    diagnostics.extend(foreign.diagnostics());
    drop(reader);
    documents.sort_by(|a, b| {
        (a.file.path().as_bytes(), a.document).cmp(&(b.file.path().as_bytes(), b.document))
    });
    let catalog = Catalog::build(input);
    mark_duplicates(&mut documents, &catalog);
    diagnostics.sort_by(|a, b| a.order().cmp(&b.order()));
    // A folder that cannot be read is met on the way to repositories and on the way to files.
    diagnostics.dedup_by(|a, b| a.order() == b.order());
    Scan {
        catalog,
        repositories,
        documents,
        diagnostics,
        suppressions,
        config,
        is_single_repository,
    }
}

fn split(document: ReadDocument, diagnostics: &mut Vec<Diagnostic>) -> (Document, Option<Entity>) {
    let mut codes: Vec<&'static str> = document
        .diagnostics
        .iter()
        .map(|problem| problem.code.name)
        .collect();
    codes.sort_unstable();
    codes.dedup();
    diagnostics.extend(document.diagnostics);
    let ReadDocument {
        file,
        document,
        line,
        status,
        kind,
        name,
        reference,
        entity,
        ..
    } = ReadDocument {
        diagnostics: Vec::new(),
        ..document
    };
    (
        Document {
            file,
            document,
            line,
            status,
            kind,
            name,
            reference,
            codes,
        },
        entity,
    )
}

fn roles(repositories: &[Repository], config: &Config) -> BTreeMap<Arc<str>, RepositoryRole> {
    let catalog = config.catalog_repository();
    let role = |repository: &Repository| RepositoryRole {
        is_catalog: catalog == Some(&*repository.identity),
    };
    repositories
        .iter()
        .map(|repository| (Arc::clone(&repository.identity), role(repository)))
        .collect()
}

fn mark_duplicates(documents: &mut [Document], catalog: &Catalog) {
    for duplicate in catalog.duplicates() {
        let source = duplicate.dropped.source();
        let place = (source.file.path().as_bytes(), source.document);
        let found = documents.binary_search_by(|document| {
            (document.file.path().as_bytes(), document.document).cmp(&place)
        });
        if let Some(document) = found.ok().and_then(|index| documents.get_mut(index))
            && document.status == Status::Valid
        {
            document.status = Status::Duplicate;
        }
    }
}
