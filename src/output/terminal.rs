//! What a format may know of the terminal.

/// What is known of the place where the output goes. The program fills it in; nothing here asks
/// the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terminal {
    /// The columns of a line; 0 when there are no lines to fit into (a file, a pipe, a terminal
    /// that does not say), and then nothing is cut or wrapped.
    pub width: usize,
    /// Whether escape sequences for colours may be written.
    pub color: bool,
    /// What links are made with, where the terminal can follow them.
    pub links: Option<LinkTargets>,
}

/// Where links of a terminal lead (OSC 8, "Hyperlinks in Terminal Emulators").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkTargets {
    /// The name of this machine, so that a terminal on another one does not open its own file.
    pub host: String,
    /// The folder of the workspace, absolute; empty when its files cannot be linked to.
    pub folder: String,
}

impl Terminal {
    /// The columns that running text takes: long lines are hard to read on wide terminals.
    pub(super) fn reading_width(&self) -> usize {
        const LONGEST_LINE: usize = 100;
        if self.width == 0 {
            usize::MAX
        } else {
            self.width.min(LONGEST_LINE)
        }
    }
}
