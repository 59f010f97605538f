//! Facts under each other for a terminal.

use unicode_width::UnicodeWidthStr;

/// `name  value` lines with the values in one column.
pub fn key_values(pairs: &[(String, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    let line = |(name, value): &(String, String)| {
        format!("{name}{}  {value}\n", " ".repeat(width - name.width()))
    };
    pairs.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_one_column_whatever_the_script() {
        let pairs = [("县", "122"), ("links", "638")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(key_values(&pairs), "县     122\nlinks  638\n");
    }
}
