//! Several weights of the same units taken together.

use crate::{Operation, Transform, Weights};

/// The links of `parts`, taken together by `operation`; weights are those of the first part that has the link.
///
/// For binary weights these are the set operations of PySAL's `w_union`, `w_intersection` and
/// `w_difference`.
///
/// # Panics
/// If there is no part, or two parts are of different units.
pub fn combined(operation: Operation, parts: &[Weights], kind: String) -> Weights {
    let first = &parts[0];
    assert!(parts.iter().all(|part| part.ids() == first.ids()), "weights of the same units");
    let has = |part: &Weights, i: usize, j: u32| part.row(i).0.binary_search(&j).is_ok();
    let links = |part: &Weights, i: usize| -> Vec<(u32, f64)> {
        let (columns, values) = part.row(i);
        columns.iter().copied().zip(values.iter().copied()).collect()
    };
    let row = |i: usize| -> Vec<(u32, f64)> {
        let mut row = links(first, i);
        match operation {
            Operation::Intersection => {
                row.retain(|&(j, _)| parts[1..].iter().all(|part| has(part, i, j)));
            }
            Operation::Difference => {
                row.retain(|&(j, _)| !parts[1..].iter().any(|part| has(part, i, j)));
            }
            Operation::Union => {
                for (at, part) in parts.iter().enumerate().skip(1) {
                    let new = links(part, i).into_iter();
                    row.extend(new.filter(|&(j, _)| !parts[..at].iter().any(|p| has(p, i, j))));
                }
            }
        }
        row
    };
    let rows = (0..first.n_units()).map(row).collect();
    let mut weights = Weights::from_rows(first.ids().to_vec(), rows, kind);
    if weights.is_binary() {
        weights.transform = Transform::Binary;
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(row: &[(u32, f64)]) -> Weights {
        let ids = ["a", "b", "c", "d"].map(String::from).to_vec();
        Weights::from_rows(ids, vec![row.to_vec(), vec![], vec![], vec![]], "w")
    }

    fn first_row(operation: Operation) -> Vec<(u32, f64)> {
        let parts = [weights(&[(1, 0.5), (2, 0.25)]), weights(&[(2, 1.0), (3, 1.0)])];
        let combined = combined(operation, &parts, "both".to_owned());
        let (columns, values) = combined.row(0);
        columns.iter().copied().zip(values.iter().copied()).collect()
    }

    #[test]
    fn links_are_joined_shared_or_left_over_with_the_weights_of_the_first() {
        assert_eq!(first_row(Operation::Union), [(1, 0.5), (2, 0.25), (3, 1.0)]);
        assert_eq!(first_row(Operation::Intersection), [(2, 0.25)]);
        assert_eq!(first_row(Operation::Difference), [(1, 0.5)]);
    }
}
