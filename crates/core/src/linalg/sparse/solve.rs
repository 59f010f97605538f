//! Solutions of systems.

use faer::Mat;

use super::{Factor, elimination::Piece};

/// Which side of a piece a step uses: `(I − ρM)x = b` or its transpose.
struct Side<'a> {
    down: fn(&Piece) -> &Mat<f64>,
    up: fn(&Piece) -> &Mat<f64>,
    transposed: bool,
    factor: &'a Factor,
}

impl Factor {
    /// `Z·b`.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        Side { down: |piece| &piece.u, up: Piece::t, transposed: false, factor: self }.solve(b)
    }

    /// `Z'·b`.
    pub fn solve_transposed(&self, b: &[f64]) -> Vec<f64> {
        Side { down: Piece::t, up: |piece| &piece.u, transposed: true, factor: self }.solve(b)
    }
}

impl Side<'_> {
    fn solve(&self, b: &[f64]) -> Vec<f64> {
        let analysis = &self.factor.analysis;
        let mut x: Vec<f64> = analysis.order.iter().map(|&old| b[old as usize]).collect();
        for (f, piece) in self.factor.pieces.iter().enumerate() {
            let (start, own) = (analysis.start(f), analysis.own(f));
            let rows = analysis.rows(f);
            let down = (self.down)(piece);
            for k in 0..own {
                let head = x[start + k];
                for (&row, u) in rows.iter().zip(down.col_as_slice(k)) {
                    x[row as usize] -= u * head;
                }
            }
        }
        let mut head = Vec::new();
        for (f, piece) in self.factor.pieces.iter().enumerate().rev() {
            let (start, own) = (analysis.start(f), analysis.own(f));
            let rows = analysis.rows(f);
            let up = (self.up)(piece);
            head.clear();
            head.extend((0..own).map(|k| -> f64 {
                let pivot: f64 = (0..own)
                    .map(|m| {
                        let at = if self.transposed { (m, k) } else { (k, m) };
                        piece.pivot[at] * x[start + m]
                    })
                    .sum();
                let later: f64 =
                    rows.iter().zip(up.col_as_slice(k)).map(|(&row, t)| t * x[row as usize]).sum();
                pivot - later
            }));
            x[start..start + own].copy_from_slice(&head);
        }
        let mut solution = vec![0.0; x.len()];
        for (value, &old) in x.into_iter().zip(&analysis.order) {
            solution[old as usize] = value;
        }
        solution
    }
}
