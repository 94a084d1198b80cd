//! Which authors are no people.

use crate::repo::CommitAuthor;

/// What programs that change code call themselves, in a name or before the `@` of an address.
/// Those that forges know as an app have `[bot]` in their names.
const NAMES: [&str; 14] = [
    "dependabot",
    "dependabot-preview",
    "github-actions",
    "gitlab-bot",
    "greenkeeper",
    "pre-commit-ci",
    "pyup-bot",
    "renovate",
    "renovate-bot",
    "scala-steward",
    "semantic-release-bot",
    "snyk-bot",
    "web-flow",
    "whitesource-renovate",
];

/// Whether an author is a bot: by itself, or by a pattern (with `*`) of the configuration.
pub(super) fn is_bot(author: &CommitAuthor, login: Option<&str>, patterns: &[String]) -> bool {
    let name = author.name.trim().to_lowercase();
    let address = author.address.trim().to_lowercase();
    let before_at = address.split('@').next().unwrap_or(&address);
    let known = [name.as_str(), before_at, login.unwrap_or_default()];
    name.contains("[bot]")
        || address.contains("[bot]")
        || known.iter().any(|known| {
            let words = known.replace([' ', '_'], "-");
            NAMES.contains(&words.as_str())
        })
        || patterns.iter().any(|pattern| {
            let pattern = pattern.trim().to_lowercase();
            fits(&pattern, &name) || fits(&pattern, &address)
        })
}

/// Whether a text is as a pattern says, in which `*` stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = text.find(part) else {
            return false;
        };
        text = &text[at + part.len()..];
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::{fits, is_bot};
    use crate::repo::CommitAuthor;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, expected) in [
            ("ci", "ci", true),
            ("ci", "cia", false),
            ("*@ci.example.com", "build@ci.example.com", true),
            ("*@ci.example.com", "build@ci.example.com.evil", false),
            ("build-*", "build-", true),
            ("a*b*a", "aba", true),
            ("a*b*a", "ab", false),
            ("*[x]*", "[x]", true),
            ("aa*aa", "aaa", false),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn people_with_names_like_bots_are_people() {
        let author = |name: &str, address: &str| CommitAuthor {
            name: name.to_owned(),
            address: address.to_owned(),
        };
        let is = |name, address| is_bot(&author(name, address), None, &[]);
        assert!(is(
            "renovate[bot]",
            "29139614+renovate[bot]@users.noreply.github.com"
        ));
        assert!(is("Renovate Bot", "bot@example.com"));
        assert!(is("GitHub Actions", "actions@example.com"));
        assert!(is("x", "semantic-release-bot@martynus.net"));
        assert!(!is("Abbot Renovate", "abbot@example.com"));
        assert!(!is("Bot", "mira@example.com"));
    }
}
