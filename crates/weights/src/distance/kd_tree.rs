//! A balanced k-d tree over points that do not change (Bentley 1975, *Communications of the ACM* 18), with
//! the exact box of each node.
//!
//! The squared distance to a box is rounded as that to a point is, coordinate by coordinate, and rounding
//! keeps order: it never exceeds the squared distance to a point inside. So nothing is missed, and what is
//! found does not depend on the shape of the tree.

use std::cmp::Ordering;
use std::ops::Range;

/// Points in `D` dimensions, each with the number of its item.
pub struct KdTree<const D: usize> {
    entries: Vec<Entry<D>>,
    /// In preorder; all leaves are at the same depth.
    boxes: Vec<Bounds<D>>,
    /// Splits above every leaf.
    depth: u32,
}

#[derive(Debug, Clone, Copy)]
struct Entry<const D: usize> {
    point: [f64; D],
    item: u32,
}

#[derive(Debug, Clone, Copy)]
struct Bounds<const D: usize> {
    min: [f64; D],
    max: [f64; D],
}

/// A node and the entries below it.
#[derive(Clone)]
struct Node {
    at: usize,
    splits: u32,
    entries: Range<usize>,
}

const LEAF: usize = 8;
const SEQUENTIAL: usize = 4096;

impl<const D: usize> KdTree<D> {
    pub fn new(points: impl IntoIterator<Item = (u32, [f64; D])>) -> Self {
        let mut entries: Vec<Entry<D>> =
            points.into_iter().map(|(item, point)| Entry { point, item }).collect();
        let mut depth = 0;
        while entries.len() >> depth > LEAF {
            depth += 1;
        }
        let empty = Bounds { min: [f64::INFINITY; D], max: [f64::NEG_INFINITY; D] };
        let mut boxes = vec![empty; (2 << depth) - 1];
        build(&mut entries, &mut boxes, depth);
        Self { entries, boxes, depth }
    }

    /// The items, close ones mostly close together.
    pub fn items(&self) -> impl Iterator<Item = u32> {
        self.entries.iter().map(|entry| entry.item)
    }

    /// How many points there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The item and the point that stand `at` this place in the order of [`KdTree::items`].
    pub fn entry(&self, at: usize) -> (u32, [f64; D]) {
        (self.entries[at].item, self.entries[at].point)
    }

    /// The `k` items nearest to `query`, itself left out, as squared distance and item, nearest first;
    /// equally near ones in the `order` of items.
    pub fn nearest(
        &self,
        query: [f64; D],
        itself: u32,
        k: usize,
        order: &impl Fn(u32, u32) -> Ordering,
        found: &mut Vec<(f64, u32)>,
    ) {
        self.nearest_within(f64::INFINITY, query, itself, k, order, found);
    }

    /// The same as [`KdTree::nearest`] where `k` other items are known to be within the squared distance `limit`.
    pub fn nearest_within(
        &self,
        limit: f64,
        query: [f64; D],
        itself: u32,
        k: usize,
        order: &impl Fn(u32, u32) -> Ordering,
        found: &mut Vec<(f64, u32)>,
    ) {
        found.clear();
        if k > 0 {
            Search { tree: self, query, itself, k, order, found, limit }.below(self.root());
        }
    }

    /// Gives `found` every item within the squared distance `reach` of `query`, and its squared distance.
    pub fn within(&self, query: [f64; D], reach: f64, found: &mut impl FnMut(u32, f64)) {
        self.within_below(self.root(), query, reach, found);
    }

    fn within_below(
        &self,
        node: Node,
        query: [f64; D],
        reach: f64,
        found: &mut impl FnMut(u32, f64),
    ) {
        if node.splits == 0 {
            for entry in &self.entries[node.entries] {
                let distance = squared(query, entry.point);
                if distance <= reach {
                    found(entry.item, distance);
                }
            }
            return;
        }
        for child in node.children() {
            if self.boxes[child.at].squared(query) <= reach {
                self.within_below(child, query, reach, found);
            }
        }
    }

    fn root(&self) -> Node {
        Node { at: 0, splits: self.depth, entries: 0..self.entries.len() }
    }
}

