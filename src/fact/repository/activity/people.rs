//! Who the authors of commits are.
//!
//! A person is an e-mail address, in any case of its letters, after `.mailmap` was applied. The
//! addresses that forges give to people who hide theirs (`12345+login@users.noreply.github.com`)
//! are one for each login, and such a one is the same person as another address when both wrote
//! commits under the same name, which is the login itself or has at least two words. Where
//! several other addresses have that name, nobody knows whose it is, and it stays a person of its
//! own. Two ordinary addresses are never taken for one person without `.mailmap`: two people can
//! have one name, and a figure that is too small hides a risk.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::super::CodeRepository;
use super::bot::is_bot;
use super::ignored_commits::ignored_commits;
use super::mailmap::Mailmap;
use crate::repo::{CommitAuthor, CommitId, CommitLog, LoggedCommit, Snapshot};

const MAILMAP: &[u8] = b".mailmap";

/// Who the authors of the commits of a repository are.
#[derive(Debug)]
pub(in crate::fact::repository) struct People {
    /// The person of each author of the log; none for bots.
    of_author: Vec<Option<usize>>,
    /// The address of each person.
    addresses: Vec<String>,
    ignored: HashSet<CommitId>,
}

impl People {
    pub(in crate::fact::repository) fn of(code: &CodeRepository<'_>, log: &CommitLog) -> Self {
        let settings = code.config.organisation();
        let bots = settings.facts.bots.as_ref();
        let bots = bots.map_or(&[][..], |bots| bots.value.as_slice());
        let mailmap = read_mailmap(code.snapshot);
        let (of_author, addresses) = tell_apart(log.authors(), &mailmap, bots);
        Self {
            of_author,
            addresses,
            ignored: ignored_commits(code.snapshot),
        }
    }

    /// The person who wrote a commit; `None` for bots, and for commits that count for nobody.
    pub(super) fn author(&self, commit: &LoggedCommit) -> Option<usize> {
        if self.ignored.contains(&commit.id) {
            return None;
        }
        self.of_author.get(commit.author).copied().flatten()
    }

    /// The address of a person.
    pub(super) fn address(&self, person: usize) -> &str {
        self.addresses.get(person).map_or("", String::as_str)
    }
}

fn read_mailmap(snapshot: &Snapshot) -> Mailmap {
    if snapshot.file(MAILMAP).is_none() {
        return Mailmap::default();
    }
    let bytes = snapshot.read(MAILMAP).unwrap_or_default();
    Mailmap::parse(&String::from_utf8_lossy(&bytes))
}

/// The person of each author, and the addresses of the persons.
fn tell_apart(
    authors: &[CommitAuthor],
    mailmap: &Mailmap,
    bots: &[String],
) -> (Vec<Option<usize>>, Vec<String>) {
    // The address of each author who is no bot, and the names that each address wrote under.
    let mut keys: Vec<Option<String>> = Vec::with_capacity(authors.len());
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut hidden: HashMap<String, String> = HashMap::new();
    for author in authors {
        let proper = mailmap.proper(author);
        let is_no_person = [author, &proper].into_iter().any(|it| {
            is_bot(
                it,
                hidden_login(&it.address).map(|it| it.login).as_deref(),
                bots,
            )
        });
        if is_no_person {
            keys.push(None);
            continue;
        }
        let login = hidden_login(&proper.address);
        let key = match &login {
            Some(login) => format!("{}@{}", login.login, login.host),
            None => own_address(&proper),
        };
        if let Some(login) = login {
            hidden.insert(key.clone(), login.login);
        }
        let name = proper.name.trim().to_lowercase();
        names.entry(key.clone()).or_default().insert(name);
        keys.push(Some(key));
    }
    let owners = owners_of_hidden(&names, &hidden);
    let mut persons: BTreeMap<&str, usize> = BTreeMap::new();
    let mut addresses = Vec::new();
    let of_author = keys.iter().map(|key| {
        let key = key.as_deref()?;
        let key = owners.get(key).copied().unwrap_or(key);
        let person = persons.entry(key).or_insert_with(|| {
            addresses.push(key.to_owned());
            addresses.len() - 1
        });
        Some(*person)
    });
    (of_author.collect(), addresses)
}

