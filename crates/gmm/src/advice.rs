//! Warnings that keep people from fooling themselves.

use durbin_core::{Warning, p_value_words};

use crate::{
    Errors, Fit, GmmStyle, Steps, Term,
    estimate::Solved,
    model::{Kind, Model},
    moments::Columns,
    sample::Value,
};

pub(crate) fn of(fit: &Fit, model: &Model, columns: &Columns, solved: &Solved) -> Vec<Warning> {
    let mut said: Vec<String> = Vec::new();
    said.extend(dropped(model, columns));
    said.extend(instruments(fit, solved));
    said.extend(
        model
            .gmm_styles
            .iter()
            .zip(&model.gmm)
            .filter_map(|(style, block)| product(style, &block.value, model)),
    );
    said.extend(model.gmm_styles.iter().filter_map(|style| too_near(fit, style)));
    let without = model.uninstrumented();
    if !without.is_empty() {
        said.push(format!(
            "regressors that are in no list of instruments, identified by those of others alone: {}; exogenous ones belong into --iv-style",
            without.join(", ")
        ));
    }
    said.extend(tests(fit));
    said.extend(bounds(fit));
    said.extend(collinear(fit));
    let uncorrected = match fit.spec.errors {
        Errors::Robust => !fit.spec.windmeijer,
        Errors::Classical => true,
        Errors::Jackknife => false,
    };
    if fit.spec.steps != Steps::One && uncorrected {
        said.push("two-step standard errors without Windmeijer's correction are too small in finite samples".to_owned());
    }
    said.into_iter().map(Warning::Other).collect()
}

fn dropped(model: &Model, columns: &Columns) -> Option<String> {
    let dropped: Vec<&str> = (0..model.regressors.len())
        .filter(|j| !columns.kept.contains(j))
        .map(|j| model.regressors[j].name.as_str())
        .collect();
    let reason = if model.system {
        "dropped, since they do not vary or depend linearly on the regressors before them"
    } else {
        "dropped, since once transformed they do not vary or depend linearly on the regressors before them"
    };
    (!dropped.is_empty()).then(|| format!("{reason}: {}", dropped.join(", ")))
}

fn instruments(fit: &Fit, solved: &Solved) -> Vec<String> {
    let groups = fit.n_clusters.unwrap_or(fit.n_groups);
    let (what, several) =
        if fit.n_clusters.is_some() { ("clusters", true) } else { ("groups", false) };
    let mut said = Vec::new();
    if fit.n_instruments > groups {
        said.push(format!(
            "{} instruments for {groups} {what}: the estimates lean towards least squares and Hansen's test loses its power \
             (Roodman 2009); use fewer lags (V:2-3) or --collapse",
            fit.n_instruments
        ));
    }
    if solved.singular {
        said.push(format!(
            "the moments' covariance estimated from residuals is singular{}; a generalised inverse was used",
            if several { " (fewer clusters than instruments)" } else { "" }
        ));
    }
    if fit.redundant_instruments > 0 {
        said.push(format!(
            "{} instruments depend linearly on others and count for nothing",
            fit.redundant_instruments
        ));
    }
    said
}

/// An interaction among GMM-style instruments, as such or as a column computed beforehand.
fn product(style: &GmmStyle, value: &Value, model: &Model) -> Option<String> {
    // A name such as `W*V` has a product's sign without being one.
    let of_variables = |term: &Term| {
        term.is_interaction() && term.factors.iter().all(|factor| model.sample.has(&factor.name))
    };
    let interaction =
        Term::parse(&style.variable).is_ok_and(|terms| terms.iter().any(of_variables));
    let of = if interaction { Some(style.variable.clone()) } else { computed(value, model) };
    of.map(|of| {
        format!(
            "--gmm-style {style} makes GMM-style instruments of an interaction ({of}): each one multiplies the instruments, \
             and weak products seldom identify anything; if it was not meant, put it into --iv-style"
        )
    })
}

