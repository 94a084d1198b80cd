//! The order of versions, as most ecosystems mean it.
//!
//! A version is numbers with dots, of any count: `2.9` is less than `2.17`, and `1`, `1.0` and
//! `v1.0.0` are the same. What follows tells a stage. These come before the release, in this order:
//! `dev`, `alpha` (`a`), `beta` (`b`), `milestone` (`m`), `rc` (`c`, `cr`), `snapshot`, and other
//! words of unfinished software (`pre`, `preview`, `next`, `nightly`, `canary`, …). `final`, `ga` and
//! `release` say nothing. After the release come `sp`, `post` and `patch`, then words without a known
//! meaning (`jre`), then a bare number (`1.2-3`), which only after three numbers (`1.2.3-4`, as in
//! semantic versions) comes before it. Inside of a stage their rules hold: less parts before more,
//! numbers as numbers and before words. Build metadata (`+…`) and capital letters make no difference.
//!
//! Of a requirement (`^1.2`, `>=1.2,<2`, `[1.2,2.0)`, `~> 1.2`, `1.2.x`) it is the least version that
//! is allowed. What names no version (`latest`, `${log4j.version}`, `<2`) has no place in the order.

use std::cmp::Ordering;

/// A version, in the order of versions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Without zeros at the end.
    release: Vec<Number>,
    stage: Stage,
    /// What follows the stage.
    rest: Vec<Identifier>,
    /// A snapshot of a stage comes before it: `1.0-rc1-SNAPSHOT`.
    is_finished: bool,
}

/// A number of any length: how many digits it has, then the digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Number(usize, String);

/// How far a version is from its release.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Stage {
    Development,
    Alpha,
    Beta,
    Milestone,
    Candidate,
    Snapshot,
    Unfinished(Identifier),
    Release,
    Patch,
    Word(String),
    Build(Number),
}

/// A part after the stage.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Identifier {
    Number(Number),
    Word(String),
}

/// Words of software that is not finished and has no place among the other stages.
const UNFINISHED: [&str; 11] = [
    "canary",
    "edge",
    "ea",
    "experimental",
    "incubating",
    "insiders",
    "next",
    "nightly",
    "pre",
    "preview",
    "unstable",
];

impl Version {
    /// Reads a version, or the least one that a requirement allows; nothing when there is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // A clause that only says what is too new names no version.
        let mut clauses = text.split([',', '|']).map(str::trim);
        let clause =
            clauses.find(|clause| !clause.is_empty() && !clause.starts_with(['<', '!']))?;
        let clause = clause.trim_start_matches(['^', '~', '=', '>', '[', ' ']);
        let text = clause.split([' ', ']', ')', '+']).next()?;
        let text = match text.strip_prefix(['v', 'V']) {
            Some(rest) => rest,
            None => text,
        };
        text.starts_with(|c: char| c.is_ascii_digit())
            .then(|| Self::of_parts(&parts(text)))
    }

    fn of_parts(parts: &[(char, Identifier)]) -> Self {
        let mut release = Vec::new();
        let mut parts = parts.iter().peekable();
        while let Some((_, Identifier::Number(number))) =
            parts.next_if(|(before, part)| *before == '.' && matches!(part, Identifier::Number(_)))
        {
            release.push(number.clone());
        }
        let is_complete = release.len() >= 3;
        let is_zero = |number: &Number| number.0 == 0;
        while release.last().is_some_and(is_zero) {
            release.pop();
        }
        let mut rest: Vec<Identifier> = parts.map(|(_, part)| part.clone()).collect();
        rest.retain(|part| !matches!(part, Identifier::Word(word) if says_nothing(word)));
        let is_snapshot = |part: &Identifier| matches!(part, Identifier::Word(word) if matches!(word.as_str(), "snapshot" | "dev"));
        let is_finished = rest.len() < 2 || !rest.last().is_some_and(is_snapshot);
        if !is_finished {
            rest.pop();
        }
        let stage = if rest.is_empty() {
            Stage::Release
        } else {
            Stage::of(rest.remove(0), is_complete)
        };
        Self {
            release,
            stage,
            rest,
            is_finished,
        }
    }
}

impl Stage {
    fn of(part: Identifier, is_semantic: bool) -> Self {
        let word = match part {
            Identifier::Word(word) => word,
            Identifier::Number(number) if is_semantic => {
                return Self::Unfinished(Identifier::Number(number));
            }
            Identifier::Number(number) => return Self::Build(number),
        };
        match word.as_str() {
            "dev" => Self::Development,
            "a" | "alpha" => Self::Alpha,
            "b" | "beta" => Self::Beta,
            "m" | "milestone" => Self::Milestone,
            "c" | "cr" | "rc" => Self::Candidate,
            "snapshot" => Self::Snapshot,
            "sp" | "post" | "patch" | "p" => Self::Patch,
            _ if UNFINISHED.contains(&word.as_str()) => Self::Unfinished(Identifier::Word(word)),
            _ => Self::Word(word),
        }
    }
}

