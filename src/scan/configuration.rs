//! The configuration files of a workspace.

use std::sync::Arc;

use super::ScanRequest;
use super::problem::unreadable;
use crate::config::{Config, Settings};
use crate::descriptor::{self, Schema};
use crate::diagnostic::{Diagnostic, register};
use crate::model::{Forges, Moment, SourceFile};
use crate::repo::{CONFIGURATION_FILE, Layout, ReadError, Repository, SnapshotRequest};
use crate::yaml;

/// Reads the `devportal.yaml` of each repository, and the one the workspace was chosen by.
pub(super) fn read(
    request: &ScanRequest<'_>,
    repositories: &[Repository],
) -> (Config, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    for repository in repositories {
        let file = repository.file(CONFIGURATION_FILE.as_bytes());
        let text = match configuration_of(repository, request.moment) {
            Ok(text) => text,
            Err(ReadError::Missing) => continue,
            Err(error) => {
                problems.push(unreadable(&error, file));
                continue;
            }
        };
        let (settings, found) = Settings::parse(&text, &file, request.codes);
        problems.extend(found);
        files.push((repository.identity.to_string(), settings));
    }
    let chosen = request.workspace.configuration.as_ref().and_then(|path| {
        let shown = request.workspace.relative(path);
        let of_repository = files.iter().find(|(_, settings)| {
            settings
                .place
                .as_ref()
                .is_some_and(|place| place.file.path() == shown)
        });
        if let Some((_, settings)) = of_repository {
            return Some(settings.clone());
        }
        let text = request.workspace.configuration_text()?;
        let file = Arc::new(SourceFile::new(Arc::from("."), "", shown.as_bytes()));
        let (settings, found) = Settings::parse(&text, &file, request.codes);
        problems.extend(found);
        Some(settings)
    });
    let (config, found) = Config::assemble(files, chosen);
    problems.extend(found);
    (config, problems)
}

/// The text of a repository's configuration. A look at the disk spares most repositories more.
fn configuration_of(repository: &Repository, moment: &Moment) -> Result<String, ReadError> {
    let on_disk = repository
        .root
        .join(CONFIGURATION_FILE)
        .symlink_metadata()
        .is_ok();
    let elsewhere = *moment != Moment::Present || matches!(repository.layout, Layout::Bare(_));
    if !on_disk && !elsewhere {
        return Err(ReadError::Missing);
    }
    let snapshot = repository.snapshot(&SnapshotRequest {
        moment,
        untracked: &|path| path == CONFIGURATION_FILE.as_bytes(),
        untracked_at_root: &[CONFIGURATION_FILE],
    });
    let path = CONFIGURATION_FILE.as_bytes();
    snapshot.file(path).ok_or(ReadError::Missing)?;
    let bytes = snapshot.read(path)?;
    Ok(yaml::decode(&bytes).0.into_owned())
}

/// What the configuration says about descriptors.
pub(super) fn descriptor_settings(
    config: &Config,
    repositories: &[Repository],
    request: &ScanRequest<'_>,
) -> (descriptor::Settings, Vec<Diagnostic>) {
    let organisation = config.organisation();
    let mut problems = Vec::new();
    let mut forges = Forges::default();
    for (host, kind) in &organisation.forges {
        forges.insert(host, kind.value);
    }
    let mut settings = descriptor::Settings {
        alpha: organisation.alpha.as_ref().is_some_and(|alpha| alpha.value),
        forges,
        ..descriptor::Settings::default()
    };
    for (kind, setting) in &organisation.kinds {
        let schema = setting.value.as_ref().and_then(|path| {
            let repository = repositories
                .iter()
                .find(|repository| *repository.identity == *setting.origin.file.repository());
            let loaded = repository
                .ok_or_else(|| "its repository is not here".to_owned())
                .and_then(|repository| load_schema(repository, request.moment, path));
            match loaded {
                Ok(schema) => Some(Arc::new(schema)),
                Err(reason) => {
                    let message = format!(
                        "the schema \"{path}\" of kind \"{kind}\" cannot be used: {reason}"
                    );
                    let problem =
                        Diagnostic::new(&register::CONFIGURATION, message).subject(path.clone());
                    problems.push(problem.at(setting.origin.clone()));
                    None
                }
            }
        });
        settings.kinds.insert(kind.clone(), schema);
    }
    (settings, problems)
}

fn load_schema(repository: &Repository, moment: &Moment, path: &str) -> Result<Schema, String> {
    let request = SnapshotRequest {
        moment,
        untracked: &|_| false,
        untracked_at_root: &[],
    };
    let bytes = repository
        .snapshot(&request)
        .read(path.as_bytes())
        .map_err(|_| "the file cannot be read".to_owned())?;
    let text = String::from_utf8(bytes).map_err(|_| "the file is not UTF-8".to_owned())?;
    Schema::compile(&text).map_err(|error| format!("{error:#}"))
}
