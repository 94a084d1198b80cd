//! Carrying out what a template asks for outside of its files: publishing, proposing, registering,
//! starting CI. What leaves this machine does so only with `--push`.

mod dispatch;
mod forge;
mod propose;
mod publish;
mod register;

use anyhow::Result;
use devportal::config::UserSettings;
use devportal::diagnostic::Severity;
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
#[serde(rename_all = "camelCase")]
pub(crate) struct EffectReport {
    /// `publish`, `propose`, `register` or `dispatch`.
    pub(crate) kind: &'static str,
    /// What it is about.
    pub(crate) subject: String,
    /// Whether it was done.
    pub(crate) done: bool,
    /// What was done, or why not.
    pub(crate) message: String,
    /// What can be done about it, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) help: Option<String>,
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
    fn done(message: impl Into<String>) -> Self {
        Self::new(true, message, Outcome::Fine)
    }

    /// Something that waits for somebody to ask for it, which is no failure.
    fn waits(message: impl Into<String>) -> Self {
        Self::new(false, message, Outcome::Fine)
    }

    /// Something that could not be done.
    fn failed(error: &anyhow::Error) -> Self {
        let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        let outcome = if needs_credential(error) {
            Outcome::NeedsTrust
        } else {
            Outcome::Incomplete
        };
        Self {
            help: error.chain().find_map(forge::help),
            ..Self::new(false, causes.join(": "), outcome)
        }
    }

    fn new(done: bool, message: impl Into<String>, outcome: Outcome) -> Self {
        Self {
            kind: "",
            subject: String::new(),
            done,
            message: message.into(),
            help: None,
            command: None,
            url: None,
            outcome,
        }
    }

    /// The report, about that effect, and without secrets.
    fn about(self, effect: &Effect, redaction: &Redaction) -> Self {
        let hide = |text: Option<String>| text.map(|text| redaction.text(&text));
        Self {
            kind: effect.kind(),
            subject: redaction.text(&effect.subject()),
            message: redaction.text(&self.message),
            help: hide(self.help),
            command: hide(self.command),
            url: hide(self.url),
            ..self
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

    /// It, for people: what became of it, and below that what to do about it.
    pub(crate) fn lines(&self) -> Vec<(String, Text)> {
        let role = if self.done {
            Role::Good
        } else if self.outcome == Outcome::Fine {
            Role::Plain
        } else {
            Role::Bad(Severity::Error)
        };
        let what = Text::new(&self.subject, Role::Name)
            .then(": ", Role::Plain)
            .then(&self.message, role);
        let more = [
            ("see", &self.url, Role::Url),
            ("help", &self.help, Role::Plain),
            ("run", &self.command, Role::Code),
        ];
        let more = more.into_iter().filter_map(|(name, text, role)| {
            let text = text.as_ref()?;
            Some((name.to_owned(), Text::new(text, role)))
        });
        std::iter::once((self.kind.to_owned(), what))
            .chain(more)
            .collect()
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
    let mut reports: Vec<EffectReport> = Vec::new();
    let published = plan.repositories.iter().zip(made);
    let mut published = published.filter(|(planned, _)| planned.publication.is_some());
    for effect in &plan.effects {
        let has_failed = reports.iter().any(|report| report.outcome != Outcome::Fine);
        let report = match effect {
            // What comes later may need what is not there, as provisioning needs a repository.
            _ if has_failed => EffectReport::waits(
                "not done, because something before it failed; run the command again",
            ),
            Effect::Publish(publication) => {
                let Some((_, written)) = published.next() else {
                    continue;
                };
                publish::publish(publication, written, request)
            }
            Effect::Propose(proposal) => propose::propose(proposal, request),
            Effect::Register(registration) => {
                register::register(session, registration, plan, made, request)?
            }
            Effect::Dispatch(run) => dispatch::dispatch(run, request),
        };
        reports.push(report.about(effect, request.redaction));
    }
    let worst = reports.iter().map(|report| report.outcome);
    let outcome = worst
        .max_by_key(|outcome| *outcome as u8)
        .unwrap_or(Outcome::Fine);
    Ok(CarriedOut { reports, outcome })
}

/// The clones that the workspace lacks for what a plan proposes, and how to get them; empty when
/// there is nothing to say.
pub(crate) fn missing_clones(plan: &Plan, request: &EffectRequest<'_>) -> String {
    let mut clones: Vec<String> = plan
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Propose(proposal) => Some(&proposal.remote),
            _ => None,
        })
        .filter(|remote| propose::clone_of(remote, request.locator).is_none())
        .map(|remote| format!("\n  git clone {}", remote.clone_url()))
        .collect();
    clones.dedup();
    if clones.is_empty() {
        return clones.concat();
    }
    format!(
        "the template changes repositories that are not in the workspace; clone them, and run it again:{}",
        request.redaction.text(&clones.concat())
    )
}

/// Git's own program, which may ask for credentials where somebody can answer.
fn git() -> Result<GitProgram> {
    let git = GitProgram::find(&environment::search_path());
    let git = git.ok_or_else(|| anyhow::anyhow!("there is no program \"git\" to push with"))?;
    Ok(git.interactive(crate::prompt::can_ask()))
}
