//! Asking sources about entities: those that have anything to say of them, and can be asked.

use std::time::{Duration, Instant};

use anyhow::Result;
use devportal::catalog::EntityId;
use devportal::fact::collect::{self, CollectRequest, Collected, Source, Target};
use devportal::scan::Scan;
use jiff::Timestamp;

use crate::collecting::{Candidate, Means, Refusal, candidates};
use crate::progress::CollectBars;
use crate::session::Session;

/// How long somebody who looks at an entity waits for its sources.
const LONGEST_LOOK: Duration = Duration::from_secs(30);

/// What a run looks at.
pub(crate) struct Asking<'a> {
    pub(crate) scan: &'a Scan,
    pub(crate) entities: &'a [EntityId],
    pub(crate) means: &'a Means<'a>,
    pub(crate) now: Timestamp,
    pub(crate) since: Option<Timestamp>,
}

/// A source, what there is to ask it, and whether it can be.
pub(crate) struct Prepared<'a> {
    pub(crate) name: &'a str,
    pub(crate) is_wanted: bool,
    pub(crate) targets: Vec<Target>,
    pub(crate) source: Result<Box<dyn Source + 'a>, Refusal>,
}

impl<'a> Asking<'a> {
    /// The sources that have anything to be asked, and those that the user wants to be. A token is
    /// got for no other, and for none where nothing is asked.
    pub(crate) fn prepare(
        &self,
        candidates: &'a [Candidate<'a>],
        is_dry_run: bool,
    ) -> Vec<Prepared<'a>> {
        let mut prepared = Vec::new();
        for candidate in candidates {
            let (name, is_wanted) = (candidate.name, candidate.is_wanted);
            let unasked = candidate.unasked(self.means);
            let targets = unasked
                .as_ref()
                .map_or_else(|_| Vec::new(), |it| self.targets(it.as_ref()));
            if targets.is_empty() && !is_wanted {
                continue;
            }
            let source = match unasked {
                Ok(_) if !targets.is_empty() && !is_dry_run => candidate.ready(self.means),
                other => other,
            };
            prepared.push(Prepared {
                name,
                is_wanted,
                targets,
                source,
            });
        }
        prepared
    }

    fn targets(&self, source: &dyn Source) -> Vec<Target> {
        let environments = self.environments();
        source.targets(&self.request(&[], &environments).of(source))
    }

    pub(crate) fn ask(
        &self,
        prepared: Vec<Prepared<'a>>,
        session: &Session,
    ) -> (Collected, Vec<Asked>) {
        let mut sources: Vec<Box<dyn Source + 'a>> = Vec::new();
        let mut asked = Vec::new();
        for prepared in prepared {
            let refusal = match prepared.source {
                Ok(source) => {
                    sources.push(source);
                    None
                }
                Err(refusal) => Some(refusal),
            };
            asked.push(Asked {
                name: prepared.name.to_owned(),
                is_wanted: prepared.is_wanted,
                targets: prepared.targets.len(),
                refusal,
            });
        }
        let bars = CollectBars::new(!session.globals().quiet);
        let environments = self.environments();
        let collected = collect::run(&self.request(&sources, &environments), &bars);
        bars.finish();
        (collected, asked)
    }

    fn request<'b>(
        &'b self,
        sources: &'b [Box<dyn Source + 'b>],
        environments: &'b [String],
    ) -> CollectRequest<'b> {
        CollectRequest {
            catalog: &self.scan.catalog,
            entities: self.entities,
            register: self.means.register,
            settings: &self.scan.config.organisation().facts.sources,
            environments,
            sources,
            now: self.now,
            since: self.since,
            until: Some(self.means.until),
        }
    }

    /// Those of the organisation; `production` where it says nothing.
    fn environments(&self) -> Vec<String> {
        let settings = &self.scan.config.organisation().facts;
        let environments = settings.environments.as_ref();
        environments.map_or_else(
            || vec![settings.default_environment().to_owned()],
            |setting| setting.value.clone(),
        )
    }
}

/// A source that was to be asked.
pub(crate) struct Asked {
    pub(crate) name: String,
    pub(crate) is_wanted: bool,
    pub(crate) targets: usize,
    /// Why it was not.
    pub(crate) refusal: Option<Refusal>,
}

/// Whether all is known that was asked for.
pub(crate) struct Verdict {
    pub(crate) is_complete: bool,
    /// Whether a source wants a token, or the user's trust.
    pub(crate) needs_trust: bool,
}

impl Verdict {
    pub(crate) fn of(collected: &Collected, asked: &[Asked]) -> Self {
        let is_any_asked = asked
            .iter()
            .any(|it| it.refusal.is_none() && it.targets > 0);
        // Who has no token for a forge need not hear of it in every run, unless they asked for it.
        let is_refused = |it: &Asked| it.refusal.is_some() && (it.is_wanted || !is_any_asked);
        let is_any_refused = asked.iter().any(is_refused);
        Self {
            is_complete: collected.is_complete() && !is_any_refused,
            needs_trust: collected.needs_credential() || is_any_refused,
        }
    }
}

impl Session {
    /// What all sources say of an entity now. Nothing of it is kept, and no program runs.
    pub(crate) fn ask_now(&self, scan: &Scan, entity: EntityId) -> Result<(Collected, Vec<Asked>)> {
        let user = self.user_settings();
        let mut candidates = candidates(&[], user)?;
        candidates.retain(|candidate| !candidate.is_program());
        let register = Session::register(scan);
        let means = Means::new(&register, false, Instant::now() + LONGEST_LOOK)?;
        let asking = Asking {
            scan,
            entities: &[entity],
            means: &means,
            now: self.now(),
            since: None,
        };
        let prepared = asking.prepare(&candidates, false);
        Ok(asking.ask(prepared, self))
    }
}
