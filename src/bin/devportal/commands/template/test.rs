//! `devportal template test`: the cases of a template.

use std::path::Path;

use anyhow::{Context, Result, bail};
use clap_complete::engine::ArgValueCompleter;
use devportal::diagnostic::Severity;
use devportal::scaffold::actions::{self, Needs};
use devportal::scaffold::answers::{self, Given};
use devportal::scaffold::apply::{Destination, Staged};
use devportal::scaffold::case::{self, Case, CaseDifference, EXPECTED, FOLDER};
use devportal::scaffold::{
    Effect, Invocation, Manifest, NoPrograms, Plan, Programs, RunRequest, Sources, TargetPath,
    TrustedPrograms, WorkTree, World,
};
use devportal::scan::Scan;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::completion;
use crate::environment;
use crate::scaffolding::catalog::{self, ScannedEntities};
use crate::scaffolding::files::TemplateFiles;
use crate::scaffolding::folder_beside;
use crate::scaffolding::locating::Locator;
use crate::scaffolding::stack::on_large_stack;
use crate::session::Session;
use crate::template_source::{Origin, TemplateSource};

/// Who runs cases: the same everywhere, so that what comes out is the same.
const USER: &str = "user:default/guest";

/// Options of `template test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The template: a name, a folder, a template.yaml, or a Git URL
    #[arg(value_name = "TEMPLATE", add = ArgValueCompleter::new(completion::template))]
    template: String,
    /// Only these cases
    #[arg(value_name = "CASE")]
    cases: Vec<String>,
    /// Write what comes out as what must come out
    #[arg(long)]
    update: bool,
    /// Run the programs of the template and the commands of its cases
    #[arg(long)]
    trust: bool,
    /// Let the template fetch from other repositories by Git
    #[arg(long)]
    fetch: bool,
}

/// The results, for machines.
#[derive(Serialize)]
struct Record<'a> {
    schema: &'static str,
    template: &'a str,
    passed: usize,
    failed: usize,
    cases: &'a [CaseResult],
}

/// How a case went.
#[derive(Serialize)]
struct CaseResult {
    name: String,
    passed: bool,
    /// Why it failed, or what was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<CaseDifference>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(&["human", "json"])?;
    let source = session.template(&args.template, None, args.trust)?;
    let manifest = source.manifest()?;
    let locator = Locator::new(session, args.fetch)?;
    let settings = session.user_settings();
    let programs = catalog::programs(settings);
    let scan = if catalog::is_needed(manifest) {
        Some(session.scan()?)
    } else {
        None
    };
    let runner = Runner {
        args,
        source: &source,
        manifest,
        locator: &locator,
        scan: scan.as_deref(),
        programs: &programs,
        trusted: TrustedPrograms {
            search_path: environment::search_path(),
            folder: folder_beside(session)?,
        },
    };
    if !args.trust && runner.runs_programs() {
        session.hint(&format!(
            "the template runs programs on this machine\n  help: look at them with \"devportal template show {}\", and pass --trust when they are fine",
            args.template
        ));
        return Ok(Outcome::NeedsTrust);
    }
    let cases = runner.cases()?;
    if cases.is_empty() {
        session.hint(&no_cases(&source));
        return Ok(Outcome::Findings);
    }
    let mut results = Vec::new();
    for (name, case) in cases {
        let result = match case {
            Ok(case) => runner.result(&case)?,
            Err(message) => CaseResult::failed(&name, message),
        };
        results.push(result);
    }
    let failed = results.iter().filter(|result| !result.passed).count();
    match format {
        "json" => session.write_json(&Record {
            schema: "devportal.template-test/v1",
            template: &manifest.name,
            passed: results.len() - failed,
            failed,
            cases: &results,
        })?,
        _ => session.write_view(&view(&results, failed), format)?,
    }
    Ok(if failed == 0 {
        Outcome::Fine
    } else {
        Outcome::Findings
    })
}

fn no_cases(source: &TemplateSource) -> String {
    if matches!(source.origin, Origin::Shipped(_)) {
        return "the template has no cases: it is one of devportal itself".to_owned();
    }
    let folder = source.file.path().rsplit_once('/');
    let folder = folder.map_or(String::new(), |(folder, _)| format!("{folder}/"));
    format!(
        "the template has no cases\n  help: write \"{folder}{FOLDER}/CASE/answers.yaml\" with answers, and let --update write what comes out"
    )
}

