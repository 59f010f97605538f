//! Dense matrices whose memory is used again.

use std::sync::{Mutex, PoisonError};

use faer::{Mat, MatMut, MatRef};

/// Powers of two up to which a matrix is worth keeping for the next: larger ones cost more to hold than to ask for.
const CLASSES: usize = 17;

/// A dense matrix by columns, without gaps between them.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    values: Vec<f64>,
    rows: usize,
    columns: usize,
}

impl Block {
    pub(super) fn zeros(rows: usize, columns: usize) -> Self {
        Self { values: vec![0.0; rows * columns], rows, columns }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    pub(super) fn column(&self, j: usize) -> &[f64] {
        &self.values[j * self.rows..(j + 1) * self.rows]
    }

    pub(super) fn column_mut(&mut self, j: usize) -> &mut [f64] {
        &mut self.values[j * self.rows..(j + 1) * self.rows]
    }

    /// Columns before `j`, and those from it on.
    pub(super) fn split_at_column(&mut self, j: usize) -> (&mut [f64], &mut [f64]) {
        self.values.split_at_mut(j * self.rows)
    }

    pub(super) fn as_ref(&self) -> MatRef<'_, f64> {
        MatRef::from_column_major_slice(&self.values, self.rows, self.columns)
    }

    pub(super) fn as_mut(&mut self) -> MatMut<'_, f64> {
        MatMut::from_column_major_slice_mut(&mut self.values, self.rows, self.columns)
    }
}

impl From<&Mat<f64>> for Block {
    fn from(mat: &Mat<f64>) -> Self {
        let (rows, columns) = (mat.nrows(), mat.ncols());
        let values = (0..columns).flat_map(|j| mat.col_as_slice(j)).copied().collect();
        Self { values, rows, columns }
    }
}

impl std::ops::Index<(usize, usize)> for Block {
    type Output = f64;

    fn index(&self, (i, j): (usize, usize)) -> &f64 {
        &self.values[j * self.rows + i]
    }
}

impl std::ops::IndexMut<(usize, usize)> for Block {
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut f64 {
        &mut self.values[j * self.rows + i]
    }
}

/// Memory of matrices that are done with, by size: of each power of two its own, so that none has to grow. An
/// elimination makes and drops some for each front; the memory it has just dropped is still in the cache.
#[derive(Debug, Default)]
pub(super) struct Pool([Vec<Vec<f64>>; CLASSES]);

impl Pool {
    pub(super) fn zeros(&mut self, rows: usize, columns: usize) -> Block {
        let size = rows * columns;
        let Some(kept) = self.0.get_mut(class(size)) else { return Block::zeros(rows, columns) };
        let mut values = kept.pop().unwrap_or_else(|| Vec::with_capacity(size.next_power_of_two()));
        values.clear();
        values.resize(size, 0.0);
        Block { values, rows, columns }
    }

    pub(super) fn copy(&mut self, block: &Block) -> Block {
        let mut copy = self.zeros(block.rows, block.columns);
        copy.values.copy_from_slice(&block.values);
        copy
    }

    pub(super) fn recycle(&mut self, block: Block) {
        let capacity = block.values.capacity();
        if capacity.is_power_of_two()
            && let Some(kept) = self.0.get_mut(class(capacity))
        {
            kept.push(block.values);
        }
    }
}

/// Pools from one elimination to the next: as many as have worked at the same time.
#[derive(Debug, Default)]
pub(super) struct Pools(Mutex<Vec<Pool>>);

/// Memory is no part of what is copied: a copy begins without.
impl Clone for Pools {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Pools {
    /// Lends a pool to `work`.
    pub(super) fn lend<R>(&self, work: impl FnOnce(&mut Pool) -> R) -> R {
        let idle = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pool = idle().pop().unwrap_or_default();
        let made = work(&mut pool);
        idle().push(pool);
        made
    }
}

/// The least power of two that is enough.
fn class(size: usize) -> usize {
    size.next_power_of_two().trailing_zeros() as usize
}
