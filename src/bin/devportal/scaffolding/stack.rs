//! Room for templates whose expressions are nested deeply.

use anyhow::{Context, Result, anyhow};

/// The stack of the thread that templates are rendered on. Pages of it that nobody touches cost
/// nothing.
const STACK: usize = 256 << 20;

/// Does something on a thread with a large stack.
pub(crate) fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .context("cannot start a thread")?;
        thread
            .join()
            .map_err(|_| anyhow!("rendering ended unexpectedly"))
    })
}
