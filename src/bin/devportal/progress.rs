//! Progress on a terminal, for scans that take longer than half a second.

use std::time::{Duration, Instant};

use devportal::scan::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar that appears only when there is something to wait for.
pub(crate) struct Bar {
    shown: ProgressBar,
    started: Instant,
    is_wanted: bool,
}

const PATIENCE: Duration = Duration::from_millis(500);

impl Bar {
    pub(crate) fn new(is_wanted: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        Self {
            shown: bar,
            started: Instant::now(),
            is_wanted,
        }
    }

    pub(crate) fn finish(&self) {
        self.shown.finish_and_clear();
    }
}

impl Progress for Bar {
    fn found(&self, repositories: usize) {
        self.shown.set_length(repositories as u64);
    }

    fn read(&self) {
        self.shown.inc(1);
        if self.is_wanted
            && self.shown.is_hidden()
            && self.started.elapsed() > PATIENCE
            && super::environment::shows_progress()
        {
            if let Ok(style) =
                ProgressStyle::with_template("reading {pos}/{len} repositories {wide_bar}")
            {
                self.shown.set_style(style);
            }
            self.shown.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}
