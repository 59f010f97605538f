//! Entries of the inverse on the pattern of M, from the last front to the first.
//!
//! With `Z_RR` on the later rows known from the parent, `Z_R1 = −Z_RR·U`, `Z_1R = −T·Z_RR` and
//! `Z₁₁ = P − T·Z_R1` (Takahashi, Fagan & Chin 1973). For the derivatives, in the notation of
//! the elimination with `B = X̂P`, `B̃ = ((E₁₂ − E₁₁T)'P')` and `K = PE₁₁P`:
//!
//! ```text
//! Y = ZMZ:   Y_R1 = Z_RR·B − Y_RR·U,  Y_1R' = Z_RR'·B̃ − Y_RR'·T',  Y₁₁ = K + B̃'·Z_R1 − T·Y_R1
//! Y = ZXZ':  Y_R1 = H − Y_RR·T',  Y₁₁ = K − T·H − (T·Y_R1)',  H = Z_RR·X̂P',  K = PE₁₁P'
//! ```

use std::collections::HashMap;

use faer::Mat;
use rayon::prelude::*;

use super::{
    Factor,
    elimination::{Piece, Slope},
    small::{add_product, product},
};

/// Entries of an inverse (or of its derivative) Y, summed over the pattern of M, by unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Selected {
    /// `Y_ii`.
    pub diagonal: Vec<f64>,
    /// `(MY)_ii`.
    pub lagged: Vec<f64>,
}

/// One matrix on the rows of a front.
struct Block {
    /// Own rows and columns.
    head: Mat<f64>,
    /// Later rows, own columns.
    below: Mat<f64>,
    /// Own rows, later columns, transposed; where it is not `below`.
    over: Option<Mat<f64>>,
    /// Later rows and columns, from the parent.
    corner: Mat<f64>,
}

impl Block {
    fn over(&self) -> &Mat<f64> {
        self.over.as_ref().unwrap_or(&self.below)
    }

    fn get(&self, i: usize, j: usize) -> f64 {
        let own = self.head.nrows();
        match (i < own, j < own) {
            (true, true) => self.head[(i, j)],
            (false, true) => self.below[(i - own, j)],
            (true, false) => self.over()[(j - own, i)],
            (false, false) => self.corner[(i - own, j - own)],
        }
    }

    /// The rows and columns of a child.
    fn select(&self, places: &[u32]) -> Mat<f64> {
        let own = self.head.nrows();
        let inner = places.partition_point(|&place| (place as usize) < own);
        let mut to = Mat::zeros(places.len(), places.len());
        for (j, &column) in places.iter().enumerate() {
            let column = column as usize;
            let to = to.col_as_slice_mut(j);
            if column < own {
                let (head, below) =
                    (self.head.col_as_slice(column), self.below.col_as_slice(column));
                for (to, &row) in to[..inner].iter_mut().zip(&places[..inner]) {
                    *to = head[row as usize];
                }
                for (to, &row) in to[inner..].iter_mut().zip(&places[inner..]) {
                    *to = below[row as usize - own];
                }
            } else {
                let (over, corner) = (self.over(), self.corner.col_as_slice(column - own));
                for (to, &row) in to[..inner].iter_mut().zip(&places[..inner]) {
                    *to = over[(column - own, row as usize)];
                }
                for (to, &row) in to[inner..].iter_mut().zip(&places[inner..]) {
                    *to = corner[row as usize - own];
                }
            }
        }
        to
    }
}

/// `y_ii` of the own units, and `(y_ji, y_ij)` for the links of a front.
struct Found {
    diagonal: Vec<f64>,
    links: Vec<(f64, f64)>,
}

/// The corners a front takes from its parent: of Z and of each direction.
type Corners = Vec<Mat<f64>>;

impl Factor {
    /// `Z` first, then each direction of the factorisation in its order.
    pub fn selected(&self) -> Vec<Selected> {
        let analysis = &self.analysis;
        let run = |fronts: &[u32], given: &mut HashMap<usize, Corners>| {
            let mut found = Vec::with_capacity(fronts.len());
            for &f in fronts.iter().rev() {
                let f = f as usize;
                let nothing = || (0..=self.congruent.len()).map(|_| Mat::zeros(0, 0)).collect();
                let corners = given.remove(&f).unwrap_or_else(nothing);
                let blocks = self.blocks(f, corners);
                for &child in analysis.children(f) {
                    let places = analysis.relative(child as usize);
                    let corners = blocks.iter().map(|block| block.select(places)).collect();
                    given.insert(child as usize, corners);
                }
                found.push((f, blocks.iter().map(|block| self.pick(f, block)).collect()));
            }
            found
        };
        let mut given = HashMap::new();
        let mut found: Vec<(usize, Vec<Found>)> = run(&analysis.top, &mut given);
        let with_corners: Vec<(&Vec<u32>, HashMap<usize, Corners>)> = analysis
            .tasks
            .iter()
            .map(|fronts| {
                let corner = |&f: &u32| given.remove(&(f as usize)).map(|c| (f as usize, c));
                (fronts, fronts.iter().filter_map(corner).collect())
            })
            .collect();
        let tasks: Vec<_> = with_corners
            .into_par_iter()
            .map(|(fronts, mut given)| run(fronts, &mut given))
            .collect();
        found.extend(tasks.into_iter().flatten());
        found.sort_unstable_by_key(|(f, _)| *f);
        (0..=self.congruent.len()).map(|which| self.sum_up(&found, which)).collect()
    }

