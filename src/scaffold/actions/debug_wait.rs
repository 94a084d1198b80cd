//! `debug:wait`: would wait.
//!
//! It is looked at, told and left out: nothing else happens meanwhile that could be waited for.

use serde::Deserialize;

use super::{Action, Needs};
use crate::scaffold::{Call, Outputs, StepError};

/// Backstage waits for ten minutes at most.
const MOST_SECONDS: f64 = 600.0;

pub(super) static ACTION: Action = Action {
    name: "debug:wait",
    summary: "would wait, and goes on at once",
    needs: Needs::Nothing,
    outputs: &[],
    run,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    minutes: Option<f64>,
    seconds: Option<f64>,
    milliseconds: Option<f64>,
}

fn run(call: &mut Call<'_>) -> Result<Outputs, StepError> {
    let input: Input = call.typed_input()?;
    let seconds = input.minutes.unwrap_or(0.0) * 60.0
        + input.seconds.unwrap_or(0.0)
        + input.milliseconds.unwrap_or(0.0) / 1000.0;
    if seconds > MOST_SECONDS {
        return Err(StepError::new(format!(
            "{seconds} seconds are more than the 10 minutes that a step may wait"
        )));
    }
    call.log.push(skipped(seconds));
    Ok(Outputs::new())
}

/// What is told about time that is not waited for.
pub(super) fn skipped(seconds: f64) -> String {
    format!("did not wait for {seconds} seconds: nothing else happens meanwhile")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{fails, run, succeeds};

    #[test]
    fn nothing_is_waited_for() {
        let ended = run("debug:wait", &json!({"minutes": 9, "seconds": 59.5}), &[]);
        ended.result.expect("it goes on");
        assert_eq!(
            ended.log,
            ["did not wait for 599.5 seconds: nothing else happens meanwhile"]
        );
        fails(
            "debug:wait",
            &json!({"minutes": 10, "milliseconds": 1}),
            &[],
            "600.001 seconds are more than the 10 minutes that a step may wait",
        );
        succeeds(
            "roadiehq:utils:sleep",
            &json!({"amount": 1000}),
            &[],
            &[],
            &json!({}),
        );
        fails(
            "roadiehq:utils:sleep",
            &json!({"amount": "1"}),
            &[],
            "input \"amount\" must be a number, and is a text",
        );
    }
}
