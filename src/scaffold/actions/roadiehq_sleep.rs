//! `roadiehq:utils:sleep`: would wait.
//!
//! It is looked at, told and left out: nothing else happens meanwhile that could be waited for.

use serde::Deserialize;

use super::{Action, Needs, debug_wait};
use crate::scaffold::{Call, Outputs, StepError};

pub(super) static ACTION: Action = Action {
    name: "roadiehq:utils:sleep",
    summary: "would wait, and goes on at once",
    needs: Needs::Nothing,
    outputs: &[],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    amount: f64,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    call.log.push(debug_wait::skipped(input.amount));
    Ok(Outputs::new())
}
