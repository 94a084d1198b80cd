//! Values that are never shown.

use std::fmt;

/// A token or password. It is never printed, and can be taken out of what others print.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A value that is never shown.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value, for the one place that sends it.
    pub(super) fn value(&self) -> &str {
        &self.0
    }

    /// Whether a header can carry it.
    #[must_use]
    pub fn is_sendable(&self) -> bool {
        !self.0.is_empty() && self.0.bytes().all(|byte| byte.is_ascii_graphic())
    }

    /// A text of somebody else without the value, in the spellings that URLs have for it.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        const INSTEAD: &str = "[redacted]";
        // What is this short is no secret, and would make holes in every word.
        if self.0.len() < 4 {
            return text.to_owned();
        }
        let encoded: String = url::form_urlencoded::byte_serialize(self.0.as_bytes()).collect();
        let lower = encoded.to_ascii_lowercase();
        let mut text = text.replace(&self.0, INSTEAD);
        for spelling in [&encoded, &lower] {
            text = text.replace(spelling.as_str(), INSTEAD);
        }
        text
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn f05_secrets_are_taken_out_of_texts() {
        let secret = Secret::new("t0k/en+");
        assert_eq!(format!("{secret:?}"), "[redacted]");
        let text = "a t0k/en+ b t0k%2Fen%2B c t0k%2fen%2b";
        assert_eq!(
            secret.redact(text),
            "a [redacted] b [redacted] c [redacted]"
        );
        assert!(secret.is_sendable());
        assert!(!Secret::new("a\r\nHost: x").is_sendable());
        assert!(!Secret::new("").is_sendable());
    }
}
