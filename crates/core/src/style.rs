//! How a layer is drawn: on a map, in QGIS, in a legend. Colours and labels only; the syntax of any
//! one program is `io`'s.

/// An opaque colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// A rule that gives every feature a symbol.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Style {
    /// The same symbol for every feature.
    Single {
        /// Legend title and the words beside the symbol.
        title: String,
        /// How a feature looks.
        symbol: Symbol,
    },
    /// One class per whole-number value of `field`.
    Categorised {
        /// An integer field.
        field: String,
        /// Legend title.
        title: String,
        /// Values with their symbol, in legend order.
        classes: Vec<Class<i64>>,
    },
    /// Classes of consecutive intervals of `field`; a value on a break belongs to the lower class.
    Graduated {
        /// A numeric field.
        field: String,
        /// Legend title.
        title: String,
        /// Upper bounds with their symbol, ascending; the first class reaches down without bound.
        classes: Vec<Class<f64>>,
    },
    /// One class per word of `field`.
    Words {
        /// A field of text.
        field: String,
        /// Legend title.
        title: String,
        /// Words with their symbol, in legend order.
        classes: Vec<Class<String>>,
    },
    /// Circles over the features whose areas are proportional to `field`; where the value is missing, zero or
    /// negative there is none.
    Proportional {
        /// A numeric field.
        field: String,
        /// Legend title.
        title: String,
        /// The largest value.
        most: f64,
        /// Diameter of the circle of `most`, in millimetres.
        diameter: f64,
        /// How circles look.
        circle: Symbol,
        /// How areas below the circles look.
        ground: Symbol,
    },
}

/// One legend entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Class<T> {
    /// The value (categorised) or the inclusive upper bound (graduated).
    pub value: T,
    /// Words for the legend.
    pub label: String,
    /// How it looks.
    pub symbol: Symbol,
}

/// Fill and outline of an area (or a marker).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Symbol {
    /// Fill colour.
    pub fill: Rgb,
    /// How the fill colour is laid on.
    pub pattern: Pattern,
    /// Outline colour.
    pub outline: Rgb,
    /// Outline width in millimetres.
    pub width: f64,
}

/// How an area is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pattern {
    /// All of it.
    #[default]
    Solid,
    /// Diagonal lines that let what lies below show; a line is dashed and a marker hollow.
    Hatched,
}

impl Rgb {
    /// `#rrggbb`.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

impl Symbol {
    /// An area with a thin grey outline.
    pub fn area(fill: Rgb) -> Self {
        Self { fill, pattern: Pattern::Solid, outline: Rgb(110, 110, 110), width: 0.12 }
    }

    /// An area with an outline of its own colour, so that it is seen where it is narrower than the outline;
    /// a line or a marker of that colour.
    pub fn loud(fill: Rgb, width: f64) -> Self {
        Self { fill, pattern: Pattern::Solid, outline: fill, width }
    }
}

impl Style {
    /// The field that decides the class; empty where one symbol serves all.
    pub fn field(&self) -> &str {
        match self {
            Self::Single { .. } => "",
            Self::Categorised { field, .. }
            | Self::Graduated { field, .. }
            | Self::Words { field, .. }
            | Self::Proportional { field, .. } => field,
        }
    }

    /// Legend title.
    pub fn title(&self) -> &str {
        match self {
            Self::Single { title, .. }
            | Self::Categorised { title, .. }
            | Self::Graduated { title, .. }
            | Self::Words { title, .. }
            | Self::Proportional { title, .. } => title,
        }
    }

    /// Legend entries in order.
    pub fn legend(&self) -> Vec<(&str, Symbol)> {
        match self {
            Self::Single { title, symbol } => vec![(title, *symbol)],
            Self::Proportional { title, circle, .. } => vec![(title, *circle)],
            Self::Words { classes, .. } => {
                classes.iter().map(|class| (class.label.as_str(), class.symbol)).collect()
            }
            Self::Categorised { classes, .. } => {
                classes.iter().map(|class| (class.label.as_str(), class.symbol)).collect()
            }
            Self::Graduated { classes, .. } => {
                classes.iter().map(|class| (class.label.as_str(), class.symbol)).collect()
            }
        }
    }

    /// The position in the legend of a feature with `value`; `None` when it falls into no class, as a number does
    /// among words.
    pub fn class(&self, value: f64) -> Option<usize> {
        match self {
            Self::Single { .. } | Self::Proportional { .. } => Some(0),
            Self::Words { .. } => None,
            Self::Categorised { classes, .. } => {
                classes.iter().position(|class| (class.value as f64 - value).abs() < 0.5)
            }
            Self::Graduated { classes, .. } => {
                let last = classes.len().checked_sub(1).filter(|_| !value.is_nan());
                classes.iter().position(|class| value <= class.value).or(last)
            }
        }
    }

    /// The symbol of a feature with `value`; `None` when it falls into no class.
    pub fn symbol(&self, value: f64) -> Option<Symbol> {
        self.class(value).map(|at| self.legend()[at].1)
    }
}
/// Round values by which the sizes of circles are read, where the largest circle stands for `most` > 0: the largest of
/// 1, 2, 5 × 10ᵏ that occurs, and about a quarter and a twentieth of it.
///
/// ```
/// assert_eq!(durbin_core::size_samples(4_321.0), [2000.0, 500.0, 100.0]);
/// ```
pub fn size_samples(most: f64) -> [f64; 3] {
    let round = |value: f64| {
        let power = 10f64.powf(value.log10().floor());
        let step = [5.0, 2.0].into_iter().find(|step| step * power <= value * (1.0 + 1e-12));
        step.unwrap_or(1.0) * power
    };
    let first = round(most);
    [first, round(first / 4.0), round(first / 20.0)]
}
