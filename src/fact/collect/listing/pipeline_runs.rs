//! Runs of CI on the default branch.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Window;
use crate::fact::Observation;
use crate::fact::collect::answer::number;

/// A run that ended with success or failure. What was cancelled or skipped says nothing.
#[derive(Clone, Debug)]
pub(in crate::fact::collect) struct PipelineRun {
    /// The commit.
    pub(in crate::fact::collect) commit: String,
    /// What ran; several workflows may run for a commit.
    pub(in crate::fact::collect) workflow: String,
    pub(in crate::fact::collect) started_at: Timestamp,
    /// How long it ran, where that is known.
    pub(in crate::fact::collect) seconds: Option<i64>,
    pub(in crate::fact::collect) succeeded: bool,
    pub(in crate::fact::collect) url: Option<String>,
}

/// The runs on a default branch.
pub(in crate::fact::collect) struct PipelineRuns<'a> {
    /// The newest first.
    pub(in crate::fact::collect) runs: &'a [PipelineRun],
    /// Whether all of the last 30 days are there.
    pub(in crate::fact::collect) has_month: bool,
    pub(in crate::fact::collect) window: Window,
}

impl PipelineRuns<'_> {
    /// What they say; nothing where nothing ran.
    ///
    /// A commit may start several workflows. The last run succeeded when the last run of each of
    /// them did, for the commit that ran last.
    pub(in crate::fact::collect) fn observations(&self) -> Vec<Observation> {
        let Some(last) = self.runs.first() else {
            return Vec::new();
        };
        let mut workflows = BTreeSet::new();
        let of_commit = self.runs.iter().filter(|run| run.commit == last.commit);
        let failed = of_commit
            .filter(|run| workflows.insert(&run.workflow))
            .find(|run| !run.succeeded);
        let evidence = failed.unwrap_or(last).url.clone();
        let mut said = vec![
            Observation {
                evidence,
                ..Observation::new("ci.run.succeeded", failed.is_none())
            },
            Observation {
                evidence: last.url.clone(),
                ..Observation::new("ci.run.at", last.started_at.to_string())
            },
        ];
        if self.has_month {
            said.extend(self.of_month());
        }
        said
    }

    fn of_month(&self) -> Vec<Observation> {
        let runs = self.runs.iter();
        let of_month = runs.filter(|run| self.window.is_of_month(run.started_at));
        let of_month: Vec<&PipelineRun> = of_month.collect();
        let mut said = Vec::new();
        if !of_month.is_empty() {
            let succeeded = of_month.iter().filter(|run| run.succeeded).count();
            let rate = tenths(100 * succeeded, of_month.len());
            said.push(Observation::new("ci.run.success-rate", number(rate)));
        }
        let mut seconds: Vec<i64> = of_month.iter().filter_map(|run| run.seconds).collect();
        seconds.sort_unstable();
        if let Some(middle) = median(&seconds) {
            let minutes = tenths(usize::try_from(middle).unwrap_or_default(), 60);
            said.push(Observation::new("ci.run.duration", number(minutes)));
        }
        said
    }
}

/// The middle of a sorted list.
fn median(sorted: &[i64]) -> Option<i64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = sorted[sorted.len() / 2 - 1];
    Some(lower.midpoint(upper))
}

/// A quotient with one decimal.
fn tenths(dividend: usize, divisor: usize) -> f64 {
    let tenths = (20 * dividend + divisor) / (2 * divisor);
    f64::from(u32::try_from(tenths).unwrap_or(u32::MAX)) / 10.0
}

#[cfg(test)]
mod tests {
    use super::{median, tenths};

    #[test]
    fn figures_have_one_decimal() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[1, 5, 9]), Some(5));
        assert_eq!(median(&[1, 5]), Some(3));
        assert_eq!(tenths(200, 3).to_string(), "66.7");
        assert_eq!(tenths(90, 60).to_string(), "1.5");
    }
}
