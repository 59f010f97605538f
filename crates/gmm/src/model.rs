//! The equation and its instruments, ready to be computed.

use durbin_core::Panel;

use crate::{
    Equation, Error, Estimator, GmmSpec, GmmStyle, H, IvStyle, Term, Transform,
    sample::{Sample, Value},
};

/// A column of X.
#[derive(Debug, Clone)]
pub(crate) struct Regressor {
    pub name: String,
    pub value: Value,
    pub kind: Kind,
    /// What it is made of, where it is one of the regressors asked for.
    pub term: Option<Term>,
}

/// What a regressor is to the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Lag,
    X,
    Time,
    Constant,
}

/// A column in IV style.
#[derive(Debug)]
pub(crate) struct IvColumn {
    pub value: Value,
    pub equation: Equation,
    pub group: Option<usize>,
}

/// A block of columns in GMM style.
#[derive(Debug)]
pub(crate) struct GmmBlock {
    pub value: Value,
    pub from: usize,
    pub to: usize,
    pub equation: Equation,
    pub group: usize,
    /// First raw column for the transformed and for the level equation.
    pub transformed: usize,
    pub level: usize,
}

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub(crate) struct Model<'a> {
    pub sample: Sample<'a>,
    pub y: usize,
    pub regressors: Vec<Regressor>,
    pub iv: Vec<IvColumn>,
    pub gmm: Vec<GmmBlock>,
    /// Names of the groups of instruments.
    pub groups: Vec<String>,
    pub raw_columns: usize,
    pub system: bool,
    pub orthogonal: bool,
    pub collapse: bool,
    /// Time effects stay untransformed in the transformed equation.
    pub raw_time: bool,
    pub x_terms: Vec<Term>,
    /// The instruments as they are used.
    pub gmm_styles: Vec<GmmStyle>,
    pub iv_styles: Vec<IvStyle>,
}

impl<'a> Model<'a> {
    pub fn new(spec: &GmmSpec, panel: &'a Panel) -> Result<Self, Error> {
        let mut sample = Sample::new(panel)?;
        let y = sample.series(&spec.y, false)?;
        let x_terms = read_all(&spec.x, panel)?;
        let interactions = spec.interactions.terms(&x_terms)?;
        let mut regressors: Vec<Regressor> = (1..=spec.lags)
            .map(|lag| Regressor {
                name: Term::lagged(&spec.y, lag).to_string(),
                value: Value::Product(vec![(y, lag)]),
                kind: Kind::Lag,
                term: None,
            })
            .collect();
        for term in x_terms.iter().chain(&interactions) {
            let name = term.to_string();
            if regressors.iter().any(|known| known.name == name) {
                return Err(Error::DuplicateRegressor { term: name });
            }
            if name == spec.y {
                return Err(Error::Contradiction(format!(
                    "`{name}` is the response and a regressor at once"
                )));
            }
            let value = sample.value(term, spec.center)?;
            let term = Some(term.clone());
            regressors.push(Regressor { name, value, kind: Kind::X, term });
        }
        if regressors.is_empty() {
            return Err(Error::Contradiction(
                "the model has no regressors; name at least one, or a lag of the response"
                    .to_owned(),
            ));
        }
        let system = spec.estimator == Estimator::System;
        let by_default = spec.gmm_style.is_empty() && spec.iv_style.is_empty();
        let gmm_styles =
            if by_default { vec![default_gmm(&spec.y)] } else { spec.gmm_style.clone() };
        let iv_styles = if by_default { default_iv(&regressors) } else { spec.iv_style.clone() };
        let mut model = Self {
            sample,
            y,
            regressors,
            iv: Vec::new(),
            gmm: Vec::new(),
            groups: Vec::new(),
            raw_columns: 0,
            system,
            orthogonal: spec.transform == Transform::Orthogonal,
            collapse: spec.collapse,
            raw_time: spec.h == H::Dpd && !system,
            x_terms,
            gmm_styles,
            iv_styles,
        };
        model.add_iv(spec, panel)?;
        model.add_gmm(spec, panel)?;
        Ok(model)
    }

    fn add_iv(&mut self, spec: &GmmSpec, panel: &Panel) -> Result<(), Error> {
        for style in self.iv_styles.clone() {
            let group = self.groups.len();
            self.groups.push(format!("iv({style})"));
            for (name, equation) in &style.variables {
                if *equation == Equation::Level && !self.system {
                    return Err(Error::Contradiction(format!(
                        "--iv-style {name}:level: difference GMM has no level equation; use --estimator system"
                    )));
                }
                let value = self.instrument(name, spec, panel)?;
                self.iv.push(IvColumn { value, equation: *equation, group: Some(group) });
            }
        }
        Ok(())
    }

    fn add_gmm(&mut self, spec: &GmmSpec, panel: &Panel) -> Result<(), Error> {
        let last = self.sample.calendar.positions().saturating_sub(1);
        for style in self.gmm_styles.clone() {
            if style.equation == Equation::Level && !self.system {
                return Err(Error::Contradiction(format!(
                    "--gmm-style {style}: difference GMM has no level equation; use --estimator system"
                )));
            }
            let value = self.instrument(&style.variable, spec, panel)?;
            let group = self.groups.len();
            self.groups.push(format!("gmm({style})"));
            let to = style.to.unwrap_or(last).min(last);
            let GmmStyle { from, equation, .. } = style;
            self.gmm.push(GmmBlock { value, from, to, equation, group, transformed: 0, level: 0 });
        }
        Ok(())
    }

