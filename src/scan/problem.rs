//! What is wrong with files that cannot be read and targets that lead nowhere.

use std::sync::Arc;

use crate::descriptor::{Target, TargetKind};
use crate::diagnostic::{Diagnostic, register};
use crate::model::{Place, SourceFile};
use crate::repo::ReadError;

/// The problem of a file that cannot be read.
pub(super) fn unreadable(error: &ReadError, file: Arc<SourceFile>) -> Diagnostic {
    let code = match error {
        ReadError::Outside | ReadError::GitData => &register::OUTSIDE_REPOSITORY,
        ReadError::NotAFile => &register::NOT_A_REGULAR_FILE,
        ReadError::TooLarge { .. } => &register::FILE_TOO_LARGE,
        _ => &register::UNREADABLE,
    };
    let problem = Diagnostic::new(code, format!("\"{}\" {}", file.path(), error));
    let problem = problem.subject(file.path_in_repository());
    let problem = match error {
        ReadError::NotInSight => {
            problem.help("fetch it: git fetch --refetch, or git checkout the file")
        }
        _ => problem,
    };
    problem.at(Place::file(file)).hiding()
}

/// The problem of a target that leads nowhere, unless it need not be there.
pub(super) fn leads_nowhere(target: &Target, place: Place) -> Option<Diagnostic> {
    if !target.required {
        return None;
    }
    let text = &target.text;
    let (message, help) = match &target.kind {
        TargetKind::Path(_) => (
            format!("target \"{text}\" is not there"),
            "correct the path, or set \"presence: optional\"",
        ),
        TargetKind::Pattern(_) => (
            format!("target \"{text}\" matches no file"),
            "correct the pattern, or set \"presence: optional\"",
        ),
        TargetKind::Outside => (
            format!("target \"{text}\" leads out of the repository"),
            "name a file of another repository by its URL",
        ),
        TargetKind::Url(url) => (
            format!(
                "target \"{text}\" is in repository \"{}\", which is not here or has no such file",
                url.identity
            ),
            "clone that repository into the workspace; nothing is fetched",
        ),
        TargetKind::Unknown => (
            format!("target \"{text}\" is neither a path nor the URL of a file in a repository"),
            "nothing is fetched",
        ),
    };
    Some(
        Diagnostic::new(&register::LOCATION_TARGET, message)
            .help(help)
            .subject(text.clone())
            .at(place),
    )
}

/// The problem of a target that leads back.
pub(super) fn cycle(target: &Target, place: &Place) -> Diagnostic {
    let message = format!("target \"{}\" leads back to this Location", target.text);
    Diagnostic::new(&register::LOCATION_CYCLE, message)
        .subject(target.text.clone())
        .at(place.clone())
}

/// The problem of a target behind too many others.
pub(super) fn leads_too_far(target: &Target, place: Place) -> Diagnostic {
    let message = format!("target \"{}\" is behind too many Locations", target.text);
    Diagnostic::new(&register::LOCATION_TARGET, message)
        .help("name it in one of the first Locations")
        .subject(target.text.clone())
        .at(place)
        .hiding()
}
