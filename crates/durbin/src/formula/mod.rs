//! Variables computed from others: `log(price / cpi)`.

mod parse;

use durbin_core::{Named, Panel};
use ndarray::Array2;

use crate::Error;
use parse::{Node, Variable};

/// An arithmetic formula over the variables of a panel: `+ - * / ^` and brackets with the usual precedence, `log`
/// and `ln` (natural), `log10`, `log2`, `exp`, `sqrt`, `abs`, `min`, `max`; a name with spaces or signs stands
/// in `{braces}`. `lag(x)`, `change(x)` and `growth(x)` look at the period before, and are missing in the first.
#[derive(Debug, Clone)]
pub struct Formula {
    name: String,
    text: String,
    variables: Vec<String>,
    arguments: Vec<Variable>,
    tree: Node,
}

impl Formula {
    /// Parses `text` as the definition of the variable `name`.
    ///
    /// # Errors
    /// [`Error::Formula`] with what the parser found.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let (tree, arguments) = parse::parse(text).map_err(|reason| Error::Formula {
            variable: name.to_owned(),
            formula: text.to_owned(),
            reason,
        })?;
        let mut variables: Vec<String> = Vec::new();
        for argument in &arguments {
            if !variables.contains(&argument.name) {
                variables.push(argument.name.clone());
            }
        }
        Ok(Self { name: name.to_owned(), text: text.to_owned(), variables, arguments, tree })
    }

    /// The natural logarithm of the variable `name`, under the same name.
    ///
    /// # Errors
    /// A name that holds a closing brace.
    pub fn log(name: &str) -> Result<Self, Error> {
        let text = format!("log({name})");
        Ok(Self { text, ..Self::parse(name, &format!("log({{{name}}})"))? })
    }

    /// The variables the formula uses.
    pub fn variables(&self) -> &[String] {
        &self.variables
    }

    /// The formula at every unit and period, `t × n`; missing where a variable it uses is missing.
    ///
    /// # Errors
    /// A variable that the panel does not have; a value that is not finite, such as the logarithm of
    /// zero, with the units and periods it occurs in.
    pub fn evaluate(&self, panel: &Panel) -> Result<Array2<f64>, Error> {
        let variables = self
            .arguments
            .iter()
            .map(|argument| Ok((panel.get(&argument.name)?, argument.back)))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error: durbin_core::Error| self.wrong(error.to_string()))?;
        let mut values = Array2::zeros((panel.n_periods(), panel.n_units()));
        let mut arguments = vec![0.0; variables.len()];
        let mut not_finite = Vec::new();
        for ((period, unit), value) in values.indexed_iter_mut() {
            for (argument, (variable, back)) in arguments.iter_mut().zip(&variables) {
                *argument =
                    period.checked_sub(*back).map_or(f64::NAN, |then| variable[[then, unit]]);
            }
            if arguments.iter().any(|v| v.is_nan()) {
                *value = f64::NAN;
                continue;
            }
            *value = self.tree.value(&arguments);
            if !value.is_finite() {
                let before = |back: usize| if back == 0 { "" } else { " before" };
                let named: Vec<String> = self
                    .arguments
                    .iter()
                    .zip(&arguments)
                    .map(|(of, v)| format!("{}{} = {v}", of.name, before(of.back)))
                    .collect();
                not_finite.push(format!("{} with {}", panel.cell(period, unit), named.join(", ")));
            }
        }
        if not_finite.is_empty() {
            return Ok(values);
        }
        Err(Error::NotFinite {
            variable: self.name.clone(),
            formula: self.text.clone(),
            cells: not_finite.into_iter().collect::<Named>(),
        })
    }

    fn wrong(&self, reason: String) -> Error {
        Error::Formula { variable: self.name.clone(), formula: self.text.clone(), reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use durbin_core::{Column, PanelKeys, Table};

    fn panel(x: &[f64]) -> Panel {
        let id = Column::int("id", (0..).take(x.len()));
        let table = Table {
            name: String::new(),
            title: String::new(),
            columns: vec![id, Column::float("x", x.to_vec())],
        };
        let keys = PanelKeys::cross_section(&table, "id").unwrap();
        let mut panel = keys.panel();
        panel.insert("x", keys.values(&table.columns[1]).unwrap());
        panel
    }

    #[test]
    fn log_is_natural() {
        let log = Formula::parse("y", "log(x) + 1").unwrap();
        let values = log.evaluate(&panel(&[1.0, std::f64::consts::E])).unwrap();
        assert_eq!(values.as_slice().unwrap(), &[1.0, 2.0]);
    }

    #[test]
    fn the_log_of_zero_is_refused_with_its_unit_and_a_missing_value_stays_missing() {
        let log = Formula::parse("y", "log(x)").unwrap();
        let error = log.evaluate(&panel(&[1.0, 0.0])).unwrap_err().to_string();
        assert!(error.contains("1 with x = 0"), "{error}");
        assert!(log.evaluate(&panel(&[1.0, f64::NAN])).unwrap()[[0, 1]].is_nan());
    }

    #[test]
    fn change_is_on_the_period_before_and_missing_in_the_first() {
        let table = Table {
            name: String::new(),
            title: String::new(),
            columns: vec![
                Column::text("id", ["a", "b", "a", "b"]),
                Column::int("year", [1, 1, 2, 2]),
                Column::float("x", [10.0, 5.0, 12.0, 4.0]),
            ],
        };
        let keys = PanelKeys::new(&table, "id", "year").unwrap();
        let mut panel = keys.panel();
        panel.insert("x", keys.values(&table.columns[2]).unwrap());
        let of = |text: &str| {
            let formula = Formula::parse("y", text).unwrap();
            assert_eq!(formula.variables(), ["x"]);
            formula.evaluate(&panel).unwrap()
        };
        assert_eq!(of("change(x) / lag(x)").row(1).to_vec(), [0.2, -0.2]);
        assert_eq!(of("100 * growth(2 * x)").row(1).mapv(f64::round).to_vec(), [20.0, -20.0]);
        assert!(of("lag(x)").row(0).iter().all(|v| v.is_nan()));
    }

    #[test]
    fn an_unknown_variable_and_a_broken_formula_are_named() {
        let unknown = Formula::parse("y", "z + 1").unwrap().evaluate(&panel(&[1.0])).unwrap_err();
        assert!(unknown.to_string().contains("`z`"), "{unknown}");
        assert!(Formula::parse("y", "log(x").is_err());
    }
}
