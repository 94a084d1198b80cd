//! `devportal report portal`: linked pages about everything, in a folder.

use std::path::Path;

use anyhow::{Result, bail};
use devportal::output;
use devportal::report::{Portal, ReportInput};
use devportal::scan::Scan;

use super::Args;
use super::input::{Needs, with_input};
use crate::Outcome;
use crate::page_folder::{Done, PageFolder};
use crate::session::Session;

/// What `--format` takes; the first is the default.
const FORMATS: &[&str] = &["html", "markdown"];
/// What a portal is called where the catalog has no name.
const UNNAMED: &str = "Catalog";

pub(super) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(FORMATS)?;
    let Some(folder) = &args.output else {
        bail!("a portal is many files: name their folder with --output DIR");
    };
    args.trend.refuse(&args.name)?;
    if args.step_summary {
        bail!("a portal is no page: leave out --step-summary");
    }
    if !args.query.is_empty() || args.template.is_some() {
        bail!(
            "a portal is about everything, and looks as it does: leave the query and --template out"
        );
    }
    let shown = folder;
    let folder = session.base()?.join(shown);
    let scan = session.scan()?;
    let needs = Needs::everything();
    let Some(maturity) = needs.maturity(&scan, session) else {
        return Ok(Outcome::Failure);
    };
    let title = title(&scan, session)?;
    let written = with_input(&needs, &maturity, &scan, session, |input| {
        write(input, &title, format, &folder)
    })?;
    let done = written.answer;
    session.hint(&format!("{}: {}", shown.display(), done.summary()));
    match done.left() {
        Some(left) => {
            session.hint(&left);
            Ok(Outcome::Failure)
        }
        None => Ok(written.outcome),
    }
}

/// The name of the folder that the catalog is in, which is that of the organisation as a rule.
fn title(scan: &Scan, session: &Session) -> Result<String> {
    if let Some(name) = &scan.config.organisation().organisation {
        return Ok(name.value.clone());
    }
    let root = std::path::absolute(&session.workspace()?.root)?;
    let name = root
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    Ok(name.unwrap_or_else(|| UNNAMED.to_owned()))
}

fn write(input: &ReportInput<'_>, title: &str, format: &str, folder: &Path) -> Result<Done> {
    let extension = if format == "html" { "html" } else { "md" };
    let portal = Portal::new(input, title, extension);
    let badges = portal.badges();
    let pages = portal.pages().iter().map(|page| page.path.clone());
    let files: Vec<String> = pages
        .chain(badges.iter().map(|(path, _)| path.clone()))
        .collect();
    let write_badge = output::BADGE_FORMATS[0].write;
    let mut folder = PageFolder::open(folder, &files)?;
    let mut content = Vec::new();
    for page in portal.pages() {
        let (view, around) = portal.show(page);
        content.clear();
        if format == "html" {
            output::write_page(&view, &around, &mut content)?;
        } else {
            Session::render_view(&view, format, &mut content)?;
        }
        folder.write(&page.path, &content)?;
    }
    for (path, badge) in badges {
        content.clear();
        write_badge(&badge, &mut content)?;
        folder.write(&path, &content)?;
    }
    folder.finish()
}
