//! Scorecards and campaigns of a run: read, and evaluated on what is known.

use std::collections::{BTreeSet, HashSet};
use std::mem::ManuallyDrop;

use anyhow::{Result, anyhow};
use devportal::catalog::EntityId;
use devportal::diagnostic::{Diagnostic, Severity, did_you_mean, register};
use devportal::fact::{AskedEntities, FactSelection, Facts, Gathered};
use devportal::maturity::{
    Campaign, CampaignResult, EvaluationRequest, KnownNames, SHIPPED, Scorecard, ScorecardResult,
    evaluate,
};
use devportal::model::{Entity, EntityRef, Moment};
use devportal::query::{Query, QueryContext};
use devportal::scan::Scan;

use crate::session::Session;

/// Every scorecard and campaign of a workspace.
#[derive(Debug, Default)]
pub(crate) struct Maturity {
    /// Those that come along, are picked and are not replaced first, then those of the catalog,
    /// each in a fixed order.
    pub(crate) scorecards: Vec<Scorecard>,
    /// In the order of the catalog.
    pub(crate) campaigns: Vec<Campaign>,
    /// What is wrong with their rules, queries and exemptions, and with the choice of scorecards.
    pub(crate) problems: Vec<Diagnostic>,
    /// What is wrong with their descriptors, which the scan said: who evaluates must not go on as
    /// if they were not there.
    pub(crate) invalid: Vec<Diagnostic>,
}

/// A workspace at a moment: what there was, and what is known of it.
pub(crate) struct State {
    pub(crate) moment: Moment,
    pub(crate) scan: ManuallyDrop<Scan>,
    pub(crate) facts: Facts,
}

impl Maturity {
    /// Reads the scorecards and campaigns of a workspace.
    pub(crate) fn read(scan: &Scan) -> Self {
        let register = Session::register(scan);
        let names = KnownNames::new(&scan.catalog, &register)
            .of_single_repository(scan.is_single_repository);
        let mut maturity = Self::default();
        maturity.read_shipped(scan, &names);
        for entity in of_kind(scan, "scorecard") {
            let (scorecard, problems) = Scorecard::read(entity, &names);
            maturity.keep_invalid(scan, entity, scorecard.is_none());
            maturity.scorecards.extend(scorecard);
            maturity.problems.extend(problems);
        }
        for entity in of_kind(scan, "campaign") {
            let (campaign, problems) = Campaign::read(entity, &names);
            let is_read = campaign.is_some() || !problems.is_empty();
            maturity.keep_invalid(scan, entity, !is_read);
            maturity.campaigns.extend(campaign);
            maturity.problems.extend(problems);
        }
        maturity
    }

    fn read_shipped(&mut self, scan: &Scan, names: &KnownNames<'_>) {
        let picked = scan.config.organisation().scorecards.as_ref();
        for (name, _) in SHIPPED {
            let is_picked = picked.is_none_or(|picked| picked.value.iter().any(|it| it == name));
            let is_replaced = of_kind(scan, "scorecard").any(|own| own.name() == *name);
            if is_picked
                && !is_replaced
                && let Some((scorecard, problems)) = Scorecard::shipped(name, names)
            {
                self.scorecards.push(scorecard);
                self.problems.extend(problems);
            }
        }
        let known = || SHIPPED.iter().map(|(name, _)| *name);
        for name in picked.iter().flat_map(|picked| &picked.value) {
            let is_own = of_kind(scan, "scorecard").any(|own| own.name() == name);
            if known().any(|known| known == name) || is_own {
                continue;
            }
            let help = match did_you_mean(name, known()) {
                Some(meant) => format!("did you mean \"{meant}\"?"),
                None => format!("there are {}", known().collect::<Vec<&str>>().join(", ")),
            };
            let message = format!("there is no scorecard \"{name}\"");
            let problem = Diagnostic::new(&register::CONFIGURATION, message).help(help);
            let problem = problem.subject(name);
            self.problems.push(match picked {
                Some(picked) => problem.at(picked.origin.clone()),
                None => problem,
            });
        }
    }

    /// Keeps what the scan said of a descriptor that is not valid, or that is another one of that
    /// name.
    fn keep_invalid(&mut self, scan: &Scan, entity: &Entity, is_unreadable: bool) {
        let said = scan.diagnostics.iter().filter(|problem| {
            problem.severity == Severity::Error
                && problem.entity.as_ref() == Some(entity.reference())
        });
        let said: Vec<Diagnostic> = said.cloned().collect();
        if said.is_empty() && (is_unreadable || !entity.is_valid()) {
            let message = format!("\"{}\" is not valid", entity.reference().short());
            let problem = Diagnostic::new(&register::INVALID_RULE, message);
            let problem = problem.help("\"devportal check\" says why");
            self.invalid
                .push(problem.entity(entity.reference()).at(entity.place()));
        }
        self.invalid.extend(said);
        let duplicates = scan.catalog.duplicates().iter();
        let others = duplicates.filter(|it| it.dropped.reference() == entity.reference());
        for other in others {
            let message = format!("there are two \"{}\"", entity.reference().short());
            let problem = Diagnostic::new(&register::INVALID_RULE, message);
            let problem = problem.help("give one of them another name");
            self.invalid
                .push(problem.entity(entity.reference()).at(other.dropped.place()));
        }
    }

    /// What is wrong with a scorecard, or with the choice of scorecards, badly enough that it
    /// cannot be relied on.
    pub(crate) fn mistakes(
        &self,
        is_meant: impl Fn(&EntityRef) -> bool,
    ) -> impl Iterator<Item = &Diagnostic> {
        let all = self.invalid.iter().chain(&self.problems);
        all.filter(move |problem| {
            problem.severity == Severity::Error && problem.entity.as_ref().is_none_or(&is_meant)
        })
    }

