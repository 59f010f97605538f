//! From the words to the matrix.

use durbin_core::{Column, Named, Units, Warning};

use crate::{
    Built, Contiguity, Error, Islands, Length, LengthUnit, Linked, Spec, Weights, attribute, band,
    combine, contiguity, contiguity_within, distance::Metric, files, inverse_distance, kernel,
    link_islands, nearest,
};

/// What weights are built from.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// Keys of the units, in the order of rows.
    pub ids: &'a [String],
    /// The units with their shapes, in that order; `None` when there are no shapes.
    pub units: Option<&'a Units>,
    /// Attributes by name, one value per unit in that order.
    pub attribute: &'a dyn Fn(&str) -> Result<Column, durbin_core::Error>,
    /// Boundaries this close touch.
    pub snap: Option<Length>,
}

impl Spec {
    /// Builds or reads the weights, unscaled.
    ///
    /// With [`Islands::Nearest`] units without neighbours are linked to the nearest one, before an economic
    /// distance enters; a unit without geometry stays an island. Refusing islands is for the caller.
    ///
    /// # Errors
    /// [`Error::NoGeometry`] where shapes are needed and missing, [`Error::NearestNotPossible`] for
    /// islands of weights that have no value for a new link; otherwise as the functions of each kind.
    pub fn build(&self, ground: &Ground, islands: Islands) -> Result<Built, Error> {
        let Built { mut weights, mut warnings } = self.raw(ground, islands)?;
        let linked_within = matches!(self, Self::Economic { all: false, .. } | Self::Nested { .. });
        if islands == Islands::Nearest && !linked_within && !weights.islands().is_empty() {
            weights = self.linked(&weights, ground, &mut warnings)?;
        }
        Ok(Built { weights, warnings })
    }

    fn raw(&self, ground: &Ground, islands: Islands) -> Result<Built, Error> {
        let bare = |weights: Weights| Ok(Built { weights, warnings: Vec::new() });
        match self {
            Self::Contiguity { kind, order } => {
                let Built { mut weights, warnings } = touching(ground, *kind)?;
                if order.highest > 1 {
                    weights = weights.of_order(*order);
                    weights.kind = self.to_string();
                }
                Ok(Built { weights, warnings })
            }
            Self::Nearest { k } => bare(nearest(ground.shapes()?, *k)?),
            Self::Distance(reach) => band(ground.shapes()?, *reach),
            Self::InverseDistance { band, power } => {
                inverse_distance(ground.shapes()?, *band, *power)
            }
            Self::Kernel { kernel: shape, bandwidth } => {
                kernel(ground.shapes()?, *shape, *bandwidth)
            }
            Self::Economic { field, all: true } => {
                bare(attribute::economic(ground.ids, &(ground.attribute)(field)?)?)
            }
            Self::Economic { field, all: false } => {
                self.over_difference(&Self::QUEEN, field, ground, islands)
            }
            Self::Nested { field, within } => self.over_difference(within, field, ground, islands),
            Self::Block { field } => {
                bare(attribute::block(ground.ids, &(ground.attribute)(field)?)?)
            }
            Self::Combined { operation, parts } => {
                let mut warnings = Vec::new();
                let mut built = Vec::new();
                for part in parts {
                    let part = part.raw(ground, Islands::Keep)?;
                    built.push(part.weights);
                    warnings.extend(part.warnings);
                }
                let weights = combine::combined(*operation, &built, self.to_string());
                Ok(Built { weights, warnings })
            }
            Self::File(path) => {
                let (weights, unused) = files::read(path)?.aligned(ground.ids)?;
                let warnings = (!unused.is_empty()).then(|| {
                    let units: Named = unused.iter().collect();
                    Warning::Other(format!(
                        "{} has weights of units that the data do not have, left out: {units}",
                        path.display()
                    ))
                });
                Ok(Built { weights, warnings: warnings.into_iter().collect() })
            }
        }
    }

    fn over_difference(
        &self,
        within: &Self,
        field: &str,
        ground: &Ground,
        islands: Islands,
    ) -> Result<Built, Error> {
        let Built { weights, warnings } = within.build(ground, islands)?;
        let column = (ground.attribute)(field)?;
        let mut weights = attribute::over_difference(&weights, &column)?;
        weights.kind = self.to_string();
        Ok(Built { weights, warnings })
    }

    fn linked(
        &self,
        weights: &Weights,
        ground: &Ground,
        warnings: &mut Vec<Warning>,
    ) -> Result<Weights, Error> {
        let weight = self.weight_at(weights).ok_or_else(|| Error::NearestNotPossible {
            kind: weights.kind.clone(),
            islands: weights.islands().iter().map(|&i| &weights.ids()[i]).collect(),
        })?;
        let Linked { weights, links, .. } = link_islands(weights, ground.shapes()?, weight)?;
        if !links.is_empty() {
            let links: Named =
                links.iter().map(|link| format!("{} to {}", link.island, link.nearest)).collect();
            warnings.push(Warning::Other(format!(
                "units without neighbours linked to the nearest unit, by representative points: {links}"
            )));
        }
        Ok(weights)
    }

    /// The weight of a new link by its distance; `None` where the kind gives none.
    fn weight_at(&self, weights: &Weights) -> Option<Box<dyn Fn(f64) -> f64>> {
        match *self {
            Self::InverseDistance { power, .. } => Some(Box::new(move |d: f64| d.powf(-power))),
            Self::Kernel { .. } => None,
            _ if weights.is_binary() => Some(Box::new(|_| 1.0)),
            _ => None,
        }
    }
}

impl<'a> Ground<'a> {
    fn shapes(&self) -> Result<&'a Units, Error> {
        let with_shapes = self.units.filter(|units| units.shapes.iter().any(Option::is_some));
        with_shapes.ok_or(Error::NoGeometry { n: self.ids.len() })
    }
}

fn touching(ground: &Ground, kind: Contiguity) -> Result<Built, Error> {
    let units = ground.shapes()?;
    let Some(snap) = ground.snap.filter(|snap| snap.value > 0.0) else {
        return Ok(Built { weights: contiguity(units, kind)?, warnings: Vec::new() });
    };
    // A bare length in degrees becomes metres here, with a warning, as everywhere.
    let (metres, warning) = Metric::of(units.layer.crs.as_ref()).radius(snap)?;
    let distance = match warning {
        Some(_) => Length { value: metres, unit: LengthUnit::Metre },
        None => snap,
    };
    let mut weights = contiguity_within(units, kind, distance)?;
    weights.kind = format!("{} snap {snap}", kind.name());
    Ok(Built { weights, warnings: warning.into_iter().collect() })
}
