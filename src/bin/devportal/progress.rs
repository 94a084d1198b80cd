//! Progress on a terminal, for what takes longer than half a second.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use devportal::fact::collect;
use devportal::scan::Progress;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

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

/// A bar for each source that is asked.
pub(crate) struct CollectBars {
    all: MultiProgress,
    bars: Mutex<HashMap<String, ProgressBar>>,
    started: Instant,
    is_wanted: bool,
}

impl CollectBars {
    pub(crate) fn new(is_wanted: bool) -> Self {
        Self {
            all: MultiProgress::with_draw_target(ProgressDrawTarget::hidden()),
            bars: Mutex::default(),
            started: Instant::now(),
            is_wanted: is_wanted && super::environment::shows_progress(),
        }
    }

    pub(crate) fn finish(&self) {
        if let Ok(bars) = self.bars.lock() {
            bars.values().for_each(ProgressBar::finish_and_clear);
        }
        let _ = self.all.clear();
    }
}

impl collect::Progress for CollectBars {
    fn began(&self, source: &str, targets: usize) {
        let bar = self.all.add(ProgressBar::new(targets as u64));
        if let Ok(style) = ProgressStyle::with_template("{msg:12} {pos}/{len} {wide_bar}") {
            bar.set_style(style);
        }
        bar.set_message(devportal::output::safe(source).into_owned());
        if let Ok(mut bars) = self.bars.lock() {
            bars.insert(source.to_owned(), bar);
        }
    }

    fn answered(&self, source: &str) {
        if let Ok(bars) = self.bars.lock()
            && let Some(bar) = bars.get(source)
        {
            bar.inc(1);
        }
        if self.is_wanted && self.all.is_hidden() && self.started.elapsed() > PATIENCE {
            self.all.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}
