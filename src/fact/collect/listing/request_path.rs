//! Names of others in the paths that are asked for.

/// Whether each part of a name can be one of a path, so that it leads nowhere else.
pub(in crate::fact::collect) fn is_name(name: &str) -> bool {
    let is_part = |part: &str| !matches!(part, "" | "." | "..");
    name.split('/').all(is_part) && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn names_lead_nowhere_else() {
        for name in ["", "..", "a/../b", "a//b", "./a", "a\nb"] {
            assert!(!is_name(name), "{name}");
        }
        assert!(is_name("larkspur/payments.api"));
    }
}
