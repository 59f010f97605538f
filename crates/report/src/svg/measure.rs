//! How wide words will be, without a font: the widths of a wide sans-serif, so that estimates err on the safe
//! side.

use unicode_width::UnicodeWidthChar;

/// A space that does not end a line.
const NO_BREAK: char = '\u{a0}';

/// Width of `text` set in `size`, an upper estimate.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

fn em(c: char) -> f64 {
    match c {
        ' ' | NO_BREAK => 0.32,
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!'
        | '(' | ')' | '[' | ']' => 0.41,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.97,
        c if c.width() == Some(2) => 1.0,
        c if c.is_uppercase() => 0.72,
        c => 0.62 * c.width().unwrap_or(1) as f64,
    }
}

/// `text` in lines of at most `room`, broken at spaces, between wide characters, and inside a word that alone
/// is too long.
pub(crate) fn wrap(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let joined = format!("{line}{piece}");
        if width(joined.trim_end(), size) <= room {
            line = joined;
            continue;
        }
        if !line.trim().is_empty() {
            lines.push(line.trim().to_owned());
        }
        line.clear();
        for c in piece.chars() {
            if width(&line, size) + width(c.encode_utf8(&mut [0; 4]), size) > room
                && !line.is_empty()
            {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim().to_owned());
    }
    lines
}

/// Words with the spaces after them; every wide character is a word.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut open = false;
    for c in text.chars() {
        let wide = c.width() == Some(2);
        let blank = c.is_whitespace() && c != NO_BREAK;
        match pieces.last_mut() {
            Some(last) if blank || (open && !wide && !last.ends_with(' ')) => {
                last.push(if blank { ' ' } else { c });
            }
            _ => pieces.push(c.to_string()),
        }
        open = !wide;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_no_word_is_lost() {
        let text = "Cold spot, 95 % confidence and a rather long explanation of it";
        let lines = wrap(text, 12.0, 120.0);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| width(line, 12.0) <= 120.0));
        assert_eq!(lines.join(" "), text);
    }

    #[test]
    fn chinese_breaks_between_characters_and_a_long_word_inside() {
        assert_eq!(wrap("长沙市株洲市", 10.0, 30.0), ["长沙市", "株洲市"]);
        let lines = wrap(&"a".repeat(50), 10.0, 100.0);
        assert_eq!(lines.concat(), "a".repeat(50));
        assert!(lines.iter().all(|line| width(line, 10.0) <= 100.0));
    }
}
