//! The campaigns that are asked for, and how far they are.

use anyhow::{Context, Result};
use devportal::diagnostic::Diagnostic;
use devportal::fact::Facts;
use devportal::maturity::{Campaign, CampaignResult};
use devportal::model::EntityRef;
use devportal::output;
use devportal::scan::Scan;

use crate::Outcome;
use crate::commands::score::Scored;
use crate::maturity::Maturity;
use crate::session::Session;

/// Which campaigns are asked for.
pub(super) enum Wanted<'a> {
    /// One, by its name or reference.
    One(&'a str),
    /// All that are no drafts.
    Ready,
    /// All.
    All,
}

/// Campaigns that can be evaluated, and what is known.
pub(super) struct Known {
    pub(super) campaigns: Vec<Campaign>,
    pub(super) facts: Facts,
}

/// How far campaigns are.
pub(super) struct Evaluated<'a> {
    /// In the order of the catalog.
    pub(super) results: Vec<CampaignResult<'a>>,
    /// What explanations are made from.
    pub(super) scored: Scored<'a>,
}

impl Known {
    /// Reads the campaigns that are wanted, and the facts that they ask for.
    ///
    /// The outcome where there is none, or one has mistakes; which is told.
    pub(super) fn read(
        wanted: &Wanted<'_>,
        scan: &Scan,
        session: &Session,
    ) -> Result<Result<Self, Outcome>> {
        let mut maturity = Maturity::read(scan);
        let named = match wanted {
            Wanted::One(name) => match named(name, scan, session)? {
                Some(reference) => Some(reference),
                None => return Ok(Err(session.outcome_of_nothing(scan))),
            },
            Wanted::Ready | Wanted::All => None,
        };
        let is_meant = |entity: &EntityRef| match &named {
            Some(named) => named == entity,
            None => entity.kind() == "campaign",
        };
        let mistakes = maturity.mistakes(is_meant);
        // What is of no entity is about the choice of scorecards.
        let mistakes: Vec<&Diagnostic> = mistakes.filter(|it| it.entity.is_some()).collect();
        if !mistakes.is_empty() {
            tell_mistakes(&mistakes, session);
            return Ok(Err(Outcome::Failure));
        }
        maturity.scorecards.clear();
        maturity
            .campaigns
            .retain(|campaign| is_meant(&campaign.reference));
        if matches!(wanted, Wanted::Ready) {
            maturity.campaigns.retain(|campaign| !campaign.is_draft);
        }
        let gathered = session.facts_for(scan, &maturity);
        Ok(Ok(Self {
            campaigns: maturity.campaigns,
            facts: gathered.facts,
        }))
    }

    /// Evaluates them.
    ///
    /// # Errors
    /// When the query of one, or of an exemption, asks for what no entity can have.
    pub(super) fn evaluate<'a>(
        &'a self,
        scan: &'a Scan,
        session: &Session,
    ) -> Result<Evaluated<'a>> {
        let results = self.campaigns.iter().map(|campaign| {
            let result = session.evaluate_campaign(scan, &self.facts, campaign);
            result.with_context(|| format!("campaign \"{}\"", campaign.reference.name()))
        });
        Ok(Evaluated {
            results: results.collect::<Result<_>>()?,
            scored: Scored {
                scan,
                facts: &self.facts,
                results: Vec::new(),
                entities: Vec::new(),
                complete: session.is_complete(scan),
            },
        })
    }
}

impl Evaluated<'_> {
    /// The outcome of the answer. A campaign whose query matches nothing is told, and is never
    /// fine: it would be done for ever.
    pub(super) fn outcome(&self, session: &Session) -> Outcome {
        let mut is_about_something = !self.results.is_empty();
        for result in &self.results {
            if result.entities.is_empty() {
                is_about_something = false;
                let query = result.campaign.scorecard().filter.as_ref();
                let query = query.map(ToString::to_string).unwrap_or_default();
                session.hint(&format!(
                    "campaign \"{}\" is about nothing here: nothing matches \"{query}\"",
                    result.campaign.reference.name()
                ));
            }
        }
        match session.outcome_of_answer(self.scored.scan) {
            Outcome::Fine if !is_about_something => Outcome::Findings,
            outcome => outcome,
        }
    }
}

/// The campaign of a name; nothing where there is none, which is told.
fn named(name: &str, scan: &Scan, session: &Session) -> Result<Option<EntityRef>> {
    let Some(id) = session.entity(scan, name, &["campaign"])? else {
        return Ok(None);
    };
    let reference = scan.catalog.entity(id).reference();
    if reference.kind() == "campaign" {
        return Ok(Some(reference.clone()));
    }
    session.hint(&format!(
        "\"{}\" is no campaign; \"devportal campaign list --drafts\" lists those that there are",
        reference.short()
    ));
    Ok(None)
}

fn tell_mistakes(mistakes: &[&Diagnostic], session: &Session) {
    for mistake in mistakes {
        let help = mistake.help.as_ref();
        let help = help.map(|help| format!("\n  {help}")).unwrap_or_default();
        session.hint(&format!("{}{help}", output::diagnostic_line(mistake)));
    }
    let said = match mistakes.len() {
        1 => "is 1 mistake".to_owned(),
        count => format!("are {count} mistakes"),
    };
    session.hint(&format!("nothing was evaluated: there {said} in campaigns"));
}
