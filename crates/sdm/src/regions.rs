//! One model over several regions: are its coefficients the same?

use durbin_core::{Distribution, TestStat, linalg::inverse_spd};
use ndarray::{Array1, Array2};

use crate::Error;

/// Estimates of the same parameters in one region.
#[derive(Debug, Clone, PartialEq)]
pub struct Regional {
    /// `p` estimates.
    pub estimates: Vec<f64>,
    /// Their covariance, `p × p`.
    pub covariance: Array2<f64>,
}

/// Wald's test that parameters are the same in `R` regions that share no units, so that their estimates `b_r` with covariances
/// `V_r` are independent (Chow 1960; with spatial models Anselin 1990):
///
/// ```text
/// b̄ = (Σ V_r⁻¹)⁻¹ Σ V_r⁻¹b_r        W = Σ (b_r − b̄)'V_r⁻¹(b_r − b̄)        χ² with (R − 1)p degrees of freedom
/// ```
///
/// # Errors
/// A covariance that is not positive definite.
pub fn equal_in_regions(of: &str, regions: &[Regional]) -> Result<TestStat, Error> {
    let p = regions.first().map_or(0, |region| region.estimates.len());
    let mut precision = Array2::<f64>::zeros((p, p));
    let mut weighted = Array1::<f64>::zeros(p);
    let mut inverses = Vec::with_capacity(regions.len());
    for region in regions {
        let inverse = inverse_spd(&region.covariance, "the covariance of a region")?;
        precision += &inverse;
        weighted += &inverse.dot(&Array1::from(region.estimates.clone()));
        inverses.push(inverse);
    }
    let common = inverse_spd(&precision, "the precision over regions")?.dot(&weighted);
    let each = regions.iter().zip(&inverses).map(|(region, inverse)| {
        let off = Array1::from(region.estimates.clone()) - &common;
        off.dot(&inverse.dot(&off))
    });
    let free = regions.len().saturating_sub(1) * p;
    Ok(TestStat::new(
        format!("Equal in all regions: {of}"),
        format!("{of} the same in all regions"),
        each.sum(),
        Distribution::ChiSquared(free as f64),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// With one parameter in two regions it is the square of the difference over its standard error.
    #[test]
    fn of_two_regions_it_is_the_squared_z_of_the_difference() {
        let region =
            |b: f64, se: f64| Regional { estimates: vec![b], covariance: array![[se * se]] };
        let test = equal_in_regions("β", &[region(1.0, 0.3), region(0.2, 0.4)]).unwrap();
        assert!((test.statistic.unwrap() - (0.8_f64 / 0.5).powi(2)).abs() < 1e-12);
        assert_eq!(test.distribution, Distribution::ChiSquared(1.0));
    }

    /// The same by regression on one mean: what generalised least squares leaves.
    #[test]
    fn it_does_not_depend_on_the_scale_of_a_parameter() {
        let covariance = array![[0.2, 0.05], [0.05, 0.1]];
        let of = |scale: f64| {
            let d = array![[scale, 0.0], [0.0, 1.0]];
            let region = |b: [f64; 2], by: f64| Regional {
                estimates: vec![b[0] * scale, b[1]],
                covariance: d.dot(&(&covariance * by)).dot(&d),
            };
            let all = [region([1.0, 0.5], 1.0), region([0.4, 0.9], 2.0), region([1.3, 0.1], 0.5)];
            equal_in_regions("all", &all).unwrap()
        };
        let (one, other) = (of(1.0), of(250.0));
        assert_eq!(one.distribution, Distribution::ChiSquared(4.0));
        assert!((one.statistic.unwrap() - other.statistic.unwrap()).abs() < 1e-9);
    }
}
