//! What became of scorecards and campaigns at several moments: recorded then, kept from an earlier
//! run, or replayed now. Nothing is fetched.

mod days;
mod kept_point;

use std::collections::HashSet;
use std::mem::ManuallyDrop;

use anyhow::Result;
use devportal::catalog::EntityId;
use devportal::diagnostic::Diagnostic;
use devportal::fact::ledger;
use devportal::fact::{AskedEntities, Fact, FactRequest, FactSelection, Facts};
use devportal::maturity::{
    CAMPAIGNS_SOURCE, Campaign, CampaignPoint, Origin, SCORECARDS_SOURCE, Scorecard,
    ScorecardPoint, Trend, TrendPoint, TrendRules,
};
use devportal::model::{EntityRef, Moment};
use devportal::scan::Scan;
use jiff::Timestamp;

use crate::Outcome;
use crate::maturity::{Maturity, State};
use crate::session::Session;

pub(crate) use days::{PastDay, Step, a_year_ago, date_of, days_of_campaign, days_since};
use kept_point::{KeptPoints, PlainFolders};

/// What a trend is asked for. It ends with the moment of the run.
#[derive(Clone, Debug)]
pub(crate) struct TrendRequest {
    /// The first day; a year ago where nothing is said.
    pub(crate) since: Option<PastDay>,
    /// How far the days are apart.
    pub(crate) every: Step,
    /// By whose rules replays are evaluated.
    pub(crate) rules: TrendRules,
}

/// By whose rules the past is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum RulesOf {
    /// Those of today.
    Now,
    /// Those that were in the catalog then.
    Then,
}

impl From<RulesOf> for TrendRules {
    fn from(rules: RulesOf) -> Self {
        match rules {
            RulesOf::Now => Self::Now,
            RulesOf::Then => Self::Then,
        }
    }
}

/// How it is known what was, in a word.
pub(crate) const fn origin_word(origin: Origin) -> &'static str {
    match origin {
        Origin::Recorded => "recorded",
        Origin::Replayed => "replayed",
        Origin::Present => "now",
    }
}

/// How many points are known how: `2 recorded, 10 replayed, 1 now`.
pub(crate) fn origins(all: impl Iterator<Item = Origin>) -> String {
    let all: Vec<Origin> = all.collect();
    let kinds = [Origin::Recorded, Origin::Replayed, Origin::Present];
    let counts = kinds.into_iter().filter_map(|kind| {
        let count = all.iter().filter(|it| **it == kind).count();
        (count > 0).then(|| format!("{count} {}", origin_word(kind)))
    });
    counts.collect::<Vec<String>>().join(", ")
}

/// What a trend is of, and what is known at the moment of the run.
#[derive(Clone, Copy)]
pub(crate) struct TrendSubject<'a> {
    pub(crate) scan: &'a Scan,
    /// With everything that the rules ask for.
    pub(crate) facts: &'a Facts,
    pub(crate) scorecards: &'a [Scorecard],
    pub(crate) campaigns: &'a [Campaign],
}

/// Points of a day, in the order of the rules of today; nothing where there was none.
struct DayPoints {
    scorecards: Vec<Option<ScorecardPoint>>,
    campaigns: Vec<Option<CampaignPoint>>,
    is_partial: bool,
}

/// What a replay of a day says.
struct Replay {
    scorecards: Vec<ScorecardPoint>,
    campaigns: Vec<CampaignPoint>,
    /// Whether something could not be read.
    is_partial: bool,
    /// Whether it would be the same again: what could not be read can never be.
    is_for_ever: bool,
}

impl Session {
    /// The same, of what a command has read already.
    ///
    /// # Errors
    /// When the workspace cannot be read, or the days are too many.
    pub(crate) fn trend_of(
        &mut self,
        subject: &TrendSubject<'_>,
        request: &TrendRequest,
    ) -> Result<Trend> {
        let now = self.now();
        let since = match &request.since {
            Some(since) => since.clone(),
            None => a_year_ago(now, request.every)?,
        };
        let days = days_since(&since, request.every, now)?;
        self.trend_at(subject, &days, request.rules)
    }

