//! `devportal docs`: the documentation of an entity, and the search in all of it.

mod search;

use anyhow::{Result, anyhow};
use clap_complete::engine::ArgValueCompleter;
use devportal::diagnostic::{Diagnostic, did_you_mean};
use devportal::documentation::{Documentation, EntityDocumentation, OutsideLink, Page, PageKind};
use devportal::model::EntityRef;
use devportal::output;
use devportal::scan::Scan;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::completion;
use crate::listing::{LISTING_FORMATS, Listing};
use crate::session::Session;

/// Options of `docs`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<DocsCommand>,
    /// The entity: its name, or kind:namespace/name
    #[arg(value_name = "REF", required = true, add = ArgValueCompleter::new(completion::entity))]
    reference: Option<String>,
    /// The page to open: its title, file name or number
    #[arg(value_name = "PAGE")]
    page: Option<String>,
    /// Print the page instead of showing it in a pager
    #[arg(long)]
    no_pager: bool,
}

#[derive(Debug, clap::Subcommand)]
enum DocsCommand {
    /// Search in all documentation: words, and "phrases"; an entity named search is component:search
    Search(search::Args),
}

/// A page, or a link to one that is not in sight.
#[derive(Serialize)]
struct PageRow<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    number: usize,
    title: &'a str,
    kind: PageKind,
    section: &'a [String],
    status: Option<&'a str>,
    date: Option<&'a str>,
    repository: Option<&'a str>,
    path: Option<&'a str>,
    url: Option<&'a str>,
}

/// A page with its text.
#[derive(Serialize)]
struct OpenedPage<'a> {
    schema: &'static str,
    complete: bool,
    page: &'a PageRow<'a>,
    text: Option<&'a str>,
}

/// What can be opened.
#[derive(Clone, Copy)]
enum Entry<'a> {
    Page(&'a Page),
    Outside(&'a OutsideLink),
}

/// An entry that was chosen.
struct Opened<'a> {
    complete: bool,
    row: PageRow<'a>,
    entry: Entry<'a>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    match (&args.command, &args.reference) {
        (Some(DocsCommand::Search(args)), _) => search::run(args, session),
        (None, Some(reference)) => read(args, reference, session),
        (None, None) => Err(anyhow!("name an entity")),
    }
}

fn read(args: &Args, reference: &str, session: &mut Session) -> Result<Outcome> {
    let formats = match args.page {
        Some(_) => &["human", "json", "markdown"],
        None => LISTING_FORMATS,
    };
    let format = session.format(formats)?;
    let scan = session.scan()?;
    let Some(id) = session.entity(&scan, reference, &["component", "system", "api"])? else {
        return Ok(session.outcome_of_nothing(&scan));
    };
    let reference = scan.catalog.entity(id).reference();
    let moment = session.moment();
    let library = Documentation::new(&scan.catalog, &scan.repositories, &moment);
    let documentation = library.of(id);
    let entries = entries(&documentation);
    let is_asked_for_a_list = args.page.is_none() && session.has_format();
    let chosen = match (&args.page, entries.as_slice()) {
        (Some(page), _) => choose(&entries, page),
        (None, [only]) if !is_asked_for_a_list => Some((1, *only)),
        _ => None,
    };
    if let Some((number, entry)) = chosen {
        let opened = Opened {
            complete: is_complete(&scan, &documentation.problems),
            row: entry.row(reference, number),
            entry,
        };
        open(args, session, &library, &opened, format)?;
        return Ok(session.outcome_of_answer(&scan));
    }
    if let (Some(page), false) = (&args.page, entries.is_empty()) {
        session.hint(&no_such_page(&entries, page));
        return Ok(session.outcome_of_nothing(&scan));
    }
    if entries.is_empty() {
        session.hint(&format!(
            "{} has no documentation: no README, no pages, no annotation that leads to some",
            reference.short()
        ));
    }
    if !entries.is_empty() || matches!(format, "json" | "yaml") {
        session.write_listing(
            format,
            Listing {
                schema: "devportal.docs/v1",
                name: "pages",
                complete: is_complete(&scan, &documentation.problems),
                rows: (1..)
                    .zip(&entries)
                    .map(|(number, entry)| entry.row(reference, number)),
                view: || list(reference, &entries),
            },
        )?;
    }
    Ok(if entries.is_empty() {
        nothing(session, &scan, &documentation.problems)
    } else {
        outcome(session, &scan, &documentation.problems)
    })
}

