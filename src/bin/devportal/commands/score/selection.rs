//! What is to be scored: which scorecards, which entities, on which facts.

use std::mem::ManuallyDrop;

use anyhow::{Result, anyhow, bail};
use devportal::catalog::EntityId;
use devportal::diagnostic::{Diagnostic, did_you_mean};
use devportal::fact::Facts;
use devportal::maturity::{SHIPPED, Scorecard};
use devportal::model::EntityRef;
use devportal::output;
use devportal::query::{Query, QueryContext};
use devportal::scan::Scan;

use super::{Args, Scored};
use crate::Outcome;
use crate::maturity::Maturity;
use crate::selection::{documented, nothing_found, parse_query};
use crate::session::Session;

/// What the command line asks for.
pub(super) struct Chosen {
    /// The scorecards.
    pub(super) scorecards: Vec<Scorecard>,
    words: String,
    query: Query,
    /// Whether the user named the scorecards, here or in `devportal.yaml`.
    are_picked: bool,
}

/// What is scored.
pub(super) struct Selected {
    /// The end of the process frees them faster.
    pub(super) facts: ManuallyDrop<Facts>,
    pub(super) entities: Vec<EntityId>,
    /// Whether one entity is asked about by its name.
    pub(super) is_page: bool,
}

impl Chosen {
    /// Reads scorecards, and what the words of the command line mean. A single word that names an
    /// entity, as `show` reads names, means that entity if a scorecard is about it; everything else
    /// is a query. So `payments-api` is explained, and `system:payments` are the parts of it.
    ///
    /// The outcome where scorecards have mistakes, which are told.
    pub(super) fn read(
        args: &Args,
        scan: &Scan,
        session: &Session,
    ) -> Result<Result<Self, Outcome>> {
        let maturity = Maturity::read(scan);
        let scorecards = chosen(&maturity, &args.scorecard)?;
        let is_meant = |entity: &EntityRef| {
            let is_all = args.scorecard.is_empty() && entity.kind() == "scorecard";
            is_all || args.scorecard.iter().any(|name| is_named(entity, name))
        };
        let mistakes: Vec<&Diagnostic> = maturity.mistakes(is_meant).collect();
        if !mistakes.is_empty() {
            tell_mistakes(&mistakes, session);
            return Ok(Err(Outcome::Failure));
        }
        let picked = scan.config.organisation().scorecards.as_ref();
        Ok(Ok(Self {
            scorecards,
            words: args.query.join(" "),
            query: parse_query(&args.query)?,
            are_picked: !args.scorecard.is_empty() || picked.is_some(),
        }))
    }

    /// Gathers the facts that are needed, then the entities that are meant; none when nothing fits,
    /// which is said.
    pub(super) fn look_up(&self, scan: &Scan, session: &Session) -> Result<Option<Selected>> {
        let cards: Vec<&Scorecard> = self.scorecards.iter().collect();
        let moment = session.moment();
        let gathered = session.facts_of_rules(&moment, scan, &cards, Some(&self.query));
        session.keep_unread(&gathered.problems);
        let facts = ManuallyDrop::new(gathered.facts);
        if let Some(id) = self.named(scan) {
            let results = session.evaluate(scan, &facts, &self.scorecards, &[id]);
            if results.iter().any(|card| !card.entities.is_empty()) {
                session.entity(scan, &self.words, &[])?;
                return Ok(Some(Selected {
                    facts,
                    entities: vec![id],
                    is_page: true,
                }));
            }
        }
        let user = session.user_name();
        let context = QueryContext {
            catalog: &scan.catalog,
            user: user.as_deref(),
            documented: &|| documented(scan, &moment),
            facts: Some(&facts),
        };
        let entities = self.query.evaluate(&context);
        let entities = entities.map_err(|error| anyhow!("{error}"))?;
        if entities.is_empty() {
            session.hint(&nothing_found(&self.query, &scan.catalog));
            return Ok(None);
        }
        Ok(Some(Selected {
            facts,
            entities,
            is_page: false,
        }))
    }

    /// The entity that the only word names, where there is one, as `show` reads names.
    fn named(&self, scan: &Scan) -> Option<EntityId> {
        let found = scan.catalog.resolve(&self.words, &[]);
        let found = found.ok().flatten();
        found.and_then(|found| scan.catalog.id(found.entity.reference()))
    }

    /// Says which scorecards are about nothing of what was asked for, and whether what was asked
    /// for has anything to answer: a scorecard that somebody wrote or picked must be about
    /// something, and those that come along at least one of them.
    pub(super) fn tell_empty(&self, scored: &Scored<'_>, session: &Session) -> bool {
        let mut is_fine = scored.results.iter().any(|card| !card.entities.is_empty());
        for card in &scored.results {
            for problem in &card.problems {
                session.hint(&format!(
                    "scorecard \"{}\": {problem}",
                    card.scorecard.title
                ));
            }
            let name = card.scorecard.reference.name();
            let comes_along = SHIPPED.iter().any(|(known, _)| *known == name)
                && card.scorecard.place.file.repository() == "devportal";
            let must_fit = self.are_picked || !comes_along;
            if card.entities.is_empty() {
                session.hint(&format!("scorecard \"{name}\" is about nothing here"));
            }
            let has_problem = card.entities.is_empty() || !card.problems.is_empty();
            is_fine &= !(must_fit && has_problem);
        }
        is_fine
    }
}

/// The scorecards of these names, and all that are no drafts without any.
fn chosen(maturity: &Maturity, names: &[String]) -> Result<Vec<Scorecard>> {
    let all = maturity.scorecards.iter();
    if names.is_empty() {
        return Ok(all
            .filter(|scorecard| !scorecard.is_draft)
            .cloned()
            .collect());
    }
    for name in names {
        let mut written = maturity.scorecards.iter().map(|it| &it.reference);
        let mut invalid = maturity.invalid.iter().filter_map(|it| it.entity.as_ref());
        if written.any(|it| is_named(it, name)) || invalid.any(|it| is_named(it, name)) {
            continue;
        }
        let known = || maturity.scorecards.iter().map(|it| it.reference.name());
        match did_you_mean(name, known()) {
            Some(meant) => bail!("there is no scorecard \"{name}\"; did you mean \"{meant}\"?"),
            None => bail!(
                "there is no scorecard \"{name}\"; there are {}",
                known().collect::<Vec<&str>>().join(", ")
            ),
        }
    }
    Ok(all.filter(|it| is_one_of(it, names)).cloned().collect())
}

/// Whether a scorecard is one of those names.
pub(super) fn is_one_of(scorecard: &Scorecard, names: &[String]) -> bool {
    names
        .iter()
        .any(|name| is_named(&scorecard.reference, name))
}

/// Whether a reference is meant by a name: `ownership`, or `scorecard:default/ownership`.
fn is_named(reference: &EntityRef, name: &str) -> bool {
    let name = name.to_lowercase();
    name == reference.name() || name == reference.as_str() || name == reference.short()
}

pub(super) fn tell_mistakes(mistakes: &[&Diagnostic], session: &Session) {
    for mistake in mistakes {
        let help = mistake.help.as_ref();
        let help = help.map(|help| format!("\n  {help}")).unwrap_or_default();
        session.hint(&format!("{}{help}", output::diagnostic_line(mistake)));
    }
    let count = mistakes.len();
    let plural = if count == 1 { "mistake" } else { "mistakes" };
    session.hint(&format!(
        "nothing was scored: there {} {count} {plural} in scorecards",
        if count == 1 { "is" } else { "are" }
    ));
}
