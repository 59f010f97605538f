//! What a test says, in a sentence: its null, whether 5 % rejects it, and what follows from that for the model.

use durbin_core::{Distribution, TestStat};

/// The level at which a null is called rejected.
const LEVEL: f64 = 0.05;

/// How the sentences are to be read, for the top of their list.
pub(crate) const READING: &str = "Each test by itself, at the 5 % level: the p-value is the chance of a statistic at least \
     as extreme in samples in which the null holds. A null that is not rejected is not thereby proved, and of twenty true \
     nulls one is rejected by chance.";

/// What follows where the null is rejected, and where it is not, for tests whose name begins so.
const FOLLOWS: [(&str, &str, &str); 27] = [
    ("LM lag", "a spatial lag of the response improves on the regression without one", ""),
    ("LM error", "a spatial lag of the error improves on the regression without one", ""),
    ("Robust LM lag", "the response is lagged, beyond what an error lag would look like", ""),
    (
        "Robust LM error",
        "the error is lagged, beyond what a lag of the response would look like",
        "",
    ),
    (" vs SAR", "the lagged regressors stay", "the simpler spatial lag model would do"),
    (
        " vs SEM",
        "the model is not reduced to one of spatial errors",
        "the simpler spatial error model would do",
    ),
    (
        " vs SLX",
        "the lag of the response stays",
        "the model without a lag of the response would do",
    ),
    ("LR unit effects", "unit effects stay", "unit effects could be left out"),
    ("F unit effects", "unit effects stay", "unit effects could be left out"),
    ("LR time effects", "period effects stay", "period effects could be left out"),
    ("F time effects", "period effects stay", "period effects could be left out"),
    (
        "Hausman",
        "random effects would be biased: fixed ones are called for",
        "random effects would be more precise",
    ),
    (
        "Spatial Hausman",
        "the model lacks something that moves its coefficients, such as a lag of the response or of regressors",
        "nothing speaks for a misspecified mean",
    ),
    (
        "Stability",
        "below one the model returns to rest after a shock, above one it does not",
        "whether shocks die out is not settled",
    ),
    ("Moran of residuals", "the model leaves spatial dependence in its residuals", ""),
    (
        "Jarque-Bera",
        "estimates are quasi-maximum likelihood: compare sandwich errors (vcov = \"qml\")",
        "",
    ),
    ("Breusch-Pagan", "compare sandwich errors (vcov = \"qml\")", ""),
    ("Koenker", "compare sandwich errors (vcov = \"qml\")", ""),
    (
        "Wooldridge",
        "errors of a unit hang together over time: compare clustered errors (vcov = \"cluster\")",
        "",
    ),
    (
        "AR(1)",
        "as it should be: differences of independent errors are correlated once",
        "unusual in differences: look at the model",
    ),
    (
        "Difference in Hansen",
        "the instruments of this group are not exogenous, given that the others are",
        "",
    ),
    (
        "CD",
        "units hang together beyond what the model holds: add time effects, or compare errors by clusters of units",
        "",
    ),
    (
        "Wald, neighbours",
        "neighbours belong in the equation: without them a part of what they do is taken for the unit's own",
        "the model without neighbours would do",
    ),
    ("Wald, time effects", "time effects stay", "time effects could be left out"),
    (
        "Wald",
        "the regressors explain something together",
        "the regressors explain no more than chance would",
    ),
    (
        "Hansen",
        "instruments are not exogenous, or the model lacks something",
        "a p-value near one speaks of too many instruments",
    ),
    (
        "Sargan",
        "instruments are not exogenous, or errors differ in variance, which this test does not allow for",
        "",
    ),
];

/// The test that comes once pooled and once for every period, `Moran of residuals, 1970`.
const OF_PERIODS: &str = "Moran of residuals, ";

/// The sentences of tests, by name; those that come once a period are counted in one.
pub(crate) fn explained(tests: &[TestStat]) -> Vec<(String, String)> {
    let of_periods: Vec<(&str, &TestStat)> =
        tests.iter().filter_map(|test| Some((test.name.strip_prefix(OF_PERIODS)?, test))).collect();
    let mut out: Vec<(String, String)> = Vec::new();
    for test in tests {
        match test.name.strip_prefix(OF_PERIODS) {
            None => out.push((term(test), sentence(test))),
            Some(period) if of_periods.first().is_some_and(|(first, _)| *first == period) => {
                out.push(("Moran of residuals by period".to_owned(), by_period(&of_periods)));
            }
            Some(_) => {}
        }
    }
    out
}

