//! `devportal new`: a repository from a golden path.

mod made_page;
mod preparation;

use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap_complete::engine::ArgValueCompleter;
use devportal::scaffold::apply;
use devportal::scaffold::lock::Lock;
use devportal::scaffold::{Effect, Plan, Ran};
use serde::Serialize;

use crate::Outcome;
use crate::completion;
use crate::environment;
use crate::prompt;
use crate::scaffolding::effects::{self, EffectReport};
use crate::scaffolding::given::GivenArgs;
use crate::scaffolding::plan_page::{self, PlanRecord};
use crate::scaffolding::writing::{self, Writing, WrittenRepository};
use crate::session::Session;

use made_page::Places;
use preparation::{Preparation, Prepared};

/// Options of `new`.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Args {
    /// The template: a name, a folder, a template.yaml, or a Git URL
    #[arg(value_name = "TEMPLATE", add = ArgValueCompleter::new(completion::template))]
    template: String,
    /// The folder to make; beside the other repositories of the workspace unless it is given
    #[arg(value_name = "DIR")]
    destination: Option<PathBuf>,
    #[command(flatten)]
    given: GivenArgs,
    /// The branch, tag or commit of a template from Git
    #[arg(long = "ref", value_name = "REV")]
    revision: Option<String>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask before it is done
    #[arg(short = 'y', long)]
    yes: bool,
    /// Move what is at the destination aside
    #[arg(long)]
    force: bool,
    /// Make remote repositories, push to them, and start what the template starts there
    #[arg(long)]
    push: bool,
    /// Let the template run programs on this machine
    #[arg(long)]
    trust: bool,
    /// Let the template fetch from other repositories by Git
    #[arg(long)]
    fetch: bool,
    /// Leave out steps whose action is not known here, and those that need them
    #[arg(long)]
    skip_unsupported: bool,
    /// Render names that have no value as nothing, as Backstage does
    #[arg(long)]
    allow_undefined: bool,
    /// Write the files, and make no Git repository of them
    #[arg(long)]
    no_git: bool,
}

/// What was done, for machines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    schema: &'static str,
    template: &'a str,
    dry_run: bool,
    #[serde(flatten)]
    plan: PlanRecord<'a>,
    made: &'a [WrittenRepository],
    done: &'a [EffectReport],
    output: serde_json::Value,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(&["human", "json"])?;
    // Before anybody answers questions in vain.
    if let Some(destination) = &args.destination {
        refuse_occupied(args, destination)?;
    }
    let prepared = match preparation::prepare(args, session)? {
        // Taking it apart at the end would take longer than a small template does.
        Preparation::Ready(prepared) => ManuallyDrop::new(prepared),
        Preparation::Ended(outcome) => return Ok(outcome),
    };
    let ran = prepared.run(args, false)?;
    let plan = plan(args, &prepared, ran)?;
    for repository in &plan.repositories {
        refuse_occupied(args, &repository.destination).map_err(|error| {
            if repository.publication.is_some() && writing::is_made_before(repository) {
                let folder = repository.destination.display();
                anyhow!("an earlier run made \"{folder}\": --push goes on with it")
            } else {
                error
            }
        })?;
    }
    let missing = effects::missing_clones(&plan, &prepared.effects(args));
    if !missing.is_empty() {
        session.hint(&missing);
        if !args.dry_run {
            return Ok(Outcome::Incomplete);
        }
    }
    if args.dry_run {
        show(session, format, args, &prepared, &plan, &[], &[])?;
        return Ok(Outcome::Fine);
    }
    if prepared.is_interactive && !args.yes {
        let current = environment::current_folder()?;
        session.write_beside(&plan_page::page(&plan, &prepared.redaction, &current))?;
        if !prompt::confirm(session, "Make it?", true)? {
            session.hint("nothing was done");
            return Ok(Outcome::Interrupted);
        }
    }
    // Programs run only now, when everything else is known to work.
    let plan = if prepared.runs_programs {
        self::plan(args, &prepared, prepared.run(args, true)?)?
    } else {
        plan
    };
    let plan = ManuallyDrop::new(plan);
    let writing = Writing {
        force: args.force,
        git: !args.no_git,
        goes_on: args.push,
    };
    if args.push && !plan.effects.iter().any(Effect::needs_push) {
        session.hint("the template publishes nothing, so --push has nothing to push");
    }
    let made = writing::write(&plan.repositories, writing)?;
    let effects = effects::carry_out(session, &plan, &made, &prepared.effects(args))?;
    show(
        session,
        format,
        args,
        &prepared,
        &plan,
        &made,
        &effects.reports,
    )?;
    let has_no_commit = made.iter().any(|it| it.without_commit.is_some());
    Ok(match effects.outcome {
        Outcome::Fine if has_no_commit => Outcome::Incomplete,
        other => other,
    })
}

/// Refuses a destination that is taken; with `--push` it may be what an earlier run made.
fn refuse_occupied(args: &Args, destination: &Path) -> Result<()> {
    if args.push {
        return Ok(());
    }
    apply::refuse_occupied(destination, args.force)?;
    let here = environment::current_folder()?.canonicalize();
    if destination.canonicalize().ok() == here.ok() {
        // It would be replaced, and whoever stands in it would be nowhere.
        bail!(
            "\"{}\" is the current folder: go to the one above, and name it from there",
            destination.display()
        );
    }
    Ok(())
}

/// The plan of a run, with the lock in each repository.
fn plan(args: &Args, prepared: &Prepared, ran: Ran) -> Result<Plan> {
    let is_named = args.destination.is_some()
        || ran
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Publish(_)));
    let name = if is_named {
        String::new()
    } else {
        prepared.folder_name(&ran)?
    };
    let beside = &prepared.beside;
    let mut plan = Plan::new(ran, args.destination.as_deref(), beside, &name)
        .map_err(|error| prepared.refused(&error))?;
    for repository in &mut plan.repositories {
        let lock = Lock::new(
            prepared.locked.clone(),
            prepared.kept.clone(),
            &repository.tree,
        );
        lock.put(&mut repository.tree)
            .map_err(|error| prepared.refused(&error))?;
    }
    Ok(plan)
}

fn show(
    session: &mut Session,
    format: &str,
    args: &Args,
    prepared: &Prepared,
    plan: &Plan,
    made: &[WrittenRepository],
    done: &[EffectReport],
) -> Result<()> {
    let output = serde_json::to_value(&plan.output).context("the output has no JSON form")?;
    if format == "json" {
        let record = Record {
            schema: "devportal.new/v1",
            template: &prepared.name,
            dry_run: args.dry_run,
            plan: PlanRecord::new(plan),
            made,
            done,
            output,
        };
        // A template may put a secret anywhere.
        let record = serde_json::to_value(record).context("the record has no JSON form")?;
        return session.write_json(&prepared.redaction.value(record));
    }
    let current = environment::current_folder()?;
    let view = if args.dry_run {
        plan_page::page(plan, &prepared.redaction, &current)
    } else {
        let places = Places {
            current: &current,
            workspace: &session.workspace()?.root,
        };
        made_page::page(plan, made, done, &prepared.redaction, places)
    };
    session.write_view(&view, format)
}