/// The ordinary addresses that are known to be those of hidden ones.
fn owners_of_hidden<'a>(
    names: &'a BTreeMap<String, BTreeSet<String>>,
    hidden: &HashMap<String, String>,
) -> HashMap<&'a str, &'a str> {
    let mut by_name: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for (key, names) in names.iter().filter(|(key, _)| !hidden.contains_key(*key)) {
        for name in names {
            by_name.entry(name).or_default().insert(key);
        }
    }
    let mut owners = HashMap::new();
    for (key, names) in names {
        let Some(login) = hidden.get(key) else {
            continue;
        };
        let telling = names
            .iter()
            .filter(|name| *name == login || name.split_whitespace().count() > 1);
        let candidates = telling.filter_map(|name| by_name.get(name.as_str()));
        let candidates: BTreeSet<&str> = candidates.flatten().copied().collect();
        if candidates.len() == 1 {
            owners.extend(candidates.first().map(|owner| (key.as_str(), *owner)));
        }
    }
    owners
}

/// The address in lower case; who has none is told apart by name.
fn own_address(author: &CommitAuthor) -> String {
    let address = author.address.trim().to_lowercase();
    if address.is_empty() {
        author.name.trim().to_lowercase()
    } else {
        address
    }
}

/// The login of somebody who hides an address, and who gave it.
struct HiddenLogin {
    login: String,
    host: String,
}

/// Reads the addresses that forges give to people who hide theirs: `12345+login@` and `login@`
/// of GitHub, `123-login@` of GitLab, `login@` of Gitea and Forgejo, of whatever host.
fn hidden_login(address: &str) -> Option<HiddenLogin> {
    let address = address.trim().to_lowercase();
    let (local, host) = address.rsplit_once('@')?;
    let is_hidden = host.starts_with("users.noreply.") || host.starts_with("noreply.");
    if !is_hidden || local.is_empty() {
        return None;
    }
    let separator = if host.contains("gitlab") { '-' } else { '+' };
    let login = match local.split_once(separator) {
        Some((number, login))
            if !number.is_empty()
                && !login.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            login
        }
        _ => local,
    };
    Some(HiddenLogin {
        login: login.to_owned(),
        host: host.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::mailmap::Mailmap;
    use super::tell_apart;
    use crate::repo::CommitAuthor;

    fn persons(authors: &[(&str, &str)]) -> Vec<Option<usize>> {
        let authors: Vec<CommitAuthor> = authors
            .iter()
            .map(|(name, address)| CommitAuthor {
                name: (*name).to_owned(),
                address: (*address).to_owned(),
            })
            .collect();
        tell_apart(&authors, &Mailmap::default(), &[]).0
    }

    #[test]
    fn an_address_is_a_person_in_any_case() {
        let of = persons(&[("Mira", "mira@example.com"), ("M. S.", "Mira@Example.com")]);
        assert_eq!(of, [Some(0), Some(0)]);
        let of = persons(&[
            ("Mira Sand", "mira@example.com"),
            ("Mira Sand", "mira@home.org"),
        ]);
        assert_eq!(of, [Some(0), Some(1)], "one name is not one person");
    }

    #[test]
    fn a_hidden_address_belongs_to_the_only_one_of_that_name() {
        let of = persons(&[
            ("Mira Sand", "mira@example.com"),
            ("mira sand", "123+mirasand@users.noreply.github.com"),
            ("mirasand", "mirasand@users.noreply.github.com"),
            ("Bo Lind", "77-bolind@users.noreply.gitlab.com"),
            ("bolind", "bo@example.com"),
        ]);
        assert_eq!(of, [Some(0), Some(0), Some(0), Some(1), Some(2)]);
        let of = persons(&[
            ("bolind", "77-bolind@users.noreply.gitlab.com"),
            ("bolind", "bo@example.com"),
        ]);
        assert_eq!(of, [Some(0), Some(0)], "the login is the name");
    }

    #[test]
    fn a_hidden_address_that_could_be_two_people_is_neither() {
        let of = persons(&[
            ("Jo Smith", "jo@a.example"),
            ("Jo Smith", "jo@b.example"),
            ("Jo Smith", "1+jo@users.noreply.github.com"),
            ("Jo", "jo@c.example"),
            ("Jo", "2+jo-2@users.noreply.github.com"),
        ]);
        assert_eq!(of, [Some(0), Some(1), Some(2), Some(3), Some(4)]);
    }
}