    /// All scorecards, those of the campaigns as well.
    pub(crate) fn rules(&self) -> Vec<&Scorecard> {
        let campaigns = self.campaigns.iter().map(Campaign::scorecard);
        self.scorecards.iter().chain(campaigns).collect()
    }

    /// The facts that their rules and queries ask for.
    pub(crate) fn facts(&self) -> FactSelection {
        facts_asked_by(&self.rules())
    }
}

fn of_kind<'a>(scan: &'a Scan, kind: &'a str) -> impl Iterator<Item = &'a Entity> {
    let entities = scan.catalog.entities().iter();
    entities.filter(move |entity| entity.reference().kind() == kind)
}

fn facts_asked_by(scorecards: &[&Scorecard]) -> FactSelection {
    let asked = scorecards.iter().map(|scorecard| scorecard.facts());
    asked.fold(FactSelection::none(), FactSelection::and)
}

/// The entities that scorecards may be about, before facts are known; `None` for all.
fn candidates(scorecards: &[&Scorecard], context: &QueryContext<'_>) -> Option<BTreeSet<EntityId>> {
    let mut about = BTreeSet::new();
    let mut asked: HashSet<&str> = HashSet::new();
    for scorecard in scorecards {
        let filter = scorecard.filter.as_ref()?;
        if asked.insert(filter.text()) {
            // A filter that asks for what nobody can have is about nothing, which is told later.
            about.extend(filter.candidates(context).unwrap_or_default());
        }
    }
    Some(about)
}

impl Session {
    /// Reads the workspace at a moment, and the facts that scorecards ask for.
    pub(crate) fn state_at(&mut self, moment: Moment, scorecards: &[Scorecard]) -> Result<State> {
        let scan = self.scan_at(&moment)?;
        let cards: Vec<&Scorecard> = scorecards.iter().collect();
        let gathered = self.facts_of_rules(&moment, &scan, &cards, None);
        Ok(State {
            moment,
            scan,
            facts: gathered.facts,
        })
    }

    /// What became of scorecards for some entities of a state.
    pub(crate) fn evaluate_state<'a>(
        state: &State,
        scorecards: &'a [Scorecard],
        entities: &[EntityId],
    ) -> Vec<ScorecardResult<'a>> {
        let State {
            moment,
            scan,
            facts,
        } = state;
        Self::with_request(moment, scan, facts, entities, |request| {
            evaluate(scorecards, request)
        })
    }

    /// How far a campaign was at a state.
    ///
    /// # Errors
    /// When its query asks for what no entity can have.
    pub(crate) fn evaluate_campaign_of_state<'a>(
        state: &State,
        campaign: &'a Campaign,
    ) -> Result<CampaignResult<'a>> {
        let State {
            moment,
            scan,
            facts,
        } = state;
        let all: Vec<EntityId> = scan.catalog.ids().collect();
        let evaluated = Self::with_request(moment, scan, facts, &all, |request| {
            campaign.evaluate(request)
        });
        evaluated.map_err(|error| anyhow!("{error}"))
    }

    /// Everything that scorecards and campaigns ask for.
    pub(crate) fn facts_for(&self, scan: &Scan, maturity: &Maturity) -> Gathered {
        let gathered = self.facts_of_rules(&self.moment(), scan, &maturity.rules(), None);
        self.keep_unread(&gathered.problems);
        gathered
    }

    /// Everything that scorecards, and a query if there is one, ask for. It is more than the facts
    /// of whom they are about: what nobody has is not measured, which these alone cannot tell.
    pub(crate) fn facts_of_rules(
        &self,
        moment: &Moment,
        scan: &Scan,
        scorecards: &[&Scorecard],
        query: Option<&Query>,
    ) -> Gathered {
        let asked = query.map_or_else(FactSelection::none, Query::facts);
        let user = self.user_name();
        let documented = || crate::selection::documented(scan, moment);
        let context = |user| QueryContext {
            catalog: &scan.catalog,
            user,
            documented: &documented,
            facts: None,
        };
        let mut about = candidates(scorecards, &context(None));
        if let Some(about) = &mut about
            && let Some(query) = query.filter(|_| !asked.is_none())
        {
            // One that asks for what nobody can have is about nothing, which is told later.
            about.extend(
                query
                    .candidates(&context(user.as_deref()))
                    .unwrap_or_default(),
            );
        }
        let about: Option<Vec<EntityId>> = about.map(|about| about.into_iter().collect());
        let about = about.as_deref();
        let entities = about.map_or(AskedEntities::All, AskedEntities::AndOtherHomes);
        let selection = facts_asked_by(scorecards).and(asked);
        self.facts_at(moment, scan, selection, entities)
    }

    /// What becomes of scorecards for some entities.
    pub(crate) fn evaluate<'a>(
        &self,
        scan: &Scan,
        facts: &Facts,
        scorecards: &'a [Scorecard],
        entities: &[EntityId],
    ) -> Vec<ScorecardResult<'a>> {
        Self::with_request(&self.moment(), scan, facts, entities, |request| {
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
        let moment = self.moment();
        let evaluated = Self::with_request(&moment, scan, facts, &all, |request| {
            campaign.evaluate(request)
        });
        evaluated.map_err(|error| anyhow!("{error}"))
    }

    /// Evaluates the same for everybody: in scorecards and campaigns nobody is "@me".
    fn with_request<T>(
        moment: &Moment,
        scan: &Scan,
        facts: &Facts,
        entities: &[EntityId],
        evaluate: impl FnOnce(&EvaluationRequest<'_>) -> T,
    ) -> T {
        let context = QueryContext {
            catalog: &scan.catalog,
            user: None,
            documented: &|| crate::selection::documented(scan, moment),
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
