//! Progress on a terminal, for scans that take longer than half a second.

use std::time::{Duration, Instant};

use devportal::scan::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar that appears only when there is something to wait for.
pub(crate) struct Bar {
    bar: ProgressBar,
    started: Instant,
}

const PATIENCE: Duration = Duration::from_millis(500);

impl Bar {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        Self {
            bar,
            started: Instant::now(),
        }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn found(&self, repositories: usize) {
        self.bar.set_length(repositories as u64);
    }

    fn read(&self) {
        self.bar.inc(1);
        if self.bar.is_hidden()
            && self.started.elapsed() > PATIENCE
            && super::environment::shows_progress()
        {
            if let Ok(style) =
                ProgressStyle::with_template("reading {pos}/{len} repositories {wide_bar}")
            {
                self.bar.set_style(style);
            }
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}
