//! GitLab, by its REST API of version 4 (<https://docs.gitlab.com/api/rest/>, as of GitLab 18).
//!
//! A project is asked for once, for all entities in it. That takes seven requests, and one more
//! for every 100 pipelines, deployments, merge requests or vulnerabilities. What is on more pages
//! than are read is unknown: a count of a part would be too low.
//!
//! The parts are independent. Vulnerabilities are a feature of GitLab Ultimate and rules of
//! approval one of Premium; where GitLab answers 403 or 404, that part is unknown, in its words.
//!
//! The list of pipelines has no times of running, so how long they run is not known from GitLab.
//! In a repository with several homes, vulnerabilities with a file are of the entities in the
//! deepest folder that holds it, or of all when none does. A deployment is of the entity that its
//! job names as `deploy:NAME`; others are of all, and so is the rest.

mod branch;
mod deployments;
mod targets;
mod vulnerabilities;

use serde_json::Value;

use super::listing::{
    self, CodeHomes, ListRequest, PipelineRun, PipelineRuns, Window, moment, open_requests,
};
use super::{
    Answer, AskContext, Authorization, CollectError, CollectErrorKind, Connection, Connector,
    Target, encoded,
};

/// The connector.
pub(super) const CONNECTOR: Connector = Connector {
    name: "gitlab",
    about: "deployments, pipelines, vulnerabilities, merge requests and branch protection, by the \
            REST API of version 4 (https://docs.gitlab.com/api/rest/)",
    annotations: &[
        "gitlab.com/project-slug",
        "gitlab.com/project-id",
        "gitlab.com/instance",
    ],
    gives: &[
        "deployment.at",
        "deployment.version",
        "deployment.succeeded",
        "deployments.30d",
        "ci.run.succeeded",
        "ci.run.at",
        "ci.run.success-rate",
        "vulnerability.critical",
        "vulnerability.high",
        "vulnerability.medium",
        "vulnerability.low",
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
    api: "https://gitlab.com/api/v4",
    api_variable: "GITLAB_API_URL",
    token_variables: &["GITLAB_TOKEN"],
    authorization: Authorization::Scheme("Bearer"),
    targets: targets::targets,
    ask,
};

/// What GitLab says when it is the token that may not read something.
const NO_SCOPE: &str = "insufficient_scope";
/// The most pages of a list that are read.
const MOST_PAGES: usize = 10;

/// A project while it is asked for.
struct Project<'a> {
    connection: &'a Connection,
    target: &'a Target,
    window: Window,
    homes: CodeHomes,
    /// `/projects/ID`.
    path: String,
    /// Its default branch, where that is known.
    branch: Option<String>,
    /// Where people look at it.
    page: Option<String>,
}

/// What is asked, in this order.
const PARTS: [fn(&Project<'_>, &mut Answer); 6] = [
    deployments::ask,
    pipelines,
    vulnerabilities::ask,
    merge_requests,
    branch::protection,
    branch::required_reviews,
];

fn ask(connection: &Connection, target: &Target, context: &AskContext<'_>) -> Answer {
    // Without these answers there would be none to the rest.
    let found = targets::path(connection, target).and_then(|path| {
        let page = connection.get(&path);
        let page = page.map_err(|error| listing::about("project", &error))?;
        Ok((path, page.body))
    });
    let (path, details) = match found {
        Ok(found) => found,
        Err(error) => return Answer::failed(error),
    };
    let branch = details["default_branch"].as_str();
    let branch = branch.filter(|name| !name.is_empty());
    let project = Project {
        connection,
        target,
        window: Window::of(context),
        homes: CodeHomes::of(target),
        path,
        branch: branch.map(str::to_owned),
        page: listing::link(&details["web_url"]),
    };
    let mut answer = Answer::default();
    if branch.is_none() {
        let reason = "it is empty, or the token may not see its code";
        answer
            .errors
            .push(listing::failed("default branch", reason));
    }
    for part in PARTS {
        if answer.is_hopeless() {
            break;
        }
        part(&project, &mut answer);
    }
    answer
}

/// `GET /projects/:id/pipelines`.
fn pipelines(project: &Project<'_>, answer: &mut Answer) {
    let Some(branch) = &project.branch else {
        return;
    };
    let query = format!(
        "/pipelines?ref={}&order_by=id&sort=desc&per_page=100",
        encoded(branch)
    );
    let window = project.window;
    let listing = project
        .list("pipelines", &query)
        .until(project.connection, |it| window.is_before(&it["created_at"]));
    let mut runs: Vec<PipelineRun> = listing.items.iter().filter_map(run).collect();
    runs.sort_by_key(|run| std::cmp::Reverse(run.started_at));
    let runs = PipelineRuns {
        runs: &runs,
        has_month: listing.gap.is_none() && window.has_month(),
        window,
    };
    answer.say(runs.observations());
    answer.errors.extend(listing.gap);
}

/// A pipeline that says something about the code. What started it tells those of one commit apart.
fn run(pipeline: &Value) -> Option<PipelineRun> {
    let succeeded = match pipeline["status"].as_str()? {
        "success" => true,
        "failed" => false,
        _ => return None,
    };
    let text = |key: &str| pipeline[key].as_str().unwrap_or_default().to_owned();
    Some(PipelineRun {
        commit: text("sha"),
        workflow: text("source"),
        started_at: moment(&pipeline["created_at"])?,
        seconds: None,
        succeeded,
        url: listing::link(&pipeline["web_url"]),
    })
}

/// `GET /projects/:id/merge_requests`.
fn merge_requests(project: &Project<'_>, answer: &mut Answer) {
    let query = "/merge_requests?state=opened&order_by=created_at&sort=asc&per_page=100";
    let open = project.list("merge requests", query);
    if let Some(open) = answer.keep(open.all(project.connection).complete()) {
        let evidence = project.page_of("/-/merge_requests");
        answer.say(open_requests(&open, evidence.as_deref()));
    }
}

/// An error about something that only an edition of GitLab has. Where it is not bought, the status
/// is that of a token which may not read it, and the words are the same: nobody can tell them
/// apart, and whoever has not bought it need not hear of a failure in every run.
fn part_of_an_edition(edition: &str, error: CollectError) -> CollectError {
    match error.kind {
        _ if error.message.contains(NO_SCOPE) => error,
        CollectErrorKind::Forbidden | CollectErrorKind::NotFound => {
            let what = error.message.split(':').next().unwrap_or_default();
            CollectError {
                kind: CollectErrorKind::NotOffered,
                message: format!(
                    "{what}: part of GitLab {edition}, or the token may not read them"
                ),
            }
        }
        _ => error,
    }
}

impl Project<'_> {
    fn list<'what>(&self, what: &'what str, rest: &str) -> ListRequest<'what> {
        ListRequest {
            what,
            path: format!("{}{rest}", self.path),
            items: None,
            most_pages: MOST_PAGES,
            headers: &[],
            next: None,
        }
    }

    /// A page of the project for people.
    fn page_of(&self, rest: &str) -> Option<String> {
        self.page.as_ref().map(|page| format!("{page}{rest}"))
    }
}
