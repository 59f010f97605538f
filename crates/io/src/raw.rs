//! The few calls that the safe `gdal` crate lacks.
#![allow(unsafe_code)]

use std::{
    ffi::{CStr, CString, c_char},
    path::{Path, PathBuf},
    ptr,
    sync::atomic::{AtomicUsize, Ordering},
};

use gdal::{
    errors::{GdalError, Result},
    vector::{Defn, Feature, Geometry, Layer, LayerAccess},
};
use gdal_sys::{OGRErr, OGRFieldSubType, OGRFieldType};

/// Subtype of field `index`, such as Boolean or Int16.
pub(crate) fn subtype(defn: &Defn, index: usize) -> Result<OGRFieldSubType::Type> {
    let index = index.try_into()?;
    // SAFETY: the definition lives as long as `defn`; GDAL answers a null pointer for an index out
    // of range, and a null field has no subtype.
    unsafe {
        let field = gdal_sys::OGR_FD_GetFieldDefn(defn.c_defn(), index);
        Ok(if field.is_null() {
            OGRFieldSubType::OFSTNone
        } else {
            gdal_sys::OGR_Fld_GetSubType(field)
        })
    }
}

/// What a field of a new layer is declared as.
pub(crate) struct FieldType<'a> {
    pub name: &'a str,
    pub kind: OGRFieldType::Type,
    pub subtype: OGRFieldSubType::Type,
    pub width: i32,
    pub precision: i32,
}

/// Adds a field to a layer. The safe crate sets no subtype.
pub(crate) fn create_field(layer: &Layer, field: &FieldType) -> Result<()> {
    let name = CString::new(field.name)?;
    // SAFETY: the definition is created, used and destroyed here; the layer copies it.
    let err = unsafe {
        let definition = gdal_sys::OGR_Fld_Create(name.as_ptr(), field.kind);
        gdal_sys::OGR_Fld_SetSubType(definition, field.subtype);
        gdal_sys::OGR_Fld_SetWidth(definition, field.width);
        gdal_sys::OGR_Fld_SetPrecision(definition, field.precision);
        let err = gdal_sys::OGR_L_CreateField(layer.c_layer(), definition, 1);
        gdal_sys::OGR_Fld_Destroy(definition);
        err
    };
    outcome(err, "OGR_L_CreateField")
}

/// Whether field `index` holds a value: neither null nor absent.
pub(crate) fn is_set(feature: &Feature, index: usize) -> Result<bool> {
    let index = index.try_into()?;
    // SAFETY: the feature is alive, and GDAL checks the index.
    Ok(unsafe { gdal_sys::OGR_F_IsFieldSetAndNotNull(feature.c_feature(), index) } != 0)
}

/// Sets field `index` to bytes.
pub(crate) fn set_binary(feature: &mut Feature, index: usize, bytes: &[u8]) -> Result<()> {
    let (index, length) = (index.try_into()?, bytes.len().try_into()?);
    // SAFETY: GDAL copies `length` bytes, which is the length of `bytes`.
    unsafe {
        gdal_sys::OGR_F_SetFieldBinary(feature.c_feature(), index, length, bytes.as_ptr().cast());
    }
    Ok(())
}

/// Name of the column of feature ids, `None` when the format has none.
pub(crate) fn fid_column(layer: &Layer) -> Option<String> {
    // SAFETY: the layer is alive, and so is its text, which is copied.
    unsafe { text(gdal_sys::OGR_L_GetFIDColumn(layer.c_layer())) }
}

/// Name of the geometry column, `None` when the format has none.
pub(crate) fn geometry_column(layer: &Layer) -> Option<String> {
    // SAFETY: the layer is alive, and so is its text, which is copied.
    unsafe { text(gdal_sys::OGR_L_GetGeometryColumn(layer.c_layer())) }
}

/// A copy of a text of GDAL's, `None` when it is empty.
///
/// # Safety
/// `text` is null or terminated.
unsafe fn text(text: *const c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: the caller says so.
    let text = unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned();
    (!text.is_empty()).then_some(text)
}

/// The id of a feature that the format is to number.
pub(crate) const NO_FID: i64 = -1;

/// The feature id, negative ones included.
pub(crate) fn fid(feature: &Feature) -> i64 {
    // SAFETY: the feature is alive.
    unsafe { gdal_sys::OGR_F_GetFID(feature.c_feature()) }
}

/// Sets the feature id.
pub(crate) fn set_fid(feature: &mut Feature, fid: i64) -> Result<()> {
    // SAFETY: the feature is alive.
    outcome(unsafe { gdal_sys::OGR_F_SetFID(feature.c_feature(), fid) }, "OGR_F_SetFID")
}

fn outcome(err: OGRErr::Type, method_name: &'static str) -> Result<()> {
    match err {
        OGRErr::OGRERR_NONE => Ok(()),
        err => Err(GdalError::OgrError { err, method_name }),
    }
}