/// The two regressors of which a series is the product in every observation.
fn computed(value: &Value, model: &Model) -> Option<String> {
    let plain = |value: &Value| match value {
        Value::Product(factors) if factors.len() == 1 => Some(factors[0].0),
        _ => None,
    };
    let own = plain(value)?;
    let x: Vec<(usize, &str)> = model
        .regressors
        .iter()
        .filter(|r| r.kind == Kind::X)
        .filter_map(|r| Some((plain(&r.value)?, r.name.as_str())))
        .filter(|(series, _)| *series != own)
        .collect();
    let sample = &model.sample;
    for (at, &(a, a_name)) in x.iter().enumerate() {
        for &(b, b_name) in &x[at..] {
            let mut seen = 0_usize;
            let same = (0..sample.n).all(|unit| {
                let own = sample.of(own, unit).iter();
                own.zip(sample.of(a, unit)).zip(sample.of(b, unit)).all(|((v, a), b)| {
                    let product = (a + sample.means[plain_mean(model, a_name)])
                        * (b + sample.means[plain_mean(model, b_name)]);
                    let close = !product.is_finite()
                        || !v.is_finite()
                        || (v - product).abs() <= 1e-9 * (1.0 + v.abs());
                    seen += usize::from(product.is_finite() && v.is_finite());
                    close
                })
            });
            if same && seen > 0 {
                return Some(format!("the product of {a_name} and {b_name}"));
            }
        }
    }
    None
}

/// Position of the series of a plain regressor.
fn plain_mean(model: &Model, name: &str) -> usize {
    let found = model.regressors.iter().find(|r| r.name == name);
    match found.map(|r| &r.value) {
        Some(Value::Product(factors)) => factors[0].0,
        _ => 0,
    }
}

/// Lags of the response that the differenced error still contains.
fn too_near(fit: &Fit, style: &GmmStyle) -> Option<String> {
    let response = style.variable == fit.spec.y
        || (style.variable == "y" && !fit.spec.x.iter().any(|x| x == "y"));
    let nearest = if style.equation == crate::Equation::Level { 1 } else { 2 };
    (response && style.from < nearest && fit.spec.lags > 0).then(|| {
        format!(
            "--gmm-style {style}: lag {} of the response is correlated with the errors it should instrument; lag {nearest} is the nearest valid one",
            style.from
        )
    })
}

fn tests(fit: &Fit) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(p) = fit.tests.hansen.p_value().filter(|p| *p > 0.99) {
        let exactly = if p > 1.0 - 1e-10 { "exactly 1".to_owned() } else { format!("{p:.4}") };
        said.push(format!(
            "Hansen's p-value is {exactly}: a sign of too many instruments ({}), not of good ones",
            fit.n_instruments
        ));
    }
    if let Some(p) = fit.tests.hansen.p_value().filter(|p| *p < 0.05) {
        said.push(format!("Hansen's test rejects the instruments ({})", p_value_words(p)));
    }
    if let Some(p) =
        fit.tests.ar.get(1).and_then(durbin_core::TestStat::p_value).filter(|p| *p < 0.05)
    {
        said.push(format!(
            "AR(2) in the differenced errors ({}): second lags of the response are no valid instruments; start at lag 3 or add a lag with --lags",
            p_value_words(p)
        ));
    }
    said
}

fn bounds(fit: &Fit) -> Option<String> {
    let bounds = fit.bounds.as_ref().filter(|bounds| !bounds.inside)?;
    Some(format!(
        "the coefficient of {}, {:.4}, lies outside the bounds of within ({:.4}) and pooled least squares ({:.4}): a sign of invalid or weak instruments (Bond 2002)",
        bounds.variable, bounds.estimate, bounds.within, bounds.pooled
    ))
}

fn collinear(fit: &Fit) -> Option<String> {
    let high = fit.vif.iter().filter(|vif| vif.high);
    let high: Vec<String> = high
        .map(|vif| match vif.vif {
            Some(value) => format!("{} ({value:.1})", vif.name),
            None => format!("{} (determined by the others)", vif.name),
        })
        .collect();
    let centre = if !fit.spec.center && fit.spec.interactions != crate::Interactions::None {
        "; --center takes off the part that comes of not centring"
    } else {
        ""
    };
    (!high.is_empty()).then(|| format!("variance inflation above 10: {}{centre}", high.join(", ")))
}