/// Everything that running a case needs.
struct Runner<'a> {
    args: &'a Args,
    source: &'a TemplateSource,
    manifest: &'a Manifest,
    locator: &'a Locator,
    scan: Option<&'a Scan>,
    programs: &'a [(String, Vec<String>)],
    trusted: TrustedPrograms,
}

impl Runner<'_> {
    /// Whether a step runs a program.
    fn runs_programs(&self) -> bool {
        let mut steps = self.manifest.steps.iter();
        steps.any(|step| match actions::action(&step.action) {
            Some(action) => action.needs == Needs::Trust,
            None => self.programs.iter().any(|(name, _)| *name == step.action),
        })
    }

    /// The cases that are wanted.
    fn cases(&self) -> Result<Vec<(String, Result<Case, String>)>> {
        let files = TemplateFiles {
            origin: &self.source.origin,
            locate: &|url| self.locator.locate(url),
        };
        // A folder that is not there has no cases.
        let files = files.folder(FOLDER).unwrap_or_default();
        let all = case::read(files);
        for wanted in &self.args.cases {
            if !all.iter().any(|(name, _)| name == wanted) {
                bail!("the template has no case \"{wanted}\"");
            }
        }
        let is_wanted =
            |name: &String| self.args.cases.is_empty() || self.args.cases.contains(name);
        Ok(all
            .into_iter()
            .filter(|(name, _)| is_wanted(name))
            .collect())
    }

    fn result(&self, case: &Case) -> Result<CaseResult> {
        let made = on_large_stack(|| self.make(case));
        let made = match (made, &case.settings.fails) {
            (Ok(made), None) => made,
            (Ok(_), Some(text)) => {
                let message = format!("it should fail with \"{text}\", but does not");
                return Ok(CaseResult::failed(&case.name, message));
            }
            (Err(message), Some(text)) if message.contains(text.as_str()) => {
                return Ok(CaseResult::passed(&case.name, None));
            }
            (Err(message), _) => return Ok(CaseResult::failed(&case.name, message)),
        };
        if self.args.update {
            self.write(case, &made)?;
        }
        let differences = match &case.expected {
            _ if self.args.update => Vec::new(),
            None => {
                let message = format!("it has no folder \"{EXPECTED}\"; --update writes it");
                return Ok(CaseResult::failed(&case.name, message));
            }
            Some(expected) => case::compare(expected, &made)?,
        };
        if !differences.is_empty() {
            let files = if differences.len() == 1 {
                "file differs"
            } else {
                "files differ"
            };
            let message = format!("{} {files}", differences.len());
            return Ok(CaseResult {
                differences,
                ..CaseResult::failed(&case.name, message)
            });
        }
        Ok(self.command(case, made))
    }

    /// What a case makes; or why it fails.
    fn make(&self, case: &Case) -> Result<WorkTree, String> {
        let given = Given {
            set: Vec::new(),
            file: Some(case.answers.clone()),
            use_defaults: true,
        };
        let answered = answers::answer(self.manifest, &given).map_err(|problems| {
            let lines = problems.iter().map(|it| it.message.clone());
            lines.collect::<Vec<_>>().join("\n")
        })?;
        let files = TemplateFiles {
            origin: &self.source.origin,
            locate: &|url| self.locator.locate(url),
        };
        let entities = ScannedEntities(self.scan);
        let programs: &dyn Programs = if self.args.trust {
            &self.trusted
        } else {
            &NoPrograms
        };
        let reference = self.manifest.reference();
        let world = World {
            template: Some(&reference),
            sources: &files,
            entities: &entities,
            programs,
            refuses_unknown_names: !case.settings.allow_undefined,
        };
        let request = RunRequest {
            manifest: self.manifest,
            answers: &answered.answers.0,
            secrets: &answered.secrets.0,
            user: Some((USER.to_owned(), None)),
            world: &world,
            programs: self.programs,
            skips_unsupported: case.settings.skip_unsupported,
        };
        let ran = devportal::scaffold::run(&request)
            .map_err(|error| format!("step \"{}\" fails: {}", error.step.0, error.error.message))?;
        let plan = Plan::new(ran, None, Path::new(""), "made").map_err(|it| it.message)?;
        files_of(plan)
    }

    /// Runs the command of a case in what it made, where that is allowed.
    fn command(&self, case: &Case, mut made: WorkTree) -> CaseResult {
        let Some((program, arguments)) = case.settings.command.split_first() else {
            return CaseResult::passed(&case.name, None);
        };
        let invocation = Invocation {
            program: program.clone(),
            arguments: arguments.to_vec(),
            folder: None,
            input: None,
        };
        if !self.args.trust {
            let message = format!("\"{}\" was not run: it needs --trust", invocation.shown());
            return CaseResult::passed(&case.name, Some(message));
        }
        match self.trusted.run(&invocation, &mut made) {
            Ok(_) => CaseResult::passed(&case.name, None),
            Err(error) => CaseResult::failed(&case.name, error.message),
        }
    }

    /// Writes what a case made as what it must make.
    fn write(&self, case: &Case, made: &WorkTree) -> Result<()> {
        let Origin::Folder {
            root,
            folder,
            commit: None,
            ..
        } = &self.source.origin
        else {
            bail!("--update writes only into a folder, and the template is in none");
        };
        let of_case = root.join(folder).join(FOLDER).join(&case.name);
        let inside = of_case.canonicalize().ok().zip(root.canonicalize().ok());
        if !inside.is_some_and(|(case, root)| case.starts_with(root)) {
            bail!("the case \"{}\" leads out of its repository", case.name);
        }
        let destination = Destination::open(&of_case.join(EXPECTED), true)?;
        let (_, aside) = Staged::write(destination, made)?.finish()?;
        if let Some(aside) = aside {
            std::fs::remove_dir_all(&aside)
                .with_context(|| format!("cannot remove \"{}\"", aside.display()))?;
        }
        Ok(())
    }
}

