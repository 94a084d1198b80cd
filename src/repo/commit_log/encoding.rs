//! A log as bytes, to be kept.
//!
//! Whole numbers are written seven bits a byte, lowest first. What cannot be read is no log.

use super::tag::MOST_TAGS;
use super::{CommitAuthor, CommitId, CommitLog, LoggedCommit, MOST_COMMITS, Tag};

/// Changes with what the bytes mean.
pub(super) const VERSION: &str = "commit-log/1";

impl CommitLog {
    /// The log as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.commits.len() * 48);
        write_number(&mut bytes, self.folders.len());
        for folder in &self.folders {
            write_text(&mut bytes, folder);
        }
        write_number(&mut bytes, self.authors.len());
        for author in &self.authors {
            write_text(&mut bytes, &author.name);
            write_text(&mut bytes, &author.address);
        }
        write_number(&mut bytes, self.of_state);
        write_number(&mut bytes, self.commits.len());
        for commit in &self.commits {
            bytes.extend_from_slice(&commit.id.0);
            write_number(&mut bytes, commit.author);
            bytes.extend_from_slice(&commit.written.to_le_bytes());
            bytes.extend_from_slice(&commit.committed.to_le_bytes());
            for places in [&commit.parents, &commit.changed] {
                write_number(&mut bytes, places.len());
                for place in places {
                    write_number(&mut bytes, *place as usize);
                }
            }
        }
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; `None` for anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reading = Reading(bytes);
        let folders = reading.number()?;
        let folders = (0..folders).map(|_| reading.text());
        let folders: Vec<String> = folders.collect::<Option<_>>()?;
        let authors = reading.number()?;
        let authors = (0..authors).map(|_| {
            Some(CommitAuthor {
                name: reading.text()?,
                address: reading.text()?,
            })
        });
        let authors: Vec<CommitAuthor> = authors.collect::<Option<_>>()?;
        let of_state = reading.number()?;
        let count = reading.number()?;
        if count > MOST_COMMITS || of_state > count {
            return None;
        }
        let commits = (0..count).map(|_| reading.commit(count, authors.len(), folders.len()));
        let commits: Vec<LoggedCommit> = commits.collect::<Option<_>>()?;
        reading.0.is_empty().then_some(Self {
            folders,
            authors,
            commits,
            of_state,
        })
    }
}

/// Where a history begins, as bytes.
pub(super) fn write_start(tip: Option<CommitId>, tags: &[Tag]) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_number(&mut bytes, usize::from(tip.is_some()));
    bytes.extend(tip.into_iter().flat_map(|tip| tip.0));
    write_number(&mut bytes, tags.len());
    for tag in tags {
        write_text(&mut bytes, &tag.name);
        bytes.extend_from_slice(&tag.commit.0);
        bytes.extend_from_slice(&tag.seconds.to_le_bytes());
    }
    bytes
}

/// Reads what [`write_start`] wrote; `None` for anything else.
pub(super) fn read_start(bytes: &[u8]) -> Option<(Option<CommitId>, Vec<Tag>)> {
    let mut reading = Reading(bytes);
    let tip = match reading.number()? {
        0 => None,
        1 => Some(CommitId(reading.array()?)),
        _ => return None,
    };
    let count = reading.number().filter(|count| *count <= MOST_TAGS)?;
    let tags = (0..count).map(|_| {
        Some(Tag {
            name: reading.text()?,
            commit: CommitId(reading.array()?),
            seconds: i64::from_le_bytes(reading.array()?),
        })
    });
    let tags: Vec<Tag> = tags.collect::<Option<_>>()?;
    reading.0.is_empty().then_some((tip, tags))
}

fn write_number(bytes: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = number.to_le_bytes()[0] & 0x7f;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn write_text(bytes: &mut Vec<u8>, text: &str) {
    write_number(bytes, text.len());
    bytes.extend_from_slice(text.as_bytes());
}

/// What is left to read.
struct Reading<'a>(&'a [u8]);

impl<'a> Reading<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn number(&mut self) -> Option<usize> {
        let mut number: u64 = 0;
        for shift in (0..35).step_by(7) {
            let [byte] = self.array()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return usize::try_from(number).ok();
            }
        }
        None
    }

    fn text(&mut self) -> Option<String> {
        let length = self.number()?;
        String::from_utf8(self.take(length)?.to_vec()).ok()
    }

    fn commit(&mut self, commits: usize, authors: usize, folders: usize) -> Option<LoggedCommit> {
        Some(LoggedCommit {
            id: CommitId(self.array()?),
            author: self.number().filter(|author| *author < authors)?,
            written: i64::from_le_bytes(self.array()?),
            committed: i64::from_le_bytes(self.array()?),
            parents: self.places(commits)?,
            changed: self.places(folders)?,
        })
    }

    /// Places in a list of that many.
    fn places(&mut self, most: usize) -> Option<Box<[u32]>> {
        let count = self.number()?;
        let places = (0..count).map(|_| {
            let place = self.number().filter(|place| *place < most)?;
            u32::try_from(place).ok()
        });
        places.collect()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_start_is_read_as_it_was_written() {
        use super::super::{CommitId, Tag};
        let tag = |name: &str, seconds| Tag {
            name: name.to_owned(),
            commit: CommitId([7; 20]),
            seconds,
        };
        let tags = vec![tag("v1", -1), tag("v2 é", i64::MAX)];
        for tip in [None, Some(CommitId([1; 20]))] {
            let bytes = super::write_start(tip, &tags);
            assert_eq!(super::read_start(&bytes), Some((tip, tags.clone())));
            for length in 0..bytes.len() {
                assert_eq!(super::read_start(&bytes[..length]), None, "{length}");
            }
        }
    }

    use super::super::{CommitAuthor, CommitId, CommitLog, LoggedCommit};

    fn log() -> CommitLog {
        let commit = |id: u8, parents: &[u32], changed: &[u32]| LoggedCommit {
            id: CommitId([id; 20]),
            author: 0,
            written: -1,
            committed: 1_800_000_000,
            parents: parents.into(),
            changed: changed.into(),
        };
        CommitLog {
            folders: vec!["services/pay".to_owned(), "x".repeat(200)],
            authors: vec![CommitAuthor {
                name: "Zoë".to_owned(),
                address: String::new(),
            }],
            commits: vec![
                commit(1, &[1, 2], &[]),
                commit(2, &[], &[0, 1]),
                commit(3, &[1], &[]),
            ],
            of_state: 2,
        }
    }

    #[test]
    fn a_log_is_read_as_it_was_written() {
        assert_eq!(CommitLog::from_bytes(&log().to_bytes()), Some(log()));
    }

    #[test]
    fn what_is_cut_off_or_longer_is_no_log() {
        let bytes = log().to_bytes();
        for length in 0..bytes.len() {
            assert_eq!(CommitLog::from_bytes(&bytes[..length]), None, "{length}");
        }
        assert_eq!(CommitLog::from_bytes(&[&bytes[..], &[0]].concat()), None);
    }

    #[test]
    fn changed_bytes_never_lead_out_of_the_lists() {
        let bytes = log().to_bytes();
        for place in 0..bytes.len() {
            for byte in [0, 0x7f, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[place] = byte;
                let Some(log) = CommitLog::from_bytes(&changed) else {
                    continue;
                };
                for commit in log.commits() {
                    assert!(commit.author < log.authors().len());
                    assert!(
                        commit
                            .parents
                            .iter()
                            .all(|it| (*it as usize) < log.commits().len())
                    );
                }
            }
        }
    }
}
