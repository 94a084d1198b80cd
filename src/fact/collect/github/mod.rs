//! GitHub, by its REST API of version 2022-11-28 (<https://docs.github.com/rest>, as described by
//! <https://github.com/github/rest-api-description>).
//!
//! A repository is asked for once, for all entities in it. That takes about nine requests, one
//! more for every 100 runs, alerts or pull requests, and one for each deployment of the last 30
//! days, at most 100. What is on more pages than are read is unknown: a count of a part would be
//! too low.
//!
//! The parts are independent. GitHub answers 403 or 404 where a feature is off; that part is then
//! unknown, in the words of GitHub, and no failure.
//!
//! In a repository with several homes, alerts with a path are of the entities in the deepest
//! folder that holds it, or of all when none does. A deployment is of the entity that its payload
//! names as `component`, `service` or `app`, or its task as `deploy:NAME`; others are of all. Runs
//! of CI, pull requests, secrets and the default branch are always of all.

mod alerts;
mod branch;
mod deployments;
mod runs;
mod targets;

use serde_json::Value;

use super::listing::{self, CodeHomes, ListRequest, Window, open_requests};
use super::{Answer, AskContext, Authorization, Connection, Connector, Target};

/// The connector.
pub(super) const CONNECTOR: Connector = Connector {
    name: "github",
    about: "deployments, CI, alerts, pull requests and branch protection, by the REST API of \
            version 2022-11-28 (https://docs.github.com/rest)",
    annotations: &["github.com/project-slug"],
    gives: &[
        "deployment.at",
        "deployment.version",
        "deployment.succeeded",
        "deployments.30d",
        "ci.run.succeeded",
        "ci.run.at",
        "ci.run.success-rate",
        "ci.run.duration",
        "vulnerability.critical",
        "vulnerability.high",
        "vulnerability.medium",
        "vulnerability.low",
        "vulnerability.fixable",
        "vulnerability.critical.since",
        "vulnerability.high.since",
        "vulnerability.report",
        "code-finding.error",
        "code-finding.warning",
        "code-finding.note",
        "secret-scanning.open",
        "pull-request.open",
        "pull-request.oldest",
        "branch.protected",
        "branch.required-reviews",
    ],
    api: "https://api.github.com",
    api_variable: "GITHUB_API_URL",
    token_variables: &["GITHUB_TOKEN", "GH_TOKEN"],
    authorization: Authorization::Scheme("Bearer"),
    targets: targets::targets,
    ask,
};

/// What GitHub wants to be asked with.
const HEADERS: [(&str, &str); 2] = [
    ("accept", "application/vnd.github+json"),
    ("x-github-api-version", "2022-11-28"),
];
/// The most pages of a list that are read.
const MOST_PAGES: usize = 10;

/// A repository while it is asked for.
struct Repository<'a> {
    connection: &'a Connection,
    target: &'a Target,
    window: Window,
    homes: CodeHomes,
    /// `/repos/OWNER/NAME`.
    path: String,
    /// Its default branch, where that is known.
    branch: Option<String>,
    /// Where people look at it.
    page: Option<String>,
}

/// What is asked, in this order.
const PARTS: [fn(&Repository<'_>, &mut Answer); 7] = [
    deployments::ask,
    runs::ask,
    alerts::dependabot,
    alerts::code_scanning,
    alerts::secret_scanning,
    pull_requests,
    branch::ask,
];

fn ask(connection: &Connection, target: &Target, context: &AskContext<'_>) -> Answer {
    // Without these answers there would be none to the rest.
    let found = targets::path(connection, target).and_then(|path| {
        let page = connection.get_with(&path, &HEADERS);
        let page = page.map_err(|error| listing::about("repository", &error))?;
        Ok((path, page.body))
    });
    let (path, details) = match found {
        Ok(found) => found,
        Err(error) => return Answer::failed(error),
    };
    let branch = details["default_branch"].as_str();
    let branch = branch.filter(|name| !name.is_empty());
    let repository = Repository {
        connection,
        target,
        window: Window::of(context),
        homes: CodeHomes::of(target),
        path,
        branch: branch.map(str::to_owned),
        page: listing::link(&details["html_url"]),
    };
    let mut answer = Answer::default();
    if branch.is_none() {
        let reason = "the answer has no default branch";
        answer.errors.push(listing::failed("repository", reason));
    }
    for part in PARTS {
        if answer.is_hopeless() {
            break;
        }
        part(&repository, &mut answer);
    }
    answer
}

/// `GET /repos/{owner}/{repo}/pulls`.
fn pull_requests(repository: &Repository<'_>, answer: &mut Answer) {
    let query = "/pulls?state=open&sort=created&direction=asc&per_page=100";
    let open = repository.list("pull requests", query, None);
    if let Some(open) = answer.keep(open.all(repository.connection).complete()) {
        answer.say(open_requests(
            &open,
            repository.page_of("/pulls").as_deref(),
        ));
    }
}

impl Repository<'_> {
    fn list<'what>(
        &self,
        what: &'what str,
        rest: &str,
        items: Option<&'static str>,
    ) -> ListRequest<'what> {
        ListRequest {
            what,
            path: format!("{}{rest}", self.path),
            items,
            most_pages: MOST_PAGES,
            headers: &HEADERS,
            next: None,
        }
    }

    /// A page of the repository for people.
    fn page_of(&self, rest: &str) -> Option<String> {
        self.page.as_ref().map(|page| format!("{page}{rest}"))
    }
}

/// A text of an answer.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
