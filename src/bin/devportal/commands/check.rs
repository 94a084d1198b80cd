//! `devportal check`: what is wrong.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use devportal::check::{self, Baseline, CheckInput, all_codes};
use devportal::diagnostic::{Diagnostic, Severity, did_you_mean};
use devportal::output::{Checked, FINDINGS_FORMATS, Findings, Terminal};
use devportal::repo::{ReadError, read_plain};
use devportal::scan::{PathSelection, Scan, SourceTexts};

use crate::Outcome;
use crate::maturity::Maturity;
use crate::session::Session;
use crate::step_summary::StepSummary;
use crate::write_file::write_atomically;

/// Options of `check`.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Args {
    /// Only these files and folders; a file named here is read whatever its name
    paths: Vec<PathBuf>,
    /// Report only these codes
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    select: Vec<String>,
    /// Do not report these codes
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    ignore: Vec<String>,
    /// The severity from which on a finding makes the check fail
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,
    /// Fail on warnings too: the same as --fail-on warning
    #[arg(long)]
    strict: bool,
    /// Report every place to people, and not only the first of each code
    #[arg(long)]
    all: bool,
    /// Accept the findings of this file, so that only new ones count
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Accept all present findings, in the file of --baseline
    #[arg(long)]
    write_baseline: bool,
    /// Add the findings to the summary of a step of GitHub Actions
    #[arg(long, conflicts_with = "write_baseline")]
    step_summary: bool,
}

/// The severity from which on a finding counts.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl Args {
    /// Whether only some findings are asked for, so that one that is not there may still exist.
    fn is_limited(&self) -> bool {
        !(self.paths.is_empty() && self.select.is_empty() && self.ignore.is_empty())
    }
}

impl FailOn {
    pub(crate) fn reaches(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity <= Severity::Error,
            Self::Warning => severity <= Severity::Warning,
            Self::Note => severity <= Severity::Note,
            Self::Never => false,
        }
    }
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let names: Vec<&str> = FINDINGS_FORMATS.iter().map(|format| format.name).collect();
    let format = session.format(&names)?;
    let summary = StepSummary::when(args.step_summary)?;
    for code in args.select.iter().chain(&args.ignore) {
        known(code)?;
    }
    let selection = session.selection(&args.paths, false)?;
    let scan = session.scan_with(&selection)?;
    let findings = collect(args, &selection, &scan);
    let baseline_path = baseline_path(args, &scan, session)?;
    if args.write_baseline {
        return write_baseline(baseline_path.as_deref(), &findings, args, session);
    }
    let baseline = baseline_path
        .as_deref()
        .map(read_baseline)
        .transpose()?
        .unwrap_or_default();
    for cured in baseline.cured(&findings) {
        if !args.is_limited() {
            session.hint(&format!("cured, no longer needed in the baseline: {cured}"));
        }
    }
    let (accepted, new): (Vec<Diagnostic>, Vec<Diagnostic>) = findings
        .into_iter()
        .partition(|finding| baseline.covers(finding));
    let moment = session.moment();
    let source = SourceTexts::new(&scan, &moment);
    let complete = scan.is_complete();
    let extent = Extent::count(&scan, &selection);
    let findings = Findings {
        checked: Checked::Catalog,
        diagnostics: &new,
        complete,
        repositories: extent.repositories,
        documents: extent.documents,
        entities: extent.entities,
        accepted: accepted.len(),
        all: args.all,
        source: &|file| source.text(file),
    };
    if let Some(summary) = summary {
        let mut page = Vec::new();
        write_findings(&findings, "markdown", &Terminal::default(), &mut page)?;
        summary.append(&page, session)?;
    }
    let terminal = session.terminal().clone();
    write_findings(&findings, format, &terminal, session.stdout())?;
    Ok(outcome(args, &new, &scan))
}