    /// What became of rules on some days, the earliest first, and at the moment of the run.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub(crate) fn trend_at(
        &mut self,
        subject: &TrendSubject<'_>,
        days: &[PastDay],
        rules: TrendRules,
    ) -> Result<Trend> {
        self.remember_history()?;
        let memory = self.workspace()?.memory.clone();
        let seconds: Vec<i64> = days.iter().map(|day| day.time.as_second()).collect();
        let repositories = memory.with_commits(&subject.scan.repositories, &seconds);
        let mut recorded = self.recorded(subject, days);
        let kept = KeptPoints::of(self, subject.scan, &repositories, days, rules);
        let mut is_partial = false;
        let mut points: Vec<TrendPoint> = Vec::with_capacity(days.len() + 1);
        // The newest first: the history of an older state is a part of its history.
        for (place, day) in days.iter().enumerate().rev() {
            let mut found = DayPoints::recorded(subject, &recorded.pop().unwrap_or_default());
            self.complete(&mut found, subject, (place, day), rules, &kept)?;
            is_partial |= found.is_partial;
            points.push(found.into_point(day));
        }
        if let Some(problem) = kept.problem() {
            self.hint(problem);
        }
        points.reverse();
        points.push(self.present(subject)?);
        Ok(Trend {
            rules,
            repositories: repositories.len(),
            is_partial,
            points,
        })
    }

    /// The outcome of an answer that tells of a trend, with a hint when something of the past
    /// could not be read.
    pub(crate) fn outcome_of_trend(&self, scan: &Scan, trend: &Trend) -> Outcome {
        match self.outcome_of_answer(scan) {
            Outcome::Fine if trend.is_partial => {
                self.hint(
                    "something could not be read as it was on some of these days; \
                     \"devportal check --at DATE\" says what",
                );
                Outcome::Incomplete
            }
            outcome => outcome,
        }
    }

    /// What became of the rules at the moment of the run.
    fn present(&self, subject: &TrendSubject<'_>) -> Result<TrendPoint> {
        let (scan, facts) = (subject.scan, subject.facts);
        let all: Vec<EntityId> = scan.catalog.ids().collect();
        let scorecards = self.evaluate(scan, facts, subject.scorecards, &all);
        let scorecards = scorecards.iter();
        let mut campaigns = Vec::new();
        let day = date_of(self.now()).to_string();
        for campaign in subject.campaigns.iter().filter(|it| it.start <= day) {
            let result = self.evaluate_campaign(scan, facts, campaign)?;
            campaigns.push(CampaignPoint::evaluated(
                &result,
                &scan.catalog,
                Origin::Present,
            ));
        }
        Ok(TrendPoint {
            day,
            scorecards: scorecards
                .map(|it| ScorecardPoint::evaluated(it, &scan.catalog, Origin::Present))
                .collect(),
            campaigns,
        })
    }

    /// What was recorded and holds on some days.
    fn recorded(&self, subject: &TrendSubject<'_>, days: &[PastDay]) -> Vec<Vec<Fact>> {
        let times: Vec<Timestamp> = days.iter().map(|day| day.time).collect();
        let cache = self.cache();
        let request = FactRequest {
            catalog: &subject.scan.catalog,
            repositories: &subject.scan.repositories,
            config: &subject.scan.config,
            moment: &self.moment(),
            now: self.now(),
            selection: FactSelection::none(),
            entities: AskedEntities::All,
            cache: &cache,
        };
        let mut all = vec![Vec::new(); days.len()];
        for (source, is_asked) in [
            (SCORECARDS_SOURCE, !subject.scorecards.is_empty()),
            (CAMPAIGNS_SOURCE, !subject.campaigns.is_empty()),
        ] {
            if is_asked {
                let facts = ledger::of_source_at(&request, source, &times);
                for (all, facts) in all.iter_mut().zip(facts) {
                    all.extend(facts);
                }
            }
        }
        all
    }

    /// Adds what is kept, and what a replay finds, where nothing was recorded.
    fn complete(
        &mut self,
        found: &mut DayPoints,
        subject: &TrendSubject<'_>,
        (place, day): (usize, &PastDay),
        rules: TrendRules,
        kept: &KeptPoints,
    ) -> Result<()> {
        let DayPoints {
            scorecards,
            campaigns,
            is_partial,
        } = found;
        let wanted = Maturity {
            scorecards: kept.take(place, day, subject.scorecards, scorecards, is_partial),
            campaigns: kept.take(place, day, subject.campaigns, campaigns, is_partial),
            ..Maturity::default()
        };
        if wanted.scorecards.is_empty() && wanted.campaigns.is_empty() {
            return Ok(());
        }
        let replay = self.replay(day, &wanted, rules, &PlainFolders::of(subject.scan))?;
        *is_partial |= replay.is_partial;
        kept.fill(
            place,
            subject.scorecards,
            scorecards,
            (&wanted.scorecards, &replay.scorecards),
            &replay,
        );
        kept.fill(
            place,
            subject.campaigns,
            campaigns,
            (&wanted.campaigns, &replay.campaigns),
            &replay,
        );
        Ok(())
    }

    /// Reads the workspace as it was on a day, and evaluates rules on what was known.
    fn replay(
        &mut self,
        day: &PastDay,
        wanted: &Maturity,
        rules: TrendRules,
        plain: &PlainFolders<'_>,
    ) -> Result<Replay> {
        let moment = Moment::Time(day.time);
        let scan = self.scan_at(&moment)?;
        let then = (rules == TrendRules::Then).then(|| of_then(&scan, wanted));
        let maturity = then.as_ref().unwrap_or(wanted);
        let gathered = self.facts_of_rules(&moment, &scan, &maturity.rules(), None);
        let problems = scan.diagnostics.iter().chain(&gathered.problems);
        let hiding: Vec<&Diagnostic> = problems.filter(|it| plain.hides(it)).collect();
        let is_partial = !hiding.is_empty();
        let is_for_ever = hiding.iter().all(|it| plain.is_for_ever(it));
        let state = State {
            moment,
            scan,
            facts: gathered.facts,
        };
        let all: Vec<EntityId> = state.scan.catalog.ids().collect();
        let catalog = &state.scan.catalog;
        let scorecards = Self::evaluate_state(&state, &maturity.scorecards, &all);
        let scorecards = scorecards.iter();
        let scorecards =
            scorecards.map(|it| ScorecardPoint::evaluated(it, catalog, Origin::Replayed));
        // The query of a campaign of then may ask for what no entity can have; it is none then.
        // What was left is not known where something was not in sight.
        let campaigns = maturity.campaigns.iter().filter(|_| !is_partial);
        let campaigns =
            campaigns.filter_map(|it| Self::evaluate_campaign_of_state(&state, it).ok());
        let replay = Replay {
            scorecards: scorecards.collect(),
            campaigns: campaigns
                .map(|it| CampaignPoint::evaluated(&it, catalog, Origin::Replayed))
                .collect(),
            is_partial,
            is_for_ever,
        };
        // A year of large catalogs would not fit into the memory.
        drop(ManuallyDrop::into_inner(state.scan));
        Ok(replay)
    }
}

