//! Tells the code whether the GDAL it is built with streams features as columns: from 3.6 it does.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-check-cfg=cfg(gdal_streams_columns)");
    let version = std::env::var("DEP_GDAL_VERSION_NUMBER").unwrap_or_default();
    if version.parse().is_ok_and(|number: u32| number >= 3_060_000) {
        println!("cargo:rustc-cfg=gdal_streams_columns");
    }
}
