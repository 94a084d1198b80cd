//! What is known of the entities of a run.

use devportal::cache::Cache;
use devportal::catalog::EntityId;
use devportal::fact::ledger::{self, HistoryEntry};
use devportal::fact::{
    AskedEntities, FactRequest, FactSelection, FactSelector, Gathered, Register, gather,
};
use devportal::model::Moment;
use devportal::scan::Scan;
use jiff::Timestamp;

use crate::environment;
use crate::session::Session;

impl Session {
    /// The facts that a command needs. Nothing is fetched.
    pub(crate) fn facts(
        &self,
        scan: &Scan,
        selection: FactSelection,
        entities: AskedEntities<'_>,
    ) -> Gathered {
        self.facts_at(&self.moment(), scan, selection, entities)
    }

    /// The same at another moment, at which the workspace was scanned.
    pub(crate) fn facts_at(
        &self,
        moment: &Moment,
        scan: &Scan,
        selection: FactSelection,
        entities: AskedEntities<'_>,
    ) -> Gathered {
        let cache = self.cache();
        let gathered = gather(FactRequest {
            catalog: &scan.catalog,
            repositories: &scan.repositories,
            config: &scan.config,
            moment,
            now: self.now_of(scan, moment),
            selection,
            entities,
            cache: &cache,
        });
        if let Some(problem) = cache.problem() {
            self.hint(problem);
        }
        gathered
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
            entities: AskedEntities::Only(&[entity]),
            cache: &self.cache(),
        };
        ledger::history(&request, entity, selector)
    }

    /// What every fact of the workspace means.
    pub(crate) fn register(scan: &Scan) -> Register {
        let (declared, _) = Register::declared(&scan.config.organisation().facts);
        Register::with(declared)
    }

    /// The moment that this run looks at, as a time: that of `--at`, else `SOURCE_DATE_EPOCH`, else
    /// what the workspace says that was read, else the clock.
    pub(crate) fn now(&self) -> Timestamp {
        let clock = || Timestamp::from_second(environment::now()).unwrap_or_default();
        match self.moment() {
            Moment::Time(time) => time,
            Moment::Present | Moment::DefaultBranch if environment::has_fixed_now() => clock(),
            _ => self.time_of_workspace().unwrap_or_else(clock),
        }
    }

    /// Another moment than that of the run as a time.
    fn now_of(&self, scan: &Scan, moment: &Moment) -> Timestamp {
        match moment {
            Moment::Time(time) => *time,
            Moment::Revision(_) if *moment != self.moment() => {
                time_of_workspace(scan, moment).unwrap_or_else(|| self.now())
            }
            _ => self.now(),
        }
    }

    /// Where results that take long are kept; nowhere with `--no-cache`.
    pub(crate) fn cache(&self) -> Cache {
        if self.globals().no_cache {
            return Cache::disabled();
        }
        environment::result_cache().map_or_else(Cache::disabled, Cache::in_folder)
    }
}

/// The time that a workspace gives to a moment: that of the commit which a revision names, and for
/// the present what its configuration says.
pub(crate) fn time_of_workspace(scan: &Scan, moment: &Moment) -> Option<Timestamp> {
    match moment {
        Moment::Revision(_) => time_of_revision(scan, moment),
        Moment::Present | Moment::DefaultBranch => {
            match &scan.config.organisation().now.as_ref()?.value {
                Moment::Time(time) => Some(*time),
                _ => None,
            }
        }
        Moment::Time(_) => None,
    }
}

/// When the commit was made that a revision names. The repository one stands in decides, then the
/// catalog repository; where neither has it, the newest commit that another calls so.
fn time_of_revision(scan: &Scan, moment: &Moment) -> Option<Timestamp> {
    let repositories = scan.repositories.iter();
    let catalog = scan.config.catalog_repository();
    let standing = repositories.clone().filter(|it| it.standing_in);
    let catalog = repositories
        .clone()
        .filter(|it| catalog == Some(&*it.identity));
    let mut first = standing.chain(catalog);
    let time = first
        .find_map(|it| it.time_of(moment))
        .or_else(|| repositories.filter_map(|it| it.time_of(moment)).max())?;
    Timestamp::from_second(time).ok()
}
