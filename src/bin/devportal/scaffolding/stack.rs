//! Room for templates whose expressions are nested deeply.

/// The stack that templates are rendered on. Pages of it that nobody touches cost nothing.
const STACK: usize = 256 << 20;

/// Does something on a large stack.
pub(crate) fn on_large_stack<T>(work: impl FnOnce() -> T) -> T {
    stacker::grow(STACK, work)
}
