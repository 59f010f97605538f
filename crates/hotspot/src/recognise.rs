//! The look of a column by its name, for layers that have lost theirs.

use durbin_core::Style;

use crate::{emerging, local, result};

/// The style with which this room draws the column `field`: `gi_bin`, `lisa_cluster`, `geary_cluster` or
/// `emerging_code`, each perhaps after `F_`, and `gi_bin_PERIOD`. `None` for any other column.
pub fn style_of(field: &str) -> Option<Style> {
    let prefix = |column: &str| {
        let prefix = field.strip_suffix(column)?;
        (prefix.is_empty() || prefix.ends_with('_')).then_some(prefix)
    };
    let bins = |words: &str| {
        let of = if words.is_empty() { String::new() } else { format!(" of {words}") };
        result::style(field.to_owned(), format!("Hot and cold spots{of} (Getis-Ord)"))
    };
    if let Some(prefix) = prefix("gi_bin") {
        return Some(bins(prefix.trim_end_matches('_')));
    }
    if let Some(prefix) = prefix("lisa_cluster") {
        return Some(local::moran_style(prefix));
    }
    if let Some(prefix) = prefix("geary_cluster") {
        return Some(local::geary_style(prefix));
    }
    if let Some(prefix) = prefix("emerging_code") {
        return Some(emerging::style(prefix));
    }
    let (before, period) = field.split_once("gi_bin_")?;
    let known = before.is_empty() || before.ends_with('_');
    known.then(|| {
        bins(format!("{}, {period}", before.trim_end_matches('_')).trim_start_matches(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_this_room_are_known_by_name_and_others_are_not() {
        for (field, title) in [
            ("gi_bin", "Hot and cold spots (Getis-Ord)"),
            ("income_gi_bin", "Hot and cold spots of income (Getis-Ord)"),
            ("gi_bin_1990", "Hot and cold spots of 1990 (Getis-Ord)"),
            ("V_gi_bin_1990", "Hot and cold spots of V, 1990 (Getis-Ord)"),
            ("lisa_cluster", "Clusters and outliers (local Moran)"),
            ("x_geary_cluster", "Clusters and outliers of x (local Geary)"),
            ("emerging_code", "Emerging hot spots"),
        ] {
            let style = style_of(field).unwrap();
            assert_eq!((style.field(), style.title()), (field, title));
        }
        assert!(["gi_z", "margi_bin", "gi_bins", "cluster"].iter().all(|f| style_of(f).is_none()));
    }
}
