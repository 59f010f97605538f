//! The symbolic analysis: order of elimination and dense fronts.

use faer::Side;
use faer::sparse::{
    SymbolicSparseColMat,
    linalg::{
        SupernodalThreshold, SymbolicSupernodalParams,
        cholesky::{
            CholeskySymbolicParams, SymbolicCholeskyRaw, SymmetricOrdering,
            factorize_symbolic_cholesky,
        },
    },
};

use super::{SparseMatrix, block::Pools, index};
use crate::Error;

/// Marks the absence of a parent.
const NONE: u32 = u32::MAX;

/// When neighbouring groups of columns are merged into one front: up to so many columns, if at most that
/// share of the entries are zeros.
const MERGE: &[(usize, f64)] = &[(8, 1.0), (24, 0.6), (64, 0.15), (usize::MAX, 0.05)];

/// Subtrees of less than this share of the work are tasks of their own.
const TASK: f64 = 1.0 / 24.0;

/// A pair of entries `m_ij`, `m_ji` (or one on the diagonal), in the front that eliminates the first of
/// `i` and `j`: `own` and `other` are positions in the front, `own` among its own columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub own: u32,
    pub other: u32,
    /// Row `other`, column `own`.
    pub down: f64,
    /// Row `own`, column `other`.
    pub up: f64,
}

/// How to eliminate `I − ρM` for any ρ: the order (approximate minimum degree on the pattern of `M + M'`;
/// Amestoy, Davis & Duff 1996), and for every group of columns the rows its dense front has.
///
/// The order needs no pivoting where `I − ρM` is positive definite or diagonally dominant by rows; inside a
/// front rows are exchanged.
#[derive(Debug, Clone)]
pub struct Analysis {
    pub(super) n: usize,
    pub(super) symmetric: bool,
    /// `order[new] = old`.
    pub(super) order: Vec<u32>,
    /// First own column of each front, and `n`.
    begin: Vec<u32>,
    rows_at: Vec<usize>,
    /// Later rows of each front, ascending.
    rows: Vec<u32>,
    /// Where these rows are in the parent's front.
    relative: Vec<u32>,
    parent: Vec<u32>,
    children_at: Vec<usize>,
    children: Vec<u32>,
    links_at: Vec<usize>,
    links: Vec<Link>,
    /// Disjoint subtrees, fronts ascending; the rest.
    pub(super) tasks: Vec<Vec<u32>>,
    pub(super) top: Vec<u32>,
    pub(super) pools: Pools,
    operations: f64,
}

impl Analysis {
    /// Analyses `I − ρM` for a `matrix` M, of which `symmetric` says whether `M = M'`.
    ///
    /// # Errors
    /// [`Error::NoConvergence`] when the structure has more entries than can be numbered.
    pub fn new(matrix: &SparseMatrix, symmetric: bool) -> Result<Self, Error> {
        let too_large = |_| Error::NoConvergence { what: "symbolic factorisation" };
        let transposed = matrix.transposed();
        let pattern = upper(matrix, &transposed);
        let params = CholeskySymbolicParams {
            supernodal_flop_ratio_threshold: SupernodalThreshold::FORCE_SUPERNODAL,
            supernodal_params: SymbolicSupernodalParams { relax: Some(MERGE) },
            ..Default::default()
        };
        let symbolic = factorize_symbolic_cholesky(
            pattern.as_ref(),
            Side::Upper,
            SymmetricOrdering::Amd,
            params,
        )
        .map_err(too_large)?;
        let SymbolicCholeskyRaw::Supernodal(fronts) = symbolic.raw() else {
            return Err(Error::NoConvergence { what: "symbolic factorisation" });
        };
        let n = matrix.n();
        let order: Vec<u32> = match symbolic.perm() {
            Some(order) => order.arrays().0.to_vec(),
            None => (0..index(n)).collect(),
        };
        let m = fronts.n_supernodes();
        let mut begin = fronts.supernode_begin().to_vec();
        begin.push(index(n));
        let (mut rows, mut rows_at) = (Vec::new(), vec![0]);
        for f in 0..m {
            let start = rows.len();
            rows.extend_from_slice(fronts.supernode(f).pattern());
            rows[start..].sort_unstable();
            rows_at.push(rows.len());
        }
        let mut analysis = Self {
            n,
            symmetric,
            order,
            begin,
            rows_at,
            rows,
            relative: Vec::new(),
            parent: vec![NONE; m],
            children_at: Vec::new(),
            children: Vec::new(),
            links_at: Vec::new(),
            links: Vec::new(),
            tasks: Vec::new(),
            top: Vec::new(),
            pools: Pools::default(),
            operations: 0.0,
        };
        analysis.relate();
        analysis.distribute(matrix, &transposed);
        analysis.divide();
        Ok(analysis)
    }

