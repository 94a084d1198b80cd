//! Lists of an API, page by page, and the facts that several connectors make of them.

mod code_findings;
mod code_homes;
mod code_targets;
mod deployments;
mod pipeline_runs;
mod request_path;
mod requests;
mod vulnerabilities;
mod window;

use serde_json::Value;

use super::{Answer, CollectError, CollectErrorKind, Connection};
use crate::fact::Observation;
use crate::model::EntityRef;

pub(super) use code_findings::{CodeFinding, Level};
pub(super) use code_homes::{CodeHomes, Located};
pub(super) use code_targets::{CodeName, CodeTargets, environments};
pub(super) use deployments::{Deployment, Deployments, Outcome, kept_environments, version};
pub(super) use pipeline_runs::{PipelineRun, PipelineRuns};
pub(super) use request_path::is_name;
pub(super) use requests::open_requests;
pub(super) use vulnerabilities::{Severities, Severity, Vulnerabilities, Vulnerability};
pub(super) use window::{Window, moment};

/// A list that is asked for.
pub(super) struct ListRequest<'a> {
    /// What it is a list of, as errors name it: `Dependabot alerts`.
    pub(super) what: &'a str,
    /// The path and query of its first page.
    pub(super) path: String,
    /// Where the items of a page are; nothing where the page is the list.
    pub(super) items: Option<&'static str>,
    /// How many pages are asked for at most.
    pub(super) most_pages: usize,
    /// Headers that the API wants.
    pub(super) headers: &'a [(&'a str, &'a str)],
    /// Where a page says which is the next, if not in its header `Link`.
    pub(super) next: Option<fn(&Value) -> Option<String>>,
}

/// What came back of a list.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// The items, in the order of the API.
    pub(super) items: Vec<Value>,
    /// Why some are missing; nothing when none is, or when no more were wanted.
    pub(super) gap: Option<CollectError>,
}

impl ListRequest<'_> {
    /// All items.
    pub(super) fn all(&self, connection: &Connection) -> Listing {
        self.until(connection, |_| false)
    }

    /// The items up to the page on which one is the last of interest.
    pub(super) fn until(
        &self,
        connection: &Connection,
        is_last: impl Fn(&Value) -> bool,
    ) -> Listing {
        let mut listing = Listing::default();
        let mut pages = connection.pages(&self.path, self.headers);
        let mut count = 0;
        while let Some(page) = pages.next() {
            if count == self.most_pages {
                let most = format!("more than {} pages, which are not counted", self.most_pages);
                return listing.without(failed(self.what, &most));
            }
            count += 1;
            let body = match page {
                Ok(page) => page.body,
                Err(error) => return listing.without(about(self.what, &error)),
            };
            if let Some(next) = self.next {
                pages.continue_at(next(&body));
            }
            let Some(items) = self.items_of(body) else {
                return listing.without(failed(self.what, "the answer is no list"));
            };
            let is_enough = items.iter().any(&is_last);
            listing.items.extend(items);
            if is_enough {
                break;
            }
        }
        listing
    }

    fn items_of(&self, mut body: Value) -> Option<Vec<Value>> {
        let list = match self.items {
            Some(key) => body.get_mut(key)?.take(),
            None => body,
        };
        match list {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }
}

impl Listing {
    fn without(self, gap: CollectError) -> Self {
        Self {
            gap: Some(gap),
            ..self
        }
    }

    /// The items, when none is missing: a count of some of them would be too low.
    pub(super) fn complete(self) -> Result<Vec<Value>, CollectError> {
        match self.gap {
            Some(gap) => Err(gap),
            None => Ok(self.items),
        }
    }
}

impl Answer {
    /// Says something of all entities of the target.
    pub(super) fn say(&mut self, observations: Vec<Observation>) {
        self.say_of(None, observations);
    }

    /// Says something of an entity; of all where none is named.
    pub(super) fn say_of(&mut self, entity: Option<&EntityRef>, observations: Vec<Observation>) {
        let said = observations.into_iter();
        self.observations
            .extend(said.map(|observation| (entity.cloned(), observation)));
    }
}

/// An error with what it was about in front.
pub(super) fn about(what: &str, error: &CollectError) -> CollectError {
    CollectError {
        kind: error.kind,
        message: format!("{what}: {}", error.message),
    }
}

/// A failure that is none of the answer's status.
pub(super) fn failed(what: &str, reason: &str) -> CollectError {
    CollectError {
        kind: CollectErrorKind::Failed,
        message: format!("{what}: {reason}"),
    }
}

/// An `http` or `https` URL that an API gives, as evidence.
pub(super) fn link(value: &Value) -> Option<String> {
    const LONGEST: usize = 2000;
    let text = value.as_str()?;
    let is_link = text.starts_with("https://") || text.starts_with("http://");
    (is_link && text.len() <= LONGEST).then(|| text.to_owned())
}