/// The files of a plan: those of its repository, each in a folder of its name where there are
/// several, or those that are proposed to a repository.
fn files_of(mut plan: Plan) -> Result<WorkTree, String> {
    if plan.repositories.len() == 1 {
        let only = plan.repositories.remove(0);
        return Ok(only.tree);
    }
    let mut all = WorkTree::default();
    for repository in plan.repositories {
        let name = repository.destination.file_name();
        let name = name.map_or_else(String::new, |it| it.to_string_lossy().into_owned());
        let folder = TargetPath::new(&name).map_err(|it| it.to_string())?;
        for (path, entry) in repository.tree.below(None) {
            let path = TargetPath::join(Some(&folder), path.as_str());
            let put = all.put(path.map_err(|it| it.to_string())?, entry.clone());
            put.map_err(|error| error.message)?;
        }
    }
    let proposed = plan.effects.into_iter().find_map(|effect| match effect {
        Effect::Propose(proposal) => Some(proposal.files),
        _ => None,
    });
    Ok(if all.is_empty() {
        proposed.unwrap_or_default()
    } else {
        all
    })
}

impl CaseResult {
    fn passed(name: &str, message: Option<String>) -> Self {
        Self {
            name: name.to_owned(),
            passed: true,
            message,
            differences: Vec::new(),
        }
    }

    fn failed(name: &str, message: String) -> Self {
        Self {
            name: name.to_owned(),
            passed: false,
            message: Some(message),
            differences: Vec::new(),
        }
    }
}

fn view(results: &[CaseResult], failed: usize) -> View {
    let mut view = View::new();
    let rows = results.iter().map(|result| {
        let word = if result.passed {
            Text::new("ok", Role::Good)
        } else {
            Text::new("FAILED", Role::Bad(Severity::Error))
        };
        let message = result.message.as_deref().unwrap_or_default();
        vec![
            word,
            Text::new(&result.name, Role::Name),
            Text::plain(message.replace('\n', ", ")),
        ]
    });
    view.push(Block::Table(Table {
        columns: vec![
            Column::fixed("result"),
            Column::fixed("case"),
            Column::flexible("why"),
        ],
        rows: rows.collect(),
    }));
    for result in results.iter().filter(|it| !it.differences.is_empty()) {
        view.push(Block::Heading(Text::new(&result.name, Role::Name)));
        let patches = result.differences.iter().map(|it| it.patch.as_str());
        view.push(Block::Verbatim(patches.collect()));
    }
    let (count, passed) = (results.len(), results.len() - failed);
    let noun = if count == 1 { "case" } else { "cases" };
    let summary = if failed == 0 {
        Text::plain(format!("{count} {noun}: ")).then("all pass", Role::Good)
    } else {
        Text::plain(format!("{count} {noun}: {passed} passed, "))
            .then(format!("{failed} failed"), Role::Bad(Severity::Error))
    };
    view.push(Block::Paragraph(summary));
    view
}