fn write_findings(
    findings: &Findings<'_>,
    format: &str,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> Result<()> {
    let known = FINDINGS_FORMATS.iter().find(|known| known.name == format);
    let write = known.context("no format of findings")?.write;
    write(findings, terminal, out).context("cannot write output")
}

/// How much was checked.
struct Extent {
    repositories: usize,
    documents: usize,
    entities: usize,
}

impl Extent {
    fn count(scan: &Scan, selection: &PathSelection) -> Self {
        let documents = || {
            scan.documents
                .iter()
                .filter(|document| selection.covers(document.file.path()))
        };
        let entities = scan.catalog.entities().iter();
        let named: HashSet<&str> = documents()
            .map(|document| document.file.repository())
            .collect();
        let all = selection.paths.is_empty();
        Self {
            repositories: if all {
                scan.repositories.len()
            } else {
                named.len()
            },
            documents: documents().count(),
            entities: entities
                .filter(|entity| selection.covers(entity.source().file.path()))
                .count(),
        }
    }
}

fn outcome(args: &Args, findings: &[Diagnostic], scan: &Scan) -> Outcome {
    let fail_on = if args.strict {
        FailOn::Warning
    } else {
        args.fail_on
    };
    if findings
        .iter()
        .any(|finding| fail_on.reaches(finding.severity))
    {
        Outcome::Findings
    } else if scan
        .diagnostics
        .iter()
        .any(|problem| problem.hides_something)
    {
        Outcome::Incomplete
    } else {
        Outcome::Fine
    }
}

/// Everything that is reported, in the order of the files.
fn collect(args: &Args, selection: &PathSelection, scan: &Scan) -> Vec<Diagnostic> {
    let input = CheckInput {
        catalog: &scan.catalog,
        is_single_repository: scan.is_single_repository,
    };
    let all = scan.diagnostics.iter().cloned().chain(check::run(&input));
    let all = all.chain(Maturity::read(scan).problems);
    let mut findings: Vec<Diagnostic> = all
        .map(|finding| with_severity(finding, scan))
        .filter(|finding| {
            finding.severity != Severity::Off
                || args.select.iter().any(|code| code == finding.code.name)
        })
        .filter(|finding| {
            args.select.is_empty() || args.select.iter().any(|code| code == finding.code.name)
        })
        .filter(|finding| args.ignore.iter().all(|code| code != finding.code.name))
        .filter(|finding| !scan.suppressions.covers(finding) && is_selected(finding, selection))
        .collect();
    for finding in &mut findings {
        if finding.severity == Severity::Off {
            finding.severity = Severity::Note;
        }
    }
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings
}

/// Whether a finding is about what the command names.
fn is_selected(finding: &Diagnostic, selection: &PathSelection) -> bool {
    let place = finding.place.as_ref();
    place.map_or(selection.paths.is_empty(), |place| {
        selection.covers(place.file.path())
    })
}

/// A finding with the severity that the configuration gives it.
pub(crate) fn with_severity(mut finding: Diagnostic, scan: &Scan) -> Diagnostic {
    let repository = finding
        .place
        .as_ref()
        .map_or("", |place| place.file.repository());
    finding.severity = scan
        .config
        .severity(finding.code, repository)
        .max(finding.limit);
    finding
}

/// Refuses a code that does not exist.
pub(crate) fn known(code: &str) -> Result<()> {
    let codes = all_codes();
    if codes.iter().any(|known| known.name == code) {
        return Ok(());
    }
    match did_you_mean(code, codes.iter().map(|known| known.name)) {
        Some(meant) => bail!("there is no code \"{code}\"; did you mean \"{meant}\"?"),
        None => bail!("there is no code \"{code}\"; \"devportal explain\" lists all"),
    }
}

/// The file of `--baseline`, else that of the configuration.
fn baseline_path(args: &Args, scan: &Scan, session: &Session) -> Result<Option<PathBuf>> {
    if let Some(path) = &args.baseline {
        return Ok(Some(path.clone()));
    }
    let only = match scan.repositories.as_slice() {
        [repository] => scan.config.repository(&repository.identity),
        _ => None,
    };
    let setting = only.and_then(|settings| settings.baseline.as_ref()).or(scan
        .config
        .organisation()
        .baseline
        .as_ref());
    let Some(setting) = setting else {
        return Ok(None);
    };
    let file = &setting.origin.file;
    let folder = file
        .path()
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    if Path::new(&setting.value).is_absolute() || setting.value.split('/').any(|part| part == "..")
    {
        bail!("\"baseline\" of {} must lie below its folder", file.path());
    }
    let folder = session.workspace()?.root.join(folder);
    let path = folder.join(&setting.value);
    if leads_out(&folder, &path) {
        bail!(
            "\"baseline\" of {} is a link that leads out of its folder",
            file.path()
        );
    }
    Ok(Some(path))
}

/// Whether links make a path below a folder one outside of it: a repository must not choose what
/// is read or written there.
fn leads_out(folder: &Path, path: &Path) -> bool {
    let is_link = |path: &Path| {
        path.symlink_metadata()
            .is_ok_and(|metadata| metadata.is_symlink())
    };
    let real = match path.canonicalize() {
        Ok(real) => real,
        Err(_) if is_link(path) => return true,
        Err(_) => match path.parent().map(Path::canonicalize) {
            Some(Ok(real)) => real,
            // Without its folder it can be neither read nor written.
            _ => return false,
        },
    };
    !folder
        .canonicalize()
        .is_ok_and(|folder| real.starts_with(folder))
}

fn read_baseline(path: &Path) -> Result<Baseline> {
    const MOST_BYTES: u64 = 64 << 20;
    let shown = path.display();
    let bytes = match read_plain(path, MOST_BYTES) {
        Ok(bytes) => bytes,
        Err(ReadError::Missing) => bail!(
            "there is no baseline \"{shown}\"; \"devportal check --write-baseline\" writes it"
        ),
        Err(error) => bail!("the baseline \"{shown}\" {error}"),
    };
    let text = String::from_utf8_lossy(&bytes);
    Baseline::parse(&text).map_err(|reason| anyhow!("\"{}\": {reason}", path.display()))
}

fn write_baseline(
    path: Option<&Path>,
    findings: &[Diagnostic],
    args: &Args,
    session: &Session,
) -> Result<Outcome> {
    let path =
        path.context("--write-baseline needs --baseline FILE, or \"baseline\" in devportal.yaml")?;
    let why = if args.is_limited() {
        "not asked for"
    } else {
        "cured"
    };
    if path.symlink_metadata().is_ok() {
        // Anything else that is there, perhaps a descriptor, is not to be lost.
        let old = read_baseline(path)?;
        for dropped in old.cured(findings) {
            session.hint(&format!("{why} and dropped: {dropped}"));
        }
    }
    write_atomically(path, Baseline::of(findings).to_string().as_bytes())?;
    let count = findings.len();
    let noun = if count == 1 { "finding" } else { "findings" };
    session.hint(&format!("wrote {} with {count} {noun}", path.display()));
    Ok(Outcome::Fine)
}
