//! Which texts look like versions.

/// The words that stand in versions before they are released.
const BEFORE_RELEASE: [&str; 11] = [
    "a", "alpha", "b", "beta", "cr", "dev", "m", "pre", "preview", "rc", "snapshot",
];

/// Whether a text looks like the version of a release: `1.2`, `v1.2.3`, `1.2.3.Final`,
/// `1.2.3+build`; not `1.2.3-rc.1`, which is none yet, and not `v1`, which moves.
pub(super) fn is_release(text: &str) -> bool {
    let text = without_v(text);
    let numbers = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (numbers, rest) = text.split_at(numbers);
    let (numbers, is_word) = match numbers.strip_suffix('.') {
        Some(numbers) if !rest.is_empty() => (numbers, true),
        _ => (numbers, false),
    };
    let mut parts = numbers.split('.');
    let is_numbers = parts.all(|part| !part.is_empty()) && numbers.contains('.');
    is_numbers && !(rest.starts_with('-') || is_before_release(rest, is_word)) && is_tail(rest)
}

/// Without the `v` that many write in front.
pub(super) fn without_v(text: &str) -> &str {
    let rest = text.strip_prefix(['v', 'V']).unwrap_or(text);
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        rest
    } else {
        text
    }
}

fn is_before_release(rest: &str, is_word: bool) -> bool {
    let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
    let word = word.to_ascii_lowercase();
    // Words of two letters and more are whatever a project writes behind a dot, as `Final`.
    BEFORE_RELEASE.contains(&word.as_str()) || (!word.is_empty() && !is_word)
}

fn is_tail(rest: &str) -> bool {
    rest.chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::is_release;

    #[test]
    fn versions_of_releases_are_told_from_other_tags() {
        for version in [
            "1.2",
            "v1.2.3",
            "V0.1",
            "2026.03.1",
            "1.2.3.Final",
            "1.2.3+b.7",
            "1.0.post1",
        ] {
            assert!(is_release(version), "{version}");
        }
        for other in [
            "",
            "v",
            "v1",
            "1",
            "1.",
            "1..2",
            ".1",
            "v1.2.3-rc.1",
            "1.2rc1",
            "1.2.3.RC1",
            "1.2.dev0",
            "nightly",
            "1.x",
            "version1.2",
            "1.2 3",
            "vv1.2",
        ] {
            assert!(!is_release(other), "{other}");
        }
    }
}
