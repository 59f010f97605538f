//! Shapes that several maps of a page draw, kept once: most of a page with maps of thousands of areas is their borders.

use std::{collections::HashMap, fmt::Write as _};

const OPEN: &str = "<path d=\"";
const CLOSE: &str = "\"/>";
/// A reference is not shorter than this.
const SHORTEST: usize = 24;

/// `body` with every outline that occurs more than once replaced by a reference, and a picture of no size before it that
/// holds them. A path with a look of its own is left as it is.
pub(super) fn shared(body: &str) -> String {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for outline in outlines(body) {
        *times.entry(outline).or_default() += 1;
    }
    let often =
        |outline: &str| outline.len() > SHORTEST && times.get(outline).is_some_and(|n| *n > 1);
    let (mut defined, mut out) = (String::new(), String::with_capacity(body.len()));
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut rest = body;
    while let Some((before, outline, after)) = next(rest) {
        out += before;
        if often(outline) {
            let next = numbers.len() + 1;
            let number = *numbers.entry(outline).or_insert(next);
            if number == next {
                let _ = writeln!(defined, "<path id=\"s{number}\" d=\"{outline}\"/>");
            }
            let _ = write!(out, "<use href=\"#s{number}\"/>");
        } else {
            out += &rest[before.len()..rest.len() - after.len()];
        }
        rest = after;
    }
    out += rest;
    if defined.is_empty() {
        return out;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"shapes\" width=\"0\" height=\"0\" aria-hidden=\"true\">\
         <defs>\n{defined}</defs></svg>\n{out}"
    )
}

fn outlines(body: &str) -> impl Iterator<Item = &str> {
    let mut rest = body;
    std::iter::from_fn(move || {
        let (_, outline, after) = next(rest)?;
        rest = after;
        Some(outline)
    })
}

/// The text before the next plain path, its outline, and the text behind it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find(OPEN)?;
        let outline = &text[at + OPEN.len()..];
        let end = outline.find('"')?;
        if outline[end..].starts_with(CLOSE) {
            return Some((&text[..at], &outline[..end], &outline[end + CLOSE.len()..]));
        }
        from = at + OPEN.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BORDER: &str = "M363 2355l-11-5 4-2 3 4 5-1z";

    #[test]
    fn an_outline_of_two_maps_is_kept_once_and_looks_stay() {
        let own = format!("<path d=\"{BORDER}\" fill=\"red\"/>");
        let map = format!("<svg><g fill=\"#fff\"><path d=\"{BORDER}\"/></g>{own}</svg>");
        let page = shared(&(map.clone() + &map));
        assert_eq!(page.matches(BORDER).count(), 1 + 2);
        assert_eq!(page.matches("<use href=\"#s1\"/>").count(), 2);
        assert_eq!(page.matches(&own).count(), 2);
    }

    #[test]
    fn what_occurs_once_or_is_short_stays_as_it_is() {
        let body = format!(
            "<svg><path d=\"{BORDER}\"/><path d=\"M0 0z\"/><path d=\"M0 0z\"/></svg> <path d="
        );
        assert_eq!(shared(&body), body);
    }
}
