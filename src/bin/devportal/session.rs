//! What every command needs: the options of all commands, the workspace, a scan, and output.

use std::cell::{OnceCell, RefCell};
use std::io::Write;
use std::mem::ManuallyDrop;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use devportal::check::all_codes;
use devportal::config::{Settings, UserSettings};
use devportal::diagnostic::{Diagnostic, did_you_mean};
use devportal::model::{Moment, SourceFile};
use devportal::output::{self, Terminal, VIEW_FORMATS, ViewFormat};
use devportal::repo::{HistoryMemory, Workspace, WorkspaceFile, WorkspaceRequest};
use devportal::scan::{PathSelection, Scan, ScanRequest};
use devportal::view::View;
use jiff::Timestamp;

use crate::Outcome;
use crate::environment::{self, ColorChoice};
use crate::facts::time_of_workspace;
use crate::pager::Pager;
use crate::progress::Bar;
use crate::stdout::Stdout;

/// The options that every command takes, before or after its name.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Globals {
    /// The folder to look at, taken literally
    #[arg(
        short = 'C',
        long,
        global = true,
        value_name = "DIR",
        help_heading = "Global options"
    )]
    pub(crate) workspace: Option<PathBuf>,
    /// Look at another moment: a date, a revision, or "default" for the default branches
    #[arg(
        long,
        global = true,
        value_name = "REV|DATE",
        help_heading = "Global options"
    )]
    pub(crate) at: Option<String>,
    /// How to write the answer; which formats there are depends on the command
    #[arg(
        short = 'o',
        long,
        global = true,
        value_name = "FORMAT",
        help_heading = "Global options"
    )]
    pub(crate) format: Option<String>,
    /// The same as --format json
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) json: bool,
    /// Refuse a name that several entities have, instead of taking the likeliest
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) exact: bool,
    /// Keep nothing between runs, and use nothing that was kept
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) no_cache: bool,
    /// When to use colours
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Global options"
    )]
    pub(crate) color: ColorChoice,
    /// Print no hints and no progress
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
    /// Say more about what is done
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub(crate) verbose: bool,
}

impl Globals {
    /// The options of a run that says nothing beside its answer.
    pub(crate) fn quiet(workspace: Option<PathBuf>) -> Self {
        Self {
            workspace,
            at: None,
            format: None,
            json: false,
            exact: false,
            no_cache: false,
            color: ColorChoice::Never,
            quiet: true,
            verbose: false,
        }
    }
}

/// A run of the program.
pub(crate) struct Session {
    globals: Globals,
    terminal: Terminal,
    stdout: Stdout,
    workspace: OnceCell<Workspace>,
    user_settings: OnceCell<UserSettings>,
    /// What could not be read after the scan.
    unread: RefCell<Vec<Diagnostic>>,
    /// When the commit was made that this run looks at, where `--at` names a revision.
    time_of_workspace: Option<Timestamp>,
}

impl Session {
    pub(crate) fn new(globals: Globals) -> Self {
        let terminal = environment::terminal(globals.color);
        Self {
            globals,
            terminal,
            stdout: Stdout::new(),
            workspace: OnceCell::new(),
            user_settings: OnceCell::new(),
            unread: RefCell::default(),
            time_of_workspace: None,
        }
    }

    /// The options of all commands.
    pub(crate) fn globals(&self) -> &Globals {
        &self.globals
    }

    /// Writes what is left of the output.
    pub(crate) fn finish(&mut self) -> Result<()> {
        self.stdout.flush().context("cannot write output")
    }

    /// Where data goes.
    pub(crate) fn stdout(&mut self) -> &mut dyn Write {
        &mut self.stdout
    }

    /// What the output is shown on.
    pub(crate) fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    /// A line for people that is not the answer.
    pub(crate) fn hint(&self, text: &str) {
        if !self.globals.quiet {
            let _ = writeln!(std::io::stderr(), "{}", output::safe_lines(text));
        }
    }

    /// Whether a format was asked for.
    pub(crate) fn has_format(&self) -> bool {
        self.globals.json || self.globals.format.is_some()
    }