fn open(
    args: &Args,
    session: &mut Session,
    library: &Documentation<'_>,
    opened: &Opened<'_>,
    format: &str,
) -> Result<()> {
    let text = match opened.entry {
        Entry::Page(page) => {
            let text = library.read(page);
            Some(text.map_err(|error| anyhow!("\"{}\" {error}", page.file.path()))?)
        }
        Entry::Outside(_) => None,
    };
    if format == "json" {
        return session.write_json(&OpenedPage {
            schema: "devportal.docs-page/v1",
            complete: opened.complete,
            page: &opened.row,
            text: text.as_deref(),
        });
    }
    let mut view = View::new();
    match opened.entry {
        Entry::Page(page) => {
            view.push(Block::Paragraph(origin(page)));
            let text = text.unwrap_or_default();
            view.push(if page.is_markdown {
                Block::Markdown(text)
            } else {
                Block::Verbatim(text)
            });
        }
        Entry::Outside(link) => view.push(Block::Paragraph(
            Text::plain(format!("{} is not in this workspace: ", link.title))
                .then(&link.url, Role::Url),
        )),
    }
    if args.no_pager || format == "markdown" {
        session.write_view(&view, format)
    } else {
        session.write_paged(&view, format)
    }
}

/// Where a page is, and what a decision says of itself.
fn origin(page: &Page) -> Text {
    let text = Text::new(page.file.path(), Role::File);
    let said: Vec<&str> = [&page.status, &page.date]
        .into_iter()
        .filter_map(Option::as_deref)
        .collect();
    if said.is_empty() {
        text
    } else {
        text.then(format!("  {}", said.join(", ")), Role::Faint)
    }
}

fn entries(documentation: &EntityDocumentation) -> Vec<Entry<'_>> {
    let pages = documentation.pages.iter().map(Entry::Page);
    let outside = documentation.outside.iter().map(Entry::Outside);
    pages.chain(outside).collect()
}

impl<'a> Entry<'a> {
    fn title(self) -> &'a str {
        match self {
            Self::Page(page) => &page.title,
            Self::Outside(link) => &link.title,
        }
    }

    fn kind(self) -> PageKind {
        match self {
            Self::Page(page) => page.kind,
            Self::Outside(link) => link.kind,
        }
    }

    /// Its path in the workspace, or its address.
    fn place(self) -> &'a str {
        match self {
            Self::Page(page) => page.file.path(),
            Self::Outside(link) => &link.url,
        }
    }

    fn file_name(self) -> &'a str {
        let place = self.place();
        place.rsplit('/').next().unwrap_or(place)
    }

    /// The file name without what says that it is Markdown.
    fn file_stem(self) -> &'a str {
        let name = self.file_name();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    fn row(self, reference: &'a EntityRef, number: usize) -> PageRow<'a> {
        let page = match self {
            Self::Page(page) => Some(page),
            Self::Outside(_) => None,
        };
        PageRow {
            reference,
            number,
            title: self.title(),
            kind: self.kind(),
            section: page.map_or(&[], |page| &page.section),
            status: page.and_then(|page| page.status.as_deref()),
            date: page.and_then(|page| page.date.as_deref()),
            repository: page.map(|page| page.file.repository()),
            path: page.map(|page| page.file.path()),
            url: page.is_none().then(|| self.place()),
        }
    }
}