/// The name with statistic and p-value.
fn term(test: &TestStat) -> String {
    let Some(statistic) = test.statistic else { return test.name.clone() };
    let of = match test.distribution {
        Distribution::ChiSquared(df) => format!("χ²({df})"),
        Distribution::F(df1, df2) => format!("F({df1}, {df2})"),
        Distribution::StudentT(df) => format!("t({df})"),
        _ => "z".to_owned(),
    };
    let p = test.p_value().map(|p| format!(", {}", p_words(p))).unwrap_or_default();
    format!("{}: {of} = {statistic:.2}{p}", test.name)
}

fn p_words(p: f64) -> String {
    // Not to be torn at the end of a line.
    if p < 0.001 { "p\u{a0}<\u{a0}0.001".to_owned() } else { format!("p\u{a0}=\u{a0}{p:.3}") }
}

fn sentence(test: &TestStat) -> String {
    let null = &test.null;
    let Some(p) = test.p_value().filter(|_| test.reason.is_none()) else {
        let reason = test.reason.clone().unwrap_or_else(|| "there is no p-value".to_owned());
        return format!("The null is: {null}. No verdict: {reason}.");
    };
    let (verdict, follows) = if p < LEVEL {
        ("rejected", consequence(&test.name, true))
    } else {
        ("not rejected", consequence(&test.name, false))
    };
    let follows = if follows.is_empty() { String::new() } else { format!("; {follows}") };
    format!("The null is: {null}. It is {verdict}{follows}.")
}

fn consequence(name: &str, rejected: bool) -> &'static str {
    let of = |(words, yes, no): &(&'static str, &'static str, &'static str)| {
        let meant =
            if words.starts_with(' ') { name.contains(words) } else { name.starts_with(words) };
        meant.then_some(if rejected { *yes } else { *no })
    };
    if name.starts_with("AR(") && !name.starts_with("AR(1)") {
        return if rejected {
            "the lag of that order is no valid instrument: begin at a later one, or add a lag of the response"
        } else {
            "the lag of that order can serve as an instrument"
        };
    }
    FOLLOWS.iter().find_map(of).unwrap_or_default()
}

fn by_period(tests: &[(&str, &TestStat)]) -> String {
    let null = tests.first().map(|(_, test)| test.null.as_str()).unwrap_or_default();
    let valid: Vec<(&str, f64)> =
        tests.iter().filter_map(|(period, test)| Some((*period, test.p_value()?))).collect();
    let rejected: Vec<&str> =
        valid.iter().filter(|(_, p)| *p < LEVEL).map(|(period, _)| *period).collect();
    let which =
        if rejected.is_empty() { String::new() } else { format!(" ({})", rejected.join(", ")) };
    format!(
        "The null is: {null}. It is rejected in {} of {} periods{which}; {:.1} would be by chance.",
        rejected.len(),
        valid.len(),
        LEVEL * valid.len() as f64
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(name: &str, statistic: f64) -> TestStat {
        TestStat::new(name, "no spatial lag", statistic, Distribution::ChiSquared(1.0))
    }

    #[test]
    fn a_sentence_names_the_null_and_follows_the_p_value() {
        let said = explained(&[test("LM lag", 9.0), test("LM lag, no effects", 1.0)]);
        assert_eq!(said[0].0, "LM lag: χ²(1) = 9.00, p\u{a0}=\u{a0}0.003");
        assert!(
            said[0].1.starts_with("The null is: no spatial lag. It is rejected; a spatial lag")
        );
        assert_eq!(said[1].1, "The null is: no spatial lag. It is not rejected.");
    }

    #[test]
    fn tests_of_every_period_are_counted_in_one_sentence() {
        let of = |name: &str, z: f64| TestStat::new(name, "none", z, Distribution::Normal);
        let said = explained(&[
            of("Moran of residuals", 0.1),
            of("Moran of residuals, 1990", 3.0),
            of("Moran of residuals, 1991", 0.0),
        ]);
        assert_eq!(said.len(), 2);
        assert_eq!(said[1].0, "Moran of residuals by period");
        let words =
            "The null is: none. It is rejected in 1 of 2 periods (1990); 0.1 would be by chance.";
        assert_eq!(said[1].1, words);
    }

    #[test]
    fn without_a_p_value_there_is_the_reason_and_no_verdict() {
        let test =
            TestStat::invalid("Hansen", "exogenous", Distribution::Normal, "exactly identified");
        let said = explained(&[test]);
        assert_eq!(
            said[0],
            ("Hansen".into(), "The null is: exogenous. No verdict: exactly identified.".into())
        );
    }

    #[test]
    fn the_second_order_of_correlation_says_other_than_the_first() {
        assert_ne!(consequence("AR(1)", true), consequence("AR(2)", true));
        assert_ne!(consequence("AR(2)", true), consequence("AR(2)", false));
        assert!(consequence("Wald SDM vs SAR", false).contains("spatial lag model"));
    }
}
