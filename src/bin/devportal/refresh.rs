//! What the sources say of an entity now: shown on its page, and kept nowhere.

use anyhow::{Result, bail};
use devportal::catalog::EntityId;
use devportal::fact::Facts;
use devportal::fact::collect::{CollectedSource, Failure};
use devportal::model::Moment;
use devportal::scan::Scan;
use serde::Serialize;

use crate::Outcome;
use crate::asking::{Asked, Verdict};
use crate::session::Session;

/// What became of asking.
pub(crate) struct Refresh {
    pub(crate) sources: Vec<RefreshedSource>,
    verdict: Verdict,
}

/// A source that was asked, for machines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefreshedSource {
    source: String,
    complete: bool,
    /// Why it was not asked.
    refusal: Option<String>,
    #[serde(skip)]
    help: Option<String>,
    failures: Vec<FailureRecord>,
    /// What is off at the source; nothing is missing.
    not_offered: Vec<FailureRecord>,
}

#[derive(Serialize)]
struct FailureRecord {
    target: String,
    message: String,
}

impl Refresh {
    /// Whether sources can be asked in this run.
    ///
    /// # Errors
    /// When another moment is looked at than now.
    pub(crate) fn is_possible(session: &Session) -> Result<()> {
        if session.moment() != Moment::Present {
            bail!("sources are asked about now: leave out \"--at\"");
        }
        Ok(())
    }

    /// Asks all sources about an entity, and puts their answers in the place of what was known.
    ///
    /// # Errors
    /// When the user's sources cannot be read.
    pub(crate) fn of(
        session: &Session,
        scan: &Scan,
        id: EntityId,
        facts: &mut Facts,
    ) -> Result<Self> {
        let (collected, asked) = session.ask_now(scan, id)?;
        let entity = scan.catalog.entity(id).reference();
        for source in &collected.sources {
            // A source without targets has nothing to say, whatever it said before.
            let is_all = source.is_complete() && source.targets > 0;
            facts.refresh(entity, &source.name, source.facts.iter().cloned(), is_all);
        }
        let verdict = Verdict::of(&collected, &asked);
        let mut answers = collected.sources.iter();
        let sources = asked.into_iter().map(|asked| match asked.refusal {
            Some(_) => RefreshedSource::refused(asked),
            None => RefreshedSource::answered(asked, answers.next()),
        });
        Ok(Self {
            sources: sources.collect(),
            verdict,
        })
    }

    /// Whether all is known that was asked for.
    pub(crate) const fn is_complete(&self) -> bool {
        self.verdict.is_complete
    }

    /// How the run ends, with a hint for each thing that is missing.
    pub(crate) fn outcome(&self, session: &Session) -> Outcome {
        if self.sources.is_empty() {
            session.hint("no annotation of it names a source that could be asked");
        }
        for source in &self.sources {
            let name = &source.source;
            if let (Some(refusal), Some(help)) = (&source.refusal, &source.help) {
                session.hint(&format!("{name} is not asked, {refusal}: {help}"));
            }
            for told in source.failures.iter().chain(&source.not_offered) {
                session.hint(&format!("{name}: {}: {}", told.target, told.message));
            }
        }
        if self.verdict.needs_trust {
            Outcome::NeedsTrust
        } else if self.verdict.is_complete {
            Outcome::Fine
        } else {
            session.hint("what is missing is shown as it was before, or not known");
            Outcome::Incomplete
        }
    }
}

impl RefreshedSource {
    fn refused(asked: Asked) -> Self {
        Self {
            source: asked.name,
            complete: false,
            help: asked.refusal.as_ref().map(|it| it.help.clone()),
            refusal: asked.refusal.map(|it| it.message),
            failures: Vec::new(),
            not_offered: Vec::new(),
        }
    }

    fn answered(asked: Asked, answer: Option<&CollectedSource>) -> Self {
        let records = |failures: &[Failure]| {
            let failures = failures.iter().map(|failure| FailureRecord {
                target: failure.target.clone(),
                message: failure.error.message.clone(),
            });
            failures.collect()
        };
        Self {
            source: asked.name,
            complete: answer.is_some_and(CollectedSource::is_complete),
            refusal: None,
            help: None,
            failures: answer.map(|it| records(&it.failures)).unwrap_or_default(),
            not_offered: answer
                .map(|it| records(&it.not_offered))
                .unwrap_or_default(),
        }
    }
}
