//! Names of others in the paths that are asked for.

/// A text as one part of a path or as a value of a query.
pub(in crate::fact::collect) fn encoded(text: &str) -> String {
    let encode = |byte: u8| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(encode).collect()
}

/// Whether each part of a name can be one of a path, so that it leads nowhere else.
pub(in crate::fact::collect) fn is_name(name: &str) -> bool {
    let is_part = |part: &str| !matches!(part, "" | "." | "..");
    name.split('/').all(is_part) && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::{encoded, is_name};

    #[test]
    fn names_lead_nowhere_else() {
        assert_eq!(
            encoded("team/pay ments?x=1#y"),
            "team%2Fpay%20ments%3Fx%3D1%23y"
        );
        for name in ["", "..", "a/../b", "a//b", "./a", "a\nb"] {
            assert!(!is_name(name), "{name}");
        }
        assert!(is_name("larkspur/payments.api"));
    }
}