    /// The same analysis for a `matrix` of other values in the same places, of the same symmetry.
    #[must_use]
    pub fn with_values(&self, matrix: &SparseMatrix) -> Self {
        let mut analysis = self.clone();
        analysis.distribute(matrix, &matrix.transposed());
        analysis
    }

    /// Rows of M.
    pub fn n_units(&self) -> usize {
        self.n
    }

    /// Multiplications of one factorisation, roughly.
    pub fn operations(&self) -> f64 {
        self.operations
    }

    /// Entries a factor keeps.
    pub fn n_entries(&self) -> usize {
        (0..self.n_fronts()).map(|f| self.own(f) * (self.own(f) + self.rows(f).len())).sum()
    }

    pub(super) fn n_fronts(&self) -> usize {
        self.parent.len()
    }

    /// First own column of a front.
    pub(super) fn start(&self, f: usize) -> usize {
        self.begin[f] as usize
    }

    /// Own columns of a front.
    pub(super) fn own(&self, f: usize) -> usize {
        (self.begin[f + 1] - self.begin[f]) as usize
    }

    pub(super) fn rows(&self, f: usize) -> &[u32] {
        &self.rows[self.rows_at[f]..self.rows_at[f + 1]]
    }

    pub(super) fn relative(&self, f: usize) -> &[u32] {
        &self.relative[self.rows_at[f]..self.rows_at[f + 1]]
    }

    pub(super) fn children(&self, f: usize) -> &[u32] {
        &self.children[self.children_at[f]..self.children_at[f + 1]]
    }

    pub(super) fn links(&self, f: usize) -> &[Link] {
        &self.links[self.links_at[f]..self.links_at[f + 1]]
    }

    /// New number of the unit at a place of a front.
    pub(super) fn at(&self, f: usize, place: u32) -> usize {
        let (place, own) = (place as usize, self.own(f));
        if place < own { self.start(f) + place } else { self.rows(f)[place - own] as usize }
    }

    fn place(&self, f: usize, unit: u32) -> u32 {
        let end = self.begin[f + 1];
        if unit < end {
            return unit - self.begin[f];
        }
        let after = self.rows(f).partition_point(|&row| row < unit);
        index(self.own(f) + after)
    }

    /// Parents, children and the places of rows in the parent: the parent of a front eliminates its first
    /// later row.
    fn relate(&mut self) {
        let m = self.n_fronts();
        let mut front_of = vec![0; self.n];
        for f in 0..m {
            front_of[self.start(f)..self.start(f) + self.own(f)].fill(index(f));
        }
        for f in 0..m {
            if let Some(&first) = self.rows(f).first() {
                self.parent[f] = front_of[first as usize];
            }
        }
        let mut relative = Vec::with_capacity(self.rows.len());
        for f in 0..m {
            let parent = self.parent[f] as usize;
            relative.extend(self.rows(f).iter().map(|&row| self.place(parent, row)));
        }
        self.relative = relative;
        self.children_at = vec![0; m + 1];
        for &parent in self.parent.iter().filter(|&&parent| parent != NONE) {
            self.children_at[parent as usize + 1] += 1;
        }
        for f in 0..m {
            self.children_at[f + 1] += self.children_at[f];
        }
        let mut next = self.children_at.clone();
        self.children = vec![0; self.children_at[m]];
        for f in 0..m {
            if self.parent[f] != NONE {
                let at = &mut next[self.parent[f] as usize];
                self.children[*at] = index(f);
                *at += 1;
            }
        }
    }

