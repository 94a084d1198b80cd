//! What reports are made of, found out.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use devportal::catalog::EntityId;
use devportal::diagnostic::Diagnostic;
use devportal::documentation::Documentation;
use devportal::fact::{AskedEntities, FactSelection};
use devportal::maturity::{Campaign, CampaignResult, Trend, TrendRules};
use devportal::output;
use devportal::report::{Report, ReportInput};
use devportal::scan::Scan;

use super::links::Forge;
use crate::Outcome;
use crate::maturity::Maturity;
use crate::session::Session;
use crate::trend::{PastDay, RulesOf, Step, TrendRequest, TrendSubject, days_of_campaign};

/// What a report asks for.
pub(super) struct Needs {
    pub(super) facts: FactSelection,
    pub(super) scorecards: bool,
    pub(super) campaigns: bool,
    /// Which days are looked at, where it tells what was before.
    pub(super) trend: Option<TrendOptions>,
}

/// Which days a trend looks at, and by whose rules.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct TrendOptions {
    /// The first day of the trend; a year ago, or the start of each campaign, without one
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// How far the days of the trend are apart; a month without it
    #[arg(long, value_name = "STEP")]
    every: Option<Step>,
    /// By whose rules the past is evaluated: those of today, or those of each day
    #[arg(long, value_name = "WHICH")]
    rules: Option<RulesOf>,
}

/// What was made of the input, and what is to be said of it.
pub(super) struct Made<T> {
    pub(super) answer: T,
    pub(super) complete: bool,
    pub(super) outcome: Outcome,
}

impl TrendOptions {
    fn are_given(&self) -> bool {
        self.since.is_some() || self.every.is_some() || self.rules.is_some()
    }

    fn rules(&self) -> TrendRules {
        self.rules.map(TrendRules::from).unwrap_or_default()
    }

    /// Refuses options of a trend where there is none.
    pub(super) fn refuse(&self, report: &str) -> Result<()> {
        if self.are_given() {
            bail!("report \"{report}\" has no trend: leave out --since, --every and --rules");
        }
        Ok(())
    }

    /// What was before.
    fn trend(&self, subject: &TrendSubject<'_>, session: &mut Session) -> Result<Trend> {
        if subject.scorecards.is_empty() && self.since.is_none() && self.every.is_none() {
            let days = days_of_campaigns(subject.campaigns, session)?;
            return session.trend_at(subject, &days, self.rules());
        }
        let since = self.since.as_deref().map(PastDay::parse).transpose()?;
        let request = TrendRequest {
            since,
            every: self.every.unwrap_or(Step::Month),
            rules: self.rules(),
        };
        session.trend_of(subject, &request)
    }
}

/// The days that show how campaigns went, from the start of each.
fn days_of_campaigns(campaigns: &[Campaign], session: &Session) -> Result<Vec<PastDay>> {
    let mut days: BTreeMap<String, PastDay> = BTreeMap::new();
    for campaign in campaigns {
        let own = days_of_campaign(&campaign.start, session.now())?;
        days.extend(own.into_iter().map(|day| (day.day.clone(), day)));
    }
    Ok(days.into_values().collect())
}

impl Needs {
    /// Everything that is known, of today.
    pub(super) const fn everything() -> Self {
        Self {
            facts: FactSelection::All,
            scorecards: true,
            campaigns: true,
            trend: None,
        }
    }

    pub(super) fn of(report: &Report, trend: &TrendOptions) -> Result<Self> {
        if !report.needs_trend {
            trend.refuse(report.name)?;
        }
        Ok(Self {
            facts: report.facts.iter().copied().collect(),
            scorecards: report.needs_scorecards,
            campaigns: report.needs_campaigns,
            trend: report.needs_trend.then(|| trend.clone()),
        })
    }

    /// The scorecards and campaigns that are no drafts, where they are asked for; nothing where
    /// there are mistakes in them, which are told.
    pub(super) fn maturity(&self, scan: &Scan, session: &Session) -> Option<Maturity> {
        if !self.scorecards && !self.campaigns {
            return Some(Maturity::default());
        }
        let mut maturity = Maturity::read(scan);
        let mistakes: Vec<&Diagnostic> = maturity
            .mistakes(|entity| match entity.kind() {
                "scorecard" => self.scorecards,
                "campaign" => self.campaigns,
                _ => false,
            })
            .collect();
        if !mistakes.is_empty() {
            for mistake in mistakes {
                session.hint(&output::diagnostic_line(mistake));
            }
            session.hint("nothing was reported: there are mistakes in scorecards or campaigns");
            return None;
        }
        maturity
            .scorecards
            .retain(|it| self.scorecards && !it.is_draft);
        maturity
            .campaigns
            .retain(|it| self.campaigns && !it.is_draft);
        Some(maturity)
    }
}

/// Finds out what is needed, and lets a report be written of it.
pub(super) fn with_input<T>(
    needs: &Needs,
    maturity: &Maturity,
    scan: &Scan,
    session: &mut Session,
    write: impl FnOnce(&ReportInput<'_>) -> Result<T>,
) -> Result<Made<T>> {
    let selection = needs.facts.clone().and(maturity.facts());
    let gathered = session.facts(scan, selection, AskedEntities::All);
    session.keep_unread(&gathered.problems);
    let facts = &gathered.facts;
    let entities: Vec<EntityId> = scan.catalog.ids().collect();
    let results = session.evaluate(scan, facts, &maturity.scorecards, &entities);
    let campaigns = maturity.campaigns.iter().map(|campaign| {
        let result = session.evaluate_campaign(scan, facts, campaign);
        result.with_context(|| format!("campaign \"{}\"", campaign.reference.name()))
    });
    let campaigns: Vec<CampaignResult<'_>> = campaigns.collect::<Result<_>>()?;
    let subject = TrendSubject {
        scan,
        facts,
        scorecards: &maturity.scorecards,
        campaigns: &maturity.campaigns,
    };
    let trend = match &needs.trend {
        Some(options) => Some(options.trend(&subject, session)?),
        None => None,
    };
    let moment = session.moment();
    let forge = Forge::new(scan, &moment);
    let made = write(&ReportInput {
        catalog: &scan.catalog,
        facts,
        results: &results,
        campaigns: &campaigns,
        trend: trend.as_ref(),
        documentation: &Documentation::new(&scan.catalog, &scan.repositories, &moment),
        links: forge.links(),
    })?;
    let is_partial = trend.as_ref().is_some_and(|trend| trend.is_partial);
    Ok(Made {
        answer: made,
        complete: session.is_complete(scan) && !is_partial,
        outcome: match &trend {
            Some(trend) => session.outcome_of_trend(scan, trend),
            None => session.outcome_of_answer(scan),
        },
    })
}
