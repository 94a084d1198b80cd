//! Runs of workflows on the default branch.

use serde_json::Value;

use super::{Repository, text};
use crate::fact::collect::listing::{self, PipelineRun, PipelineRuns, moment};
use crate::fact::collect::{Answer, encoded};

/// `GET /repos/{owner}/{repo}/actions/runs`.
pub(super) fn ask(repository: &Repository<'_>, answer: &mut Answer) {
    let Some(branch) = &repository.branch else {
        return;
    };
    let query = format!(
        "/actions/runs?branch={}&status=completed&exclude_pull_requests=true&per_page=100",
        encoded(branch)
    );
    let window = repository.window;
    let request = repository.list("workflow runs", &query, Some("workflow_runs"));
    let listing = request.until(repository.connection, |run| {
        window.is_before(&run["created_at"])
    });
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

/// A run that says something about the code.
fn run(run: &Value) -> Option<PipelineRun> {
    let succeeded = match run["conclusion"].as_str()? {
        "success" => true,
        "failure" | "timed_out" | "startup_failure" => false,
        _ => return None,
    };
    let started_at = moment(&run["run_started_at"]).or_else(|| moment(&run["created_at"]))?;
    let ended_at = moment(&run["updated_at"]);
    let seconds = ended_at.map(|ended| ended.as_second() - started_at.as_second());
    Some(PipelineRun {
        commit: text(&run["head_sha"]),
        workflow: text(&run["workflow_id"]),
        started_at,
        seconds: seconds.filter(|seconds| *seconds >= 0),
        succeeded,
        url: listing::link(&run["html_url"]),
    })
}
