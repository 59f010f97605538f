//! Connections to a PostgreSQL database, which stand where the path of a file may stand.

use std::path::Path;

/// Whether `path` names a database as GDAL spells it, `PG:dbname=x` or `postgresql://host/x`, and no file.
pub fn is_database(path: &str) -> bool {
    let begins = |scheme: &str| {
        path.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    };
    (begins("PG:") || begins("postgresql://")) && !Path::new(path).exists()
}

/// Whether two outputs or inputs are one database. Spelled in two ways it is not recognised.
pub fn same_database(a: &str, b: &str) -> bool {
    is_database(a) && a.trim() == b.trim()
}

/// A text with the passwords of connections in it as `***`: messages, histories and reports are passed on.
pub fn without_passwords(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, secret, after)) = next_secret(rest) {
        out += before;
        out += if secret.is_empty() { "" } else { "***" };
        rest = after;
    }
    out + rest
}

/// The text up to a password, the password, and the text behind it.
fn next_secret(text: &str) -> Option<(&str, &str, &str)> {
    let lower = text.to_ascii_lowercase();
    let named = lower.find("password").map(|at| (at, named(text, at + "password".len())));
    let in_url =
        lower.find("postgresql://").map(|at| (at, in_url(text, at + "postgresql://".len())));
    let (_, (from, to)) = [named, in_url].into_iter().flatten().min()?;
    Some((&text[..from], &text[from..to], &text[to..]))
}

/// The value behind a keyword that ends at `at`: `= 'in quotes'` or up to a blank; none without `=`.
fn named(text: &str, at: usize) -> (usize, usize) {
    let behind = text[at..].trim_start();
    let Some(value) = behind.strip_prefix('=') else { return (at, at) };
    let value = value.trim_start();
    let from = text.len() - value.len();
    let Some(quoted) = value.strip_prefix('\'') else {
        let end = value.find(|c: char| c.is_whitespace() || c == '&').unwrap_or(value.len());
        return (from, from + end);
    };
    let mut escaped = false;
    let end = quoted.char_indices().find(|&(_, c)| {
        let ends = c == '\'' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    (from, end.map_or(text.len(), |(at, _)| from + at + 2))
}

/// What stands between the user and the host of an address whose scheme ends at `at`.
fn in_url(text: &str, at: usize) -> (usize, usize) {
    let authority = text[at..].split(['/', '?', ' ']).next().unwrap_or_default();
    let secret = authority.rsplit_once('@').and_then(|(login, _)| login.split_once(':'));
    let Some((user, secret)) = secret else { return (at, at) };
    let from = at + user.len() + 1;
    (from, from + secret.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_told_from_a_file_and_from_a_drive() {
        for database in ["PG:dbname=x", "pg:host=/tmp", "postgresql://host/x"] {
            assert!(is_database(database), "{database}");
        }
        for file in ["a.gpkg", "C:/x.gpkg", "P", "PGx:1", "县", "-"] {
            assert!(!is_database(file), "{file}");
        }
    }

    #[test]
    fn no_spelling_of_a_password_is_shown() {
        let cases = [
            ("PG:dbname=x password=geheim user=y", "PG:dbname=x password=*** user=y"),
            (r"PG:password = 'ge \' heim' dbname=x", "PG:password = *** dbname=x"),
            ("PG:dbname=x PASSWORD=geheim", "PG:dbname=x PASSWORD=***"),
            ("postgresql://me:ge@heim@host:5432/x", "postgresql://me:***@host:5432/x"),
            (
                "postgresql://me@host/x?password=geheim&a=b",
                "postgresql://me@host/x?password=***&a=b",
            ),
            ("password='open", "password=***"),
            ("a field named password, no more", "a field named password, no more"),
            ("PG:dbname=x user=y", "PG:dbname=x user=y"),
        ];
        for (text, shown) in cases {
            assert_eq!(without_passwords(text), shown);
        }
    }
}
