//! How influence is drawn.

use durbin_core::{Class, Rgb, Style, Symbol};

use super::Influence;
use crate::unit_style::{NEGATIVE, POSITIVE, classes};

/// Neither way.
const NEUTRAL: Rgb = Rgb(240, 240, 240);

impl Influence {
    /// Graduated colours for the change of the spatial parameter in standard errors: grey up to `2/√n`, the size from
    /// which Belsley, Kuh & Welsch (1980) call it influential, and stronger from twice that; blue where the parameter falls
    /// without the unit, red where it rises. Cook's distance where there is no spatial parameter.
    pub fn style(&self) -> Style {
        let Some(change) = self.spatial() else {
            return Style::Graduated {
                field: "cook".to_owned(),
                title: "Cook's distance".to_owned(),
                classes: classes(self.cook.clone()),
            };
        };
        let cut = 2.0 / (self.ids.len() as f64).sqrt();
        let values: Vec<f64> = (0..self.ids.len()).map(|i| change.in_errors(i)).collect();
        // The outermost class reaches past every value.
        let highest = values.iter().copied().fold(3.0 * cut, f64::max) * (1.0 + 1e-9);
        let bounds = [-2.0 * cut, -cut, cut, 2.0 * cut, highest];
        let number = |value: f64| format!("{value:.3}").replace('-', "−");
        let label = |at: usize| match at {
            0 => format!("below {}", number(bounds[0])),
            4 => format!("above {}", number(bounds[3])),
            _ => format!("{} to {}", number(bounds[at - 1]), number(bounds[at])),
        };
        let fills = [NEGATIVE[0], NEGATIVE[3], NEUTRAL, POSITIVE[1], POSITIVE[4]];
        let class = |at: usize| Class {
            value: bounds[at],
            label: label(at),
            symbol: Symbol::area(fills[at]),
        };
        Style::Graduated {
            field: format!("{}_in_se", change.name),
            title: format!("Change of {} when left out (standard errors)", symbol(&change.name)),
            classes: (0..5).map(class).collect(),
        }
    }
}

/// The letter of a spatial parameter.
fn symbol(name: &str) -> &str {
    match name {
        "rho" => "ρ",
        "lambda" => "λ",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use durbin_core::Conventions;

    use super::*;
    use crate::Change;

    fn influence(changes: Vec<f64>) -> Influence {
        let n = changes.len();
        let (name, words) = ("rho".to_owned(), "rho".to_owned());
        Influence {
            ids: (0..n).map(|i| i.to_string()).collect(),
            parameters: vec![Change { name, words, std_error: 0.1, changes }],
            effects: Vec::new(),
            cook: vec![0.0; n],
            conventions: Conventions::new(),
            warnings: Vec::new(),
        }
    }

    #[test]
    fn colours_begin_where_a_unit_counts_as_influential() {
        // Of 100 units from a fifth of a standard error on.
        let mut changes = vec![0.0; 100];
        changes[..5].copy_from_slice(&[-0.9, -0.03, 0.019, 0.021, 0.05]);
        let style = influence(changes).style();
        let fill = |in_se: f64| style.symbol(in_se).unwrap().fill;
        assert_eq!(fill(0.19), NEUTRAL);
        assert_eq!([fill(-9.0), fill(-0.3)], [NEGATIVE[0], NEGATIVE[3]]);
        assert_eq!([fill(0.21), fill(0.5)], [POSITIVE[1], POSITIVE[4]]);
    }

    #[test]
    fn the_legend_says_what_changes_and_in_which_unit() {
        let title = influence(vec![0.0]).style().title().to_owned();
        assert_eq!(title, "Change of ρ when left out (standard errors)");
    }
}