/// The rules of another day that have the names of those that are wanted, and no mistakes.
fn of_then(scan: &Scan, wanted: &Maturity) -> Maturity {
    let mut then = Maturity::read(scan);
    let mistaken = then.mistakes(|_| true).filter_map(|it| it.entity.clone());
    let mistaken: HashSet<EntityRef> = mistaken.collect();
    let names = wanted.scorecards.iter().map(|it| &it.reference);
    let names: HashSet<&EntityRef> = names
        .chain(wanted.campaigns.iter().map(|it| &it.reference))
        .collect();
    let is_wanted = |name: &EntityRef| names.contains(name) && !mistaken.contains(name);
    then.scorecards.retain(|it| is_wanted(&it.reference));
    then.campaigns.retain(|it| is_wanted(&it.reference));
    then
}

impl DayPoints {
    fn recorded(subject: &TrendSubject<'_>, facts: &[Fact]) -> Self {
        let (scorecards, campaigns) = (subject.scorecards.iter(), subject.campaigns.iter());
        Self {
            scorecards: scorecards
                .map(|it| ScorecardPoint::recorded(it, facts))
                .collect(),
            campaigns: campaigns
                .map(|it| CampaignPoint::recorded(it, facts))
                .collect(),
            is_partial: false,
        }
    }

    fn into_point(self, day: &PastDay) -> TrendPoint {
        // A campaign that was about nothing yet had nothing to do, which is not the same as done.
        let campaigns = self.campaigns.into_iter().flatten();
        TrendPoint {
            day: day.day.clone(),
            scorecards: self.scorecards.into_iter().flatten().collect(),
            campaigns: campaigns.filter(|it| !it.entities.is_empty()).collect(),
        }
    }
}
