//! A page after the other, and never for ever.

use std::collections::HashSet;

use super::{CollectError, CollectErrorKind, Connection, Page};

/// The most pages of one list.
const MOST_PAGES: usize = 200;

/// The pages of a list, as an API hands them out. After an error there is none any more.
pub struct Pages<'a> {
    connection: &'a Connection,
    headers: &'a [(&'a str, &'a str)],
    next: Option<String>,
    asked: HashSet<String>,
    has_failed: bool,
}

impl<'a> Pages<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        path: &str,
        headers: &'a [(&'a str, &'a str)],
    ) -> Self {
        Self {
            connection,
            headers,
            next: Some(path.to_owned()),
            asked: HashSet::new(),
            has_failed: false,
        }
    }

    /// Says where the next page is, for APIs that tell it in the page: a path of the API, or a URL
    /// of its host.
    pub fn continue_at(&mut self, next: Option<String>) {
        if !self.has_failed {
            self.next = next;
        }
    }

    fn ask(&mut self, path: &str) -> Result<Page, CollectError> {
        let url = self.connection.url(path)?;
        let failed = |what: String| {
            let host = url.host_str().unwrap_or_default();
            let message = format!("host \"{host}\" {what}");
            self.connection.error(CollectErrorKind::Failed, &message)
        };
        if self.asked.len() >= MOST_PAGES {
            return Err(failed(format!("has more than {MOST_PAGES} pages of that")));
        }
        if self.asked.contains(url.as_str()) {
            let what = "names a page as its next that was there before";
            return Err(failed(what.to_owned()));
        }
        self.asked.insert(url.to_string());
        self.connection.get_with(path, self.headers)
    }
}

impl Iterator for Pages<'_> {
    type Item = Result<Page, CollectError>;

    fn next(&mut self) -> Option<Self::Item> {
        let path = self.next.take()?;
        let page = self.ask(&path);
        match &page {
            Ok(page) => self.next.clone_from(&page.next),
            Err(_) => self.has_failed = true,
        }
        Some(page)
    }
}
