//! An R-tree packed in one go, in the form in which SQLite stores it.
//!
//! SQLite inserts row by row and splits nodes as they fill. With all boxes at hand the tree can be
//! built from the leaves up: boxes are sorted into vertical slices by their centres, each slice into
//! nodes (Sort-Tile-Recursive: Leutenegger, Lopez & Edgington 1997). Every node is nearly full and
//! nodes of a level hardly overlap. The format of a node is that of the comment at the head of SQLite's
//! `rtree.c`: 2 bytes of depth (root alone), 2 bytes of count, then per entry an 8-byte id and 4-byte
//! coordinates, all big-endian.

use std::cmp::Ordering;

use rayon::slice::ParallelSliceMut;

/// Node number of the root.
const ROOT: i64 = 1;

/// Bytes of a node before its entries.
const HEAD: usize = 4;

/// Bytes of one entry in two dimensions.
const ENTRY: usize = 8 + 4 * 4;

/// A bounding box with the row, or the node, that it bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub id: i64,
    min: [f32; 2],
    max: [f32; 2],
}

impl Entry {
    /// The smallest box of single precision around a box of doubles; `None` where a bound is no number.
    pub fn around(id: i64, min: [f64; 2], max: [f64; 2]) -> Option<Self> {
        let is_box = (0..2).all(|axis| min[axis] <= max[axis]);
        is_box.then(|| Self { id, min: min.map(down), max: max.map(up) })
    }

    fn around_all(id: i64, entries: &[Self]) -> Self {
        let mut all = Self { id, min: [f32::INFINITY; 2], max: [f32::NEG_INFINITY; 2] };
        for entry in entries {
            for axis in 0..2 {
                all.min[axis] = all.min[axis].min(entry.min[axis]);
                all.max[axis] = all.max[axis].max(entry.max[axis]);
            }
        }
        all
    }

    /// Order of centres along an axis; the id makes it one order for any number of threads.
    fn compare(&self, other: &Self, axis: usize) -> Ordering {
        let twice_centre = |entry: &Self| f64::from(entry.min[axis]) + f64::from(entry.max[axis]);
        twice_centre(self).total_cmp(&twice_centre(other)).then(self.id.cmp(&other.id))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "rounded outwards right after")]
fn down(value: f64) -> f32 {
    let near = value as f32;
    if f64::from(near) > value { near.next_down() } else { near }
}

#[expect(clippy::cast_possible_truncation, reason = "rounded outwards right after")]
fn up(value: f64) -> f32 {
    let near = value as f32;
    if f64::from(near) < value { near.next_up() } else { near }
}

/// The rows of SQLite's three tables of an R-tree.
#[derive(Debug, Default, PartialEq)]
pub(super) struct PackedTree {
    /// Number and bytes of every node, the root first, then in ascending order.
    pub nodes: Vec<(i64, Vec<u8>)>,
    /// The node above each node but the root, in ascending order of node.
    pub parents: Vec<(i64, i64)>,
    /// The leaf of each row, in ascending order of row.
    pub rows: Vec<(i64, i64)>,
}

impl PackedTree {
    /// Packs `entries`, whose ids are unique, into nodes of `node_size` bytes.
    pub fn new(mut entries: Vec<Entry>, node_size: usize) -> Self {
        let capacity = (node_size.saturating_sub(HEAD) / ENTRY).max(2);
        let mut tree = Self::default();
        let mut depth: u16 = 0;
        let mut next = ROOT + 1;
        while entries.len() > capacity {
            let mut above = Vec::new();
            for tile in tiles(&mut entries, capacity) {
                tree.push(next, 0, tile, depth == 0, node_size);
                above.push(Entry::around_all(next, tile));
                next += 1;
            }
            entries = above;
            depth += 1;
        }
        tree.push(ROOT, depth, &entries, depth == 0, node_size);
        tree.nodes.rotate_right(1);
        tree.parents.sort_unstable();
        tree.rows.par_sort_unstable();
        tree
    }

    fn push(&mut self, node: i64, depth: u16, entries: &[Entry], leaf: bool, node_size: usize) {
        let below = if leaf { &mut self.rows } else { &mut self.parents };
        below.extend(entries.iter().map(|entry| (entry.id, node)));
        let mut data = Vec::with_capacity(node_size);
        data.extend(depth.to_be_bytes());
        // A node has at most 51 entries.
        data.extend(u16::try_from(entries.len()).unwrap_or(u16::MAX).to_be_bytes());
        for entry in entries {
            data.extend(entry.id.to_be_bytes());
            for axis in 0..2 {
                data.extend(entry.min[axis].to_be_bytes());
                data.extend(entry.max[axis].to_be_bytes());
            }
        }
        data.resize(node_size, 0);
        self.nodes.push((node, data));
    }
}

