//! The `CODEOWNERS` of a repository.

use crate::codeowners::{CodeOwners, Dialect, Location};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Forges;
use crate::repo::{ReadError, Repository, Snapshot};
use crate::yaml;

use super::problem::unreadable;

/// The file that the forge of a repository reads, in the forge's dialect; `None` when it has
/// none.
///
/// # Errors
/// The diagnostic when there is one that cannot be read.
pub(super) fn read(
    repository: &Repository,
    snapshot: &Snapshot,
    forges: &Forges,
) -> Result<Option<CodeOwners>, Box<Diagnostic>> {
    let host = repository
        .remote
        .as_deref()
        .and_then(|remote| remote.split('/').next());
    let forge = host.and_then(|host| forges.known(host));
    let Some(location) =
        Location::all(forge).find(|location| snapshot.file(location.path.as_bytes()).is_some())
    else {
        return Ok(None);
    };
    let file = repository.file(location.path.as_bytes());
    match snapshot.read(location.path.as_bytes()) {
        Ok(bytes) => {
            let text = yaml::decode(&bytes).0;
            let dialect = location.dialect.unwrap_or_else(|| Dialect::guess(&text));
            Ok(Some(CodeOwners::parse(&text, file, dialect)))
        }
        Err(ReadError::Missing) => Ok(None),
        // It is no descriptor, so nothing that Backstage refuses.
        Err(error) => Err(Box::new(
            unreadable(&error, file).at_most(Severity::Warning),
        )),
    }
}
