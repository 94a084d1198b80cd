//! Ends the program when its terminal is gone and no signal said so.
//!
//! Reading a terminal that is hung up gives nothing, for ever and at once, and crossterm tries
//! again without end. Writing tells, so that is tried from beside.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::Outcome;

/// How often the terminal is tried.
const PERIOD: Duration = Duration::from_secs(1);

/// Looks after the terminal until it is dropped.
pub(crate) struct HangUpWatch {
    is_over: Arc<Mutex<bool>>,
}

impl HangUpWatch {
    /// Begins looking. `probe` writes what changes nothing on the terminal as it is now; it is not
    /// written any more once this is dropped.
    pub(crate) fn begin(probe: fn() -> std::io::Result<()>) -> Self {
        let is_over = Arc::new(Mutex::new(false));
        let seen = Arc::clone(&is_over);
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(PERIOD);
                // The lock keeps it from being written once the terminal is another one again.
                let is_over = seen.lock().unwrap_or_else(PoisonError::into_inner);
                if *is_over {
                    break;
                }
                if probe().is_err() {
                    end();
                }
            }
        });
        Self { is_over }
    }
}

impl Drop for HangUpWatch {
    fn drop(&mut self) {
        *self.is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }
}

#[expect(
    clippy::exit,
    reason = "the main thread never returns from reading a terminal that is hung up"
)]
fn end() {
    std::process::exit(Outcome::Interrupted as i32);
}
