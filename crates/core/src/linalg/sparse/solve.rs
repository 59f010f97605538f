//! Solutions of systems.

use rayon::prelude::*;

use super::{Factor, block::Block, elimination::Piece};

/// Systems solved side by side: numbers that a processor handles at once.
const TOGETHER: usize = 8;

/// Which side of a piece a step uses: `(I − ρM)x = b` or its transpose.
struct Side<'a> {
    down: fn(&Piece) -> &Block,
    up: fn(&Piece) -> &Block,
    transposed: bool,
    factor: &'a Factor,
}

impl Factor {
    /// `Z·b`.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        self.straight().solve(|i| [b[i]]).into_iter().map(|[x]| x).collect()
    }

    /// `Z·b` of several `b`, each as [`solve`](Self::solve) finds it, several times as fast.
    pub fn solve_all(&self, b: &[Vec<f64>]) -> Vec<Vec<f64>> {
        self.straight().solve_all(b)
    }

    /// `Z'·b`.
    pub fn solve_transposed(&self, b: &[f64]) -> Vec<f64> {
        self.transposed().solve(|i| [b[i]]).into_iter().map(|[x]| x).collect()
    }

    /// `Z'·b` of several `b`, each as [`solve_transposed`](Self::solve_transposed) finds it.
    pub fn solve_transposed_all(&self, b: &[Vec<f64>]) -> Vec<Vec<f64>> {
        self.transposed().solve_all(b)
    }

    fn straight(&self) -> Side<'_> {
        Side { down: |piece| &piece.u, up: Piece::t, transposed: false, factor: self }
    }

    fn transposed(&self) -> Side<'_> {
        Side { down: Piece::t, up: |piece| &piece.u, transposed: true, factor: self }
    }
}

/// `to -= factor · x` in each of the systems.
fn subtract<const P: usize>(to: &mut [f64; P], factor: f64, x: &[f64; P]) {
    for (to, x) in to.iter_mut().zip(x) {
        *to -= factor * x;
    }
}

impl Side<'_> {
    /// Systems of several right-hand sides, some at once.
    fn solve_all(&self, b: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let group = |b: &[Vec<f64>]| -> Vec<Vec<f64>> {
            if let [b] = b {
                return vec![self.solve(|i| [b[i]]).into_iter().map(|[x]| x).collect()];
            }
            let lanes = |i: usize| std::array::from_fn(|at| b.get(at).map_or(0.0, |b| b[i]));
            let x: Vec<[f64; TOGETHER]> = self.solve(lanes);
            (0..b.len()).map(|at| x.iter().map(|x| x[at]).collect()).collect()
        };
        b.par_chunks(TOGETHER).flat_map_iter(group).collect()
    }

    /// P systems of right-hand sides `b(i)`.
    fn solve<const P: usize>(&self, b: impl Fn(usize) -> [f64; P]) -> Vec<[f64; P]> {
        let analysis = &self.factor.analysis;
        let mut x: Vec<[f64; P]> = analysis.order.iter().map(|&old| b(old as usize)).collect();
        for (f, piece) in self.factor.pieces.iter().enumerate() {
            let (start, own) = (analysis.start(f), analysis.own(f));
            let rows = analysis.rows(f);
            let down = (self.down)(piece);
            for k in 0..own {
                let head = x[start + k];
                for (&row, u) in rows.iter().zip(down.column(k)) {
                    subtract(&mut x[row as usize], *u, &head);
                }
            }
        }
        let mut head = Vec::new();
        for (f, piece) in self.factor.pieces.iter().enumerate().rev() {
            let (start, own) = (analysis.start(f), analysis.own(f));
            let rows = analysis.rows(f);
            let up = (self.up)(piece);
            head.clear();
            head.extend((0..own).map(|k| {
                let mut sum = [0.0; P];
                for m in 0..own {
                    let at = if self.transposed { (m, k) } else { (k, m) };
                    subtract(&mut sum, -piece.pivot[at], &x[start + m]);
                }
                for (&row, t) in rows.iter().zip(up.column(k)) {
                    subtract(&mut sum, *t, &x[row as usize]);
                }
                sum
            }));
            x[start..start + own].copy_from_slice(&head);
        }
        let mut solution = vec![[0.0; P]; x.len()];
        for (value, &old) in x.into_iter().zip(&analysis.order) {
            solution[old as usize] = value;
        }
        solution
    }
}
