//! Features as columns: GDAL's Arrow stream through the Arrow C data interface.
#![allow(unsafe_code)]

use std::{ffi::CStr, marker::PhantomData, mem, ptr, slice};

use gdal::{
    cpl::CslStringList,
    errors::{GdalError, Result},
    vector::LayerAccess,
};
use gdal_sys::{ArrowArray, ArrowArrayStream, ArrowSchema};

/// An open stream over the features of a layer.
pub(super) struct Stream<'a> {
    source: ArrowArrayStream,
    /// Name and Arrow format of each column.
    pub columns: Vec<(String, String)>,
    layer: PhantomData<&'a mut ()>,
}

impl<'a> Stream<'a> {
    pub fn new<L: LayerAccess>(layer: &'a mut L, options: &CslStringList) -> Result<Self> {
        // SAFETY: structures of integers and pointers may be zero, which means not in use.
        let mut opened: Self =
            Self { source: unsafe { mem::zeroed() }, columns: Vec::new(), layer: PhantomData };
        // SAFETY: the stream is ours, released once on drop, and does not outlive the layer; the schema is
        // read while it is alive and released here.
        unsafe {
            layer.read_arrow_stream(&raw mut opened.source, options)?;
            let mut schema: ArrowSchema = mem::zeroed();
            let get = opened.source.get_schema.ok_or_else(|| broken("get_schema"))?;
            if get(&raw mut opened.source, &raw mut schema) != 0 {
                return Err(broken("get_schema"));
            }
            // Arrow allows a name to be left out.
            let text = |text: *const std::ffi::c_char| {
                if text.is_null() {
                    String::new()
                } else {
                    CStr::from_ptr(text).to_string_lossy().into_owned()
                }
            };
            for at in 0..usize::try_from(schema.n_children).unwrap_or(0) {
                let child = *schema.children.add(at);
                opened.columns.push((text((*child).name), text((*child).format)));
            }
            if let Some(release) = schema.release {
                release(&raw mut schema);
            }
        }
        Ok(opened)
    }

    /// The next features, `None` after the last.
    pub fn next(&mut self) -> Result<Option<Batch>> {
        // SAFETY: as above; an array without `release` says that the stream has ended.
        unsafe {
            let mut array: ArrowArray = mem::zeroed();
            let get = self.source.get_next.ok_or_else(|| broken("get_next"))?;
            if get(&raw mut self.source, &raw mut array) != 0 {
                return Err(broken("get_next"));
            }
            Ok(array.release.is_some().then_some(Batch(array)))
        }
    }
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        if let Some(release) = self.source.release {
            // SAFETY: released once; whoever releases clears the pointer.
            unsafe { release(&raw mut self.source) };
        }
    }
}

/// Some features, column by column.
pub(super) struct Batch(ArrowArray);

impl Batch {
    pub fn rows(&self) -> usize {
        self.0.length.try_into().unwrap_or(0)
    }

    /// Column `at`, whose format the stream states as `format`. `None` for a format that is not known
    /// here, and for arrays that are not laid out as stated.
    pub fn column(&self, at: usize, format: &str) -> Option<Array<'_>> {
        if self.0.offset != 0 || at >= usize::try_from(self.0.n_children).ok()? {
            return None;
        }
        // SAFETY: GDAL made as many children as it says, and they live as long as the batch.
        let child = unsafe { &**self.0.children.add(at) };
        let (offset, rows) = (usize::try_from(child.offset).ok()?, self.rows());
        if usize::try_from(child.length).ok()? < rows {
            return None;
        }
        let end = offset.checked_add(rows)?;
        // SAFETY: the buffers of an array of this format hold values for the rows up to `end`, and
        // one offset more where it is one of bytes; the last offset is the length of the bytes.
        unsafe {
            let values = match format {
                "i" => Values::Int32(buffer(child, 1, end)?.get(offset..)?),
                "l" => Values::Int64(buffer(child, 1, end)?.get(offset..)?),
                "g" => Values::Float64(buffer(child, 1, end)?.get(offset..)?),
                "u" | "z" => {
                    let offsets: &[i32] = if rows == 0 { &[] } else { buffer(child, 1, end + 1)? };
                    let length = offsets.last().map_or(Ok(0), |&last| last.try_into()).ok()?;
                    Values::Bytes(offsets.get(offset..)?, buffer(child, 2, length)?)
                }
                _ => return None,
            };
            let all_valid = (*child.buffers).is_null();
            let valid = if all_valid { None } else { Some(buffer(child, 0, end.div_ceil(8))?) };
            Some(Array { valid, offset, values })
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        if let Some(release) = self.0.release {
            // SAFETY: released once; whoever releases clears the pointer.
            unsafe { release(&raw mut self.0) };
        }
    }
}

/// Buffer `at` of an array; `None` when it is not there or not aligned.
///
/// # Safety
/// The buffer holds `length` values of `T`.
unsafe fn buffer<T>(array: &ArrowArray, at: usize, length: usize) -> Option<&[T]> {
    if at >= usize::try_from(array.n_buffers).ok()? {
        return None;
    }
    if length == 0 {
        return Some(&[]);
    }
    // SAFETY: the caller says so.
    unsafe {
        let start: *const T = (*array.buffers.add(at)).cast();
        let usable = !ptr::eq(start, ptr::null()) && start.is_aligned();
        usable.then(|| slice::from_raw_parts(start, length))
    }
}

/// The values of one column in one batch.
pub(super) struct Array<'a> {
    valid: Option<&'a [u8]>,
    offset: usize,
    pub values: Values<'a>,
}

/// Values as Arrow lays them out.
pub(super) enum Values<'a> {
    Int32(&'a [i32]),
    Int64(&'a [i64]),
    Float64(&'a [f64]),
    /// Where each value starts, with the end of the last, and all bytes.
    Bytes(&'a [i32], &'a [u8]),
}

impl<'a> Array<'a> {
    /// Whether row `row` has a value.
    pub fn is_valid(&self, row: usize) -> bool {
        let at = self.offset + row;
        let bit = |bits: &[u8]| bits.get(at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1);
        self.valid.is_none_or(bit)
    }

    /// The bytes of row `row`, `None` when it has no value.
    pub fn bytes(&self, row: usize) -> Option<&'a [u8]> {
        let Values::Bytes(offsets, bytes) = self.values else {
            return None;
        };
        if !self.is_valid(row) {
            return None;
        }
        let at = |row: usize| usize::try_from(*offsets.get(row)?).ok();
        bytes.get(at(row)?..at(row + 1)?)
    }
}

fn broken(method_name: &'static str) -> GdalError {
    GdalError::NullPointer { method_name, msg: "the Arrow stream failed".to_owned() }
}
