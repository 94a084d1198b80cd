//! `devportal template lint`: what is wrong with templates, before anybody runs them.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use clap_complete::engine::ArgValueCompleter;
use devportal::diagnostic::{Diagnostic, Severity};
use devportal::output::{Checked, FINDINGS_FORMATS, Findings};
use devportal::scaffold::lint::{LintRequest, lint};
use devportal::scan::Scan;

use crate::Outcome;
use crate::commands::check::{FailOn, known, with_severity};
use crate::completion;
use crate::scaffolding::catalog;
use crate::scaffolding::files::TemplateFiles;
use crate::scaffolding::locating::Locator;
use crate::scaffolding::stack::on_large_stack;
use crate::session::Session;
use crate::template_source::{TemplateSource, templates};

/// Options of `template lint`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The templates: names, folders, template.yaml files or Git URLs; all of the workspace
    /// without any
    #[arg(value_name = "TEMPLATE", add = ArgValueCompleter::new(completion::template))]
    templates: Vec<String>,
    /// Report only these codes
    #[arg(long, value_name = "CODE", value_delimiter = ',', add = ArgValueCompleter::new(completion::codes))]
    select: Vec<String>,
    /// Do not report these codes
    #[arg(long, value_name = "CODE", value_delimiter = ',', add = ArgValueCompleter::new(completion::codes))]
    ignore: Vec<String>,
    /// The severity from which on a finding makes the command fail
    #[arg(long, value_name = "SEVERITY", default_value = "warning")]
    fail_on: FailOn,
    /// Report every place to people, and not only the first of each code
    #[arg(long)]
    all: bool,
    /// Let files of other repositories be fetched by Git
    #[arg(long)]
    fetch: bool,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let names: Vec<&str> = FINDINGS_FORMATS.iter().map(|format| format.name).collect();
    let format = session.format(&names)?;
    for code in args.select.iter().chain(&args.ignore) {
        known(code)?;
    }
    let scan = session.scan()?;
    let sources = sources(args, session, &scan)?;
    if sources.is_empty() {
        session.hint(
            "the catalog of the workspace has no templates\n  help: name the folder of one: \"devportal template lint ./templates/service\"",
        );
    }
    let locator = Locator::new(session, args.fetch)?;
    let programs = catalog::programs(session.user_settings());
    let mut found = Vec::new();
    for source in &sources {
        found.extend(findings(source, &locator, &programs));
    }
    let found = reported(args, found, &scan);
    let complete = !found.iter().any(|finding| finding.hides_something);
    let repositories: BTreeSet<&str> = sources.iter().map(|it| it.file.repository()).collect();
    let findings = Findings {
        checked: Checked::Templates,
        diagnostics: &found,
        complete,
        repositories: repositories.len(),
        documents: sources.len(),
        entities: sources.len(),
        accepted: 0,
        all: args.all,
        source: &|file| {
            let sources = sources.iter();
            let mut own = sources.filter(|it| it.file.repository() == file.repository());
            own.find_map(|source| source.origin.text(file.path_in_repository()))
        },
    };
    let write = FINDINGS_FORMATS
        .iter()
        .find(|known| known.name == format)
        .context("no format of findings")?
        .write;
    let terminal = session.terminal().clone();
    write(&findings, &terminal, session.stdout()).context("cannot write output")?;
    let fails = |finding: &Diagnostic| args.fail_on.reaches(finding.severity);
    Ok(if found.iter().any(fails) {
        Outcome::Findings
    } else if complete {
        Outcome::Fine
    } else {
        Outcome::Incomplete
    })
}

/// The templates that are meant.
fn sources(args: &Args, session: &mut Session, scan: &Scan) -> Result<Vec<TemplateSource>> {
    if args.templates.is_empty() {
        let all = templates(scan);
        return all
            .map(|entity| TemplateSource::of_entity(entity, scan, session))
            .collect();
    }
    let named = args.templates.iter();
    named
        .map(|word| session.template(word, None, false))
        .collect()
}

/// What is wrong with a template.
fn findings(
    source: &TemplateSource,
    locator: &Locator,
    programs: &[(String, Vec<String>)],
) -> Vec<Diagnostic> {
    let manifest = match &source.manifest {
        Ok(manifest) => manifest,
        Err(problems) => return problems.clone(),
    };
    let files = TemplateFiles {
        origin: &source.origin,
        locate: &|url| locator.locate(url),
    };
    let request = LintRequest {
        manifest,
        sources: &files,
        programs,
    };
    on_large_stack(|| lint(&request))
}

/// What is reported of it, with the severities of the configuration, in the order of the files.
fn reported(args: &Args, found: Vec<Diagnostic>, scan: &Scan) -> Vec<Diagnostic> {
    let is_selected = |finding: &Diagnostic| {
        let has = |codes: &[String]| codes.iter().any(|code| code == finding.code.name);
        (args.select.is_empty() || has(&args.select)) && !has(&args.ignore)
    };
    let mut reported: Vec<Diagnostic> = found
        .into_iter()
        .map(|finding| with_severity(finding, scan))
        .filter(is_selected)
        .filter(|finding| finding.severity != Severity::Off && !scan.suppressions.covers(finding))
        .collect();
    reported.sort_by(|one, other| one.order().cmp(&other.order()));
    reported
}
