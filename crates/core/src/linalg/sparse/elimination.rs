//! One step of the elimination: own columns out, their Schur complement on to the parent.
//!
//! With the front `[F₁₁ F₁₂; F₂₁ F₂₂]`, `P = F₁₁⁻¹`, `U = F₂₁P` and `T = PF₁₂` the complement is
//! `F₂₂ − UF₁₂`. A derivative direction X of the matrix has a front E of its own:
//!
//! ```text
//! for ZXZ,  X = M:             X̂ = E₂₁ − UE₁₁,  complement E₂₂ − UE₁₂ − X̂T
//! for ZXZ', X = X' :           X̂ = E₂₁ − UE₁₁,  complement E₂₂ − UE₁₂ − X̂U'
//! ```
//!
//! Of a symmetric M both are the second.

use super::{
    Direction,
    analysis::Analysis,
    block::{Block, Pool},
    front::Front,
    small::{
        Inverted, add_lower_product, add_product, add_product_transposed, invert_general,
        invert_positive, mirror,
    },
};

/// What an eliminated front keeps.
#[derive(Debug)]
pub(super) struct Piece {
    /// `P`.
    pub pivot: Block,
    /// `U`, rows × own.
    pub u: Block,
    /// `T'`, rows × own, where it is not U.
    pub t: Option<Block>,
    pub slopes: Vec<Slope>,
    pub log_determinant: f64,
    pub negative: bool,
}

impl Piece {
    /// `T'`.
    pub(super) fn t(&self) -> &Block {
        self.t.as_ref().unwrap_or(&self.u)
    }
}

/// What it keeps of a direction.
#[derive(Debug)]
pub(super) struct Slope {
    /// `PE₁₁P`, or `PE₁₁P'` for `ZXZ'`.
    pub pivot: Block,
    /// `X̂P`, or `X̂P'`.
    pub u: Block,
    /// `(E₁₂ − E₁₁T)'P'` for `ZXZ` where it is not `u`.
    pub t: Option<Block>,
}

/// Complements on their way to the parent.
pub(super) struct Update {
    pub value: Block,
    pub slopes: Vec<Block>,
}

/// Eliminates front `f` of `I − ρM`, or returns none where its block is singular (of a symmetric M: not
/// positive definite).
pub(super) fn eliminate(
    analysis: &Analysis,
    f: usize,
    rho: f64,
    directions: &[Direction],
    pool: &mut Pool,
    mut child: impl FnMut(usize) -> Option<Update>,
) -> Option<(Piece, Update)> {
    let (own, rows) = (analysis.own(f), analysis.rows(f).len());
    let start = analysis.start(f);
    let symmetric = analysis.symmetric;
    let mut front = Front::zeros(pool, own, rows, symmetric);
    front.add_links(analysis.links(f), -rho);
    front.add_diagonal(|_| 1.0);
    let mut slopes: Vec<Front> = Vec::with_capacity(directions.len());
    for direction in directions {
        let mut slope;
        match direction {
            Direction::Matrix => {
                slope = Front::zeros(pool, own, rows, symmetric);
                slope.add_links(analysis.links(f), 1.0);
            }
            Direction::Diagonal(x) => {
                slope = Front::zeros(pool, own, rows, true);
                slope.add_diagonal(|own| x[analysis.order[start + own] as usize]);
            }
        }
        slopes.push(slope);
    }
    for &from in analysis.children(f) {
        let (from, relative) = (from as usize, analysis.relative(from as usize));
        let update = child(from)?;
        front.add_update(&update.value, relative);
        pool.recycle(update.value);
        for (slope, update) in slopes.iter_mut().zip(update.slopes) {
            slope.add_update(&update, relative);
            pool.recycle(update);
        }
    }
    let Front { mut head, below, over, mut corner } = front;
    let Inverted { inverse: pivot, log_determinant, negative } =
        if symmetric { invert_positive(&mut head)? } else { invert_general(&head)? };
    let mut u = Block::zeros(rows, own);
    add_product(&mut u, 1.0, &below, &pivot);
    let t = over.as_ref().map(|over| {
        let mut t = Block::zeros(rows, own);
        add_product_transposed(&mut t, 1.0, over, &pivot);
        t
    });
    match over {
        None => add_lower_product(&mut corner, -1.0, &u, &below),
        Some(over) => {
            add_product_transposed(&mut corner, -1.0, &u, &over);
            pool.recycle(over);
        }
    }
    pool.recycle(head);
    pool.recycle(below);
    let mut piece = Piece { pivot, u, t, slopes: Vec::new(), log_determinant, negative };
    let mut updates = Vec::with_capacity(slopes.len());
    for front in slopes {
        let (slope, update) = differentiate(&piece, front, pool);
        piece.slopes.push(slope);
        updates.push(update);
    }
    Some((piece, Update { value: corner, slopes: updates }))
}

fn differentiate(piece: &Piece, front: Front, pool: &mut Pool) -> (Slope, Block) {
    let Front { mut head, mut below, over, mut corner } = front;
    let Piece { pivot, u, .. } = piece;
    let (rows, own) = (below.rows(), head.rows());
    let (mut slope_pivot, mut slope_u) = (Block::zeros(own, own), Block::zeros(rows, own));
    let mut half = pool.zeros(own, own);
    let slope_t = match over {
        None => {
            mirror(&mut head);
            add_lower_product(&mut corner, -1.0, u, &below);
            add_product(&mut below, -1.0, u, &head);
            add_lower_product(&mut corner, -1.0, &below, u);
            add_product(&mut half, 1.0, pivot, &head);
            add_product_transposed(&mut slope_pivot, 1.0, &half, pivot);
            add_product_transposed(&mut slope_u, 1.0, &below, pivot);
            None
        }
        Some(mut over) => {
            let t = piece.t();
            add_product_transposed(&mut corner, -1.0, u, &over);
            add_product(&mut below, -1.0, u, &head);
            add_product_transposed(&mut corner, -1.0, &below, t);
            add_product_transposed(&mut over, -1.0, t, &head);
            add_product(&mut half, 1.0, pivot, &head);
            add_product(&mut slope_pivot, 1.0, &half, pivot);
            add_product(&mut slope_u, 1.0, &below, pivot);
            let mut slope_t = Block::zeros(rows, own);
            add_product_transposed(&mut slope_t, 1.0, &over, pivot);
            pool.recycle(over);
            Some(slope_t)
        }
    };
    for block in [head, below, half] {
        pool.recycle(block);
    }
    (Slope { pivot: slope_pivot, u: slope_u, t: slope_t }, corner)
}
