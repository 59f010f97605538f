//! Entropy weights (Shannon 1948; the usual formulas of the entropy weight method).

/// The entropy eⱼ of each column of values that are not negative, over its m rows: −(1/ln m) Σ p ln p, 0·ln 0 = 0.
pub(crate) fn entropies(columns: &[Vec<f64>]) -> Vec<f64> {
    columns.iter().map(|column| entropy(column)).collect()
}

fn entropy(column: &[f64]) -> f64 {
    let total: f64 = column.iter().sum();
    let sum: f64 = column
        .iter()
        .map(|value| value / total)
        .filter(|share| *share > 0.0)
        .map(|share| share * share.ln())
        .sum();
    -sum / (column.len() as f64).ln()
}

/// The weights wⱼ = (1 − eⱼ) / Σₖ (1 − eₖ).
pub(crate) fn weights(entropies: &[f64]) -> Vec<f64> {
    let total: f64 = entropies.iter().map(|e| 1.0 - e).sum();
    entropies.iter().map(|e| (1.0 - e) / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_column_has_entropy_one_and_a_single_share_none() {
        assert!((entropy(&[2.0, 2.0, 2.0]) - 1.0).abs() < 1e-15);
        assert_eq!(entropy(&[0.0, 5.0, 0.0]).abs().to_bits(), 0.0_f64.to_bits());
    }
}
