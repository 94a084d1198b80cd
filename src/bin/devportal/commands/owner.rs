//! `devportal owner`: who owns files, folders and entities.
//!
//! Two answer: the catalog, by the entity whose home holds the path, and `CODEOWNERS`, by the
//! rules that decide about it. Where they name different owners, that is said.

mod answer;
mod page;
mod path_list;
mod subject;
mod table;

use std::ffi::OsString;

use anyhow::Result;
use devportal::scan::Scan;

use crate::Outcome;
use crate::listing::{LISTING_FORMATS, Listing};
use crate::session::Session;

use answer::{Answer, Answers};
use path_list::PathList;
use subject::{Subject, Subjects};

/// Mistakes in `CODEOWNERS` that are told.
const MOST_MISTAKES: usize = 3;

/// Options of `owner`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files and folders, there or not, and entities; "-" reads paths from standard input
    #[arg(value_name = "PATH|REF", required = true)]
    subjects: Vec<OsString>,
    /// The paths of standard input end with NUL, as "git diff -z" writes them
    #[arg(short = 'z', long)]
    null: bool,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(LISTING_FORMATS)?;
    let is_list = args.subjects.iter().any(|word| word == "-");
    let list = if is_list {
        PathList::from_stdin(args.null, session)?
    } else {
        PathList::default()
    };
    let scan = session.scan_with_code_owners()?;
    let (subjects, not_found) = subjects(args, &list, &scan, session)?;
    let mut answers = Answers::new(&scan);
    let answers: Vec<Answer<'_>> = subjects.iter().map(|it| answers.of(it)).collect();
    if !answers.is_empty() || matches!(format, "json" | "yaml") {
        let is_single = answers.len() == 1 && !is_list && format == "table";
        let listing = Listing {
            schema: "devportal.owner/v1",
            name: "answers",
            complete: scan.is_complete(),
            rows: answers.iter(),
            view: || match answers.first() {
                Some(answer) if is_single => page::view(answer, &scan.catalog),
                _ => table::view(&answers),
            },
        };
        session.write_listing(format, listing)?;
    }
    tell_mistakes(&answers, &scan, session);
    let has_all = !not_found && answers.iter().all(Answer::has_owner);
    Ok(match session.outcome_of_answer(&scan) {
        Outcome::Fine if !has_all => Outcome::Findings,
        outcome => outcome,
    })
}

/// What the words of the command line mean, and whether one means nothing.
fn subjects(
    args: &Args,
    list: &PathList,
    scan: &Scan,
    session: &Session,
) -> Result<(Vec<Subject>, bool)> {
    let all = Subjects::new(scan, session)?;
    let (mut subjects, mut not_found) = (Vec::new(), false);
    for word in &args.subjects {
        if word == "-" {
            subjects.extend(all.of_list(list));
            continue;
        }
        match all.of_word(word, session)? {
            Some(subject) => subjects.push(subject),
            None => not_found = true,
        }
    }
    Ok((subjects, not_found))
}

/// Says what is wrong in the `CODEOWNERS` files that were asked.
fn tell_mistakes(answers: &[Answer<'_>], scan: &Scan, session: &Session) {
    let mut repositories: Vec<&str> = answers.iter().filter_map(Answer::repository).collect();
    repositories.sort_unstable();
    repositories.dedup();
    let files = repositories
        .into_iter()
        .filter_map(|repository| scan.catalog.code_owners(repository));
    let mistakes = files.flat_map(|file| {
        let path = file.file().path();
        let mistakes = file.mistakes().iter();
        mistakes.map(move |it| format!("{path}:{}: {}", it.span.line, it.message))
    });
    let mistakes: Vec<String> = mistakes.collect();
    for mistake in mistakes.iter().take(MOST_MISTAKES) {
        session.hint(mistake);
    }
    if let Some(more) = mistakes.len().checked_sub(MOST_MISTAKES + 1) {
        session.hint(&format!("and {} more mistakes in CODEOWNERS", more + 1));
    }
}
