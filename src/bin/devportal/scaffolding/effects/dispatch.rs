//! `github:actions:dispatch`, `gitlab:pipeline:trigger`: a run of CI, with CI's own credentials.

use devportal::scaffold::CiRun;

use super::forge::Forge;
use super::{EffectReport, EffectRequest};

/// Starts a run of CI, where that was asked for.
pub(super) fn dispatch(run: &CiRun, request: &EffectRequest<'_>) -> EffectReport {
    let what = run.what();
    if !request.push {
        return EffectReport::waits(format!("{what} is not started; --push does it"));
    }
    let started = Forge::of(&run.remote, request.settings).and_then(|forge| {
        forge.map_or_else(
            || Err(anyhow::anyhow!("its forge has no API that is known here")),
            |forge| forge.dispatch(run),
        )
    });
    match started {
        Ok(()) => EffectReport::done(format!("{what} is started")),
        Err(error) => EffectReport::failed(&error.context(format!("{what} is not started"))),
    }
}
