//! Carrying out what a template asks for outside of its files: publishing, proposing, registering,
//! starting CI. What leaves this machine does so only with `--push`.

mod dispatch;
mod forge;
mod propose;
mod publish;
mod register;

use anyhow::Result;
use devportal::config::UserSettings;
use devportal::repo::{GitProgram, GitProgramError};
use devportal::scaffold::{Effect, Plan, Redaction};
use devportal::view::{Role, Text};
use serde::Serialize;

use super::locating::Locator;
use super::writing::WrittenRepository;
use crate::Outcome;
use crate::environment;
use crate::session::Session;

/// What carrying out effects needs to know.
pub(crate) struct EffectRequest<'a> {
    /// Whether anything may leave this machine.
    pub(crate) push: bool,
    /// The user's configuration.
    pub(crate) settings: &'a UserSettings,
    /// Hides secrets in what is shown.
    pub(crate) redaction: &'a Redaction,
    /// Finds repositories of the workspace.
    pub(crate) locator: &'a Locator,
}

/// What became of all effects.
pub(crate) struct CarriedOut {
    /// One report each, in order.
    pub(crate) reports: Vec<EffectReport>,
    /// The worst of them.
    pub(crate) outcome: Outcome,
}

/// What became of an effect.
#[derive(Debug, Serialize)]
pub(crate) struct EffectReport {
    /// What it is about.
    pub(crate) subject: String,
    /// Whether it was done.
    pub(crate) done: bool,
    /// What was done, or why not.
    pub(crate) message: String,
    /// What can be done about it: a command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) command: Option<String>,
    /// Where to look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    #[serde(skip)]
    outcome: Outcome,
}

impl EffectReport {
    fn done(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(subject, true, message, Outcome::Fine)
    }

    /// Something that waits for somebody to ask for it, which is no failure.
    fn waits(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(subject, false, message, Outcome::Fine)
    }

    /// Something that was asked for and could not be done.
    fn failed(subject: impl Into<String>, error: &anyhow::Error) -> Self {
        let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        let outcome = if needs_credential(error) {
            Outcome::NeedsTrust
        } else {
            Outcome::Incomplete
        };
        Self::new(subject, false, causes.join(": "), outcome)
    }

    fn new(
        subject: impl Into<String>,
        done: bool,
        message: impl Into<String>,
        outcome: Outcome,
    ) -> Self {
        Self {
            subject: subject.into(),
            done,
            message: message.into(),
            command: None,
            url: None,
            outcome,
        }
    }

    fn command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// It, for people.
    pub(crate) fn line(&self) -> Text {
        let role = if self.done { Role::Good } else { Role::Plain };
        let mut text = Text::new(&self.subject, Role::Name)
            .then(": ", Role::Plain)
            .then(&self.message, role);
        if let Some(command) = &self.command {
            text = text.then("; ", Role::Plain).then(command, Role::Code);
        }
        if let Some(url) = &self.url {
            text = text.then(" ", Role::Plain).then(url, Role::Url);
        }
        text
    }
}

fn needs_credential(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<GitProgramError>()
            .is_some_and(|error| error.needs_credential)
            || forge::needs_credential(cause)
    })
}

/// Carries out the effects of a plan whose repositories are written.
pub(crate) fn carry_out(
    session: &mut Session,
    plan: &Plan,
    made: &[WrittenRepository],
    request: &EffectRequest<'_>,
) -> Result<CarriedOut> {
    let mut reports = Vec::new();
    for (planned, written) in plan.repositories.iter().zip(made) {
        if let Some(publication) = &planned.publication {
            reports.push(publish::publish(publication, written, request));
        }
    }
    for effect in &plan.effects {
        let report = match effect {
            // Publications are repositories of the plan.
            Effect::Publish(_) => continue,
            Effect::Propose(proposal) => propose::propose(proposal, request),
            Effect::Register(registration) => {
                register::register(session, registration, made, request)?
            }
            Effect::Dispatch(run) => dispatch::dispatch(run, request),
        };
        reports.push(report);
    }
    for report in &mut reports {
        report.message = request.redaction.text(&report.message);
    }
    let worst = reports.iter().map(|report| report.outcome);
    let outcome = worst
        .max_by_key(|outcome| *outcome as u8)
        .unwrap_or(Outcome::Fine);
    Ok(CarriedOut { reports, outcome })
}

/// Git's own program, which may ask for credentials where somebody can answer.
fn git() -> Result<GitProgram> {
    let git = GitProgram::find(&environment::search_path());
    let git = git.ok_or_else(|| anyhow::anyhow!("there is no program \"git\" to push with"))?;
    Ok(git.interactive(crate::prompt::is_possible()))
}
