//! Who works on the code, and how much, as the history of Git says it.
//!
//! A commit counts for a home when it changed something in the folder; a merge only brings
//! commits together, and does not count (as `git log --no-merges -- FOLDER`). Its time is that
//! of the committer, as for `git log --since`. Commits of bots and those of
//! `.git-blame-ignore-revs` are no work of people, and only count for the first commit.

mod bot;
mod ignored_commits;
mod mailmap;
mod people;

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use serde_json::Value;

use super::{CodeHome, Look, RepositorySource, Seen};
use crate::fact::Observation;
use crate::repo::LoggedCommit;

pub(super) use people::People;

/// Seconds of a day.
const DAY: i64 = 86_400;

pub(super) const SOURCE: RepositorySource = RepositorySource {
    name: "activity",
    gives: &[
        "commit.first",
        "commit.last",
        "commits.30d",
        "commits.90d",
        "commits.365d",
        "authors.30d",
        "authors.90d",
        "authors.365d",
        "authors.180d.addresses",
        "bus-factor",
    ],
    look: Look::AtHome(look),
};

fn look(home: &CodeHome<'_>, seen: &mut Seen) {
    let code = home.code;
    let Some(history) = code.history() else {
        return;
    };
    let Some(changes) = history.changes_of(home.folder) else {
        return;
    };
    let now = code.now.as_second();
    // Those of the state come first.
    let of_state = history.log.of_state();
    let changes = changes
        .iter()
        .map_while(|place| of_state.get(*place as usize));
    // A clock that is wrong can date a commit into the future.
    let changes: Vec<&LoggedCommit> = changes.filter(|it| it.committed <= now).collect();
    let first = changes.iter().min_by_key(|commit| commit.committed);
    seen.observations
        .extend(first.and_then(|commit| time("commit.first", commit)));

    let people = code.people(&history.log);
    let work: Vec<Work<'_>> = changes
        .into_iter()
        .filter_map(|commit| Some((commit, people.author(commit)?)))
        .collect();
    let last = work.iter().max_by_key(|(commit, _)| commit.committed);
    seen.observations
        .extend(last.and_then(|(commit, _)| time("commit.last", commit)));
    let within = |days: i64| {
        let since = now - days * DAY;
        let work = work.iter().copied();
        work.filter(move |(commit, _)| commit.committed > since)
    };
    for (days, commits, authors) in [
        (30, "commits.30d", "authors.30d"),
        (90, "commits.90d", "authors.90d"),
        (365, "commits.365d", "authors.365d"),
    ] {
        let distinct: BTreeSet<usize> = within(days).map(|(_, person)| person).collect();
        seen.add(Observation::new(commits, within(days).count()));
        seen.add(Observation::new(authors, distinct.len()));
    }
    let recent: BTreeSet<usize> = within(180).map(|(_, person)| person).collect();
    let mut addresses: Vec<&str> = recent.iter().map(|it| people.address(*it)).collect();
    addresses.sort_unstable();
    let addresses: Vec<Value> = addresses.into_iter().map(Value::from).collect();
    seen.add(Observation::new("authors.180d.addresses", addresses));
    let bus_factor = bus_factor(within(365).map(|(_, person)| person));
    seen.observations
        .extend(bus_factor.map(|people| Observation::new("bus-factor", people)));
}

/// A commit, and who wrote it.
type Work<'a> = (&'a LoggedCommit, usize);

fn time(name: &'static str, commit: &LoggedCommit) -> Option<Observation> {
    let time = Timestamp::from_second(commit.committed).ok()?;
    Some(Observation::new(name, time.to_string()).evidence(format!("commit {}", commit.id)))
}

/// The fewest people who wrote over half of some commits; nobody did where there is none.
fn bus_factor(authors: impl Iterator<Item = usize>) -> Option<usize> {
    let mut commits: HashMap<usize, usize> = HashMap::new();
    for author in authors {
        *commits.entry(author).or_default() += 1;
    }
    let mut commits: Vec<usize> = commits.into_values().collect();
    commits.sort_unstable_by(|a, b| b.cmp(a));
    let half = commits.iter().sum::<usize>() / 2;
    let mut written = 0;
    let enough = commits.iter().position(|count| {
        written += count;
        written > half
    });
    enough.map(|last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::bus_factor;

    #[test]
    fn over_half_is_more_than_half() {
        let of = |authors: &[usize]| bus_factor(authors.iter().copied());
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[1]), Some(1));
        assert_eq!(of(&[1, 2]), Some(2));
        assert_eq!(of(&[1, 1, 2]), Some(1));
        assert_eq!(of(&[1, 1, 2, 3]), Some(2));
        assert_eq!(of(&[1, 2, 3, 4, 5]), Some(3));
    }
}
