//! stub
use crate::session::Session;
use anyhow::Result;
use devportal::scaffold::Manifest;
use devportal::scaffold::answers::{Answered, Given};
pub(crate) fn is_possible() -> bool {
    false
}
pub(crate) fn confirm(_: &str, _: bool) -> Result<bool> {
    Ok(true)
}
pub(crate) fn ask(_: &mut Session, _: &Manifest, _: &Given) -> Result<Answered> {
    anyhow::bail!("no")
}
