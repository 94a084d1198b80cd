//! `devportal schema`: the JSON Schema of descriptors.

use anyhow::{Context, Result};
use devportal::descriptor::SCHEMA_TEXT;

use crate::Outcome;
use crate::session::Session;

/// Options of `schema`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args, session: &mut Session) -> Result<Outcome> {
    session.format(&["json"])?;
    session
        .stdout()
        .write_all(SCHEMA_TEXT.as_bytes())
        .context("cannot write output")?;
    Ok(Outcome::Fine)
}