    /// The series an instrument names: regressors keep their centring, `y` may stand for the response.
    fn instrument(&mut self, name: &str, spec: &GmmSpec, panel: &Panel) -> Result<Value, Error> {
        let known = |name: &str| panel.names().iter().any(|known| known == name);
        let name = if name == "y" && !known("y") { spec.y.as_str() } else { name };
        let term = Term::read(name, known)?.remove(0);
        let center = spec.center
            && self
                .x_terms
                .iter()
                .flat_map(|x| &x.factors)
                .any(|f| term.factors.iter().any(|g| g.name == f.name));
        self.sample.value(&term, center)
    }

    /// Adds time effects for the periods `observed` (grid positions with complete rows) and the constant, and
    /// places the raw columns.
    pub fn finish(&mut self, spec: &GmmSpec, observed: &[bool]) {
        if spec.time_effects {
            let periods: Vec<usize> =
                (0..observed.len()).filter(|&t| observed[t]).skip(1).collect();
            let equation = match (self.system, self.raw_time) {
                (true, false) => Equation::Level,
                _ => Equation::Both,
            };
            for t in periods {
                let label = self.sample.calendar.labels[t].clone().unwrap_or_default();
                let name = format!("{}={label}", self.sample.calendar.field);
                self.regressors.push(Regressor {
                    name,
                    value: Value::Period(t),
                    kind: Kind::Time,
                    term: None,
                });
                self.iv.push(IvColumn { value: Value::Period(t), equation, group: None });
            }
        }
        if self.system && spec.constant {
            self.regressors.push(Regressor {
                name: "_cons".to_owned(),
                value: Value::Constant,
                kind: Kind::Constant,
                term: None,
            });
            self.iv.push(IvColumn {
                value: Value::Constant,
                equation: Equation::Level,
                group: None,
            });
        }
        let g = self.sample.calendar.positions();
        let mut column = self.iv.len();
        let rows = if self.collapse { 1 } else { g };
        for block in &mut self.gmm {
            let lags = (block.to + 1).saturating_sub(block.from);
            block.transformed = column;
            if block.equation != Equation::Level {
                column += rows * lags;
            }
            block.level = column;
            column += match block.equation {
                Equation::Diff => 0,
                Equation::Both if !self.system => 0,
                Equation::Both => rows,
                Equation::Level => rows * lags,
            };
        }
        self.raw_columns = column;
    }

    /// Raw columns of a group of instruments.
    pub fn columns_of(&self, group: usize) -> Vec<usize> {
        let iv =
            self.iv.iter().enumerate().filter(|(_, iv)| iv.group == Some(group)).map(|(at, _)| at);
        let ends: Vec<usize> = self
            .gmm
            .iter()
            .skip(1)
            .map(|block| block.transformed)
            .chain([self.raw_columns])
            .collect();
        let gmm = self.gmm.iter().zip(ends).filter(|(block, _)| block.group == group);
        iv.chain(gmm.flat_map(|(block, end)| block.transformed..end)).collect()
    }

    /// Raw GMM-style columns of the level equation.
    pub fn level_columns(&self) -> Vec<usize> {
        let ends = self.gmm.iter().skip(1).map(|block| block.transformed).chain([self.raw_columns]);
        self.gmm.iter().zip(ends).flat_map(|(block, end)| block.level..end).collect()
    }
}

fn read_all(names: &[String], panel: &Panel) -> Result<Vec<Term>, Error> {
    let known = |name: &str| panel.names().iter().any(|known| known == name);
    let mut terms = Vec::new();
    for name in names {
        terms.extend(Term::read(name, known)?);
    }
    Ok(terms)
}

fn default_gmm(y: &str) -> GmmStyle {
    GmmStyle { variable: y.to_owned(), from: 2, to: None, equation: Equation::Both }
}

pub(crate) fn default_iv(regressors: &[Regressor]) -> Vec<IvStyle> {
    let x = regressors.iter().filter(|regressor| regressor.kind == Kind::X);
    let variables: Vec<_> = x.map(|x| (x.name.clone(), Equation::Both)).collect();
    if variables.is_empty() { Vec::new() } else { vec![IvStyle { variables }] }
}

impl Model<'_> {
    /// Regressors that neither list of instruments names: lags of the response only if its own lags are not used.
    pub fn uninstrumented(&self) -> Vec<String> {
        let series = |value: &Value| match value {
            Value::Product(factors) => {
                factors.iter().map(|(series, _)| *series).collect::<Vec<_>>()
            }
            Value::Period(_) | Value::Constant => Vec::new(),
        };
        let named: Vec<Vec<usize>> = self
            .iv
            .iter()
            .map(|iv| series(&iv.value))
            .chain(self.gmm.iter().map(|block| series(&block.value)))
            .collect();
        let wanted = self.regressors.iter().filter(|r| matches!(r.kind, Kind::Lag | Kind::X));
        let without = wanted.filter(|r| !named.contains(&series(&r.value)));
        without.map(|r| r.name.clone()).collect()
    }

    /// Grand means taken off, by variable.
    pub fn centered(&self) -> Vec<(String, f64)> {
        let factors = self.x_terms.iter().flat_map(|term| &term.factors);
        let mut all: Vec<(String, f64)> = Vec::new();
        for factor in factors {
            if let Some(mean) = self.sample.mean(&factor.name)
                && !all.iter().any(|(known, _)| *known == factor.to_string())
            {
                all.push((factor.to_string(), mean));
            }
        }
        all
    }

    /// Mean and span of each factor.
    pub fn ranges(&self) -> Vec<crate::margin::Range> {
        let factors = self.x_terms.iter().flat_map(|term| &term.factors);
        factors.filter_map(|factor| self.sample.range(&factor.name, factor.to_string())).collect()
    }
}
