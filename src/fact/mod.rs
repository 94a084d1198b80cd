//! Facts: what was observed about entities, by whom, when, and for how long it holds.
//!
//! A fact comes from one of three places: the repositories themselves ([`repository`]), files that
//! tools write ([`import`]), and APIs that are asked when a command says so ([`collect`]). The last
//! two are kept in the [`ledger`]. What is not known is unknown, and never zero or false: its
//! source was not asked, what was observed has expired, or the code is not in sight.

mod declaration;
mod deployment_event;
mod facts;
mod gather;
mod observation;
mod register;
mod selection;
mod selector;
mod set_up;
mod shown;

pub mod collect;
pub mod import;
pub mod ledger;
pub mod repository;

pub use declaration::{Declaration, TimeToLive, ValueType};
pub use deployment_event::{DeploymentEvent, DeploymentStatus};
pub use facts::{Facts, Knowledge, Known};
pub(crate) use facts::{FoundValue, ReadySelector};
pub use gather::{AskedEntities, FactRequest, Gathered, gather};
pub use observation::{Dimensions, Fact, Observation};
pub use register::Register;
pub use selection::FactSelection;
pub use selector::{FactSelector, SelectorError};
pub use set_up::set_up_commands;
pub use shown::{day, shown};
