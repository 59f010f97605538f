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

use rayon::prelude::*;

use super::{
    Analysis, Factor,
    block::{Block, Pool},
    elimination::{Piece, Slope},
    small::{add_product, add_transposed_product},
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
struct Entries {
    /// Own rows and columns.
    head: Block,
    /// Later rows, own columns.
    below: Block,
    /// Own rows, later columns, transposed; where it is not `below`.
    over: Option<Block>,
    /// Later rows and columns, from the parent.
    corner: Block,
}

impl Entries {
    fn over(&self) -> &Block {
        self.over.as_ref().unwrap_or(&self.below)
    }

    fn get(&self, i: usize, j: usize) -> f64 {
        let own = self.head.rows();
        match (i < own, j < own) {
            (true, true) => self.head[(i, j)],
            (false, true) => self.below[(i - own, j)],
            (true, false) => self.over()[(j - own, i)],
            (false, false) => self.corner[(i - own, j - own)],
        }
    }

    /// The rows and columns of a child.
    fn select(&self, places: &[u32], pool: &mut Pool) -> Block {
        let own = self.head.rows();
        let inner = places.partition_point(|&place| (place as usize) < own);
        let mut to = pool.zeros(places.len(), places.len());
        for (j, &column) in places.iter().enumerate() {
            let column = column as usize;
            let to = to.column_mut(j);
            if column < own {
                let (head, below) = (self.head.column(column), self.below.column(column));
                for (to, &row) in to[..inner].iter_mut().zip(&places[..inner]) {
                    *to = head[row as usize];
                }
                for (to, &row) in to[inner..].iter_mut().zip(&places[inner..]) {
                    *to = below[row as usize - own];
                }
            } else {
                let (over, corner) = (self.over(), self.corner.column(column - own));
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

    fn recycle(self, pool: &mut Pool) {
        for block in [self.head, self.below, self.corner].into_iter().chain(self.over) {
            pool.recycle(block);
        }
    }
}

/// `y_ii` of the own units, and `(y_ji, y_ij)` for the links of a front.
struct Found {
    diagonal: Vec<f64>,
    links: Vec<(f64, f64)>,
}

/// The corners a front takes from its parent: of Z and of each direction.
type Corners = Vec<Block>;

impl Factor {
    /// `Z` first, then each direction of the factorisation in its order.
    pub fn selected(&self) -> Vec<Selected> {
        let found = self.found();
        (0..=self.congruent.len()).map(|which| self.sum_up(&found, which)).collect()
    }

    /// `Σ_ij m_ij·z_ij·d_j/d_i`, entries of M and Z at the same places, for a positive diagonal D of `n` values: the trace of
    /// `A'(I − ρA)⁻¹` with `A = D^-½MD^½`.
    pub fn crossed(&self, d: &[f64]) -> f64 {
        let (analysis, mut sum) = (&self.analysis, 0.0);
        for (f, found) in self.found() {
            for (link, (down, up)) in analysis.links(f).iter().zip(&found[0].links) {
                let unit = |at: u32| d[analysis.order[analysis.at(f, at)] as usize];
                let (own, other) = (unit(link.own), unit(link.other));
                sum += link.up * up * other / own;
                if link.own != link.other {
                    sum += link.down * down * own / other;
                }
            }
        }
        sum
    }

    /// `tr(XZ)` for matrices X analysed by [`Analysis::with_values`] on the pattern of M: one value each of `Z`, then
    /// one each of the first direction's matrix, and so on.
    pub fn traces_with(&self, matrices: &[&Analysis]) -> Vec<Vec<f64>> {
        let mut traces = vec![vec![0.0; matrices.len()]; 1 + self.congruent.len()];
        for (f, found) in self.found() {
            for (traces, found) in traces.iter_mut().zip(&found) {
                for (trace, matrix) in traces.iter_mut().zip(matrices) {
                    for (link, (down, up)) in matrix.links(f).iter().zip(&found.links) {
                        *trace += link.up * down;
                        if link.own != link.other {
                            *trace += link.down * up;
                        }
                    }
                }
            }
        }
        traces
    }

    /// Front by front.
    fn found(&self) -> Vec<(usize, Vec<Found>)> {
        let analysis = &self.analysis;
        let run = |fronts: &[u32], given: &mut HashMap<usize, Corners>| {
            analysis.pools.lend(|pool| {
                let mut found = Vec::with_capacity(fronts.len());
                for &f in fronts.iter().rev() {
                    let f = f as usize;
                    let nothing = || (0..=self.congruent.len()).map(|_| Block::default()).collect();
                    let corners = given.remove(&f).unwrap_or_else(nothing);
                    let all = self.entries(f, corners, pool);
                    for &child in analysis.children(f) {
                        let places = analysis.relative(child as usize);
                        let corners = all.iter().map(|y| y.select(places, pool)).collect();
                        given.insert(child as usize, corners);
                    }
                    found.push((f, all.iter().map(|entries| self.pick(f, entries)).collect()));
                    for entries in all {
                        entries.recycle(pool);
                    }
                }
                found
            })
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
        found
    }

    fn entries(&self, f: usize, corners: Corners, pool: &mut Pool) -> Vec<Entries> {
        let piece = &self.pieces[f];
        let mut corners = corners.into_iter();
        let inverse = inverse(piece, corners.next().unwrap_or_default(), pool);
        let slopes = piece.slopes.iter().zip(&self.congruent).zip(corners);
        let mut all: Vec<Entries> = slopes
            .map(|((slope, congruent), corner)| {
                let of = if *congruent { congruence } else { derivative };
                of(piece, slope, &inverse, corner, pool)
            })
            .collect();
        all.insert(0, inverse);
        all
    }

    fn pick(&self, f: usize, entries: &Entries) -> Found {
        let both = |own: u32, other: u32| {
            let (i, j) = (own as usize, other as usize);
            (entries.get(j, i), entries.get(i, j))
        };
        let links = self.analysis.links(f);
        Found {
            diagonal: (0..entries.head.rows()).map(|i| entries.head[(i, i)]).collect(),
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

fn inverse(piece: &Piece, corner: Block, pool: &mut Pool) -> Entries {
    let (rows, own) = (piece.u.rows(), piece.u.columns());
    let mut below = pool.zeros(rows, own);
    add_product(&mut below, -1.0, &corner, &piece.u);
    let over = piece.t.as_ref().map(|t| {
        let mut over = pool.zeros(rows, own);
        add_transposed_product(&mut over, -1.0, &corner, t);
        over
    });
    let mut head = pool.copy(&piece.pivot);
    add_transposed_product(&mut head, -1.0, piece.t(), &below);
    Entries { head, below, over, corner }
}

fn congruence(
    piece: &Piece,
    slope: &Slope,
    inverse: &Entries,
    corner: Block,
    pool: &mut Pool,
) -> Entries {
    let t = piece.t();
    let mut below = pool.zeros(t.rows(), t.columns());
    add_product(&mut below, 1.0, &inverse.corner, &slope.u);
    let mut head = pool.copy(&slope.pivot);
    add_transposed_product(&mut head, -1.0, t, &below);
    add_product(&mut below, -1.0, &corner, t);
    add_transposed_product(&mut head, -1.0, &below, t);
    Entries { head, below, over: None, corner }
}

fn derivative(
    piece: &Piece,
    slope: &Slope,
    inverse: &Entries,
    corner: Block,
    pool: &mut Pool,
) -> Entries {
    let (t, slope_t) = (piece.t(), slope.t.as_ref().unwrap_or(&slope.u));
    let mut below = pool.zeros(t.rows(), t.columns());
    add_product(&mut below, 1.0, &inverse.corner, &slope.u);
    add_product(&mut below, -1.0, &corner, &piece.u);
    let mut over = pool.zeros(t.rows(), t.columns());
    add_transposed_product(&mut over, 1.0, &inverse.corner, slope_t);
    add_transposed_product(&mut over, -1.0, &corner, t);
    let mut head = pool.copy(&slope.pivot);
    add_transposed_product(&mut head, 1.0, slope_t, &inverse.below);
    add_transposed_product(&mut head, -1.0, t, &below);
    Entries { head, below, over: Some(over), corner }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
