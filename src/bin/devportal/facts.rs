//! What is known of the entities of a run.

use devportal::cache::Cache;
use devportal::catalog::EntityId;
use devportal::fact::ledger::{self, HistoryEntry};
use devportal::fact::{FactRequest, FactSelection, FactSelector, Gathered, gather};
use devportal::model::Moment;
use devportal::scan::Scan;
use jiff::Timestamp;

use crate::environment;
use crate::session::Session;

impl Session {
    /// The facts that a command needs: of these entities, or of all. Nothing is fetched.
    pub(crate) fn facts(
        &self,
        scan: &Scan,
        selection: FactSelection,
        entities: Option<&[EntityId]>,
    ) -> Gathered {
        self.facts_at(&self.moment(), scan, selection, entities)
    }

    /// The same at another moment, at which the workspace was scanned.
    pub(crate) fn facts_at(
        &self,
        moment: &Moment,
        scan: &Scan,
        selection: FactSelection,
        entities: Option<&[EntityId]>,
    ) -> Gathered {
        gather(FactRequest {
            catalog: &scan.catalog,
            repositories: &scan.repositories,
            config: &scan.config,
            moment,
            now: now_at(moment),
            selection,
            entities,
            cache: &self.cache(),
        })
    }

    /// What the ledger knows of an entity since when.
    pub(crate) fn fact_history(
        &self,
        scan: &Scan,
        entity: EntityId,
        selector: Option<&FactSelector>,
    ) -> Vec<HistoryEntry> {
        let request = FactRequest {
            catalog: &scan.catalog,
            repositories: &scan.repositories,
            config: &scan.config,
            moment: &self.moment(),
            now: self.now(),
            selection: FactSelection::All,
            entities: Some(&[entity]),
            cache: &self.cache(),
        };
        ledger::history(&request, entity, selector)
    }

    /// The moment that this run looks at, as a time: `--at`, else `SOURCE_DATE_EPOCH`, else the
    /// clock.
    pub(crate) fn now(&self) -> Timestamp {
        now_at(&self.moment())
    }

    /// Where results that take long are kept; nowhere with `--no-cache`.
    fn cache(&self) -> Cache {
        if self.globals().no_cache {
            return Cache::disabled();
        }
        environment::cache_folder().map_or_else(Cache::disabled, Cache::in_folder)
    }
}

/// A moment as a time.
fn now_at(moment: &Moment) -> Timestamp {
    match moment {
        Moment::Time(time) => *time,
        _ => Timestamp::from_second(environment::now()).unwrap_or_default(),
    }
}