/// Whether a word says that a release is one, or stands for any number.
fn says_nothing(word: &str) -> bool {
    matches!(word, "final" | "ga" | "release" | "x" | "*")
}

/// The parts of a version, with the sign before each: a dot before the first, and a hyphen where
/// digits and letters meet.
fn parts(text: &str) -> Vec<(char, Identifier)> {
    let mut parts = Vec::new();
    let mut sign = '.';
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if matches!(first, '.' | '-' | '_') {
            sign = if first == '.' { '.' } else { '-' };
            rest = &rest[1..];
            continue;
        }
        let is_digit = first.is_ascii_digit();
        let ends = |c: char| matches!(c, '.' | '-' | '_') || c.is_ascii_digit() != is_digit;
        let end = rest.find(ends).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        let part = if is_digit {
            let digits = part.trim_start_matches('0');
            Identifier::Number(Number(digits.len(), digits.to_owned()))
        } else {
            Identifier::Word(part.to_lowercase())
        };
        parts.push((sign, part));
        (sign, rest) = ('-', after);
    }
    parts
}

/// The order of two versions; nothing when one of them is none.
#[must_use]
pub fn compare_versions(a: &str, b: &str) -> Option<Ordering> {
    Some(Version::parse(a)?.cmp(&Version::parse(b)?))
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;

    use super::{Version, compare_versions};

    fn version(text: &str) -> Version {
        Version::parse(text).expect(text)
    }

    #[test]
    fn versions_stand_in_their_order() {
        for ordered in [
            &["2.9", "2.16.0", "2.17", "2.17.1", "10"][..],
            &[
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0",
            ],
            &[
                "1.0-dev",
                "1.0-alpha-1",
                "1.0-beta-1",
                "1.0-M1",
                "1.0-RC1-SNAPSHOT",
                "1.0-RC1",
                "1.0-SNAPSHOT",
                "1.0",
                "1.0-sp1",
                "1.0-jre",
                "1.0-1",
                "1.0.1",
            ],
            &["1.0.dev3", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0.post1"],
            &["1.2.3-0", "1.2.3-20240131", "1.2.3-next.1", "1.2.3"],
            &[
                "v0.0.0-20191109021931-daa7c04131f5",
                "v0.0.1",
                "v1.0.0+incompatible",
            ],
            &["9", "99999999999999999999", "100000000000000000000"],
        ] {
            for pair in ordered.windows(2) {
                assert!(version(pair[0]) < version(pair[1]), "{pair:?}");
            }
        }
    }

    #[test]
    fn one_version_has_many_spellings() {
        for same in [
            &[
                "1",
                "1.0",
                "v1.0.0",
                "1.0.0+build.5",
                "=1.0",
                "1.0.0.Final",
                "1.0.0.RELEASE",
            ][..],
            &[
                "1.2",
                "^1.2",
                "~> 1.2",
                ">= 1.2, < 2",
                "<2,>=1.2",
                "[1.2,2.0)",
                "1.2.x",
                "1.2.*",
            ],
            &["1.0-rc.1", "1.0RC1", "1.0-cr1", "1.0.0-rc-01"],
        ] {
            for other in same {
                assert_eq!(version(other), version(same[0]), "{other}");
            }
        }
    }

    #[test]
    fn what_names_no_version_has_no_order() {
        for none in [
            "",
            "latest",
            "*",
            "<2",
            "(,2.0)",
            "${log4j.version}",
            "workspace:*",
            "v",
        ] {
            assert_eq!(Version::parse(none), None, "{none}");
        }
        assert_eq!(compare_versions("latest", "1"), None);
    }

    fn written() -> impl Strategy<Value = String> {
        let release = prop::collection::vec(0..4_u8, 1..4);
        let suffix = "([.-]?(rc|alpha|SNAPSHOT|jre|final|post|x|pre|[0-2])){0,3}";
        (release, suffix).prop_map(|(release, suffix)| {
            let release: Vec<String> = release.iter().map(u8::to_string).collect();
            format!("{}{suffix}", release.join("."))
        })
    }

    proptest! {
        #[test]
        fn the_order_is_one(a in written(), b in written(), c in written()) {
            let (a, b, c) = (version(&a), version(&b), version(&c));
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            prop_assert_eq!(a.cmp(&b) == Ordering::Equal, a == b);
            if a <= b && b <= c {
                prop_assert!(a <= c);
            }
        }

        #[test]
        fn a_zero_at_the_end_changes_nothing(release in prop::collection::vec(0..40_u32, 1..4)) {
            let text: Vec<String> = release.iter().map(u32::to_string).collect();
            let text = text.join(".");
            prop_assert_eq!(version(&text), version(&format!("{text}.0")));
        }

        #[test]
        fn no_text_is_too_much(text in "\\PC{0,30}") {
            let _ = Version::parse(&text);
        }
    }
}
