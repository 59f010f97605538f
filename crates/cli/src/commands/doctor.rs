use durbin::Error;
use serde_json::json;

use super::Context;

pub fn doctor(context: &Context) -> Result<(), Error> {
    let versions = durbin::io::versions();
    let threads = rayon::current_num_threads();
    let database = match (&versions.proj_db, versions.proj_db_works) {
        (Some(path), true) => path.display().to_string(),
        (None, true) => "found by PROJ".to_owned(),
        (Some(path), false) => format!("{}: cannot be used", path.display()),
        (None, false) => "not found: CRS codes cannot be resolved; install proj-data".to_owned(),
    };
    let facts = [
        ("durbin", env!("CARGO_PKG_VERSION").to_owned()),
        ("gdal", versions.gdal.clone()),
        ("proj", versions.proj.clone()),
        ("geos", versions.geos.clone().unwrap_or_else(|| "none".to_owned())),
        ("crs database", database),
        ("drivers", versions.drivers.join(" ")),
        ("threads", threads.to_string()),
    ];
    let json = json!({
        "durbin": env!("CARGO_PKG_VERSION"),
        "gdal": versions.gdal,
        "proj": versions.proj,
        "geos": versions.geos,
        "crs_database": versions.proj_db,
        "crs_database_works": versions.proj_db_works,
        "drivers": versions.drivers,
        "threads": threads,
    });
    context.print(&json, || {
        durbin::report::key_values(&facts.map(|(name, value)| (name.to_owned(), value)))
    })
}
