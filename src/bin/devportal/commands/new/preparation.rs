//! Everything that is known before a template runs: what it is, what it needs, and the answers.

use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use devportal::config::UserSettings;
use devportal::repo;
use devportal::scaffold::actions::{self, Needs};
use devportal::scaffold::answers::Answered;
use devportal::scaffold::lock::LockedTemplate;
use devportal::scaffold::{
    Manifest, NoPrograms, Programs, Ran, Redaction, RunError, RunRequest, StepError, StepStatus,
    TargetPath, TrustedPrograms, World, unsupported,
};
use devportal::scan::Scan;
use serde_json::{Map, Value};

use super::Args;
use crate::Outcome;
use crate::environment;
use crate::prompt;
use crate::scaffolding::catalog::{self, ScannedEntities};
use crate::scaffolding::effects::EffectRequest;
use crate::scaffolding::files::TemplateFiles;
use crate::scaffolding::locating::Locator;
use crate::scaffolding::stack::on_large_stack;
use crate::scaffolding::{entity_name, folder_beside, locked_template};
use crate::session::Session;
use crate::template_source::{Origin, TemplateSource};

/// A template that can run, or how the command ends without.
pub(super) enum Preparation {
    Ready(Box<Prepared>),
    Ended(Outcome),
}

/// A template that can run.
pub(super) struct Prepared {
    /// What it is called.
    pub(super) name: String,
    source: TemplateSource,
    manifest: Manifest,
    settings: UserSettings,
    programs: Vec<(String, Vec<String>)>,
    scan: Option<std::mem::ManuallyDrop<Scan>>,
    locator: Locator,
    answers: Map<String, Value>,
    /// The answers that may be kept.
    pub(super) kept: Map<String, Value>,
    secrets: Map<String, Value>,
    /// Hides secrets in what is shown.
    pub(super) redaction: Redaction,
    /// What the lock says of the template.
    pub(super) locked: LockedTemplate,
    /// Where the repositories of the workspace lie.
    pub(super) beside: PathBuf,
    /// Whether somebody was asked, and may be asked again.
    pub(super) is_interactive: bool,
    /// Whether a step runs a program.
    pub(super) runs_programs: bool,
}

/// Reads the template, looks at what it needs, and gets the answers.
pub(super) fn prepare(args: &Args, session: &mut Session) -> Result<Preparation> {
    let locator = Locator::new(session, args.fetch)?;
    let source = session.template(&args.template, args.revision.as_deref(), args.trust)?;
    let manifest = source.manifest()?.clone();
    let settings = session.user_settings().clone();
    refuse_unsupported(args, &manifest, &settings)?;
    let programs = programs_of(&manifest, &settings);
    let is_trusted = || {
        let template = locked_template(&source, &manifest, &locator);
        args.trust || is_trusted(&template, &source.origin, &settings)
    };
    if !programs.is_empty() && !args.dry_run && !is_trusted() {
        session.hint(&needs_trust(&args.template, &programs));
        return Ok(Preparation::Ended(Outcome::NeedsTrust));
    }
    let given = args.given.given(session)?;
    let is_interactive = prompt::can_ask() && !args.given.defaults;
    let scan = if is_interactive || catalog::is_needed(&manifest) {
        Some(session.scan()?)
    } else {
        None
    };
    let answered = prompt::ask(session, &manifest, &given, &|filter| {
        let scan = scan.as_deref();
        scan.map_or_else(Vec::new, |scan| catalog::references(scan, filter))
    })?;
    let locked = locked_template(&source, &manifest, &locator);
    let kept = answered.without_secrets();
    let redaction = Redaction::new(&answered.hidden_values());
    let Answered {
        answers, secrets, ..
    } = answered;
    let secrets = secrets.0;
    Ok(Preparation::Ready(Box::new(Prepared {
        name: manifest.name.clone(),
        beside: folder_beside(session)?,
        redaction,
        kept,
        answers: answers.0,
        runs_programs: !programs.is_empty(),
        locator,
        source,
        manifest,
        programs: catalog::programs(&settings),
        settings,
        scan,
        secrets,
        locked,
        is_interactive,
    })))
}

impl Prepared {
    /// Runs the steps: for a plan, or with their programs.
    pub(super) fn run(&self, args: &Args, with_programs: bool) -> Result<Ran> {
        let scan = self.scan.as_deref();
        let trusted = TrustedPrograms {
            search_path: environment::search_path(),
            folder: self.beside.clone(),
        };
        let programs: &dyn Programs = if with_programs { &trusted } else { &NoPrograms };
        let files = TemplateFiles {
            origin: &self.source.origin,
            locate: &|url| self.locator.locate(url),
        };
        let entities = ScannedEntities(scan);
        let reference = self.manifest.reference();
        let world = World {
            sources: &files,
            entities: &entities,
            programs,
            template: Some(&reference),
            // What a program will leave is not known while it is only planned.
            refuses_unknown_names: !args.allow_undefined && (with_programs || !self.runs_programs),
        };
        let request = RunRequest {
            manifest: &self.manifest,
            answers: &self.answers,
            secrets: &self.secrets,
            user: catalog::user(&self.settings, scan),
            world: &world,
            programs: &self.programs,
            skips_unsupported: args.skip_unsupported,
        };
        let ran = on_large_stack(|| devportal::scaffold::run(&request));
        let mut ran = ran.map_err(|error| {
            let (id, _) = &error.step;
            let place = self.manifest.file.path();
            let line = error.span.line;
            let after = ran_after(&error);
            let told = format!("{}{after}", told(&error.error));
            anyhow!("{}", self.redaction.text(&told)).context(format!(
                "{place}:{line}: step \"{id}\" ({}) fails",
                error.action
            ))
        })?;
        for step in &mut ran.steps {
            for line in step.log.lines.iter_mut().chain(&mut step.log.notices) {
                *line = self.redaction.text(line);
            }
        }
        Ok(ran)
    }

