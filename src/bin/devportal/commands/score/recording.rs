//! Levels, and how far campaigns are, kept in the ledger.

use std::collections::BTreeSet;

use anyhow::Result;
use devportal::fact::ledger::{self, Asked, LedgerLocation, RecordRequest, Run};
use devportal::fact::{Facts, Observation};
use devportal::maturity::{
    CAMPAIGNS_SOURCE, CampaignPoint, Origin, SCORECARDS_SOURCE, ScorecardPoint,
};
use devportal::model::EntityRef;
use devportal::scan::Scan;

use super::Scored;
use crate::commands::facts::location;
use crate::environment;
use crate::maturity::Maturity;
use crate::session::Session;

/// Writes what became of everything into the ledger: of scorecards, and of campaigns that have
/// begun.
pub(super) fn record(scored: &Scored<'_>, session: &Session) -> Result<()> {
    let location = location(session, scored.scan)?;
    let catalog = &scored.scan.catalog;
    let points = scored.results.iter();
    let points = points.map(|it| ScorecardPoint::evaluated(it, catalog, Origin::Present));
    let recording = Recording {
        location: &location,
        scan: scored.scan,
        facts: scored.facts,
        is_complete: scored.complete,
        session,
    };
    let observed = points.flat_map(|point| point.observations()).collect();
    recording.write(SCORECARDS_SOURCE, observed)?;
    record_campaigns(&recording)
}

/// Campaigns have rules of their own: mistakes in them keep no levels back.
fn record_campaigns(recording: &Recording<'_>) -> Result<()> {
    let Recording { scan, session, .. } = recording;
    let mut maturity = Maturity::read(scan);
    let mistakes = maturity.mistakes(|entity| entity.kind() == "campaign");
    let unusable: BTreeSet<EntityRef> = mistakes.filter_map(|it| it.entity.clone()).collect();
    for campaign in &unusable {
        let name = campaign.name();
        session.hint(&format!(
            "campaign \"{name}\" is not recorded: there are mistakes in it"
        ));
    }
    let now = session.now().to_string();
    maturity.scorecards.clear();
    maturity.campaigns.retain(|campaign| {
        let has_begun = *campaign.start <= *now;
        !campaign.is_draft && has_begun && !unusable.contains(&campaign.reference)
    });
    if maturity.campaigns.is_empty() {
        return Ok(());
    }
    let gathered = session.facts_for(scan, &maturity);
    let mut observed = Vec::new();
    for campaign in &maturity.campaigns {
        let result = session.evaluate_campaign(scan, &gathered.facts, campaign)?;
        let point = CampaignPoint::evaluated(&result, &scan.catalog, Origin::Present);
        observed.extend(point.observations());
    }
    let recording = Recording {
        facts: &gathered.facts,
        is_complete: session.is_complete(scan) && unusable.is_empty(),
        ..*recording
    };
    recording.write(CAMPAIGNS_SOURCE, observed)
}

/// What is written where.
#[derive(Clone, Copy)]
struct Recording<'a> {
    location: &'a LedgerLocation,
    scan: &'a Scan,
    facts: &'a Facts,
    is_complete: bool,
    session: &'a Session,
}

impl Recording<'_> {
    fn write(&self, source: &str, observations: Vec<(EntityRef, Observation)>) -> Result<()> {
        let now = self.session.now();
        let writer = environment::writer();
        let recorded = ledger::record(RecordRequest {
            location: self.location,
            writer: writer.as_deref(),
            register: self.facts.register(),
            catalog: &self.scan.catalog,
            now,
            run: Run {
                source,
                query: None,
                at: now,
                asked: Asked::Everything,
                facts: None,
                is_complete: self.is_complete,
                unanswered: &BTreeSet::new(),
            },
            observations,
            is_dry_run: false,
        })?;
        for refused in &recorded.refused {
            self.session.hint(refused);
        }
        self.session.hint(&format!(
            "{}/{}: {} changed, {} as before, {} gone",
            self.location.folder().display(),
            recorded.file,
            recorded.changed,
            recorded.unchanged,
            recorded.gone
        ));
        Ok(())
    }
}
