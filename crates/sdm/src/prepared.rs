//! What every likelihood over the same weights shares.

use std::sync::{Arc, OnceLock};

use durbin_core::Panel;
use durbin_weights::Weights;

use crate::{Error, LogDeterminant, columns::Columns, logdet::LogDet};

/// Weights W with the log-determinant `ln|I − ρW|`, set up once, when a model first needs it.
///
/// Many models over one W (tests, comparisons, robustness) are fitted to one `Prepared`; the numbers are
/// those of separate fits, to the last bit.
///
/// ```no_run
/// # fn both(panel: durbin_core::Panel, w: durbin_weights::Weights) -> Result<(), durbin_sdm::Error> {
/// use durbin_sdm::{Model, Prepared, SdmSpec};
///
/// let prepared = Prepared::new(&w);
/// let sdm = SdmSpec::new("V", ["P", "C"]);
/// let lag = sdm.clone().model(Model::Sar);
/// let fits = [sdm.fit_prepared(&panel, &prepared)?, lag.fit_prepared(&panel, &prepared)?];
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Prepared<'w> {
    w: &'w Weights,
    method: LogDeterminant,
    logdet: OnceLock<Result<Arc<LogDet>, Error>>,
}

impl<'w> Prepared<'w> {
    /// Nothing is computed yet.
    pub fn new(w: &'w Weights) -> Self {
        Self::by(w, LogDeterminant::Auto)
    }

    /// The same by a given method of the log-determinant.
    pub fn by(w: &'w Weights, method: LogDeterminant) -> Self {
        Self { w, method, logdet: OnceLock::new() }
    }

    /// The weights.
    pub fn weights(&self) -> &'w Weights {
        self.w
    }

    /// Sets up the log-determinant now rather than at the first fit; a failure is that fit's to report.
    pub fn set_up(&self) {
        let _ = self.logdet();
    }

    /// The log-determinant, set up at the first call.
    pub(crate) fn logdet(&self) -> Result<&Arc<LogDet>, Error> {
        self.logdet
            .get_or_init(|| LogDet::by(self.w, self.method).map(Arc::new))
            .as_ref()
            .map_err(Clone::clone)
    }
}

/// A panel over prepared weights, with what fits to it share: the spatial lags of its variables, what the within
/// transformation leaves of them, and their inner products, each found when a fit first needs it.
///
/// The numbers are those of separate fits, to the last bit. What has been found is kept as long as this is: some ten
/// columns of `n·t` numbers for each kind of effects.
///
/// ```no_run
/// # fn both(panel: durbin_core::Panel, w: durbin_weights::Weights) -> Result<(), durbin_sdm::Error> {
/// use durbin_sdm::{Model, Prepared, PreparedPanel, SdmSpec};
///
/// let prepared = Prepared::new(&w);
/// let data = PreparedPanel::new(&panel, &prepared);
/// let sdm = SdmSpec::new("V", ["P", "C"]);
/// let error = sdm.clone().model(Model::Sdem);
/// let fits = [sdm.fit_prepared_panel(&data)?, error.fit_prepared_panel(&data)?];
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct PreparedPanel<'a> {
    pub(crate) columns: Columns<'a>,
    pub(crate) w: &'a Prepared<'a>,
}

impl<'a> PreparedPanel<'a> {
    /// Nothing is computed yet.
    pub fn new(panel: &'a Panel, w: &'a Prepared<'a>) -> Self {
        Self { columns: Columns::new(panel, w.weights(), w.weights()), w }
    }
}