/// The entry that a word means: its number, title, path or file name, its kind when there is one
/// of it, or a part of a single title. A page comes before a link to one elsewhere.
fn choose<'a>(entries: &[Entry<'a>], wanted: &str) -> Option<(usize, Entry<'a>)> {
    let number = wanted.parse::<usize>().ok();
    if let Some(entry) = number.and_then(|number| entries.get(number.checked_sub(1)?)) {
        return Some((number?, *entry));
    }
    let wanted = wanted.to_lowercase();
    let all: Vec<(usize, Entry<'a>)> = (1..).zip(entries.iter().copied()).collect();
    let is_page = |(_, entry): &&(usize, Entry<'a>)| matches!(entry, Entry::Page(_));
    let pages: Vec<(usize, Entry<'a>)> = all.iter().filter(is_page).copied().collect();
    choose_by_name(&pages, &wanted).or_else(|| choose_by_name(&all, &wanted))
}

fn choose_by_name<'a>(entries: &[(usize, Entry<'a>)], wanted: &str) -> Option<(usize, Entry<'a>)> {
    let is_title = |entry: Entry<'_>| entry.title().to_lowercase() == wanted;
    let is_file = |entry: Entry<'_>| {
        [entry.file_name(), entry.file_stem(), entry.place()]
            .iter()
            .any(|name| name.to_lowercase() == wanted)
    };
    let is_kind = |entry: Entry<'_>| {
        entry.kind().name() == wanted || (entry.kind() == PageKind::Decision && wanted == "adr")
    };
    let is_part = |entry: Entry<'_>| entry.title().to_lowercase().contains(wanted);
    let first =
        |fits: &dyn Fn(Entry<'_>) -> bool| entries.iter().copied().find(|(_, entry)| fits(*entry));
    let only = |fits: &dyn Fn(Entry<'_>) -> bool| {
        let count = entries.iter().filter(|(_, entry)| fits(*entry)).count();
        first(fits).filter(|_| count == 1)
    };
    first(&is_title)
        .or_else(|| first(&is_file))
        .or_else(|| only(&is_kind))
        .or_else(|| only(&is_part))
}

fn no_such_page(entries: &[Entry<'_>], wanted: &str) -> String {
    let names = entries
        .iter()
        .flat_map(|entry| [entry.title(), entry.file_stem(), entry.kind().name()]);
    match did_you_mean(wanted, names) {
        Some(meant) => format!("there is no page \"{wanted}\"; did you mean \"{meant}\"?"),
        None => format!("there is no single page \"{wanted}\"; without it, all are listed"),
    }
}

/// The pages for people and spreadsheets.
fn list(reference: &EntityRef, entries: &[Entry<'_>]) -> View {
    let has_decisions = entries.iter().any(
        |entry| matches!(entry, Entry::Page(page) if page.status.is_some() || page.date.is_some()),
    );
    let mut columns = vec![
        Column::numeric("#"),
        Column::flexible("title"),
        Column::fixed("kind"),
    ];
    if has_decisions {
        columns.extend([Column::flexible("status"), Column::fixed("date")]);
    }
    columns.push(Column::flexible("file"));
    let row = |(number, entry): (usize, &Entry<'_>)| {
        let row = entry.row(reference, number);
        let section: String = row.section.iter().flat_map(|part| [part, " › "]).collect();
        let mut cells = vec![
            Text::plain(number.to_string()),
            Text::new(section, Role::Faint).then(row.title, Role::Name),
            Text::plain(row.kind.name()),
        ];
        if has_decisions {
            cells.push(Text::plain(row.status.unwrap_or_default()));
            cells.push(Text::plain(row.date.unwrap_or_default()));
        }
        cells.push(match entry {
            Entry::Page(page) => Text::new(page.file.path(), Role::File),
            Entry::Outside(link) => Text::new(&link.url, Role::Url),
        });
        cells
    };
    View {
        blocks: vec![Block::Table(Table {
            columns,
            rows: (1..).zip(entries).map(row).collect(),
        })],
    }
}

/// Whether everything was in sight that could change the answer.
fn is_complete(scan: &Scan, problems: &[Diagnostic]) -> bool {
    scan.is_complete() && problems.iter().all(|problem| !problem.hides_something)
}

/// The outcome of an answer, after what leads nowhere or could not be read was said.
fn outcome(session: &Session, scan: &Scan, problems: &[Diagnostic]) -> Outcome {
    const MOST: usize = 5;
    for problem in problems.iter().take(MOST) {
        session.hint(&output::diagnostic_line(problem));
    }
    if let Some(more @ 1..) = problems.len().checked_sub(MOST) {
        session.hint(&format!("and {more} more"));
    }
    let outcome = session.outcome_of_answer(scan);
    if problems.iter().any(|problem| problem.hides_something) {
        Outcome::Incomplete
    } else {
        outcome
    }
}

fn nothing(session: &Session, scan: &Scan, problems: &[Diagnostic]) -> Outcome {
    match outcome(session, scan, problems) {
        Outcome::Fine => Outcome::Findings,
        other => other,
    }
}
