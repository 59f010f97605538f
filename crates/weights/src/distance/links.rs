//! Distances between neighbours in compressed rows.

use rayon::prelude::*;

use super::located::{Located, Neighbour};
use crate::{Transform, Weights};

/// Per row the neighbours, columns ascending, and how far they are.
pub struct Links {
    offsets: Vec<usize>,
    columns: Vec<u32>,
    distances: Vec<f64>,
}

/// What one thread has found for a run of rows.
struct Found {
    cardinalities: Vec<usize>,
    columns: Vec<u32>,
    distances: Vec<f64>,
}

const RUN: usize = 1024;

impl Links {
    /// The neighbours that `search` gives for each unit with a point, in any order.
    pub fn new(located: &Located, search: impl Fn(u32, &mut Vec<Neighbour>) + Sync) -> Self {
        let rows = located.rows();
        let runs: Vec<Found> = rows.par_chunks(RUN).map(|rows| Found::new(rows, &search)).collect();
        let mut offsets = vec![0; located.units.len() + 1];
        for (rows, run) in rows.chunks(RUN).zip(&runs) {
            for (&row, &cardinality) in rows.iter().zip(&run.cardinalities) {
                offsets[row as usize + 1] = cardinality;
            }
        }
        for row in 1..offsets.len() {
            offsets[row] += offsets[row - 1];
        }
        let links = offsets[offsets.len() - 1];
        let (mut columns, mut distances) = (vec![0; links], vec![0.0; links]);
        for (rows, run) in rows.chunks(RUN).zip(runs) {
            let mut at = 0;
            for (&row, cardinality) in rows.iter().zip(run.cardinalities) {
                let from = offsets[row as usize];
                columns[from..from + cardinality]
                    .copy_from_slice(&run.columns[at..at + cardinality]);
                distances[from..from + cardinality]
                    .copy_from_slice(&run.distances[at..at + cardinality]);
                at += cardinality;
            }
        }
        Self { offsets, columns, distances }
    }

    /// Columns and distances of row `i`.
    pub fn row(&self, i: usize) -> (&[u32], &[f64]) {
        let range = self.offsets[i]..self.offsets[i + 1];
        (&self.columns[range.clone()], &self.distances[range])
    }

    /// Rows of units with a point but without a neighbour other than themselves.
    pub fn islands(&self, located: &Located) -> Vec<u32> {
        let alone = |row: &u32| self.row(*row as usize).0.iter().all(|column| column == row);
        (0..)
            .take(located.units.len())
            .filter(|row| located.point(*row).is_some() && alone(row))
            .collect()
    }

    /// Every neighbour weighs one.
    pub fn binary(self, located: &Located, kind: String) -> Weights {
        let mut values = self.distances;
        values.fill(1.0);
        let ids = located.units.ids.clone();
        Weights::from_csr(ids, self.offsets, self.columns, values, kind, Transform::Binary)
    }

    /// `weight(i, d_ij)` for every neighbour `j` of `i`.
    pub fn weighted(
        self,
        located: &Located,
        kind: String,
        weight: impl Fn(usize, f64) -> f64 + Sync,
    ) -> Weights {
        let mut values = self.distances;
        for (row, ends) in self.offsets.windows(2).enumerate() {
            for value in &mut values[ends[0]..ends[1]] {
                *value = weight(row, *value);
            }
        }
        let ids = located.units.ids.clone();
        Weights::from_csr(ids, self.offsets, self.columns, values, kind, Transform::Raw)
    }
}

impl Found {
    fn new(rows: &[u32], search: &impl Fn(u32, &mut Vec<Neighbour>)) -> Self {
        let mut run = Self {
            cardinalities: Vec::with_capacity(rows.len()),
            columns: Vec::new(),
            distances: Vec::new(),
        };
        let mut found = Vec::new();
        for &row in rows {
            search(row, &mut found);
            found.sort_unstable_by_key(|neighbour| neighbour.0);
            run.cardinalities.push(found.len());
            run.columns.extend(found.iter().map(|neighbour| neighbour.0));
            run.distances.extend(found.iter().map(|neighbour| neighbour.1));
        }
        run
    }
}
