//! Values that are never shown.

use std::fmt;
use std::ops::Range;

use super::spelling::spellings;

/// What stands where a secret was.
const INSTEAD: &str = "[redacted]";
/// What is shorter is no secret, and would make holes in every word.
const SHORTEST: usize = 4;

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

    /// A text of somebody else without the value: as it is, as URLs, JSON and base64 have it, and
    /// broken over lines.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        if self.0.len() < SHORTEST {
            return text.to_owned();
        }
        let (joined, places) = without_breaks(text);
        let mut found: Vec<Range<usize>> = Vec::new();
        for spelling in spellings(&self.0) {
            found.extend(spelling.places_in(&joined));
        }
        if found.is_empty() {
            return text.to_owned();
        }
        found.sort_by_key(|range| range.start);
        let mut clean = String::with_capacity(text.len());
        let mut end = 0;
        for range in found {
            let (from, to) = (places[range.start], places[range.end - 1] + 1);
            if from >= end {
                clean.push_str(&text[end..from]);
                clean.push_str(INSTEAD);
            }
            end = end.max(to);
        }
        clean.push_str(&text[end..]);
        clean
    }
}

/// A text without white space, in which a value that is broken over lines is whole, and where its
/// bytes are in the text.
fn without_breaks(text: &str) -> (Vec<u8>, Vec<usize>) {
    let bytes = text.bytes().enumerate();
    let kept = bytes.filter(|(_, byte)| !byte.is_ascii_whitespace());
    kept.map(|(at, byte)| (byte, at)).unzip()
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(INSTEAD)
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn f05_secrets_are_taken_out_of_texts() {
        let secret = Secret::new("t0k/en+");
        assert_eq!(format!("{secret:?}"), "[redacted]");
        let text = "a t0k/en+ b t0k%2Fen%2B c t0k%2fen%2b é";
        assert_eq!(
            secret.redact(text),
            "a [redacted] b [redacted] c [redacted] é"
        );
        assert!(secret.is_sendable());
        assert!(!Secret::new("a\r\nHost: x").is_sendable());
        assert!(!Secret::new("").is_sendable());
    }

    #[test]
    fn f05_every_spelling_is_found() {
        let secret = Secret::new("pd+s3cr3t/token?");
        for spelled in [
            "pd+s3cr3t\\/token?",
            "pd%2Bs3cr3t%2Ftoken%3F",
            "pd%252Bs3cr3t%252Ftoken%253F",
            "pd+s3cr\n  3t/tok\r\nen?",
            // base64 of the token, of "user:token", ":token" and "x:token", and for URLs.
            "cGQrczNjcjN0L3Rva2VuPw==",
            "dXNlcjpwZCtzM2NyM3QvdG9rZW4/",
            "OnBkK3MzY3IzdC90b2tlbj8=",
            "eDpwZCtzM2NyM3QvdG9rZW4_",
            "cGQrczNjcjN0\nL3Rva2VuPw",
        ] {
            let clean = secret.redact(&format!("got \"{spelled}\", ünd more"));
            assert_eq!(clean, "got \"[redacted]\", ünd more", "{spelled}");
        }
        let other = "got pd+s3cr3t only";
        assert_eq!(secret.redact(other), other);
    }

    #[test]
    fn secrets_that_are_no_ascii_are_found_too() {
        let secret = Secret::new("pässwörd");
        assert_eq!(secret.redact("a pässwörd b"), "a [redacted] b");
    }
}
