//! Bitbucket: the last rule that matches counts, as on GitHub. Settings and groups of the app
//! stand between the rules, and a name may have spaces between quotes.

use super::line::{Line, Quotes, without_comment};
use super::reading::{Reading, gitignore_rule};

pub(super) fn read(line: Line<'_>, reading: &mut Reading) {
    if is_setting(line.text) {
        return;
    }
    let words = without_comment(line.words(Quotes::Group));
    gitignore_rule("Bitbucket", &words, line, reading);
}

/// `CODEOWNERS.toplevel.assignment_routing random 2`, `CODEOWNERS.destination_branch_pattern
/// main`, `Check(@@Seniors >= 1)`, and the members of a group, `@@@Group @ada @grace`: none says
/// who owns a path.
fn is_setting(text: &str) -> bool {
    ["CODEOWNERS.", "Check(", "OverallCheck(", "@@@"]
        .iter()
        .any(|start| text.starts_with(start))
}
