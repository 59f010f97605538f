//! Printed numbers of Arellano & Bond (1991), Windmeijer (2005) and Blundell & Bond (1998).

use crate::support::{data, fit, models::*, near};
use durbin_gmm::{Fit, H};

#[test]
fn published_numbers_of_arellano_and_bond_and_of_windmeijer_come_out() {
    let data = data("abdata.csv");
    let first = |fit: &Fit| {
        let coefficient = fit.coefficients()[0].1;
        [coefficient.estimate, coefficient.std_error].map(|v| format!("{v:.3}"))
    };
    // Arellano & Bond (1991), Table 4, columns a1 and a2; Windmeijer (2005), Table 3.
    assert_eq!(first(&fit(&ab(AB_X, "one time"), &data)), ["0.686", "0.145"]);
    assert_eq!(first(&fit(&ab(AB_X, "time"), &data)), ["0.629", "0.193"]);
    assert_eq!(first(&fit(&ab(AB_X, "time classical"), &data)), ["0.629", "0.090"]);
}

#[test]
fn h_moves_the_system_estimate() {
    let data = data("abdata_gretl.csv");
    let mut spec = bb("sys one time");
    let mut under = |h: H| {
        spec.h = h;
        fit(&spec, &data).estimates[0]
    };
    near("3", under(H::Full), 0.935_605, 1e-5);
    near("2", under(H::Block), 0.871_414, 1e-5);
    // DPD's H is that of 2 at half the scale, which the coefficients do not see.
    near("dpd", under(H::Dpd), under(H::Block), 1e-9);
}
