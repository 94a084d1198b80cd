//! Targets of Locations that lie in another repository of the workspace.

use std::collections::HashMap;

use super::problem::{cycle, leads_nowhere, leads_too_far};
use super::repository::{self, Context, RepositoryRead, UrlTarget, key};
use crate::repo::{Repository, Snapshot};

/// How many targets are followed from repository to repository.
const MOST_TARGETS: usize = 100_000;

/// Follows them until there are no new ones. `read` has an item a repository, in their order.
pub(super) fn follow(
    read: &mut [RepositoryRead],
    repositories: &[Repository],
    context: &Context<'_>,
) {
    let by_identity: HashMap<String, usize> = repositories
        .iter()
        .enumerate()
        .map(|(index, it)| (it.identity.to_lowercase(), index))
        .collect();
    let mut snapshots: HashMap<usize, Snapshot> = HashMap::new();
    let mut open: Vec<(usize, UrlTarget)> = take_urls(read);
    let mut followed = 0;
    while let Some((from, url)) = open.pop() {
        followed += 1;
        if followed > MOST_TARGETS {
            break;
        }
        let Some(&index) = by_identity.get(&url.url.identity.to_lowercase()) else {
            read[from]
                .diagnostics
                .extend(leads_nowhere(&url.target, url.place));
            continue;
        };
        let repository = &repositories[index];
        if url.chain.contains(&key(repository, &url.url.path)) {
            read[from].diagnostics.push(cycle(&url.target, &url.place));
            continue;
        }
        if url.chain.is_too_long() {
            let problem = leads_too_far(&url.target, url.place);
            read[from].diagnostics.push(problem);
            continue;
        }
        let snapshot = snapshots
            .entry(index)
            .or_insert_with(|| repository::snapshot(repository, context.moment));
        let seen = std::mem::take(&mut read[index].seen);
        match repository::read_named(repository, snapshot, context, seen, &url) {
            Err(seen) => {
                read[index].seen = seen;
                read[from]
                    .diagnostics
                    .extend(leads_nowhere(&url.target, url.place));
            }
            Ok(mut found) => {
                open.extend(found.urls.drain(..).map(|url| (index, url)));
                let target = &mut read[index];
                target.seen = found.seen;
                target.documents.append(&mut found.documents);
                target.diagnostics.append(&mut found.diagnostics);
                target.suppressions.extend(found.suppressions);
            }
        }
    }
}

fn take_urls(read: &mut [RepositoryRead]) -> Vec<(usize, UrlTarget)> {
    let mut open: Vec<(usize, UrlTarget)> = Vec::new();
    for (index, part) in read.iter_mut().enumerate() {
        open.extend(part.urls.drain(..).map(|url| (index, url)));
    }
    open.reverse();
    open
}
