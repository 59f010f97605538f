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

use faer::Mat;

use super::{
    Direction,
    analysis::Analysis,
    front::Front,
    small::{Inverted, add_lower_product, add_product, invert_general, invert_positive, product},
};

/// What an eliminated front keeps.
#[derive(Debug)]
pub(super) struct Piece {
    /// `P`.
    pub pivot: Mat<f64>,
    /// `U`, rows × own.
    pub u: Mat<f64>,
    /// `T'`, rows × own, where it is not U.
    pub t: Option<Mat<f64>>,
    pub slopes: Vec<Slope>,
    pub log_determinant: f64,
    pub negative: bool,
}

impl Piece {
    /// `T'`.
    pub(super) fn t(&self) -> &Mat<f64> {
        self.t.as_ref().unwrap_or(&self.u)
    }
}

/// What it keeps of a direction.
#[derive(Debug)]
pub(super) struct Slope {
    /// `PE₁₁P`, or `PE₁₁P'` for `ZXZ'`.
    pub pivot: Mat<f64>,
    /// `X̂P`, or `X̂P'`.
    pub u: Mat<f64>,
    /// `(E₁₂ − E₁₁T)'P'` for `ZXZ` where it is not `u`.
    pub t: Option<Mat<f64>>,
}

/// Complements on their way to the parent.
pub(super) struct Update {
    pub value: Mat<f64>,
    pub slopes: Vec<Mat<f64>>,
}

/// Eliminates front `f` of `I − ρM`, or returns none where its block is singular (of a symmetric M: not
/// positive definite).
pub(super) fn eliminate(
    analysis: &Analysis,
    f: usize,
    rho: f64,
    directions: &[Direction],
    mut child: impl FnMut(usize) -> Option<Update>,
) -> Option<(Piece, Update)> {
    let (own, rows) = (analysis.own(f), analysis.rows(f).len());
    let start = analysis.start(f);
    let symmetric = analysis.symmetric;
    let mut front = Front::zeros(own, rows, symmetric);
    front.add_links(analysis.links(f), -rho);
    front.add_diagonal(|_| 1.0);
    let direction = |direction: &Direction| match direction {
        Direction::Matrix => {
            let mut front = Front::zeros(own, rows, symmetric);
            front.add_links(analysis.links(f), 1.0);
            front
        }
        Direction::Diagonal(x) => {
            let mut front = Front::zeros(own, rows, true);
            front.add_diagonal(|own| x[analysis.order[start + own] as usize]);
            front
        }
    };
    let mut slopes: Vec<Front> = directions.iter().map(direction).collect();
    for &from in analysis.children(f) {
        let (from, relative) = (from as usize, analysis.relative(from as usize));
        let update = child(from)?;
        front.add_update(&update.value, relative);
        for (slope, update) in slopes.iter_mut().zip(&update.slopes) {
            slope.add_update(update, relative);
        }
    }
    let head = front.panel.as_ref().subrows(0, own);
    let Inverted { inverse: pivot, log_determinant, negative } =
        if symmetric { invert_positive(head)? } else { invert_general(head)? };
    let below = front.panel.as_ref().subrows(own, rows);
    let u = product(1.0, below, pivot.as_ref());
    let t = front.over.as_ref().map(|over| product(1.0, over.as_ref(), pivot.transpose()));
    match &front.over {
        None => add_lower_product(front.corner.as_mut(), -1.0, u.as_ref(), below.transpose()),
        Some(over) => add_product(front.corner.as_mut(), -1.0, u.as_ref(), over.transpose()),
    }
    let mut piece = Piece { pivot, u, t, slopes: Vec::new(), log_determinant, negative };
    let mut updates = Vec::with_capacity(slopes.len());
    for front in slopes {
        let (slope, update) = differentiate(&piece, front, own, rows);
        piece.slopes.push(slope);
        updates.push(update);
    }
    Some((piece, Update { value: front.corner, slopes: updates }))
}

fn differentiate(piece: &Piece, front: Front, own: usize, rows: usize) -> (Slope, Mat<f64>) {
    let head = front.head();
    let mut below = front.panel.as_ref().subrows(own, rows).to_owned();
    let Front { over, mut corner, .. } = front;
    let u = piece.u.as_ref();
    match over {
        None => {
            add_lower_product(corner.as_mut(), -1.0, u, below.transpose());
            add_product(below.as_mut(), -1.0, u, head.as_ref());
            add_lower_product(corner.as_mut(), -1.0, below.as_ref(), u.transpose());
            let slope = Slope {
                pivot: congruence(&piece.pivot, &head),
                u: product(1.0, below.as_ref(), piece.pivot.transpose()),
                t: None,
            };
            (slope, corner)
        }
        Some(mut over) => {
            let t = piece.t().as_ref();
            add_product(corner.as_mut(), -1.0, u, over.transpose());
            add_product(below.as_mut(), -1.0, u, head.as_ref());
            add_product(corner.as_mut(), -1.0, below.as_ref(), t.transpose());
            add_product(over.as_mut(), -1.0, t, head.transpose());
            let half = product(1.0, piece.pivot.as_ref(), head.as_ref());
            let slope = Slope {
                pivot: product(1.0, half.as_ref(), piece.pivot.as_ref()),
                u: product(1.0, below.as_ref(), piece.pivot.as_ref()),
                t: Some(product(1.0, over.as_ref(), piece.pivot.transpose())),
            };
            (slope, corner)
        }
    }
}

/// `PEP'`.
fn congruence(p: &Mat<f64>, e: &Mat<f64>) -> Mat<f64> {
    let half = product(1.0, p.as_ref(), e.as_ref());
    product(1.0, half.as_ref(), p.transpose())
}