/// Whether a feature has a geometry: the safe crate hands out a null one for a feature without.
pub(crate) fn has_geometry(feature: &Feature) -> bool {
    // SAFETY: the feature is alive; the pointer is only compared.
    !unsafe { gdal_sys::OGR_F_GetGeometryRef(feature.c_feature()) }.is_null()
}

/// A bounding box: least and greatest x and y.
pub(crate) struct Envelope {
    pub min: [f64; 2],
    pub max: [f64; 2],
}

/// Gives a feature the geometry `wkb`, or none, in place of the one it had. Returns the bounding box,
/// `None` when there is no coordinate.
pub(crate) fn set_geometry(feature: &mut Feature, wkb: Option<&[u8]>) -> Result<Option<Envelope>> {
    let mut geometry = ptr::null_mut();
    if let Some(wkb) = wkb {
        let length = wkb.len().try_into()?;
        // SAFETY: GDAL reads `length` bytes, which is the length of `wkb`, and makes a geometry of ours.
        let err = unsafe {
            let reference = ptr::null_mut();
            gdal_sys::OGR_G_CreateFromWkb(wkb.as_ptr().cast(), reference, &raw mut geometry, length)
        };
        outcome(err, "OGR_G_CreateFromWkb")?;
    }
    let mut found = gdal_sys::OGREnvelope { MinX: 0.0, MaxX: 0.0, MinY: 0.0, MaxY: 0.0 };
    // SAFETY: the geometry, if any, is alive until the feature, which takes it over and frees it,
    // is given another.
    let empty = unsafe {
        let empty = geometry.is_null() || gdal_sys::OGR_G_IsEmpty(geometry) != 0;
        if !empty {
            gdal_sys::OGR_G_GetEnvelope(geometry, &raw mut found);
        }
        outcome(
            gdal_sys::OGR_F_SetGeometryDirectly(feature.c_feature(), geometry),
            "OGR_F_SetGeometryDirectly",
        )?;
        empty
    };
    let (min, max) = ([found.MinX, found.MinY], [found.MaxX, found.MaxY]);
    Ok((!empty).then_some(Envelope { min, max }))
}

/// A geometry of a curve type as its linear type, arcs replaced by chords, as ISO WKB; `None` when it
/// is linear already. A curve type is converted even if it holds no arc: `wkb` cannot read it.
pub(crate) fn linear_wkb(geometry: &Geometry) -> Result<Option<Vec<u8>>> {
    // SAFETY: the geometry is alive; 0 asks for curve types, also those that hold no arc.
    let handle = unsafe { geometry.c_geometry() };
    if unsafe { gdal_sys::OGR_G_HasCurveGeometry(handle, 0) } == 0 {
        return Ok(None);
    }
    // SAFETY: the result is a new geometry of ours; the borrowed wrapper never frees it and does
    // not outlive it.
    unsafe {
        let linear = gdal_sys::OGR_G_GetLinearGeometry(handle, 0.0, ptr::null_mut());
        if linear.is_null() {
            let (method_name, msg) = ("OGR_G_GetLinearGeometry", String::new());
            return Err(GdalError::NullPointer { method_name, msg });
        }
        let borrowed = Geometry::lazy_feature_geometry();
        borrowed.set_c_geometry(linear);
        let wkb = borrowed.iso_wkb();
        drop(borrowed);
        gdal_sys::OGR_G_DestroyGeometry(linear);
        wkb.map(Some)
    }
}

/// A folder of GDAL's files in memory; it goes with what is in it.
#[derive(Debug)]
pub(crate) struct MemoryFolder(CString);

impl MemoryFolder {
    /// A folder of its own: threads of one process share the memory.
    pub fn new() -> Result<Self> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let path = format!("/vsimem/durbin-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let path = CString::new(path)?;
        // SAFETY: the text is terminated. A folder that cannot be made shows when a file is.
        unsafe { gdal_sys::VSIMkdir(path.as_ptr(), 0o700) };
        Ok(Self(path))
    }

    pub fn file(&self, name: &Path) -> PathBuf {
        Path::new(self.0.to_string_lossy().as_ref()).join(name)
    }
}

impl Drop for MemoryFolder {
    fn drop(&mut self) {
        // SAFETY: the text is terminated, and nobody else knows the folder.
        unsafe { gdal_sys::VSIRmdirRecursive(self.0.as_ptr()) };
    }
}

/// Emits a warning through GDAL.
#[cfg(test)]
pub(crate) fn warn(text: &str) {
    let text = CString::new(text).unwrap();
    // SAFETY: both texts are terminated, and the format takes one.
    unsafe { gdal_sys::CPLError(gdal_sys::CPLErr::CE_Warning, 1, c"%s".as_ptr(), text.as_ptr()) };
}
