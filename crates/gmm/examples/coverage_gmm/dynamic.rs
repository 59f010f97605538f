//! yᵢₜ = ρyᵢ,ₜ₋₁ + xᵢₜ + μᵢ + εᵢₜ with xᵢₜ = 0.8xᵢ,ₜ₋₁ + 0.25μᵢ + φεᵢ,ₜ₋₁ + ξᵢₜ, μ, ε, ξ standard normal, after fifty
//! periods that are thrown away.

use durbin_core::{
    Panel,
    random::{Purpose, Stream},
};
use ndarray::Array2;

use crate::SEED;

/// A panel in which an error adds `feedback` times itself to the next period's x.
pub fn simulated(empty: &Panel, rho: f64, feedback: f64, replication: u32) -> Panel {
    let (n, t) = (empty.n_units(), empty.n_periods());
    let mut stream = Stream::new(SEED, Purpose::Simulation, replication);
    let (mut y, mut x) = (Array2::zeros((t, n)), Array2::zeros((t, n)));
    for unit in 0..n {
        let mu = stream.normal();
        let (mut now_y, mut now_x, mut before) = (mu / (1.0 - rho), mu, 0.0);
        for period in 0..50 + t {
            now_x = 0.8 * now_x + 0.25 * mu + feedback * before + stream.normal();
            before = stream.normal();
            now_y = rho * now_y + now_x + mu + before;
            if period >= 50 {
                y[[period - 50, unit]] = now_y;
                x[[period - 50, unit]] = now_x;
            }
        }
    }
    let mut panel = empty.clone();
    panel.insert("y", y);
    panel.insert("x", x);
    panel
}
