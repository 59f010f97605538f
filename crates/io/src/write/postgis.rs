//! Tables of a PostgreSQL database with PostGIS: all of them in one transaction.

use durbin_core::{Narrow, Values, Warning};
use gdal::{
    Dataset, DatasetOptions, GdalOpenFlags,
    config::{clear_thread_local_config_option, set_thread_local_config_option},
    errors::GdalError,
};

use super::{
    Existing, Sheet,
    features::{self, Geometries, Reals},
    geometry_column, in_words,
};
use crate::{
    Error,
    connection::without_passwords,
    messages, qgis,
    sql::{self, identifier, quoted},
};

/// Where a table is.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub schema: String,
    pub table: String,
}

impl Place {
    /// The name in a statement.
    pub fn quoted(&self) -> String {
        format!("{}.{}", identifier(&self.schema), identifier(&self.table))
    }
}

/// Refuses, before any work, a database that cannot be reached.
pub(super) fn check(path: &str) -> Result<(), Error> {
    open(path).map(drop)
}

/// Writes all of `sheets` or none. The database is there anyway, so that [`Existing`] speaks of the tables.
pub(super) fn write(
    path: &str,
    sheets: &[Sheet],
    existing: Existing,
) -> Result<Vec<Warning>, Error> {
    let shown = without_passwords(path);
    let documents = qgis::prepare(sheets).map_err(Error::data(&shown))?;
    names_fit(&shown, sheets)?;
    let mut dataset = open(path)?;
    let failed = |reason: String| Error::Write { path: shown.clone(), reason };
    let (places, _) = messages::checked(|| places(&dataset, sheets)).map_err(failed)?;
    for (sheet, place) in sheets.iter().zip(&places) {
        able(&shown, &dataset, sheet, place, existing)?;
    }
    let styles = qgis::postgis::access(&dataset).map_err(|error| failed(error.to_string()))?;
    let finish = || {
        let mut transaction = dataset.start_transaction()?;
        for (sheet, place) in sheets.iter().zip(&places) {
            if existing == Existing::Overwrite {
                // Unlike GDAL's way this leaves views that rest on the table, by failing.
                sql::run(&transaction, &format!("DROP TABLE IF EXISTS {}", place.quoted()))?;
            }
            fill(&mut transaction, sheet, place)?;
        }
        for ((sheet, place), document) in sheets.iter().zip(&places).zip(&documents) {
            qgis::postgis::store(&transaction, sheet, place, document, styles)?;
        }
        transaction.commit()?;
        dataset.close()
    };
    let ((), said) = messages::checked(|| copying(finish).map_err(in_words)).map_err(failed)?;
    let styled = documents.iter().any(qgis::Prepared::has_style);
    let unstyled = (styled && !styles.allowed()).then(|| {
        "the style is not stored: this user may not write the table public.layer_styles, where QGIS looks for it"
            .to_owned()
    });
    let said = said.into_iter().chain(unstyled);
    Ok(said.map(|text| Warning::Other(format!("{shown}: {text}"))).collect())
}

/// Stores the styles of layers that were read from the database.
pub(super) fn restyle(path: &str, sheets: &[Sheet]) -> Result<Vec<Warning>, Error> {
    let shown = without_passwords(path);
    let documents = qgis::prepare(sheets).map_err(Error::data(&shown))?;
    let mut dataset = open(path)?;
    let failed = |reason: String| Error::Write { path: shown.clone(), reason };
    let ((places, access), _) = messages::checked(|| {
        Ok::<_, GdalError>((places(&dataset, sheets)?, qgis::postgis::access(&dataset)?))
    })
    .map_err(failed)?;
    if !access.allowed() {
        let reason =
            "this user may not write the table public.layer_styles, where QGIS looks for styles";
        return Err(failed(reason.to_owned()));
    }
    let finish = || {
        let transaction = dataset.start_transaction()?;
        for ((sheet, place), document) in sheets.iter().zip(&places).zip(&documents) {
            qgis::postgis::store_style(&transaction, sheet, place, document, access)?;
        }
        transaction.commit()?;
        dataset.close()
    };
    messages::checked(|| finish().map_err(in_words)).map_err(failed)?;
    Ok(Vec::new())
}

fn open(path: &str) -> Result<Dataset, Error> {
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_VECTOR
            | GdalOpenFlags::GDAL_OF_UPDATE
            | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR,
        allowed_drivers: Some(&["PostgreSQL"]),
        ..DatasetOptions::default()
    };
    let (dataset, _) = messages::checked(|| Dataset::open_ex(path, options)).map_err(|reason| {
        Error::Connect { path: without_passwords(path), reason: without_passwords(&reason) }
    })?;
    Ok(dataset)
}

/// Runs `work` with rows sent as a stream instead of one statement each.
fn copying<T>(work: impl FnOnce() -> Result<T, GdalError>) -> Result<T, GdalError> {
    const COPY: &str = "PG_USE_COPY";
    set_thread_local_config_option(COPY, "YES")?;
    let result = work();
    clear_thread_local_config_option(COPY)?;
    result
}

