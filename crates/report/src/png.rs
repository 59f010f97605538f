//! SVG to PNG.

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};

use durbin_core::Warning;

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{
        Group, Node, Options, Tree,
        fontdb::{Database, FaceInfo, Style, Weight},
    },
};

use crate::Error;

/// Preferred faces for `sans-serif`, the first that is installed wins.
const SANS: [&str; 6] =
    ["Noto Sans", "Liberation Sans", "Arial", "Helvetica", "Noto Sans CJK SC", "DejaVu Sans"];

/// A picture in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Png {
    /// The file.
    pub bytes: Vec<u8>,
    /// Characters that no installed font has.
    pub warnings: Vec<Warning>,
}

/// The picture `svg` as PNG, `width` pixels across and as high as its shape asks, drawn with the system's
/// fonts.
///
/// # Errors
/// [`Error::NoFont`] when no font at all is installed; a text that is not SVG; a size without pixels or
/// beyond memory.
pub fn png(svg: &str, width: u32) -> Result<Png, Error> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    let fonts = FONTS.get_or_init(|| Arc::new(system_fonts()));
    draw(svg, width, fonts.clone())
}

/// The system's fonts, upright sans-serif ones first: a name in a script that the chosen face lacks is drawn in
/// the first face that has it.
fn system_fonts() -> Database {
    let mut found = Database::new();
    found.load_system_fonts();
    let mut faces: Vec<FaceInfo> = found.faces().cloned().collect();
    let family = |face: &FaceInfo| face.families.first().map(|(name, _)| name.clone());
    faces.sort_by_cached_key(|face| {
        let family = family(face).unwrap_or_default();
        let plain = family.contains("Sans") && !family.contains("Mono");
        let upright = face.style == Style::Normal;
        (!plain, !upright, face.weight.0.abs_diff(Weight::NORMAL.0), family)
    });
    let has = |name: &str| {
        let mut families = faces.iter().flat_map(|face| &face.families);
        families.any(|(family, _)| family == name)
    };
    let preferred = SANS.into_iter().find(|name| has(name)).map(str::to_owned);
    let sans = preferred.or_else(|| faces.first().and_then(family));

    let mut fonts = Database::new();
    if let Some(sans) = sans {
        fonts.set_sans_serif_family(sans);
    }
    for face in faces {
        fonts.push_face_info(face);
    }
    fonts
}

fn draw(svg: &str, width: u32, fonts: Arc<Database>) -> Result<Png, Error> {
    if fonts.is_empty() {
        return Err(Error::NoFont);
    }
    let options = Options { fontdb: fonts, ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    let size = tree.size();
    let scale = f64::from(width) / f64::from(size.width());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturates; refused below
    let height = (f64::from(size.height()) * scale).round() as u32;
    let mut pixels = Pixmap::new(width, height).ok_or(Error::Size { width, height })?;
    #[allow(clippy::cast_possible_truncation)] // a factor near one
    let scale = scale as f32;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    let bytes = pixels.encode_png().map_err(|error| Error::Encode { reason: error.to_string() })?;
    let mut boxes = BTreeSet::new();
    without_glyph(tree.root(), &mut boxes);
    let warning = Warning::Glyphs { characters: boxes.iter().map(String::as_str).collect() };
    Ok(Png { bytes, warnings: if boxes.is_empty() { Vec::new() } else { vec![warning] } })
}

/// Collects the characters that were set with glyph 0, which stands for none.
fn without_glyph(group: &Group, boxes: &mut BTreeSet<String>) {
    for node in group.children() {
        match node {
            Node::Group(group) => without_glyph(group, boxes),
            Node::Text(text) => {
                let glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
                boxes
                    .extend(glyphs.filter(|glyph| glyph.id.0 == 0).map(|glyph| glyph.text.clone()));
            }
            Node::Path(_) | Node::Image(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><rect width="4" height="2"/></svg>"#;

    #[test]
    fn without_fonts_the_error_says_what_to_install() {
        let error = draw(SQUARE, 40, Arc::new(Database::new())).unwrap_err();
        assert!(error.to_string().contains("fonts-dejavu-core"));
    }

    #[test]
    fn the_picture_keeps_its_shape() {
        let bytes = png(SQUARE, 40).unwrap().bytes;
        let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!((side(16), side(20)), (40, 20));
    }

    #[test]
    fn a_character_that_no_font_has_is_told() {
        let words = |text: &str| {
            format!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 20" font-family="sans-serif"><text y="15">{text}</text></svg>"#
            )
        };
        assert!(png(&words("Latin"), 90).unwrap().warnings.is_empty());
        // A code point that Unicode keeps free for private use.
        let warnings = png(&words("a\u{10f8f8}"), 90).unwrap().warnings;
        assert!(matches!(&warnings[..], [Warning::Glyphs { characters }] if characters.count == 1));
    }

    #[test]
    fn no_svg_and_no_pixels_are_errors() {
        assert!(matches!(png("<p>", 40), Err(Error::Svg { .. })));
        assert!(matches!(png(SQUARE, 0), Err(Error::Size { .. })));
    }
}
