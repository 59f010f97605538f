//! How numbers are written for people: few digits, but never a zero that is none.

/// Digits shown before and after the point together, at most.
const MOST_DIGITS: i32 = 9;

/// `value` with `decimals` decimals: more where two significant digits need them, fewer where the number
/// would pass nine digits, and in powers of ten outside 1e-7 … 1e15. An exact zero is `0`; a value that is
/// no number is `n/a`. The minus is the ASCII one; renderers set their own.
///
/// ```
/// use durbin_report::number::fixed;
/// assert_eq!(fixed(-1.002_512, 4), "-1.0025");
/// assert_eq!(fixed(0.000_042_3, 4), "0.000042");
/// assert_eq!(fixed(1691.5409, 3), "1691.541");
/// ```
pub fn fixed(value: f64, decimals: u8) -> String {
    if value.is_nan() {
        return "n/a".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let magnitude = value.abs().log10().floor();
    if !(-7.0..15.0).contains(&magnitude) {
        return format!("{value:.1e}");
    }
    #[allow(clippy::cast_possible_truncation)] // within −7 … 14
    let magnitude = magnitude as i32;
    let two_digits = 1 - magnitude;
    let room = MOST_DIGITS - 1 - magnitude.max(0);
    let decimals = i32::from(decimals).max(two_digits).min(room.max(0));
    format!("{value:.*}", usize::try_from(decimals).unwrap_or(0))
}

/// `value` without decimals.
pub fn whole(value: f64) -> String {
    let text = format!("{value:.0}");
    if text == "-0" { "0".to_owned() } else { text }
}

/// The shortest digits that read back as exactly `value`, for files that programs read.
pub fn exact(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-5..1e16).contains(&size) || !value.is_finite() {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

/// A number written by [`fixed`] with a true minus and raised exponent: `-4.2e-8` becomes `−4.2×10⁻⁸`.
pub fn typeset(number: &str) -> String {
    let (digits, exponent) = number.split_once('e').unwrap_or((number, ""));
    let mut out = digits.replace('-', "−");
    if !exponent.is_empty() {
        out.push_str("×10");
        out.extend(exponent.chars().map(raised));
    }
    out
}

fn raised(digit: char) -> char {
    match digit {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        _ => digit.to_digit(10).and_then(|d| char::from_u32(0x2070 + d)).unwrap_or(digit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonzero_number_never_prints_as_zero() {
        for power in -300..0 {
            let text = fixed(3.0 * 10f64.powi(power), 4);
            assert!(text.contains('3'), "{text}");
        }
        assert_eq!(fixed(0.000_44, 4), "0.00044");
        assert_eq!(fixed(-4.21e-9, 4), "-4.2e-9");
        assert_eq!(fixed(0.0, 4), "0");
    }

    #[test]
    fn large_numbers_lose_decimals_they_do_not_need() {
        assert_eq!(fixed(12_345.678_91, 4), "12345.6789");
        assert_eq!(fixed(1_234_567.891, 4), "1234567.89");
        assert_eq!(fixed(123_456_789_012.0, 4), "123456789012");
        assert_eq!(fixed(1e20, 4), "1.0e20");
    }

    #[test]
    fn what_is_no_number_says_so() {
        assert_eq!(fixed(f64::NAN, 4), "n/a");
        assert_eq!(fixed(f64::NEG_INFINITY, 4), "-inf");
    }

    #[test]
    fn exact_numbers_read_back_bit_for_bit_and_stay_short() {
        for value in [0.1, -1.0 / 3.0, 5e-324, 1e300, 9.813_427_854_297_34e-198, 1690.0, 1e15] {
            let text = exact(value);
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits());
            assert!(text.len() <= 24, "{text}");
        }
        assert_eq!(exact(1690.0), "1690");
    }

    #[test]
    fn exponents_are_raised() {
        assert_eq!(typeset("-4.2e-19"), "−4.2×10⁻¹⁹");
        assert_eq!(typeset("-0.5"), "−0.5");
    }
}
