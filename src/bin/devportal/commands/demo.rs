//! `devportal demo`.
use anyhow::Result;
use crate::Outcome;
use crate::session::Session;
/// Options of `demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}
pub(crate) fn run(_: &Args, _: &mut Session) -> Result<Outcome> { Ok(Outcome::Fine) }
