//! Fits that share a panel are those of each alone.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use durbin_sdm::{Durbin, Dynamic, Effects, Fit, Model, Prepared, PreparedPanel, SdmSpec, Vcov};
use support::{cigar, cigar_weights};

/// Every number of a fit, to the bit.
fn bits(fit: &Fit) -> Vec<u64> {
    let effects = fit.impacts().unwrap().rows.into_iter().flat_map(|row| {
        [row.direct, row.indirect, row.total].map(|one| [one.estimate, one.std_error])
    });
    let mut numbers: Vec<f64> = effects.flatten().collect();
    numbers.extend(&fit.parameters);
    numbers.extend(&fit.covariance);
    numbers.extend([fit.log_likelihood, fit.r_squared, fit.r_squared_within]);
    numbers.into_iter().map(f64::to_bits).collect()
}

fn specifications() -> Vec<SdmSpec> {
    let base = || SdmSpec::new("logc", ["logp", "logy"]);
    let mut all = Vec::new();
    for effects in [Effects::TwoWays, Effects::Unit, Effects::Time, Effects::None, Effects::Random]
    {
        for model in [Model::Sdem, Model::Sar, Model::Sem, Model::Ols, Model::Sdm, Model::Slx] {
            all.push(base().model(model).effects(effects));
        }
    }
    all.push(SdmSpec::new("logc", ["logy", "logp"]).durbin(Durbin::Only(vec!["logy".into()])));
    all.push(base().dynamic(Dynamic::Both));
    all.push(base().model(Model::Sdem).dynamic(Dynamic::Time));
    all.push(base().model(Model::Gns).effects(Effects::Unit));
    all.push(base().model(Model::Sar).vcov(Vcov::Cluster));
    all
}

#[test]
fn fits_that_share_a_panel_are_those_alone_to_the_last_bit_in_any_order() {
    let (panel, w) = (cigar(), cigar_weights());
    let prepared = Prepared::new(&w);
    let (forth, back) =
        (PreparedPanel::new(&panel, &prepared), PreparedPanel::new(&panel, &prepared));
    let all = specifications();
    let alone: Vec<_> =
        all.iter().map(|spec| bits(&spec.fit_prepared(&panel, &prepared).unwrap())).collect();
    for (spec, alone) in all.iter().zip(&alone) {
        assert_eq!(&bits(&spec.fit_prepared_panel(&forth).unwrap()), alone, "{spec:?}");
    }
    for (spec, alone) in all.iter().zip(&alone).rev() {
        assert_eq!(&bits(&spec.fit_prepared_panel(&back).unwrap()), alone, "{spec:?}");
    }
}
