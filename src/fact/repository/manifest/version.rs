//! Versions as manifests write them: exact, or a requirement whose lowest version counts.

use std::cmp::Ordering;

/// The longest version that is one.
const LONGEST: usize = 64;

/// The lowest version that a requirement allows, as far as it names one: `^1.2` is 1.2,
/// `[2.0,3.0)` is 2.0, `<2` and `latest` are nothing.
pub(super) fn lowest(requirement: &str) -> Option<String> {
    const LONGEST_REQUIREMENT: usize = 1_000;
    if requirement.len() > LONGEST_REQUIREMENT {
        return None;
    }
    let alternatives = requirement.split("||");
    let lowest = alternatives
        .map(lowest_of_all)
        .collect::<Option<Vec<String>>>()?;
    lowest.into_iter().min_by(|a, b| compare(a, b))
}

/// The lowest version of parts that all must hold.
fn lowest_of_all(requirement: &str) -> Option<String> {
    let requirement = requirement.trim();
    // A range of Maven, without a lowest version when nothing stands in front of the comma.
    if let Some(range) = requirement.strip_prefix(['[', '(']) {
        let lowest = range.split([',', ']', ')']).next()?;
        return version(lowest.trim());
    }
    let parts = requirement.split([',', ' ']).map(str::trim);
    let mut parts = parts.filter(|part| !part.is_empty()).peekable();
    let mut found: Option<String> = None;
    while let Some(part) = parts.next() {
        if part == "-" {
            // What stands behind a hyphen is the upper end of a range.
            break;
        }
        if matches!(part, "<" | "<=" | "!=") {
            parts.next();
            continue;
        }
        if part.starts_with('<') || part.starts_with("!=") {
            continue;
        }
        let bare = part.trim_start_matches(['^', '~', '>', '=', '!']);
        if bare.is_empty() {
            continue;
        }
        let version = version(bare)?;
        if found
            .as_ref()
            .is_none_or(|known| compare(known, &version).is_lt())
        {
            found = Some(version);
        }
    }
    found
}

/// A single version without what is written around it; nothing when it is none.
pub(super) fn version(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('=').trim();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let text = text.strip_suffix("!!").unwrap_or(text);
    let text = text.strip_suffix("+incompatible").unwrap_or(text);
    let text = ["*", "x", "X", "+"]
        .iter()
        .find_map(|any| text.strip_suffix(any)?.strip_suffix('.'))
        .unwrap_or(text);
    let text = text.trim_end_matches(".*").trim_end_matches(".x");
    let is_version = text.starts_with(|c: char| c.is_ascii_digit())
        && text.len() <= LONGEST
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-+_!".contains(c));
    is_version.then(|| text.to_owned())
}

/// Which of two versions is the earlier one: part by part, numbers as numbers, and a word (`rc1`)
/// before nothing.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let without_build = |text: &'_ str| text.split('+').next().unwrap_or_default().to_owned();
    let (a, b) = (without_build(a), without_build(b));
    let mut a = a.split(['.', '-', '_']);
    let mut b = b.split(['.', '-', '_']);
    loop {
        let ordering = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (Some(part), None) => beyond(part),
            (None, Some(part)) => beyond(part).reverse(),
            (Some(a), Some(b)) => match (a.parse::<u64>(), b.parse::<u64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                (Ok(_), Err(_)) => Ordering::Greater,
                (Err(_), Ok(_)) => Ordering::Less,
                (Err(_), Err(_)) => a.cmp(b),
            },
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
}

/// How a version with another part compares to the same without it.
fn beyond(part: &str) -> Ordering {
    match part.parse::<u64>() {
        Ok(0) => Ordering::Equal,
        Ok(_) => Ordering::Greater,
        Err(_) => Ordering::Less,
    }
}

#[cfg(test)]
mod tests {
    use super::{compare, lowest};

    #[test]
    fn a_requirement_has_a_lowest_version() {
        for (requirement, version) in [
            ("1.2.3", Some("1.2.3")),
            ("^1.2", Some("1.2")),
            ("~> 2.1", Some("2.1")),
            ("~=3.4", Some("3.4")),
            ("==1.0.0", Some("1.0.0")),
            ("=1.0", Some("1.0")),
            (">=1.2,<2", Some("1.2")),
            (">= 1.2 < 2", Some("1.2")),
            ("< 2 >= 1.2", Some("1.2")),
            ("1.2 - 2.3", Some("1.2")),
            ("^2 || ^1.5", Some("1.5")),
            ("v1.2.3", Some("1.2.3")),
            ("1.x", Some("1")),
            ("1.2.*", Some("1.2")),
            ("[1.0,2.0)", Some("1.0")),
            ("[1.5]", Some("1.5")),
            ("(,2.0]", None),
            ("2.17.1.Final", Some("2.17.1.Final")),
            ("2.0.0+incompatible", Some("2.0.0")),
            ("<2", None),
            ("!=1.3", None),
            ("*", None),
            ("latest", None),
            ("", None),
            ("^1 || *", None),
            ("git+https://example.com/x.git", None),
            ("${revision}", None),
            ("file:../1", None),
        ] {
            assert_eq!(lowest(requirement).as_deref(), version, "{requirement}");
        }
    }

    #[test]
    fn versions_have_an_order() {
        for (earlier, later) in [
            ("1.9", "1.10"),
            ("2.0.0-rc.1", "2.0.0"),
            ("1.2", "1.2.1"),
            ("2.16.9", "2.17"),
        ] {
            assert!(compare(earlier, later).is_lt(), "{earlier} {later}");
            assert!(compare(later, earlier).is_gt(), "{earlier} {later}");
        }
        assert!(compare("1.0", "1").is_eq());
    }
}
