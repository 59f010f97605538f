//! The weights a user asks for, built for the units at hand.

use durbin_core::{Column, Named, PanelKeys, Units, Warning};
use durbin_io::Source;
use durbin_weights::{Built, Ground, Islands, Length, Spec, Transform, Weights};

use crate::{Error, inputs::PanelInput};

/// The weights a user asks for; what is left out takes the default of the command.
#[derive(Debug, Clone)]
pub struct WeightsChoice {
    /// What kind, or which file.
    pub spec: Spec,
    /// How rows are scaled.
    pub transform: Option<Transform>,
    /// What to do with units without neighbours.
    pub islands: Option<Islands>,
    /// Boundaries this close touch.
    pub snap: Option<Length>,
}

/// The defaults of a command where [`WeightsChoice`] is silent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WeightsDefaults {
    pub transform: Transform,
    pub islands: Islands,
    /// What islands mean for the result, when kept; `None` where the statistic says so itself.
    pub kept_islands: Option<&'static str>,
    /// Whether a unit may be its own neighbour.
    pub self_links: bool,
}

/// The units that weights are built for.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    /// Keys, in the order of rows.
    pub ids: &'a [String],
    /// Shapes and attributes, in that order.
    pub units: Option<&'a Units>,
    /// Where attributes are that the units do not have themselves.
    pub panel: Option<(&'a PanelInput, &'a PanelKeys)>,
    /// Where the units were read.
    pub file: &'a str,
}

impl WeightsChoice {
    /// The weights of a site.
    pub(crate) fn build(
        &self,
        site: Site,
        defaults: WeightsDefaults,
        warnings: &mut Vec<Warning>,
    ) -> Result<Weights, Error> {
        self.check()?;
        let file = || site.file.to_owned();
        let failed = |source| match source {
            durbin_weights::Error::NoGeometry { .. } => Error::NoGeometry { file: file() },
            source if source.is_of_file() => Error::Weights(source),
            source => Error::WeightsOf { file: file(), source },
        };
        let attribute = |field: &str| site.attribute(field);
        let ground =
            Ground { ids: site.ids, units: site.units, attribute: &attribute, snap: self.snap };
        let policy = self.islands.unwrap_or(defaults.islands);
        let Built { weights: mut raw, warnings: said } =
            self.spec.build(&ground, policy).map_err(failed)?;
        warnings.extend(said);
        if !defaults.self_links {
            let (without, left_out) = raw.without_self_links();
            if left_out > 0 {
                warnings.push(Warning::Other(format!(
                    "{left_out} unit(s) are their own neighbours in the weights `{}`; left out, as a \
                     model's weights have a zero diagonal",
                    raw.kind
                )));
            }
            raw = without;
        }
        let scaled = match self.transform {
            // Other scalings of a part of W are no longer what they were of the whole.
            Some(Transform::Binary) if raw.transform == Transform::Binary => raw,
            Some(transform) => raw.transform(transform).map_err(failed)?,
            // "Binary" by default must not flatten distances or shares.
            None if defaults.transform == Transform::Binary && !raw.is_binary() => raw,
            None => raw.transform(defaults.transform).map_err(failed)?,
        };
        let islands: Named = scaled.islands().iter().map(|&i| scaled.ids()[i].clone()).collect();
        if islands.count > 0 {
            match policy {
                Islands::Error => return Err(Error::Islands { units: islands }),
                Islands::Keep | Islands::Nearest => warnings.extend(
                    defaults
                        .kept_islands
                        .map(|treatment| Warning::Islands { units: islands, treatment }),
                ),
            }
        }
        Ok(scaled)
    }

    /// Refuses options that do not go together.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.snap.is_some() && !self.spec.compares_borders() {
            return Err(Error::Usage(format!(
                "--snap joins the borders of neighbours: it means nothing for `{}`",
                self.spec
            )));
        }
        Ok(())
    }

    /// Refuses an output that is a weights file read.
    pub(crate) fn refuse_output(&self, output: &str) -> Result<(), Error> {
        self.spec.files().into_iter().try_for_each(|path| {
            crate::files::refuse_input(output, &Source::new(path.display().to_string()))
        })
    }

    /// Whether building needs the shapes of the units.
    pub(crate) fn needs_geometry(&self) -> bool {
        self.spec.needs_geometry() || self.islands == Some(Islands::Nearest)
    }
}

impl Site<'_> {
    /// An attribute of the units: theirs, or the panel's, averaged over its periods.
    pub(crate) fn attribute(&self, field: &str) -> Result<Column, durbin_core::Error> {
        let own = self.units.map(|units| units.layer.column(field));
        match (own, self.panel) {
            (Some(Ok(column)), _) => Ok(column.clone()),
            (_, Some((input, keys))) => {
                let by_unit = keys.by_unit(input.table.column(field)?)?;
                let row = |id: &String| keys.ids.binary_search(id).ok();
                Ok(by_unit.select_or_null(&self.ids.iter().map(row).collect::<Vec<_>>()))
            }
            (Some(Err(missing)), None) => Err(missing),
            (None, None) => {
                Err(durbin_core::Error::NoColumn { field: field.to_owned(), available: Vec::new() })
            }
        }
    }
}