impl Node {
    fn children(&self) -> [Self; 2] {
        let splits = self.splits - 1;
        let middle = middle(self.entries.clone());
        let right = self.at + (2 << splits);
        [
            Self { at: self.at + 1, splits, entries: self.entries.start..middle },
            Self { at: right, splits, entries: middle..self.entries.end },
        ]
    }
}

/// A search for the nearest items.
struct Search<'a, const D: usize, F> {
    tree: &'a KdTree<D>,
    query: [f64; D],
    itself: u32,
    k: usize,
    order: &'a F,
    /// The nearest so far, nearest first.
    found: &'a mut Vec<(f64, u32)>,
    /// At least the squared distance to the `k`-th.
    limit: f64,
}

impl<const D: usize, F: Fn(u32, u32) -> Ordering> Search<'_, D, F> {
    fn below(&mut self, node: Node) {
        if node.splits == 0 {
            for entry in &self.tree.entries[node.entries] {
                let distance = squared(self.query, entry.point);
                if distance <= self.reach() && entry.item != self.itself {
                    self.keep((distance, entry.item));
                }
            }
            return;
        }
        let [left, right] = node.children();
        let (to_left, to_right) = (self.bound(&left), self.bound(&right));
        let in_order = if to_right < to_left {
            [(right, to_right), (left, to_left)]
        } else {
            [(left, to_left), (right, to_right)]
        };
        for (child, bound) in in_order {
            if bound <= self.reach() {
                self.below(child);
            }
        }
    }

    fn bound(&self, node: &Node) -> f64 {
        self.tree.boxes[node.at].squared(self.query)
    }

    fn reach(&self) -> f64 {
        if self.found.len() < self.k { self.limit } else { self.found[self.k - 1].0 }
    }

    fn keep(&mut self, new: (f64, u32)) {
        let nearer = |other: (f64, u32)| {
            new.0 < other.0 || (new.0 <= other.0 && (self.order)(new.1, other.1).is_lt())
        };
        let found = &mut *self.found;
        if found.len() < self.k {
            found.push(new);
        } else if !nearer(found[self.k - 1]) {
            return;
        }
        let mut at = found.len() - 1;
        while at > 0 && nearer(found[at - 1]) {
            found[at] = found[at - 1];
            at -= 1;
        }
        found[at] = new;
    }
}

impl<const D: usize> Bounds<D> {
    /// The squared distance from `query` to the nearest place in the box.
    fn squared(&self, query: [f64; D]) -> f64 {
        let mut sum = 0.0;
        for (d, at) in query.into_iter().enumerate() {
            let beyond = (self.min[d] - at).max(at - self.max[d]).max(0.0);
            sum += beyond * beyond;
        }
        sum
    }

    fn widest(&self) -> usize {
        let width = |d: usize| self.max[d] - self.min[d];
        (1..D).fold(0, |widest, d| if width(d) > width(widest) { d } else { widest })
    }
}

pub fn squared<const D: usize>(a: [f64; D], b: [f64; D]) -> f64 {
    let mut sum = 0.0;
    for d in 0..D {
        sum += (a[d] - b[d]) * (a[d] - b[d]);
    }
    sum
}

fn middle(entries: Range<usize>) -> usize {
    entries.start + entries.len() / 2
}

fn build<const D: usize>(entries: &mut [Entry<D>], boxes: &mut [Bounds<D>], splits: u32) {
    let Some((bounds, below)) = boxes.split_first_mut() else {
        return;
    };
    for entry in entries.iter() {
        for d in 0..D {
            bounds.min[d] = bounds.min[d].min(entry.point[d]);
            bounds.max[d] = bounds.max[d].max(entry.point[d]);
        }
    }
    if splits == 0 {
        return;
    }
    let widest = bounds.widest();
    let middle = middle(0..entries.len());
    entries.select_nth_unstable_by(middle, |a, b| a.point[widest].total_cmp(&b.point[widest]));
    let sequential = entries.len() < SEQUENTIAL;
    let (left, right) = entries.split_at_mut(middle);
    let (left_boxes, right_boxes) = below.split_at_mut((2 << (splits - 1)) - 1);
    let mut build_left = || build(left, left_boxes, splits - 1);
    let mut build_right = || build(right, right_boxes, splits - 1);
    if sequential {
        build_left();
        build_right();
    } else {
        rayon::join(build_left, build_right);
    }
}