    /// The entries of M to their fronts.
    fn distribute(&mut self, matrix: &SparseMatrix, transposed: &SparseMatrix) {
        let mut new_of = vec![0; self.n];
        for (new, &old) in self.order.iter().enumerate() {
            new_of[old as usize] = index(new);
        }
        let (mut links, mut links_at) = (Vec::with_capacity(matrix.n_entries() / 2), vec![0]);
        for f in 0..self.n_fronts() {
            for own in 0..self.own(f) {
                let old = self.order[self.start(f) + own] as usize;
                let me = index(self.start(f) + own);
                for (j, up, down) in merged(matrix.row(old), transposed.row(old)) {
                    let other = new_of[j as usize];
                    if other >= me {
                        let other = self.place(f, other);
                        links.push(Link { own: index(own), other, down, up });
                    }
                }
            }
            links_at.push(links.len());
        }
        (self.links, self.links_at) = (links, links_at);
    }

    /// Subtrees small enough to be shared out over threads. The division does not depend on how many there are.
    fn divide(&mut self) {
        let m = self.n_fronts();
        let mut work = vec![0.0; m];
        for f in 0..m {
            let (s, r) = (self.own(f) as f64, self.rows(f).len() as f64);
            let own = s * (s * s / 3.0 + s * r + r * r);
            self.operations += own;
            // Small fronts cost more than their arithmetic.
            work[f] += own + 2000.0 + 20.0 * (s + r) * (s + r);
            if self.parent[f] != NONE {
                work[self.parent[f] as usize] += work[f];
            }
        }
        let total: f64 = (0..m).filter(|&f| self.parent[f] == NONE).map(|f| work[f]).sum();
        let mut task_of = vec![NONE; m];
        for f in (0..m).rev() {
            let parent = self.parent[f];
            let inherited = if parent == NONE { NONE } else { task_of[parent as usize] };
            if inherited != NONE {
                task_of[f] = inherited;
            } else if work[f] <= TASK * total {
                task_of[f] = index(self.tasks.len());
                self.tasks.push(Vec::new());
            }
        }
        for (f, &task) in task_of.iter().enumerate() {
            match task {
                NONE => self.top.push(index(f)),
                task => self.tasks[task as usize].push(index(f)),
            }
        }
        self.gather_small(&work, total);
    }

    /// Many components make many small subtrees: put them together up to the size of a task.
    fn gather_small(&mut self, work: &[f64], total: f64) {
        let mut gathered: Vec<Vec<u32>> = Vec::new();
        let mut open = 0.0;
        for task in std::mem::take(&mut self.tasks) {
            let root = task.last().map_or(0, |&f| f as usize);
            match gathered.last_mut() {
                Some(last) if open + work[root] <= TASK * total => {
                    last.extend(task);
                    open += work[root];
                }
                _ => {
                    gathered.push(task);
                    open = work[root];
                }
            }
        }
        for task in &mut gathered {
            task.sort_unstable();
        }
        self.tasks = gathered;
    }
}

/// Columns `j` of a row and of a column of the same unit with both values, ascending.
fn merged<'a>(
    row: (&'a [u32], &'a [f64]),
    column: (&'a [u32], &'a [f64]),
) -> impl Iterator<Item = (u32, f64, f64)> + 'a {
    let (mut a, mut b) = (0, 0);
    std::iter::from_fn(move || {
        let next = match (row.0.get(a), column.0.get(b)) {
            (None, None) => return None,
            (Some(&i), Some(&j)) => i.min(j),
            (Some(&i), None) => i,
            (None, Some(&j)) => j,
        };
        let take = |side: (&[u32], &[f64]), at: &mut usize| {
            if side.0.get(*at) == Some(&next) {
                *at += 1;
                side.1[*at - 1]
            } else {
                0.0
            }
        };
        Some((next, take(row, &mut a), take(column, &mut b)))
    })
}

/// The upper triangle of the pattern of `M + M' + I`, by columns.
fn upper(matrix: &SparseMatrix, transposed: &SparseMatrix) -> SymbolicSparseColMat<u32> {
    let n = matrix.n();
    let (mut at, mut rows) = (vec![0], Vec::with_capacity(matrix.n_entries() / 2 + n));
    for j in 0..n {
        let before = |&(i, ..): &(u32, f64, f64)| (i as usize) < j;
        let column = merged(matrix.row(j), transposed.row(j)).take_while(before);
        rows.extend(column.map(|(i, ..)| i));
        rows.push(index(j));
        at.push(index(rows.len()));
    }
    SymbolicSparseColMat::new_checked(n, n, at, None, rows)
}
