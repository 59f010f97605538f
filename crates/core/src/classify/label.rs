//! Classes in words.

/// `a to b` for classes with the inclusive upper bounds `upper` of the ascending `values`: with as many
/// decimals as tell the bounds apart to about a hundredth of their range; for whole numbers the least and
/// the largest whole number of a class.
pub(super) fn of(values: &[f64], upper: &[f64]) -> Vec<String> {
    let (Some(&least), Some(&most)) = (values.first(), values.last()) else {
        return Vec::new();
    };
    let whole = values.iter().chain(upper).all(|v| v.fract() == 0.0 && v.abs() < 1e15);
    let decimals = if whole { 0 } else { decimals(least, most, upper) };
    let mut from = least;
    let mut labels = Vec::with_capacity(upper.len());
    for &to in upper {
        let ends = [number(from, decimals), number(to, decimals)];
        labels.push(if ends[0] == ends[1] { ends[1].clone() } else { ends.join(" to ") });
        from = if whole { to + 1.0 } else { to };
    }
    labels
}

fn decimals(least: f64, most: f64, upper: &[f64]) -> usize {
    const MOST: usize = 12;
    let span = most - least;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 12")]
    let enough =
        if span > 0.0 { (2.0 - span.log10()).ceil().clamp(0.0, MOST as f64) as usize } else { 4 };
    let apart = |decimals: usize| {
        let texts: Vec<String> = upper.iter().map(|&bound| number(bound, decimals)).collect();
        texts.windows(2).all(|pair| pair[0] != pair[1])
    };
    (enough..=MOST).find(|&decimals| apart(decimals)).unwrap_or(MOST)
}

/// Thousands are set apart by thin spaces from ten thousand on.
fn number(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && whole.len() > 4 && (whole.len() - at).is_multiple_of(3) {
            grouped.push('\u{2009}');
        }
        grouped.push(digit);
    }
    // A bound just below zero must not print as "−0.00".
    let nothing = text.chars().all(|c| matches!(c, '0' | '.'));
    let sign = if value < 0.0 && !nothing { "−" } else { "" };
    format!("{sign}{grouped}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_do_not_overlap_and_large_ones_are_grouped() {
        assert_eq!(
            of(&[1.0, 5.0, 9.0, 12_345.0], &[5.0, 12_345.0]),
            ["1 to 5", "6 to 12\u{2009}345"]
        );
        assert_eq!(of(&[3.0, 4.0], &[3.0, 4.0]), ["3", "4"]);
    }

    #[test]
    fn bounds_stay_apart_in_print() {
        let labels = of(&[0.001, 0.0012, 100.0], &[0.001, 0.0012, 100.0]);
        assert_eq!(labels[0], "0.0010");
        assert_eq!(labels[1], "0.0010 to 0.0012");
        assert_eq!(of(&[-0.5, 0.25], &[0.0, 0.25]), ["−0.500 to 0.000", "0.000 to 0.250"]);
    }
}
