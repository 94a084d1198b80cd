//! Keeping what sources said: a run of the ledger for each of them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use devportal::catalog::{Catalog, EntityId};
use devportal::fact::Register;
use devportal::fact::collect::{Collected, CollectedSource};
use devportal::fact::ledger::{self, Asked, LedgerLocation, RecordRequest, Run};
use devportal::model::EntityRef;
use devportal::view::{Role, Text};
use jiff::Timestamp;
use serde::Serialize;

use crate::environment;
use crate::session::Session;

/// How runs are recorded.
pub(super) struct Keeping<'a> {
    pub(super) location: &'a LedgerLocation,
    pub(super) writer: Option<&'a str>,
    pub(super) register: &'a Register,
    pub(super) catalog: &'a Catalog,
    pub(super) now: Timestamp,
    /// What was asked for, as the user wrote it.
    pub(super) query: Option<&'a str>,
    /// The entities that sources were asked about: what is not in sight is not gone.
    pub(super) entities: &'a [EntityId],
    /// Whether less was asked for than usual, so that what did not arrive may be there.
    pub(super) is_limited: bool,
}

/// What the ledger has of a source after a run.
#[derive(Debug, Serialize)]
pub(super) struct Kept {
    /// The file that was written to.
    pub(super) file: String,
    pub(super) changed: usize,
    pub(super) unchanged: usize,
    pub(super) gone: usize,
}

impl Kept {
    /// The file, and what became of what it knew.
    pub(super) fn line(&self) -> Text {
        let counts = format!(
            "  {} changed, {} unchanged, {} gone",
            self.changed, self.unchanged, self.gone
        );
        Text::new(&self.file, Role::File).then(counts, Role::Faint)
    }
}

impl Keeping<'_> {
    /// Records what each source said, by the name of the source; nothing of those that said
    /// nothing.
    pub(super) fn keep(
        &self,
        collected: &Collected,
        session: &Session,
    ) -> Result<BTreeMap<String, Kept>> {
        let entities = self.entities.iter();
        let entities = entities.map(|id| self.catalog.entity(*id).reference().clone());
        let entities: BTreeSet<EntityRef> = entities.collect();
        let given = self.writer.map(str::to_owned).or_else(environment::writer);
        let mut kept = BTreeMap::new();
        for source in &collected.sources {
            let has_said = !source.facts.is_empty() || source.is_complete();
            if source.asked == 0 || !has_said {
                continue;
            }
            let of_source = self.record(source, &entities, given.as_deref(), session)?;
            kept.insert(source.name.clone(), of_source);
        }
        Ok(kept)
    }

    fn record(
        &self,
        source: &CollectedSource,
        entities: &BTreeSet<EntityRef>,
        writer: Option<&str>,
        session: &Session,
    ) -> Result<Kept> {
        let nothing = BTreeSet::new();
        let recorded = ledger::record(RecordRequest {
            location: self.location,
            writer,
            register: self.register,
            catalog: self.catalog,
            now: self.now,
            run: Run {
                source: &source.name,
                query: self.query,
                at: self.now,
                asked: Asked::Entities(entities),
                facts: None,
                is_complete: source.is_complete() && !self.is_limited,
                unanswered: if self.is_limited {
                    &nothing
                } else {
                    &source.unanswered
                },
            },
            observations: source.observations(),
            is_dry_run: false,
        });
        let recorded =
            recorded.with_context(|| format!("what {} says was not kept", source.name))?;
        for reason in &recorded.refused {
            session.hint(&format!("{}: {reason}", source.name));
        }
        let written = self.location.folder().join(&recorded.file);
        Ok(Kept {
            file: session.workspace()?.relative(&written),
            changed: recorded.changed,
            unchanged: recorded.unchanged,
            gone: recorded.gone,
        })
    }
}
