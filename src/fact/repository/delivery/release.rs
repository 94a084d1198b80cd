//! Which tags are releases of an entity.
//!
//! With the annotation `devportal.dev/release-tags` those that its pattern fits, as `payments-v*`.
//! Without it those that look like the version of a release: by itself (`v1.2.3`, `1.2.3`) where
//! the home is the root or the only one of the repository, and behind the name of the entity, of
//! the folder or of its path (`payments-v1.2.3`, `services/payments/v1.2.3`, `payments@1.2.3`)
//! everywhere.

use globset::{GlobBuilder, GlobMatcher};

use super::super::CodeHome;
use super::version::{is_release, without_v};
use crate::model::{Entity, Moment};
use crate::repo::{CommitId, Tag};

/// The annotation that says which tags are releases.
pub(super) const ANNOTATION: &str = "devportal.dev/release-tags";

/// A release of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Release<'a> {
    pub(super) tag: &'a Tag,
    /// What follows the name, without a `v` in front.
    pub(super) version: &'a str,
}

/// The releases of an entity up to the moment, the oldest first; `None` where tags are not known.
///
/// # Errors
/// When the annotation has no pattern.
pub(super) fn releases<'a>(
    home: &CodeHome<'a>,
    entity: &Entity,
) -> Result<Option<Vec<Release<'a>>>, String> {
    let names = TagNames::of(home, entity)?;
    let Some(tags) = home.code.tags() else {
        return Ok(None);
    };
    let now = home.code.now.as_second();
    // Of a revision, what led to it; else also what was released from another branch until then.
    let led_to_state = |commit: CommitId| match home.code.moment {
        Moment::Revision(_) => home
            .code
            .history()
            .is_some_and(|history| history.is_of_state(commit)),
        _ => true,
    };
    let mut releases: Vec<Release<'a>> = tags
        .iter()
        .filter(|tag| tag.seconds <= now)
        .filter_map(|tag| {
            let version = names.version(&tag.name)?;
            Some(Release { tag, version })
        })
        .filter(|release| led_to_state(release.tag.commit))
        .collect();
    releases.sort_by_key(|release| release.tag.seconds);
    Ok(Some(releases))
}

/// How the tags of an entity are called.
enum TagNames {
    Pattern {
        matcher: GlobMatcher,
        /// What stands in the pattern before anything that varies.
        start: String,
    },
    Versions {
        /// In lower case.
        names: Vec<String>,
        /// Whether the version may stand alone.
        alone: bool,
    },
}

impl TagNames {
    fn of(home: &CodeHome<'_>, entity: &Entity) -> Result<Self, String> {
        if let Some(pattern) = entity.annotation(ANNOTATION) {
            let glob = GlobBuilder::new(pattern).literal_separator(false).build();
            let glob = glob.map_err(|error| error.kind().to_string())?;
            let start = pattern.find(['*', '?', '[', '{', '\\']);
            return Ok(Self::Pattern {
                matcher: glob.compile_matcher(),
                start: pattern[..start.unwrap_or(0)].to_owned(),
            });
        }
        let folder = home.folder;
        let last = folder.rsplit('/').next().unwrap_or(folder);
        let names = [entity.name(), last, folder];
        let names = names.iter().filter(|name| !name.is_empty());
        Ok(Self::Versions {
            names: names.map(|name| name.to_lowercase()).collect(),
            alone: folder.is_empty() || home.code.folders.len() == 1,
        })
    }

    /// The version that a tag names, if it is one of these.
    fn version<'a>(&self, tag: &'a str) -> Option<&'a str> {
        match self {
            Self::Pattern { matcher, start } => {
                let rest = tag.strip_prefix(start.as_str()).filter(|it| !it.is_empty());
                matcher
                    .is_match(tag)
                    .then(|| without_v(rest.unwrap_or(tag)))
            }
            Self::Versions { names, alone } => {
                if *alone && is_release(tag) {
                    return Some(without_v(tag));
                }
                let mut versions = names.iter().filter_map(|name| behind(tag, name));
                versions.find(|version| is_release(version)).map(without_v)
            }
        }
    }
}

/// What follows a name and a separator in a tag, perhaps with the scope of a package in front
/// (`@larkspur/payments@1.2.3`).
fn behind<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let unscoped = tag.strip_prefix('@').and_then(|rest| rest.split_once('/'));
    let tag = unscoped.map_or(tag, |(_, rest)| rest);
    let (start, rest) = tag.split_at_checked(name.len())?;
    if start.to_lowercase() != name {
        return None;
    }
    rest.strip_prefix(['-', '/', '@', '_'])
}
