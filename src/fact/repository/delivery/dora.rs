//! What DORA measures (dora.dev/guides/dora-metrics-four-keys): how often changes reach an
//! environment, how long they take, how often they break it, and how long that lasts.
//!
//! All are of the last 90 days. A change is a commit that changed something in the home; it
//! reaches an environment with the first deployment that contains it. The first deployment that
//! is known says what ran before, and takes no changes along: nobody knows how old that was.
//! What failed is what deployments say themselves; what incidents say can be added as further
//! [`Failure`]s.

use crate::fact::DeploymentStatus;
use crate::repo::CommitLog;

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;
/// The days that are looked back.
const DAYS: i64 = 90;

/// A deployment to one environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Deployment {
    /// When: seconds since 1970.
    pub(super) at: i64,
    pub(super) status: DeploymentStatus,
    /// What: a place in [`CommitLog::commits`], where it is known.
    pub(super) commit: Option<usize>,
}

/// A time in which a deployment had broken something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// When: seconds since 1970.
    began: i64,
    /// When something was deployed that works, or what ran before came back.
    ended: Option<i64>,
}

/// Deployments with success in the last days.
pub(super) fn succeeded_within(deployments: &[Deployment], days: i64, now: i64) -> usize {
    let since = now - days * DAY;
    let succeeded = deployments
        .iter()
        .filter(|it| it.status == DeploymentStatus::Success && it.at > since && it.at <= now);
    succeeded.count()
}

/// Deployments with success a week.
pub(super) fn frequency(deployments: &[Deployment], now: i64) -> f64 {
    let weeks = as_number(DAYS) / 7.0;
    let count = succeeded_within(deployments, DAYS, now);
    rounded(
        as_number(i64::try_from(count).unwrap_or(i64::MAX)) / weeks,
        100.0,
    )
}

/// The median time from writing a change to its first deployment, in hours; `None` where nothing
/// was deployed of which it is known. Changes are the places of commits, in order.
pub(super) fn lead_time(
    deployments: &[Deployment],
    log: &CommitLog,
    changes: &[u32],
    now: i64,
) -> Option<f64> {
    let commits = log.commits();
    let mut is_deployed = vec![false; commits.len()];
    let mut times = Vec::new();
    let deployed = deployments
        .iter()
        .filter(|it| it.status == DeploymentStatus::Success);
    let known = deployed.filter_map(|it| Some((it.at, it.commit?)));
    for (count, (at, commit)) in known.enumerate() {
        let counts = count > 0 && at > now - DAYS * DAY && at <= now;
        let mut open = vec![commit];
        while let Some(place) = open.pop() {
            let (Some(commit), Some(deployed)) = (commits.get(place), is_deployed.get_mut(place))
            else {
                continue;
            };
            if std::mem::replace(deployed, true) {
                continue;
            }
            let is_change =
                || u32::try_from(place).is_ok_and(|it| changes.binary_search(&it).is_ok());
            if counts && is_change() {
                times.push((at - commit.written).max(0));
            }
            open.extend(commit.parents.iter().map(|parent| *parent as usize));
        }
    }
    median_hours(times)
}

/// What deployments say of what they broke. A deployment that was undone by the next one broke
/// something, too. `None` where none ever says that it failed: then nobody writes that down.
pub(super) fn failures(deployments: &[Deployment]) -> Option<Vec<Failure>> {
    let mut failures = Vec::new();
    let mut says_so = false;
    for (index, deployment) in deployments.iter().enumerate() {
        let later = deployments.get(index + 1..).unwrap_or_default();
        let is_undone = later
            .first()
            .is_some_and(|next| next.status == DeploymentStatus::Rollback);
        says_so |= deployment.status != DeploymentStatus::Success;
        let has_failed = match deployment.status {
            DeploymentStatus::Failure => true,
            DeploymentStatus::Success => is_undone,
            DeploymentStatus::Rollback => false,
        };
        if has_failed {
            let end = later
                .iter()
                .find(|next| next.status != DeploymentStatus::Failure);
            failures.push(Failure {
                began: deployment.at,
                ended: end.map(|end| end.at),
            });
        }
    }
    says_so.then_some(failures)
}

