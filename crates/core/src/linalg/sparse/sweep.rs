//! From the leaves to the roots.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{Analysis, block::Pool};

impl Analysis {
    /// What `visit` makes of each front, in their order; children come before their parents and leave what they have for
    /// them, by number. Stops where a visit returns nothing. Who visits which front does not depend on the number of threads.
    pub(super) fn upwards<T: Send, P: Send>(
        &self,
        visit: impl Fn(usize, &mut Pool, &mut HashMap<usize, P>) -> Option<T> + Sync,
    ) -> Option<Vec<T>> {
        let run = |fronts: &[u32], left: &mut HashMap<usize, P>| {
            self.pools.lend(|pool| {
                let each = fronts.iter().map(|&f| {
                    let f = f as usize;
                    visit(f, pool, left).map(|made| (f, made))
                });
                each.collect::<Option<Vec<(usize, T)>>>()
            })
        };
        let tasks: Option<Vec<_>> = self
            .tasks
            .par_iter()
            .map(|fronts| {
                let mut left = HashMap::new();
                run(fronts, &mut left).map(|made| (made, left))
            })
            .collect();
        let (mut all, mut left) = (Vec::with_capacity(self.n_fronts()), HashMap::new());
        for (made, more) in tasks? {
            all.extend(made);
            left.extend(more);
        }
        all.extend(run(&self.top, &mut left)?);
        all.sort_unstable_by_key(|(f, _)| *f);
        Some(all.into_iter().map(|(_, made)| made).collect())
    }
}
