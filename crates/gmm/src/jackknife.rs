//! Errors by leaving out one cluster after the other.
//!
//! MacKinnon, Nielsen & Webb (2023), *J. Econometrics* 232, 272–299, equation 25 (CV₃J about the estimate), for a GMM estimator: everything
//! that the data decide is computed again, weighting matrices included.

use durbin_core::linalg::generalized_inverse;
use ndarray::{Array1, Array2};
use rayon::prelude::*;

use crate::{
    Error, Steps,
    model::Model,
    moments::{Columns, Moments, add_weighted},
    passes::{Clusters, add_cross, add_moments, add_outer, mirror},
    rows::Rows,
    steps::{DEPENDENT, solve, weighted},
    weighting::Weighting,
};

/// The estimator, cut into clusters.
pub(crate) struct Jackknife<'a> {
    pub model: &'a Model<'a>,
    pub clusters: &'a Clusters,
    pub columns: &'a Columns,
    pub weighting: &'a Weighting,
    pub moments: &'a Moments,
    pub steps: Steps,
}

/// `Z'X`, `l × k`, and `Z'y`, `l`, of a cluster that has rows.
struct Piece {
    cluster: usize,
    zx: Array2<f64>,
    zy: Array1<f64>,
}

impl Jackknife<'_> {
    /// `(G − 1)/G·Σ (b₋ᵢ − b)(b₋ᵢ − b)'` over the G clusters with rows, `k × k`; b₋ᵢ is the estimate without cluster i.
    ///
    /// # Errors
    /// [`Error::NeedsCluster`] where the others do not identify the coefficients.
    pub fn covariance(&self, b: &Array1<f64>) -> Result<Array2<f64>, Error> {
        let pieces: Vec<Piece> = (0..self.clusters.len())
            .into_par_iter()
            .filter_map(|cluster| self.piece(cluster))
            .collect();
        let left_out: Vec<Array1<f64>> = (0..pieces.len())
            .into_par_iter()
            .map(|at| {
                self.without(&pieces, at).map_err(|error| Error::NeedsCluster {
                    units: self.units(pieces[at].cluster),
                    why: error.to_string(),
                })
            })
            .collect::<Result<_, _>>()?;
        let count = left_out.len() as f64;
        let mut sum = Array2::zeros((b.len(), b.len()));
        for estimate in left_out {
            add_outer(&mut sum, &(estimate - b).to_vec());
        }
        mirror(&mut sum);
        Ok(sum * ((count - 1.0) / count))
    }

    fn units(&self, cluster: usize) -> Vec<String> {
        let units = self.clusters.units(cluster).iter();
        units.map(|&unit| self.model.sample.unit(unit).to_owned()).collect()
    }

    fn rows(&self, cluster: usize, mut each: impl FnMut(&Rows)) {
        let mut rows = Rows::new(self.model);
        for &unit in self.clusters.units(cluster) {
            rows.fill(self.model, unit, &self.columns.kept, &self.columns.instrument);
            each(&rows);
        }
    }

    fn piece(&self, cluster: usize) -> Option<Piece> {
        let (k, l) = (self.columns.kept.len(), self.columns.l);
        let mut piece = Piece { cluster, zx: Array2::zeros((l, k)), zy: Array1::zeros(l) };
        let mut zy = vec![0.0; l];
        let mut any = false;
        self.rows(cluster, |rows| {
            any |= rows.len() > 0;
            add_cross(&mut piece.zx, rows, k, 1.0);
            add_moments(&mut zy, rows, &rows.y);
        });
        piece.zy = zy.into();
        any.then_some(piece)
    }

    /// The estimate from all pieces but one.
    fn without(&self, pieces: &[Piece], at: usize) -> Result<Array1<f64>, Error> {
        let (zx, zy) = (&self.moments.zx - &pieces[at].zx, &self.moments.zy - &pieces[at].zy);
        let l = self.columns.l;
        let mut own = Array2::zeros((l, l));
        let mut room = vec![0.0; l];
        self.rows(pieces[at].cluster, |rows| {
            add_weighted(&mut own, &mut room, rows, self.weighting);
        });
        mirror(&mut own);
        let first = generalized_inverse(&(&self.moments.zhz - &own), DEPENDENT, "Z'HZ")?;
        let one = solve(&zx, &zy, &first.inverse)?.b;
        if self.steps == Steps::One {
            return Ok(one);
        }
        let outer = |b: &Array1<f64>| {
            let mut outer = Array2::zeros((l, l));
            for (other, piece) in pieces.iter().enumerate() {
                if other != at {
                    add_outer(&mut outer, &(&piece.zy - &piece.zx.dot(b)).to_vec());
                }
            }
            mirror(&mut outer);
            outer
        };
        Ok(weighted(self.steps, (&zx, &zy), (&one, outer(&one)), outer)?.step.b)
    }
}
