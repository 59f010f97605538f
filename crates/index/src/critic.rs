//! CRITIC weights (Diakoulaki, Mavrotas & Papayannakis 1995, *Computers & Operations Research* 22).

/// The weights wⱼ ∝ σⱼ Σₖ (1 − rⱼₖ) of columns that vary; `None` where nothing disagrees.
pub(crate) fn weights(columns: &[Vec<f64>]) -> Option<Vec<f64>> {
    let centred: Vec<Vec<f64>> = columns.iter().map(|column| centre(column)).collect();
    let lengths: Vec<f64> = centred.iter().map(|c| dot(c, c).sqrt()).collect();
    let information: Vec<f64> = (0..columns.len())
        .map(|j| {
            let conflict: f64 = (0..columns.len())
                .filter(|&k| k != j)
                .map(|k| 1.0 - dot(&centred[j], &centred[k]) / (lengths[j] * lengths[k]))
                .sum();
            lengths[j] * conflict
        })
        .collect();
    let total: f64 = information.iter().sum();
    (total > 1e-12 * lengths.iter().sum::<f64>())
        .then(|| information.iter().map(|i| i / total).collect())
}

fn centre(column: &[f64]) -> Vec<f64> {
    let mean = column.iter().sum::<f64>() / column.len() as f64;
    column.iter().map(|v| v - mean).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_say_the_same_leave_nothing_to_weigh() {
        assert!(weights(&[vec![0.0, 1.0, 2.0], vec![0.0, 2.0, 4.0]]).is_none());
        assert!(weights(&[vec![0.0, 1.0, 2.0]]).is_none());
    }
}
