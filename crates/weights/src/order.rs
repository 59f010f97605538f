//! Neighbours of neighbours.

use rayon::prelude::*;

use crate::{Order, Transform, Weights, weights::index};

impl Weights {
    /// Binary weights of units that are `order.highest` links away, and nearer unless `order.only`.
    ///
    /// The order of a pair is the number of links on the shortest way between them; a unit is no
    /// neighbour of itself.
    #[must_use]
    pub fn of_order(&self, order: Order) -> Self {
        let n = self.n_units();
        let rows: Vec<Vec<(u32, f64)>> = (0..n)
            .into_par_iter()
            .map_init(|| vec![0_u32; n], |seen, i| self.reached(i, order, seen))
            .collect();
        let mut weights = Self::from_rows(self.ids().to_vec(), rows, self.kind.clone());
        weights.transform = Transform::Binary;
        weights
    }

    /// The units that row `i` reaches, by breadth-first search. `seen` holds one plus the last row that
    /// came by each unit.
    fn reached(&self, i: usize, order: Order, seen: &mut [u32]) -> Vec<(u32, f64)> {
        let mark = index(i) + 1;
        seen[i] = mark;
        let mut reached = Vec::new();
        let mut front = vec![index(i)];
        for distance in 1..=order.highest {
            let mut next = Vec::new();
            for &unit in &front {
                for &neighbour in self.row(unit as usize).0 {
                    if seen[neighbour as usize] != mark {
                        seen[neighbour as usize] = mark;
                        next.push(neighbour);
                    }
                }
            }
            if !order.only || distance == order.highest {
                reached.extend(next.iter().map(|&unit| (unit, 1.0)));
            }
            if next.is_empty() {
                break;
            }
            front = next;
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(n: u32) -> Weights {
        let row = |i: u32| {
            let around = [i.checked_sub(1), Some(i + 1).filter(|&j| j < n)];
            around.into_iter().flatten().map(|j| (j, 1.0)).collect()
        };
        let ids = (0..n).map(|i| i.to_string()).collect();
        Weights::from_rows(ids, (0..n).map(row).collect(), "path")
    }

    fn neighbours(highest: usize, only: bool) -> Vec<u32> {
        path(7).of_order(Order { highest, only }).row(1).0.to_vec()
    }

    #[test]
    fn on_a_path_the_order_is_the_number_of_steps() {
        assert_eq!(neighbours(1, false), [0, 2]);
        assert_eq!(neighbours(3, false), [0, 2, 3, 4]);
        assert_eq!(neighbours(3, true), [4]);
        assert_eq!(neighbours(9, false), [0, 2, 3, 4, 5, 6]);
        assert_eq!(neighbours(9, true), [0; 0]);
    }

    #[test]
    fn order_two_alone_excludes_order_one_and_the_unit_itself() {
        let ring: Vec<Vec<(u32, f64)>> =
            (0..4).map(|i| vec![((i + 1) % 4, 1.0), ((i + 3) % 4, 1.0)]).collect();
        let ring = Weights::from_rows((0..4).map(|i| i.to_string()).collect(), ring, "ring");
        let second = ring.of_order(Order { highest: 2, only: true });
        assert!((0..4).all(|i| second.row(i).0 == [(index(i) + 2) % 4]));
    }
}