/// `schema.table` names a table of another schema than the one that is searched first, as with `ogr2ogr`.
fn places(dataset: &Dataset, sheets: &[Sheet]) -> Result<Vec<Place>, GdalError> {
    let current = sql::rows::<1>(dataset, "SELECT current_schema()")?;
    let current = current.into_iter().next().map(|[schema]| schema).unwrap_or_default();
    let place = |sheet: &Sheet| match sheet.name.split_once('.') {
        Some((schema, table)) => Place { schema: schema.to_owned(), table: table.to_owned() },
        None => Place { schema: current.clone(), table: sheet.name.to_owned() },
    };
    Ok(sheets.iter().map(place).collect())
}

/// Refuses what the database has no room for: a schema that is not there, geometry without PostGIS, a table or
/// view of that name.
fn able(
    shown: &str,
    dataset: &Dataset,
    sheet: &Sheet,
    place: &Place,
    existing: Existing,
) -> Result<(), Error> {
    let there = |query: &str| -> Result<Option<String>, Error> {
        let (rows, _) = messages::checked(|| sql::rows::<1>(dataset, query))
            .map_err(|reason| Error::Write { path: shown.to_owned(), reason })?;
        Ok(rows.into_iter().next().map(|[text]| text))
    };
    let schema = quoted(&place.schema);
    if there(&format!("SELECT 1 FROM pg_namespace WHERE nspname = {schema}"))?.is_none() {
        return Err(Error::NoSchema {
            path: shown.to_owned(),
            schema: place.schema.clone(),
            layer: sheet.name.to_owned(),
        });
    }
    let postgis = "SELECT 1 FROM pg_extension WHERE extname = 'postgis'";
    if sheet.is_spatial() && there(postgis)?.is_none() {
        return Err(Error::NoPostgis { path: shown.to_owned() });
    }
    let kind = format!(
        "SELECT relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE nspname = {schema} AND relname = {}",
        quoted(&place.table)
    );
    match (there(&kind)?.as_deref(), existing) {
        (None, _) | (Some("r" | "p"), Existing::Overwrite) => Ok(()),
        (Some("r" | "p"), _) => {
            Err(Error::LayerExists { path: shown.to_owned(), layer: sheet.name.to_owned() })
        }
        (Some(_), _) => {
            Err(Error::NoTable { path: shown.to_owned(), layer: sheet.name.to_owned() })
        }
    }
}

fn fill(dataset: &mut Dataset, sheet: &Sheet, place: &Place) -> Result<(), GdalError> {
    // A placeholder for a reference system belongs to GeoPackages.
    let sheet = Sheet { name: &place.table, undefined_crs: None, ..*sheet };
    let fid = sheet.free_name(sheet.fid_column, ["fid", "ogc_fid", "durbin_fid"]);
    let options = [
        // Names keep their case, and a dot in one is no schema.
        "LAUNDER=NO".to_owned(),
        "EXTRACT_SCHEMA_FROM_LAYER_NAME=NO".to_owned(),
        format!("SCHEMA={}", place.schema),
        // Whole numbers and texts are stored whole, whatever width their source declares.
        "PRECISION=NO".to_owned(),
        // Built once the rows are there.
        "SPATIAL_INDEX=NONE".to_owned(),
        format!("FID={fid}"),
        format!("GEOMETRY_NAME={}", geometry_column(&sheet)),
    ];
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let layer = features::create(dataset, &sheet, &options, Geometries::AsDeclared, Reals::AsText)?;
    features::fill(&layer, &sheet, Geometries::AsDeclared, Reals::AsText)?;
    numbers_from_digits(dataset, &sheet, place)?;
    if !sheet.is_spatial() {
        return Ok(());
    }
    let geometry = identifier(geometry_column(&sheet));
    sql::run(dataset, &format!("CREATE INDEX ON {} USING gist ({geometry})", place.quoted()))
}

/// Makes columns of numbers out of the digits that GDAL was given for them.
fn numbers_from_digits(dataset: &Dataset, sheet: &Sheet, place: &Place) -> Result<(), GdalError> {
    let changed =
        sheet.columns.iter().filter(|column| matches!(column.values, Values::Float(_))).map(
            |column| {
                let kind = match column.storage.narrow {
                    Some(Narrow::Float32) => "real",
                    _ => "double precision",
                };
                let name = identifier(&column.name);
                format!("ALTER COLUMN {name} TYPE {kind} USING {name}::{kind}")
            },
        );
    let changed: Vec<String> = changed.collect();
    if changed.is_empty() {
        return Ok(());
    }
    sql::run(dataset, &format!("ALTER TABLE {} {}", place.quoted(), changed.join(", ")))
}

/// Refuses names that PostgreSQL would cut off.
fn names_fit(shown: &str, sheets: &[Sheet]) -> Result<(), Error> {
    /// Bytes of a name.
    const LONGEST: usize = 63;
    for sheet in sheets {
        let columns = sheet.columns.iter().map(|column| column.name.as_str());
        let long = columns.chain(sheet.name.split('.')).find(|name| name.len() > LONGEST);
        if let Some(name) = long {
            return Err(Error::LongName { path: shown.to_owned(), name: name.to_owned() });
        }
    }
    Ok(())
}
