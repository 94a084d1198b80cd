//! What a decision record says of itself.
//!
//! Sources: MADR 4 (front matter), MADR 2 (`* Status: accepted`), Nygard's records
//! (`Date: 2016-02-12`, `## Status`).

use super::text::{self, Summary};

/// Lines at the top that may say status and date.
const TOP: usize = 30;
/// The longest status that is shown; more is prose.
const LONGEST: usize = 80;

/// The status and the date of a decision, as they are written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) status: Option<String>,
    pub(super) date: Option<String>,
}

impl Standing {
    pub(super) fn of(text: &str, summary: &Summary) -> Self {
        let status = summary
            .field("status")
            .or_else(|| field_of_line(text, "status"))
            .or_else(|| under_heading(text, "status"));
        let date = summary
            .field("date")
            .or_else(|| field_of_line(text, "date"));
        let (status, date_of_status) = status.map_or((None, None), |status| split_date(&status));
        Self {
            status,
            date: date.or(date_of_status).filter(|date| date.len() <= LONGEST),
        }
    }
}

/// The value of a line `Name: value`, which may be an item of a list or in bold.
fn field_of_line(text: &str, name: &str) -> Option<String> {
    text.lines().take(TOP).find_map(|line| {
        let line = line.trim_start_matches(['*', '-', '_', ' ']);
        let (field, value) = line.split_once(':')?;
        let field = field.trim_matches(['*', '_', ' ']);
        let value = value.trim_matches(['*', '_', ' ']);
        (field.eq_ignore_ascii_case(name) && !value.is_empty()).then(|| value.to_owned())
    })
}

/// The first line under a heading.
fn under_heading(text: &str, name: &str) -> Option<String> {
    let sections = text::sections(text, true);
    let section = sections
        .iter()
        .find(|section| section.heading.trim().eq_ignore_ascii_case(name))?;
    let line = section.text.lines().find(|line| !line.trim().is_empty())?;
    Some(line.trim().to_owned())
}

/// `accepted, 2025-12-04` says both.
fn split_date(status: &str) -> (Option<String>, Option<String>) {
    let is_date = |word: &&str| {
        word.len() == "2025-12-04".len()
            && word.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            })
    };
    let words: Vec<&str> = status.split([' ', ',', '(', ')']).collect();
    let date = words.iter().copied().find(is_date);
    let told = match date.and_then(|date| status.split_once(date)) {
        Some((before, "" | ")")) => before.trim_end_matches([' ', ',', '(']),
        _ => status,
    };
    let told = told.trim_end_matches('.');
    let cut = &told[..told.floor_char_boundary(LONGEST)];
    (
        (!cut.is_empty()).then(|| cut.to_owned()),
        date.map(str::to_owned),
    )
}

#[cfg(test)]
mod tests {
    use super::{Standing, Summary};

    #[test]
    fn every_usual_form_is_understood() {
        for (text, status, date) in [
            (
                "---\nstatus: accepted\ndate: 2024-01-02\n---\n# A\n",
                "accepted",
                Some("2024-01-02"),
            ),
            (
                "# A\n\n* Status: superseded by 7\n* Date: 2024-01-02\n",
                "superseded by 7",
                Some("2024-01-02"),
            ),
            (
                "# A\n\nDate: 2016-02-12\n\n## Status\n\nAccepted\n\n## Context\n",
                "Accepted",
                Some("2016-02-12"),
            ),
            (
                "# A\n\nStatus: accepted, 2025-12-04\n",
                "accepted",
                Some("2025-12-04"),
            ),
            ("# A\n\n- **Status:** draft\n", "draft", None),
        ] {
            let standing = Standing::of(text, &Summary::of(text));
            assert_eq!(standing.status.as_deref(), Some(status), "{text}");
            assert_eq!(standing.date.as_deref(), date, "{text}");
        }
        assert_eq!(
            Standing::of("# A\n", &Summary::of("# A\n")),
            Standing::default()
        );
    }
}
