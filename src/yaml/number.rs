//! Numbers as JavaScript prints them: the form in which Backstage's users see them.

use std::borrow::Cow;
use std::fmt::Write;

/// Integers of up to so many digits are exact as 64-bit floats, so their text is left alone.
const EXACT_DIGITS: usize = 15;

/// The canonical text of a decimal integer such as `12`, `-0` or `017`.
pub(super) fn decimal(text: Cow<'_, str>) -> Cow<'_, str> {
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let plain = digits.starts_with(|first: char| first.is_ascii_digit() && first != '0');
    if text == "0" || (plain && digits.len() <= EXACT_DIGITS) {
        return text;
    }
    Cow::Owned(print(text.parse().unwrap_or(f64::NAN)))
}

/// The value of digits of a base up to 16; underscores are skipped.
pub(super) fn in_base(digits: &str, base: u32) -> f64 {
    let values = digits.chars().filter_map(|digit| digit.to_digit(base));
    values.fold(0.0, |sum, digit| sum * f64::from(base) + f64::from(digit))
}

/// `String(value)` of JavaScript.
pub(super) fn print(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    if value.is_infinite() {
        return format!("{sign}Infinity");
    }
    let scientific = format!("{:e}", value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = mantissa.replace('.', "");
    format!(
        "{sign}{}",
        place_point(&digits, exponent.parse().unwrap_or(0))
    )
}

/// Writes significant digits, of which the first counts for ten to the power of `exponent`.
fn place_point(digits: &str, exponent: i32) -> String {
    let whole = exponent + 1;
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let mut text = String::with_capacity(32);
    if (1..=21).contains(&whole) {
        let whole = usize::try_from(whole).unwrap_or(0);
        let split = whole.min(digits.len());
        text.push_str(&digits[..split]);
        text.extend(std::iter::repeat_n('0', whole - split));
        if count > exponent + 1 {
            text.push('.');
            text.push_str(&digits[split..]);
        }
    } else if (-5..=0).contains(&whole) {
        text.push_str("0.");
        text.extend(std::iter::repeat_n(
            '0',
            usize::try_from(-whole).unwrap_or(0),
        ));
        text.push_str(digits);
    } else {
        text.push_str(&digits[..1]);
        if count > 1 {
            text.push('.');
            text.push_str(&digits[1..]);
        }
        // Writing to a string cannot fail.
        let _ = write!(text, "e{exponent:+}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{decimal, in_base, print};

    #[test]
    fn prints_as_javascript_does() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.5, "1.5"),
            (-12.0, "-12"),
            (0.000_001, "0.000001"),
            (0.000_000_1, "1e-7"),
            (1.5e-9, "1.5e-9"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.234_567_890_123_456_8e29, "1.2345678901234568e+29"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(print(value), text);
        }
    }

    #[test]
    fn integers_are_canonical() {
        assert_eq!(decimal("12".into()), "12");
        assert_eq!(decimal("017".into()), "17");
        assert_eq!(decimal("+5".into()), "5");
        assert_eq!(decimal("-0".into()), "0");
        assert_eq!(decimal("9007199254740993".into()), "9007199254740992");
        assert!((in_base("1F", 16) - 31.0).abs() < f64::EPSILON);
    }
}
