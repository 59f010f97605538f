//! What is read of every feature besides its fields, and the geometry looked at in parallel.

use geo_types::Geometry;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::{
    geometry::{self, Looked},
    geometry_type,
};

/// Feature ids, geometry as ISO WKB, shapes, and what is invalid, row by row.
#[derive(Debug)]
pub(super) struct Gather {
    /// The type the layer declares, or its multi-part type once a feature has several parts.
    pub geometry_type: String,
    pub fids: Vec<i64>,
    pub geometry: Vec<Option<Vec<u8>>>,
    pub shapes: Vec<Option<Geometry<f64>>>,
    /// Rows with their reasons.
    pub invalid: Vec<(usize, String)>,
}

impl Gather {
    pub fn new(geometry_type: &str) -> Self {
        Self {
            geometry_type: geometry_type.to_owned(),
            fids: Vec::new(),
            geometry: Vec::new(),
            shapes: Vec::new(),
            invalid: Vec::new(),
        }
    }

    /// Adds features by id; `wkb` gives the geometry of each, as ISO WKB.
    ///
    /// # Errors
    /// The first feature whose geometry cannot be read.
    pub fn extend<'a>(
        &mut self,
        fids: &[i64],
        wkb: impl Fn(usize) -> Option<&'a [u8]> + Sync,
    ) -> Result<(), String> {
        let rows = (0..fids.len()).into_par_iter();
        let looked: Vec<Option<Result<Looked, String>>> =
            rows.map(|row| wkb(row).map(geometry::look)).collect();
        let multi =
            geometry_type::multi(&self.geometry_type).map(|multi| geometry_type::code(&multi));
        let mut several_parts = false;
        for (looked, fid) in looked.into_iter().zip(fids) {
            let looked = looked.transpose().map_err(|reason| format!("feature {fid}: {reason}"))?;
            let row = self.fids.len();
            self.fids.push(*fid);
            let Some(looked) = looked else {
                self.geometry.push(None);
                self.shapes.push(None);
                continue;
            };
            several_parts |= multi == Some(looked.kind);
            self.geometry.push(Some(looked.wkb));
            self.shapes.push(looked.shape);
            self.invalid.extend(looked.invalid.map(|reason| (row, reason)));
        }
        if several_parts {
            let multi = geometry_type::multi(&self.geometry_type);
            self.geometry_type = multi.unwrap_or_else(|| self.geometry_type.clone());
        }
        Ok(())
    }
}