    fn blocks(&self, f: usize, corners: Corners) -> Vec<Block> {
        let piece = &self.pieces[f];
        let mut corners = corners.into_iter();
        let corner = corners.next().unwrap_or_else(|| Mat::zeros(0, 0));
        let inverse = inverse(piece, corner);
        let slopes = piece.slopes.iter().zip(&self.congruent).zip(corners);
        let mut blocks: Vec<Block> = slopes
            .map(|((slope, congruent), corner)| {
                if *congruent {
                    congruence(piece, slope, &inverse, corner)
                } else {
                    derivative(piece, slope, &inverse, corner)
                }
            })
            .collect();
        blocks.insert(0, inverse);
        blocks
    }

    fn pick(&self, f: usize, block: &Block) -> Found {
        let both = |own: u32, other: u32| {
            let (i, j) = (own as usize, other as usize);
            (block.get(j, i), block.get(i, j))
        };
        let links = self.analysis.links(f);
        Found {
            diagonal: (0..block.head.nrows()).map(|i| block.head[(i, i)]).collect(),
            links: links.iter().map(|link| both(link.own, link.other)).collect(),
        }
    }

    /// Sums in the order of the fronts, by one thread.
    fn sum_up(&self, found: &[(usize, Vec<Found>)], which: usize) -> Selected {
        let analysis = &self.analysis;
        let (mut diagonal, mut lagged) = (vec![0.0; analysis.n], vec![0.0; analysis.n]);
        for (f, found) in found {
            let (found, order) = (&found[which], &analysis.order);
            for (own, value) in found.diagonal.iter().enumerate() {
                diagonal[order[analysis.start(*f) + own] as usize] = *value;
            }
            for (link, (down, up)) in analysis.links(*f).iter().zip(&found.links) {
                let own = order[analysis.at(*f, link.own)] as usize;
                lagged[own] += link.up * down;
                if link.own != link.other {
                    lagged[order[analysis.at(*f, link.other)] as usize] += link.down * up;
                }
            }
        }
        Selected { diagonal, lagged }
    }
}

fn inverse(piece: &Piece, corner: Mat<f64>) -> Block {
    let below = product(-1.0, corner.as_ref(), piece.u.as_ref());
    let over = piece.t.as_ref().map(|t| product(-1.0, corner.transpose(), t.as_ref()));
    let mut head = piece.pivot.clone();
    add_product(head.as_mut(), -1.0, piece.t().transpose(), below.as_ref());
    Block { head, below, over, corner }
}

fn congruence(piece: &Piece, slope: &Slope, inverse: &Block, corner: Mat<f64>) -> Block {
    let t = piece.t();
    let half = product(1.0, inverse.corner.as_ref(), slope.u.as_ref());
    let mut head = slope.pivot.clone();
    add_product(head.as_mut(), -1.0, t.transpose(), half.as_ref());
    let mut below = half;
    add_product(below.as_mut(), -1.0, corner.as_ref(), t.as_ref());
    add_product(head.as_mut(), -1.0, below.transpose(), t.as_ref());
    Block { head, below, over: None, corner }
}

fn derivative(piece: &Piece, slope: &Slope, inverse: &Block, corner: Mat<f64>) -> Block {
    let (t, slope_t) = (piece.t(), slope.t.as_ref().unwrap_or(&slope.u));
    let mut below = product(1.0, inverse.corner.as_ref(), slope.u.as_ref());
    add_product(below.as_mut(), -1.0, corner.as_ref(), piece.u.as_ref());
    let mut over = product(1.0, inverse.corner.transpose(), slope_t.as_ref());
    add_product(over.as_mut(), -1.0, corner.transpose(), t.as_ref());
    let mut head = slope.pivot.clone();
    add_product(head.as_mut(), 1.0, slope_t.transpose(), inverse.below.as_ref());
    add_product(head.as_mut(), -1.0, t.transpose(), below.as_ref());
    Block { head, below, over: Some(over), corner }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
