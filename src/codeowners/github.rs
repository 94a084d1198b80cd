//! GitHub: the last rule that matches counts. Patterns are those of `.gitignore`, without
//! exceptions, ranges and an escaped `#`; a line that has one is ignored, and so is a file over
//! 3 MB.

use super::line::{Line, Quotes, without_comment};
use super::reading::{Reading, gitignore_rule};

/// The largest file that GitHub reads, in bytes.
pub(super) const LARGEST_FILE: usize = 3 * 1024 * 1024;

pub(super) fn read(line: Line<'_>, reading: &mut Reading) {
    let words = without_comment(line.words(Quotes::Literal));
    gitignore_rule("GitHub", &words, line, reading);
}
