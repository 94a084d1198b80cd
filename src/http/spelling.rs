//! How a secret is written by those who do not mean to show it.

use std::ops::Range;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// What base64 of a shorter value has of its own could be part of any word.
const SHORTEST_IN_BASE64: usize = 8;

/// A way to write a secret.
pub(super) struct Spelling {
    bytes: Vec<u8>,
    ignores_case: bool,
    /// Whether what is around it in the alphabet of base64 belongs to it.
    is_base64: bool,
}

/// The ways in which a value is written: as it is, in JSON, in URLs, in URLs within URLs, and in
/// base64, at each of the three places where it can begin there.
pub(super) fn spellings(value: &str) -> Vec<Spelling> {
    let value: String = value.split_ascii_whitespace().collect();
    let plain = |bytes: Vec<u8>| Spelling {
        bytes,
        ignores_case: false,
        is_base64: false,
    };
    let in_url =
        |text: &str| -> String { url::form_urlencoded::byte_serialize(text.as_bytes()).collect() };
    let encoded = in_url(&value);
    let twice = in_url(&encoded);
    let mut all = vec![
        plain(value.clone().into_bytes()),
        plain(value.replace('/', "\\/").into_bytes()),
    ];
    all.extend([encoded, twice].map(|text| Spelling {
        ignores_case: true,
        ..plain(text.into_bytes())
    }));
    for before in 0..3 {
        let own = base64_of(value.as_bytes(), before);
        if own.len() < SHORTEST_IN_BASE64 {
            continue;
        }
        let for_urls = own.iter().map(|byte| match byte {
            b'+' => b'-',
            b'/' => b'_',
            other => *other,
        });
        for bytes in [for_urls.collect(), own] {
            let is_base64 = true;
            all.push(Spelling {
                is_base64,
                ..plain(bytes)
            });
        }
    }
    all
}

impl Spelling {
    /// Where it is in a text.
    pub(super) fn places_in(&self, text: &[u8]) -> Vec<Range<usize>> {
        let length = self.bytes.len();
        let mut places = Vec::new();
        let mut at = 0;
        while let Some(window) = text.get(at..at + length) {
            let is_it = if self.ignores_case {
                window.eq_ignore_ascii_case(&self.bytes)
            } else {
                window == self.bytes
            };
            if !is_it || length == 0 {
                at += 1;
                continue;
            }
            places.push(self.whole(text, at..at + length));
            at += length;
        }
        places
    }

    /// The place with what belongs to it: the first and last character of base64 have bits of the
    /// value and of its neighbours.
    fn whole(&self, text: &[u8], place: Range<usize>) -> Range<usize> {
        if !self.is_base64 {
            return place;
        }
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
        let before = text[..place.start].iter().rev();
        let after = text[place.end..].iter();
        let start = place.start - before.take_while(|byte| is_part(byte)).count();
        let end = place.end + after.take_while(|byte| is_part(byte)).count();
        start..end
    }
}

/// What base64 has of a value alone when so many bytes stand before it.
fn base64_of(value: &[u8], before: usize) -> Vec<u8> {
    let bytes: Vec<u8> = std::iter::repeat_n(0, before)
        .chain(value.iter().copied())
        .collect();
    let whole = bytes.len() * 8 / 6;
    let characters = (0..whole).map(|at| {
        let bit = at * 6;
        let high = u16::from(bytes[bit / 8]) << 8;
        let low = bytes.get(bit / 8 + 1).copied().unwrap_or_default();
        let both = high | u16::from(low);
        BASE64[usize::from(both >> (10 - bit % 8) & 63)]
    });
    // The first characters have bits of what stands before.
    characters.skip((before * 8).div_ceil(6)).collect()
}
