//! What reports are made of, found out.

use anyhow::{Context, Result};
use devportal::catalog::EntityId;
use devportal::diagnostic::Diagnostic;
use devportal::documentation::Documentation;
use devportal::fact::FactSelection;
use devportal::maturity::CampaignResult;
use devportal::output;
use devportal::report::{Report, ReportInput};
use devportal::scan::Scan;

use super::links::Forge;
use crate::maturity::Maturity;
use crate::session::Session;

/// What a report asks for.
pub(super) struct Needs {
    pub(super) facts: FactSelection,
    pub(super) scorecards: bool,
    pub(super) campaigns: bool,
}

impl Needs {
    pub(super) fn of(report: &Report) -> Self {
        Self {
            facts: report.facts.iter().copied().collect(),
            scorecards: report.needs_scorecards,
            campaigns: report.needs_campaigns,
        }
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
        maturity.scorecards.retain(|it| self.scorecards && !it.is_draft);
        maturity.campaigns.retain(|it| self.campaigns && !it.is_draft);
        Some(maturity)
    }
}

/// Finds out what is needed, and lets a report be written of it.
pub(super) fn with_input<T>(
    needs: Needs,
    maturity: &Maturity,
    scan: &Scan,
    session: &Session,
    write: impl FnOnce(&ReportInput<'_>) -> Result<T>,
) -> Result<T> {
    let gathered = session.facts(scan, needs.facts.and(maturity.facts()), None);
    session.keep_unread(&gathered.problems);
    let facts = &gathered.facts;
    let entities: Vec<EntityId> = scan.catalog.ids().collect();
    let results = session.evaluate(scan, facts, &maturity.scorecards, &entities);
    let campaigns = maturity.campaigns.iter().map(|campaign| {
        let result = session.evaluate_campaign(scan, facts, campaign);
        result.with_context(|| format!("campaign \"{}\"", campaign.reference.name()))
    });
    let campaigns: Vec<CampaignResult<'_>> = campaigns.collect::<Result<_>>()?;
    let moment = session.moment();
    let forge = Forge::new(scan, &moment);
    write(&ReportInput {
        catalog: &scan.catalog,
        facts,
        results: &results,
        campaigns: &campaigns,
        trend: None,
        documentation: &Documentation::new(&scan.catalog, &scan.repositories, &moment),
        links: forge.links(),
    })
}
