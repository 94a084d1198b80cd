//! Ends the program when its terminal is gone and no signal said so.
//!
//! Reading a terminal that is hung up gives nothing, for ever and at once, and crossterm tries
//! again without end. Writing tells, so that is tried from beside.

use std::io::stderr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crossterm::cursor::Hide;
use crossterm::execute;

use crate::Outcome;

/// How often the terminal is tried.
const PERIOD: Duration = Duration::from_secs(1);

/// Looks after the terminal until it is dropped.
pub(super) struct HangUpWatch {
    is_over: Arc<Mutex<bool>>,
}

impl HangUpWatch {
    pub(super) fn begin() -> Self {
        let is_over = Arc::new(Mutex::new(false));
        let seen = Arc::clone(&is_over);
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(PERIOD);
                // The cursor is hidden already, so what is written changes nothing; and the lock
                // keeps it from being written once the cursor is shown again.
                let is_over = seen.lock().unwrap_or_else(PoisonError::into_inner);
                if *is_over {
                    break;
                }
                if execute!(stderr(), Hide).is_err() {
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
