//! Control characters, past a parser that refuses them.
//!
//! YAML forbids most control characters and granit enforces that; Backstage's parser takes them as
//! content. A file with an escape sequence in a description must not lose its entity over it, so
//! such characters go through the parser as characters for private use, one for one: places stay
//! as they are. A carriage return alone is one of them: it ends no line in Backstage's parser.

use std::borrow::Cow;

/// Where the private characters begin; the second is for texts that use the first.
const BASES: [u32; 2] = [0x10_0000, 0xF_0000];
/// How many characters from there on are in use.
const LENGTH: u32 = 0x100;

/// Characters in disguise.
#[derive(Clone, Copy, Debug)]
pub(super) struct Disguise {
    base: u32,
}

impl Disguise {
    /// Disguises a text that needs it.
    pub(super) fn put_on(text: &str) -> Option<(Self, String)> {
        // In chunks without a way out, which the compiler turns into vector instructions: this
        // looks at every byte of every file.
        let suspicious = |chunk: &[u8]| {
            chunk
                .iter()
                .fold(false, |any, byte| any | is_suspicious(*byte))
        };
        if !text.as_bytes().chunks(256).any(suspicious) {
            return None;
        }
        let follows = text.chars().skip(1).map(Some).chain([None]);
        if !text
            .chars()
            .zip(follows)
            .any(|(c, next)| position(c, next).is_some())
        {
            return None;
        }
        let is_free = |base: &u32| {
            !text
                .chars()
                .any(|c| (*base..*base + LENGTH).contains(&u32::from(c)))
        };
        let base = BASES.into_iter().find(is_free)?;
        let follows = text.chars().skip(1).map(Some).chain([None]);
        let disguised = text.chars().zip(follows).map(|(c, next)| {
            position(c, next)
                .and_then(|position| char::from_u32(base + position))
                .unwrap_or(c)
        });
        Some((Self { base }, disguised.collect()))
    }

    /// What stands for a carriage return.
    pub(super) fn carriage_return(self) -> Option<char> {
        char::from_u32(self.base + u32::from('\r'))
    }

    /// Gives a text its characters back.
    pub(super) fn take_off(self, text: Cow<'_, str>) -> Cow<'_, str> {
        let original = |c: char| match u32::from(c).checked_sub(self.base) {
            Some(position @ 0xFE..=0xFF) => char::from_u32(0xFF00 + position),
            Some(position) if position < LENGTH => char::from_u32(position),
            _ => None,
        };
        if !text.chars().any(|c| original(c).is_some()) {
            return text;
        }
        Cow::Owned(text.chars().map(|c| original(c).unwrap_or(c)).collect())
    }
}

/// Whether a byte may be part of a character that needs a disguise.
fn is_suspicious(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\t' && byte != b'\n') || matches!(byte, 0x7F | 0xC2 | 0xEF)
}

/// Which private character stands for a character before another one, if one must.
fn position(c: char, next: Option<char>) -> Option<u32> {
    match c {
        '\t' | '\n' | '\u{85}' => None,
        '\r' if next == Some('\n') => None,
        '\u{FFFE}' | '\u{FFFF}' => Some(u32::from(c) - 0xFF00),
        c if c.is_control() => Some(u32::from(c)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Disguise;

    #[test]
    fn characters_come_back() {
        let text = "a\0b\u{1B}c\rd\u{7F}\u{9F}\u{FFFE}\u{FFFF}é\u{85}";
        let (disguise, disguised) = Disguise::put_on(text).unwrap();
        assert!(!disguised.chars().any(|c| c.is_control() && c != '\u{85}'));
        assert_eq!(disguised.chars().count(), text.chars().count());
        assert_eq!(disguise.take_off(disguised.into()), text);
    }

    #[test]
    fn ordinary_texts_need_none() {
        for text in ["a: 1\r\nb:\t2\n", "ü €\u{A0}\u{FEFF}\u{85}\u{2028}", ""] {
            assert!(Disguise::put_on(text).is_none());
        }
    }

    #[test]
    fn private_characters_of_the_text_are_kept() {
        let text = "\u{100001}\u{1}";
        let (disguise, disguised) = Disguise::put_on(text).unwrap();
        assert_eq!(disguise.take_off(disguised.into()), text);
    }
}
