//! One layer per kind of fault, styled and described.

use durbin_core::{
    Class, Column, Layer, Metadata, Named, Pattern, Rgb, Style, Symbol, Units, Values,
};
use durbin_io::to_wkb;
use durbin_weights::{Audit, Gap, Weights};

use super::{SLIVER, is_sliver};

const PURPLE: Rgb = Rgb(122, 40, 160);
const RED: Rgb = Rgb(226, 26, 28);
const MAGENTA: Rgb = Rgb(214, 0, 147);
const YELLOW: Rgb = Rgb(255, 190, 0);
const BLUE: Rgb = Rgb(166, 206, 227);
const ORANGE: Rgb = Rgb(253, 141, 60);
const GREY_BLUE: Rgb = Rgb(70, 100, 140);

/// What every layer is drawn from.
pub(super) struct Draw<'a> {
    pub units: &'a Units,
    pub audit: &'a Audit,
    pub weights: &'a Weights,
    pub history: &'a [String],
}

/// One layer before it is put together.
struct Sheet {
    name: &'static str,
    geometry_type: String,
    geometry: Vec<Option<Vec<u8>>>,
    columns: Vec<Column>,
    style: Style,
    title: &'static str,
    description: String,
}

impl Draw<'_> {
    pub fn invalid(&self) -> Layer {
        let found = &self.audit.invalid;
        let place = |axis: fn((f64, f64)) -> f64| {
            found.iter().map(move |bad| bad.place.map_or(f64::NAN, |c| axis((c.x, c.y))))
        };
        let symbol = Symbol { pattern: Pattern::Hatched, ..Symbol::loud(PURPLE, 0.5) };
        let empty: Named = self.audit.empty.iter().map(|&row| self.id(row)).collect();
        let undrawn = match empty.count {
            0 => String::new(),
            _ => format!(" Without geometry and so not drawn: {empty}."),
        };
        let description = format!(
            "Units whose geometry breaks the simple-features rules, as they came. Areas and contiguity rest \
             on their rings as they are. Repair them in QGIS with Fix geometries.{undrawn}"
        );
        self.layer(Sheet {
            name: "invalid",
            geometry_type: self.units.layer.geometry_type.clone(),
            geometry: found.iter().map(|bad| self.as_it_came(bad.unit)).collect(),
            columns: vec![
                Column::text("id", found.iter().map(|bad| self.id(bad.unit))).alias("Unit"),
                Column::text("reason", found.iter().map(|bad| &bad.reason)).alias("What is wrong"),
                Column::float("x", place(|c| c.0)).alias("Where: x"),
                Column::float("y", place(|c| c.1)).alias("Where: y"),
            ],
            style: single("Invalid geometry", symbol),
            title: "Audit: invalid geometries",
            description,
        })
    }

    pub fn near_misses(&self) -> Layer {
        let found = &self.audit.near_misses;
        let pairs = || found.iter().map(|miss| miss.units);
        let mut columns = self.pair(pairs());
        columns.push(self.length("distance", "Distance", found.iter().map(|miss| miss.distance)));
        columns.push(self.linked(pairs()));
        let between =
            found.iter().map(|miss| (!miss.between.is_empty()).then(|| self.ids(&miss.between)));
        let between = Column::new("between", Values::Text(between.collect()));
        columns.push(between.alias("Units that lie between"));
        self.layer(Sheet {
            name: "near_misses",
            geometry_type: "LINESTRING".into(),
            geometry: found.iter().map(|miss| to_wkb(&miss.line.into())).collect(),
            columns,
            style: single("Near miss", Symbol::loud(RED, 0.4)),
            title: "Audit: near misses",
            description: format!(
                "Pairs of units that come within {} and do not touch, joined at their nearest points. Where \
                 nothing lies between, the borders were probably meant to meet: contiguity misses the pair \
                 until they are snapped. A gap that is open to the outside shows here and not in gaps.",
                self.tolerance()
            ),
        })
    }

    pub fn overlaps(&self) -> Layer {
        let found = &self.audit.overlaps;
        let pairs = || found.iter().map(|overlap| overlap.units);
        let mut columns = self.pair(pairs());
        columns.push(self.area(found.iter().map(|overlap| overlap.area)));
        columns.push(self.length("width", "Mean width", found.iter().map(|overlap| overlap.width)));
        let share = Column::float("share", found.iter().map(|overlap| overlap.share));
        columns.push(share.alias("Share of the smaller unit"));
        columns.push(self.linked(pairs()));
        self.layer(Sheet {
            name: "overlaps",
            geometry_type: "MULTIPOLYGON".into(),
            geometry: found.iter().map(|o| to_wkb(&o.polygons.clone().into())).collect(),
            columns,
            style: single("Covered by two units", Symbol::loud(MAGENTA, 0.6)),
            title: "Audit: suspected overlaps",
            description: "Ground that two units cover both. Borders that cross without a common vertex are \
                no contact, so such a pair may be missing among the links. Thin overlaps come from borders \
                digitised twice; a share of 1 is a duplicate or a unit within another."
                .into(),
        })
    }

    pub fn gaps(&self) -> Layer {
        let found = &self.audit.gaps;
        let sliver = |gap: &Gap| i64::from(is_sliver(gap, self.audit.tolerance));
        let compactness = Column::float("compactness", found.iter().map(|gap| gap.compactness));
        let around = found.iter().map(|gap| self.ids(&gap.around));
        let class = |value, label: &str, symbol| Class { value, label: label.to_owned(), symbol };
        let classes = vec![
            class(1, "Sliver", Symbol::loud(YELLOW, 0.6)),
            class(0, "Opening", Symbol { outline: YELLOW, width: 0.6, ..Symbol::area(BLUE) }),
        ];
        self.layer(Sheet {
            name: "gaps",
            geometry_type: "POLYGON".into(),
            geometry: found.iter().map(|gap| to_wkb(&gap.polygon.clone().into())).collect(),
            columns: vec![
                self.area(found.iter().map(|gap| gap.area)),
                self.length("width", "Mean width", found.iter().map(|gap| gap.width)),
                compactness.alias("Compactness 4πA/P²"),
                Column::int("sliver", found.iter().map(sliver)).alias("Sliver (1) or opening (0)"),
                Column::text("around", around).alias("Units around it"),
            ],
            style: Style::Categorised { field: "sliver".into(), title: "Gap".into(), classes },
            title: "Audit: suspected gaps",
            description: format!(
                "Ground enclosed by units that none of them covers. Slivers (compactness below {SLIVER}, or \
                 mean width up to {}) come from borders that should meet: the units on either side may not be \
                 neighbours until they are snapped. Openings are lakes, enclaves or units that the layer lacks.",
                self.tolerance()
            ),
        })
    }

    pub fn islands(&self) -> Layer {
        let found = &self.audit.islands;
        let nearest =
            found.iter().map(|island| island.nearest.map(|(row, _)| self.id(row).to_owned()));
        let distance = found.iter().map(|island| island.nearest.map_or(f64::NAN, |(_, away)| away));
        self.layer(Sheet {
            name: "islands",
            geometry_type: self.units.layer.geometry_type.clone(),
            geometry: found.iter().map(|island| self.as_it_came(island.unit)).collect(),
            columns: vec![
                Column::text("id", found.iter().map(|island| self.id(island.unit))).alias("Unit"),
                Column::new("nearest", Values::Text(nearest.collect())).alias("Nearest unit"),
                self.length("distance", "Distance to it", distance),
            ],
            style: single("No neighbours", Symbol { width: 0.3, ..Symbol::area(ORANGE) }),
            title: "Audit: islands",
            description: format!(
                "Units without neighbours in the weights ({}), each with the unit whose boundary is nearest. \
                 Real islands can be linked to it; others show a fault in the map or a band that is too short.",
                self.weights.kind
            ),
        })
    }

    pub fn links(&self) -> Layer {
        let found = &self.audit.links;
        let id = |at: usize| found.iter().map(move |link| self.id(link.units[at]));
        let back = || found.iter().map(|link| link.weight_back);
        let mut columns = vec![
            Column::text("focal", id(0)).alias("Unit"),
            Column::text("neighbor", id(1)).alias("Neighbour"),
            Column::float("weight", found.iter().map(|link| link.weight)).alias("Weight"),
        ];
        if found.iter().any(|link| link.weight_back != Some(link.weight)) {
            let back = Column::new("weight_back", Values::Float(back().collect()));
            columns.push(back.alias("Weight back"));
        }
        let distance = found.iter().map(|link| link.distance.unwrap_or(f64::NAN));
        columns.push(self.length("distance", "Distance", distance));
        self.layer(Sheet {
            name: "links",
            geometry_type: "LINESTRING".into(),
            geometry: found
                .iter()
                .map(|link| link.line.and_then(|line| to_wkb(&line.into())))
                .collect(),
            columns,
            style: single("Link", Symbol::loud(GREY_BLUE, 0.05)),
            title: "Audit: links",
            description: format!(
                "The links of the weights ({}) as lines between the representative points of units \
                 (or points inside, where these lie outside), each pair once. Where weights differ by direction, weight is that of the neighbour in the row of \
                 the unit, and weight_back the other way; without it W has no link back.",
                self.weights.kind
            ),
        })
    }

    fn layer(&self, sheet: Sheet) -> Layer {
        let fids = (1..).take(sheet.geometry.len()).collect();
        Layer {
            name: sheet.name.to_owned(),
            crs: self.units.layer.crs.clone(),
            undefined_crs: self.units.layer.undefined_crs.clone(),
            geometry_type: sheet.geometry_type,
            fid_column: None,
            geometry_column: None,
            fids,
            geometry: sheet.geometry,
            columns: sheet.columns,
            style: Some(sheet.style),
            metadata: Metadata {
                title: sheet.title.to_owned(),
                description: sheet.description,
                history: self
                    .history
                    .iter()
                    .cloned()
                    .chain([format!(
                        "weights: {}; near within {}",
                        self.weights.kind,
                        self.tolerance()
                    )])
                    .collect(),
            },
        }
    }

    /// The geometry of a unit in the bytes of its source; none for one that is empty.
    fn as_it_came(&self, row: usize) -> Option<Vec<u8>> {
        self.units.shapes[row].as_ref().and(self.units.layer.geometry[row].clone())
    }

    fn id(&self, row: usize) -> &str {
        &self.units.ids[row]
    }

    fn ids(&self, rows: &[usize]) -> String {
        rows.iter().map(|&row| self.id(row)).collect::<Vec<_>>().join(", ")
    }

    fn pair(&self, pairs: impl Iterator<Item = [usize; 2]>) -> Vec<Column> {
        let (first, second): (Vec<_>, Vec<_>) =
            pairs.map(|[a, b]| (self.id(a), self.id(b))).unzip();
        vec![
            Column::text("id_a", first).alias("Unit"),
            Column::text("id_b", second).alias("Other unit"),
        ]
    }

    /// Whether the weights link each pair in either direction.
    fn linked(&self, pairs: impl Iterator<Item = [usize; 2]>) -> Column {
        let row_of: std::collections::HashMap<&str, u32> =
            (0..).zip(self.weights.ids()).map(|(row, id)| (id.as_str(), row)).collect();
        let linked = |[a, b]: [usize; 2]| {
            let rows = [self.id(a), self.id(b)].map(|id| row_of.get(id).copied());
            let [Some(a), Some(b)] = rows else { return false };
            let has =
                |from: u32, to: u32| self.weights.row(from as usize).0.binary_search(&to).is_ok();
            has(a, b) || has(b, a)
        };
        Column::int("linked", pairs.map(|pair| i64::from(linked(pair))))
            .alias("Linked (1) or not (0)")
    }

    /// Lengths in metres say so in their name; others are in the unit of the coordinates.
    fn length(&self, name: &str, alias: &str, values: impl Iterator<Item = f64>) -> Column {
        if self.audit.metres {
            Column::float(format!("{name}_m"), values).alias(format!("{alias} (m)"))
        } else {
            Column::float(name, values).alias(format!("{alias} (coordinate units)"))
        }
    }

    fn area(&self, values: impl Iterator<Item = f64>) -> Column {
        if self.audit.metres {
            Column::float("area_m2", values).alias("Area (m²)")
        } else {
            Column::float("area", values).alias("Area (squared coordinate units)")
        }
    }

    fn tolerance(&self) -> String {
        let unit = if self.audit.metres { "m" } else { "coordinate units" };
        format!("{} {unit}", durbin_report::number::fixed(self.audit.tolerance, 1))
    }
}

fn single(title: &str, symbol: Symbol) -> Style {
    Style::Single { title: title.to_owned(), symbol }
}