    /// The format that was asked for, of those that a command has; the first is the default.
    pub(crate) fn format<'a>(&self, known: &[&'a str]) -> Result<&'a str> {
        let asked = match (&self.globals.format, self.globals.json) {
            (Some(_), true) => bail!("--json and --format exclude each other"),
            (None, true) => "json",
            // What people read is a page here and a table there, and may be asked for by both names.
            (Some(format), _) if format == "table" && known.contains(&"human") => "human",
            (Some(format), _) if format == "human" && known.contains(&"table") => "table",
            (Some(format), _) => format,
            (None, _) => return known.first().copied().context("the command has no format"),
        };
        if let Some(format) = known.iter().find(|format| **format == asked) {
            return Ok(format);
        }
        let meant = did_you_mean(asked, known.iter().copied());
        let help = meant.map_or_else(
            || format!("use {}", known.join(", ")),
            |meant| format!("did you mean \"{meant}\"?"),
        );
        bail!("there is no format \"{asked}\" here: {help}");
    }

    /// Writes a view in one of the formats of views.
    pub(crate) fn write_view(&mut self, view: &View, format: &str) -> Result<()> {
        let format = view_format(format)?;
        (format.write)(view, &self.terminal, &mut self.stdout).context("cannot write output")
    }

    /// Writes a view in one of the formats of views into a file of the user, which is no terminal.
    pub(crate) fn render_view(view: &View, format: &str, out: &mut Vec<u8>) -> Result<()> {
        let format = view_format(format)?;
        let page = Terminal::default();
        (format.write)(view, &page, out).context("cannot write output")
    }

    /// Writes a view for people beside the answer.
    pub(crate) fn write_beside(&self, view: &View) -> Result<()> {
        let mut text = Vec::new();
        (view_format("human")?.write)(view, &self.terminal, &mut text)?;
        std::io::stderr().write_all(&text).context("cannot write")
    }

    /// Writes a view through the user's pager, where there are one and a terminal.
    pub(crate) fn write_paged(&mut self, view: &View, format: &str) -> Result<()> {
        let Some(pager) = Pager::start() else {
            return self.write_view(view, format);
        };
        let mut page = Vec::new();
        (view_format(format)?.write)(view, &self.terminal, &mut page)?;
        pager.show(&page).context("cannot show the page")
    }

    /// Writes a value as JSON.
    pub(crate) fn write_json<T: serde::Serialize>(&mut self, value: &T) -> Result<()> {
        output::json::write(value, &mut self.stdout).context("cannot write output")
    }

    /// Writes a value as YAML.
    pub(crate) fn write_yaml<T: serde::Serialize>(&mut self, value: &T) -> Result<()> {
        output::yaml::write(value, &mut self.stdout).context("cannot write output")
    }

    /// Writes a value as one line of JSON.
    pub(crate) fn write_json_line<T: serde::Serialize>(&mut self, value: &T) -> Result<()> {
        output::json::write_line(value, &mut self.stdout).context("cannot write output")
    }

    /// The workspace that this run looks at.
    pub(crate) fn workspace(&self) -> Result<&Workspace> {
        if let Some(workspace) = self.workspace.get() {
            return Ok(workspace);
        }
        let workspace = self.choose_workspace()?;
        Ok(self.workspace.get_or_init(|| workspace))
    }

    /// From now on, what is found out about the past of repositories is remembered: for who looks
    /// at many moments.
    pub(crate) fn remember_history(&mut self) -> Result<()> {
        self.workspace()?;
        if let Some(workspace) = self.workspace.get_mut()
            && !workspace.memory.is_on()
        {
            workspace.memory = HistoryMemory::new();
        }
        Ok(())
    }

    fn choose_workspace(&self) -> Result<Workspace> {
        let request = WorkspaceRequest {
            flag: self.globals.workspace.clone(),
            environment: environment::workspace(),
            user: self
                .user_settings()
                .workspace
                .as_ref()
                .map(|it| it.value.clone()),
            current: environment::current_folder()?,
        };
        Workspace::choose(&request, &read_workspace_file)
    }

    /// Reads the workspace.
    pub(crate) fn scan(&mut self) -> Result<ManuallyDrop<Scan>> {
        self.scan_with(&PathSelection::default())
    }

    /// Reads the workspace, and what a command names in it.
    pub(crate) fn scan_with(&mut self, selection: &PathSelection) -> Result<ManuallyDrop<Scan>> {
        self.scan_for(&self.moment(), selection, false)
    }

    /// Reads the workspace, and `CODEOWNERS` of every repository.
    pub(crate) fn scan_with_code_owners(&mut self) -> Result<ManuallyDrop<Scan>> {
        self.scan_for(&self.moment(), &PathSelection::default(), true)
    }

    /// Reads the workspace as it is at another moment than that of the run.
    pub(crate) fn scan_at(&mut self, moment: &Moment) -> Result<ManuallyDrop<Scan>> {
        self.scan_for(moment, &PathSelection::default(), false)
    }

    fn scan_for(
        &mut self,
        moment: &Moment,
        selection: &PathSelection,
        all_code_owners: bool,
    ) -> Result<ManuallyDrop<Scan>> {
        let workspace = self.workspace()?.clone();
        if let Some(links) = &mut self.terminal.links {
            let folder = std::path::absolute(&workspace.root).unwrap_or_default();
            links.folder = folder.to_string_lossy().into_owned();
        }
        let codes: Vec<&str> = all_codes().iter().map(|code| code.name).collect();
        let bar = Bar::new(!self.globals.quiet);
        let request = ScanRequest {
            workspace: &workspace,
            moment,
            selection,
            all_code_owners,
            codes: &codes,
            progress: &bar,
        };
        let scan = devportal::scan::scan(&request);
        bar.finish();
        if let Ok(scan) = &scan
            && *moment == self.moment()
        {
            self.time_of_workspace = time_of_workspace(scan, moment);
        }
        if self.globals.verbose
            && let Ok(scan) = &scan
        {
            let (repositories, entities) = (scan.repositories.len(), scan.catalog.entities().len());
            self.hint(&format!(
                "{}: {repositories} repositories, {entities} entities",
                workspace.root.display()
            ));
        }
        // The program ends with its command, and taking a large catalog apart takes a twentieth
        // of its time.
        scan.map(ManuallyDrop::new)
    }

    /// The moment that this run looks at.
    pub(crate) fn moment(&self) -> Moment {
        self.globals
            .at
            .as_deref()
            .map_or(Moment::Present, Moment::parse)
    }

    /// Keeps what could not be read after the scan, for the outcome.
    pub(crate) fn keep_unread(&self, problems: &[Diagnostic]) {
        let hiding = problems.iter().filter(|problem| problem.hides_something);
        self.unread.borrow_mut().extend(hiding.cloned());
    }

    /// Whether nothing that could change an answer is out of sight, in the scan and after it.
    pub(crate) fn is_complete(&self, scan: &Scan) -> bool {
        scan.is_complete() && self.unread.borrow().is_empty()
    }

    /// When the commit was made that this run looks at.
    pub(crate) fn time_of_workspace(&self) -> Option<Timestamp> {
        self.time_of_workspace
    }

    /// The outcome of an answer that has something to say, and a hint when something that could
    /// not be read might change it.
    pub(crate) fn outcome_of_answer(&self, scan: &Scan) -> Outcome {
        let unread = self.unread.borrow();
        let problems = scan.diagnostics.iter().chain(unread.iter());
        let mut hidden: Vec<String> = Vec::new();
        for problem in problems.filter(|problem| problem.hides_something) {
            let line = output::diagnostic_line(problem);
            // The scan and what follows it may stumble over the same file.
            if !hidden.contains(&line) {
                hidden.push(line);
            }
        }
        if hidden.is_empty() {
            return Outcome::Fine;
        }
        for line in hidden.iter().take(3) {
            self.hint(line);
        }
        if hidden.len() > 3 {
            self.hint(&format!(
                "and {} more; \"devportal check\" lists them",
                hidden.len() - 3
            ));
        }
        self.hint("what could not be read could change this answer");
        Outcome::Incomplete
    }

    /// The files and folders that a command names: relative to the folder of `-C` where it is
    /// given, else to the current one.
    pub(crate) fn selection(&self, paths: &[PathBuf], only: bool) -> Result<PathSelection> {
        let (workspace, base) = (self.workspace()?, self.base()?);
        let relative = |path: &PathBuf| workspace.relative(&without_dots(&base.join(path)));
        Ok(PathSelection {
            paths: paths.iter().map(relative).collect(),
            only,
        })
    }

    /// The folder that paths of the command line are relative to.
    pub(crate) fn base(&self) -> Result<PathBuf> {
        match &self.globals.workspace {
            Some(_) => Ok(self.workspace()?.root.clone()),
            None => environment::current_folder(),
        }
    }

    /// What the user's own configuration says.
    pub(crate) fn user_settings(&self) -> &UserSettings {
        self.user_settings.get_or_init(|| self.read_user_settings())
    }

    fn read_user_settings(&self) -> UserSettings {
        let Some(path) = environment::user_configuration() else {
            return UserSettings::default();
        };
        let Ok(text) = std::fs::read_to_string(&path) else {
            return UserSettings::default();
        };
        let (settings, problems) = UserSettings::parse(&text, &path.to_string_lossy());
        for problem in &problems {
            self.hint(&output::diagnostic_line(problem));
        }
        settings
    }
}

/// The format of views of that name.
fn view_format(name: &str) -> Result<&'static ViewFormat> {
    let name = if name == "table" { "human" } else { name };
    VIEW_FORMATS
        .iter()
        .find(|known| known.name == name)
        .context("no format of views")
}

/// Takes `.` and `..` out of a path as it is written.
pub(crate) fn without_dots(path: &std::path::Path) -> PathBuf {
    use std::path::Component;
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

/// What makes a `devportal.yaml` that of a workspace; its mistakes are reported by the scan.
fn read_workspace_file(text: &str) -> WorkspaceFile {
    let file = std::sync::Arc::new(SourceFile::new(
        std::sync::Arc::from("."),
        "",
        b"devportal.yaml",
    ));
    let (settings, _) = Settings::parse(text, &file, &[]);
    WorkspaceFile {
        repositories: settings.repositories.map(|setting| setting.value),
        organisation: settings.organisation.is_some(),
    }
}