/// The percentage of deployments that broke something; `None` where there was no deployment.
pub(super) fn change_failure_rate(
    deployments: &[Deployment],
    failures: &[Failure],
    now: i64,
) -> Option<f64> {
    let since = now - DAYS * DAY;
    let all = deployments
        .iter()
        .filter(|it| it.status != DeploymentStatus::Rollback && it.at > since)
        .count();
    let failed = failures.iter().filter(|it| it.began > since).count();
    let (all, failed) = (i64::try_from(all).ok()?, i64::try_from(failed).ok()?);
    (all > 0).then(|| rounded(100.0 * as_number(failed) / as_number(all), 10.0))
}

/// The median time that failures lasted, in hours; `None` where none ended.
pub(super) fn time_to_restore(failures: &[Failure], now: i64) -> Option<f64> {
    let recent = failures.iter().filter(|it| it.began > now - DAYS * DAY);
    median_hours(recent.filter_map(|it| Some(it.ended? - it.began)).collect())
}

fn median_hours(mut seconds: Vec<i64>) -> Option<f64> {
    seconds.sort_unstable();
    let above = *seconds.get(seconds.len() / 2)?;
    let below = *seconds.get((seconds.len() - 1) / 2)?;
    let median = f64::midpoint(as_number(above), as_number(below));
    Some(rounded(median / as_number(HOUR), 10.0))
}

fn rounded(number: f64, by: f64) -> f64 {
    (number * by).round() / by
}

#[expect(
    clippy::cast_precision_loss,
    reason = "figures for people, far below 2^52"
)]
fn as_number(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::{DAY, Deployment, HOUR, change_failure_rate, failures, frequency, time_to_restore};
    use crate::fact::DeploymentStatus::{self, Failure, Rollback, Success};

    const NOW: i64 = 1_000 * DAY;

    fn deployments(all: &[(i64, DeploymentStatus)]) -> Vec<Deployment> {
        let all = all.iter().map(|(hours_ago, status)| Deployment {
            at: NOW - hours_ago * HOUR,
            status: *status,
            commit: None,
        });
        all.collect()
    }

    #[test]
    fn a_deployment_that_is_undone_has_failed() {
        let all = deployments(&[
            (100, Success),
            (90, Success),
            (88, Rollback),
            (50, Failure),
            (49, Failure),
            (44, Success),
            (40, Success),
        ]);
        let failed = failures(&all).expect("failures");
        // 90 for 2 hours, 50 for 6 and 49 for 5, of six deployments.
        assert_eq!(failed.len(), 3);
        assert_eq!(change_failure_rate(&all, &failed, NOW), Some(50.0));
        assert_eq!(time_to_restore(&failed, NOW), Some(5.0));
    }

    #[test]
    fn where_nobody_says_what_fails_it_is_not_known() {
        assert_eq!(failures(&deployments(&[(5, Success), (4, Success)])), None);
        let long_ago = deployments(&[(3_000, Failure), (2_999, Success), (5, Success)]);
        let failed = failures(&long_ago).expect("failures");
        assert_eq!(change_failure_rate(&long_ago, &failed, NOW), Some(0.0));
        assert_eq!(time_to_restore(&failed, NOW), None);
    }

    #[test]
    fn a_failure_that_did_not_end_has_no_time() {
        let all = deployments(&[(5, Success), (4, Failure)]);
        let failed = failures(&all).expect("failures");
        assert_eq!(time_to_restore(&failed, NOW), None);
        assert_eq!(change_failure_rate(&all, &failed, NOW), Some(50.0));
    }

    #[test]
    fn thirteen_in_ninety_days_are_about_one_a_week() {
        let all: Vec<(i64, DeploymentStatus)> = (0..13).map(|week| (week * 168, Success)).collect();
        assert!((frequency(&deployments(&all), NOW) - 1.01).abs() < 1e-9);
    }
}