/// Sorts `entries` into tiles of at most `capacity`, whose sizes differ by one at most.
fn tiles(entries: &mut [Entry], capacity: usize) -> impl Iterator<Item = &[Entry]> {
    let total = entries.len();
    let count = total.div_ceil(capacity);
    let cut = move |tile: usize| tile * total / count;
    let root = count.isqrt();
    let slices = if root * root < count { root + 1 } else { root };
    entries.par_sort_unstable_by(|a, b| a.compare(b, 0));
    for slice in 0..slices {
        let [first, end] = [slice, slice + 1].map(|slice| slice * count / slices);
        entries[cut(first)..cut(end)].par_sort_unstable_by(|a, b| a.compare(b, 1));
    }
    let entries = &*entries;
    (0..count).map(move |tile| &entries[cut(tile)..cut(tile + 1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: usize = HEAD + 51 * ENTRY;

    fn grid(n: i32) -> Vec<Entry> {
        let cell = |at: i32| {
            let (x, y) = (f64::from(at % 40), f64::from(at / 40));
            Entry::around(i64::from(at) - 7, [x, y], [x + 1.0, y + 1.0]).unwrap()
        };
        (0..n).map(cell).collect()
    }

    fn count(node: &[u8]) -> usize {
        usize::from(u16::from_be_bytes([node[2], node[3]]))
    }

    #[test]
    fn an_empty_tree_is_an_empty_root() {
        let tree = PackedTree::new(Vec::new(), SIZE);
        assert_eq!(tree.nodes, [(1, vec![0; SIZE])]);
        assert!(tree.rows.is_empty() && tree.parents.is_empty());
    }

    #[test]
    fn up_to_fifty_one_rows_fit_into_the_root() {
        let tree = PackedTree::new(grid(51), SIZE);
        assert_eq!((tree.nodes.len(), count(&tree.nodes[0].1)), (1, 51));
        assert!(tree.rows.iter().all(|row| row.1 == ROOT));
        assert_eq!(PackedTree::new(grid(52), SIZE).nodes.len(), 3);
    }

    #[test]
    fn every_row_and_every_node_but_the_root_stands_in_one_node_above() {
        for (n, depth) in [(52, 1), (2601, 1), (2602, 2), (9000, 2)] {
            let tree = PackedTree::new(grid(n), SIZE);
            assert_eq!(tree.nodes[0].1[..2], [0, depth], "{n}");
            let rows: Vec<i64> = tree.rows.iter().map(|row| row.0).collect();
            assert_eq!(rows, (-7..i64::from(n) - 7).collect::<Vec<_>>());
            let nodes: Vec<i64> = tree.nodes.iter().map(|node| node.0).collect();
            assert_eq!(nodes, (1..=i64::try_from(nodes.len()).unwrap()).collect::<Vec<_>>());
            let below: Vec<i64> = tree.parents.iter().map(|parent| parent.0).collect();
            assert_eq!(below, nodes[1..]);
            let entries: usize = tree.nodes.iter().map(|node| count(&node.1)).sum();
            assert_eq!(entries, rows.len() + below.len());
        }
    }

    #[test]
    fn nodes_are_nearly_full() {
        let tree = PackedTree::new(grid(9000), SIZE);
        assert!(tree.nodes[1..].iter().all(|node| count(&node.1) >= 44));
    }

    #[test]
    fn a_box_is_rounded_outwards_to_single_precision() {
        let entry = Entry::around(1, [0.1, -0.1], [0.3, f64::MAX]).unwrap();
        assert!(f64::from(entry.min[0]) <= 0.1 && f64::from(entry.min[1]) <= -0.1);
        assert!(f64::from(entry.max[0]) >= 0.3 && entry.max[1].is_infinite());
        let exact = Entry::around(1, [0.5, 2.0], [0.75, 3.0]).unwrap();
        assert_eq!((exact.min, exact.max), ([0.5, 2.0], [0.75, 3.0]));
        assert_eq!(Entry::around(1, [0.0, f64::NAN], [1.0, 1.0]), None);
    }
}