    /// An error of a plan.
    pub(super) fn refused(&self, error: &StepError) -> anyhow::Error {
        anyhow!("{}", self.redaction.text(&told(error)))
    }

    /// What the new folder is called where nobody said it.
    pub(super) fn folder_name(&self, ran: &Ran) -> Result<String> {
        let answer = |name: &str| {
            let answer = self.answers.get(name).and_then(Value::as_str);
            answer.map(str::to_owned)
        };
        let name = entity_name(&ran.tree)
            .or_else(|| answer("name"))
            .or_else(|| answer("component_id"))
            .unwrap_or_else(|| self.name.clone());
        let path = TargetPath::new(&name).map_err(|refusal| {
            anyhow!("no folder can be called \"{name}\": {refusal}\n  help: name a folder")
        })?;
        if path.folders().next().is_some() {
            bail!("no folder can be called \"{name}\"\n  help: name a folder");
        }
        Ok(name)
    }

    /// What carrying out the effects of a plan needs to know.
    pub(super) fn effects(&self, args: &Args) -> EffectRequest<'_> {
        EffectRequest {
            push: args.push,
            settings: &self.settings,
            redaction: &self.redaction,
            locator: &self.locator,
        }
    }
}

/// What is wrong, and what to do about it.
fn told(error: &StepError) -> String {
    match &error.help {
        Some(help) => format!("{}\n  help: {help}", error.message),
        None => error.message.clone(),
    }
}

/// What the steps said that ran after one failed, because they ask for that.
fn ran_after(error: &RunError) -> String {
    let steps = error.steps.iter();
    let after = steps
        .skip_while(|step| step.id != error.step.0)
        .filter(|step| step.status == StepStatus::Done);
    let lines = after.flat_map(|step| {
        let ran = format!("\n  step \"{}\" ran after it", step.id);
        let said = step.log.all().map(|line| format!("\n    {line}"));
        std::iter::once(ran).chain(said)
    });
    lines.collect()
}

/// Names every action that is not known here, before anything starts.
fn refuse_unsupported(args: &Args, manifest: &Manifest, settings: &UserSettings) -> Result<()> {
    let found = unsupported(manifest, &catalog::programs(settings));
    if found.is_empty() || args.skip_unsupported {
        return Ok(());
    }
    let lines = found
        .iter()
        .map(|step| format!("\n  step \"{}\": {}", step.id, step.reason));
    bail!(
        "the template needs what is not there:{}\n  help: --skip-unsupported leaves these steps out; \"actions\" of your configuration can name programs for them",
        lines.collect::<String>()
    );
}

/// Whether the user's configuration trusts a template: its repository, at its commit where one is
/// named.
fn is_trusted(template: &LockedTemplate, origin: &Origin, settings: &UserSettings) -> bool {
    let Some(repository) = &template.repository else {
        return false;
    };
    let commit = template.commit.as_deref();
    settings.trusts(repository, None)
        || settings.trusts(repository, commit) && is_as_committed(origin)
}

/// Whether all files that a template may read are those of its commit.
fn is_as_committed(origin: &Origin) -> bool {
    match origin {
        Origin::Folder {
            root, commit: None, ..
        } => repo::head_of(root, "").is_some_and(|head| !head.is_modified),
        _ => true,
    }
}

/// The steps that run a program: id and what.
fn programs_of(manifest: &Manifest, settings: &UserSettings) -> Vec<(String, String)> {
    let needs = |action: &str| match actions::action(action) {
        Some(action) => action.needs == Needs::Trust,
        None => settings.actions.contains_key(action),
    };
    let steps = manifest
        .steps
        .iter()
        .filter(|step| step.condition != Some(Value::Bool(false)) && needs(&step.action));
    steps
        .map(|step| (step.id.clone(), step.action.clone()))
        .collect()
}

fn needs_trust(template: &str, programs: &[(String, String)]) -> String {
    let lines = programs
        .iter()
        .map(|(id, action)| format!("\n  step \"{id}\": {action}"));
    format!(
        "the template runs programs on this machine:{}\n  help: look at them with \"devportal template show {template}\", and pass --trust when they are fine",
        lines.collect::<String>()
    )
}
