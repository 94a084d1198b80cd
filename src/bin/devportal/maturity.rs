//! Scorecards and campaigns of a run: read, and evaluated on what is known.

use anyhow::{Result, anyhow};
use devportal::catalog::EntityId;
use devportal::diagnostic::Diagnostic;
use devportal::fact::{FactSelection, Facts, Gathered, Register};
use devportal::maturity::{
    Campaign, CampaignResult, EvaluationRequest, KnownNames, SHIPPED, Scorecard, ScorecardResult,
    evaluate,
};
use devportal::query::{Query, QueryContext};
use devportal::scan::Scan;

use crate::session::Session;

/// Every scorecard and campaign of a workspace.
#[derive(Debug, Default)]
pub(crate) struct Maturity {
    /// Those that come along and are not replaced first, then those of the catalog, each in a
    /// fixed order.
    pub(crate) scorecards: Vec<Scorecard>,
    /// In the order of the catalog.
    pub(crate) campaigns: Vec<Campaign>,
    /// What is wrong with them.
    pub(crate) problems: Vec<Diagnostic>,
}

impl Maturity {
    /// Reads the scorecards and campaigns of a workspace.
    pub(crate) fn read(scan: &Scan) -> Self {
        let (declared, _) = Register::declared(&scan.config.organisation().facts);
        let register = Register::with(declared);
        let names = KnownNames::new(&scan.catalog, &register);
        let mut maturity = Self::default();
        let of_kind = |kind: &'static str| {
            let entities = scan.catalog.entities().iter();
            entities.filter(move |entity| entity.reference().kind() == kind)
        };
        for (name, _) in SHIPPED {
            let is_replaced = of_kind("scorecard").any(|own| own.name() == *name);
            if !is_replaced && let Some((scorecard, problems)) = Scorecard::shipped(name, &names) {
                maturity.scorecards.push(scorecard);
                maturity.problems.extend(problems);
            }
        }
        for entity in of_kind("scorecard") {
            let (scorecard, problems) = Scorecard::read(entity, &names);
            maturity.scorecards.extend(scorecard);
            maturity.problems.extend(problems);
        }
        for entity in of_kind("campaign") {
            let (campaign, problems) = Campaign::read(entity, &names);
            maturity.campaigns.extend(campaign);
            maturity.problems.extend(problems);
        }
        maturity
    }

    /// The facts that their rules and queries ask for.
    pub(crate) fn facts(&self) -> FactSelection {
        let campaigns = self.campaigns.iter().map(Campaign::scorecard);
        let scorecards = self.scorecards.iter().chain(campaigns);
        scorecards.fold(FactSelection::none(), |selection, scorecard| {
            selection.and(scorecard.facts())
        })
    }
}

impl Session {
    /// Everything that scorecards and campaigns ask for, of all entities: what nobody has is not
    /// measured, which one entity alone cannot tell.
    pub(crate) fn facts_for(&self, scan: &Scan, maturity: &Maturity) -> Gathered {
        let gathered = self.facts(scan, maturity.facts(), None);
        self.keep_unread(&gathered.problems);
        gathered
    }

    /// What becomes of scorecards for some entities.
    pub(crate) fn evaluate<'a>(
        &self,
        scan: &Scan,
        facts: &Facts,
        scorecards: &'a [Scorecard],
        entities: &[EntityId],
    ) -> Vec<ScorecardResult<'a>> {
        self.with_request(scan, facts, entities, |request| {
            evaluate(scorecards, request)
        })
    }

    /// How far a campaign is.
    ///
    /// # Errors
    /// When its query asks for what no entity can have.
    pub(crate) fn evaluate_campaign<'a>(
        &self,
        scan: &Scan,
        facts: &Facts,
        campaign: &'a Campaign,
    ) -> Result<CampaignResult<'a>> {
        let all: Vec<EntityId> = scan.catalog.ids().collect();
        self.with_request(scan, facts, &all, |request| campaign.evaluate(request))
            .map_err(|error| anyhow!("{error}"))
    }

    fn with_request<T>(
        &self,
        scan: &Scan,
        facts: &Facts,
        entities: &[EntityId],
        evaluate: impl FnOnce(&EvaluationRequest<'_>) -> T,
    ) -> T {
        let user = self.user_name();
        let moment = self.moment();
        let context = QueryContext {
            catalog: &scan.catalog,
            user: user.as_deref(),
            documented: &|| crate::selection::documented(scan, &moment),
            facts: Some(facts),
        };
        let ask = |query: &Query| query.answers(&context);
        let request = EvaluationRequest {
            catalog: &scan.catalog,
            facts,
            entities,
            now: facts.now(),
            ask: &ask,
        };
        evaluate(&request)
    }
}
