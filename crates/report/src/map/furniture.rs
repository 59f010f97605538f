//! Scale bar and north arrow.

use super::{Map, frame::Frame};
use crate::svg::{Canvas, FAINT, Type, px};

const LONGEST: f64 = 140.0;
/// Room for bar and arrow.
pub(super) const HEIGHT: f64 = 74.0;

/// A scale bar of round length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    metres: f64,
    pixels: f64,
}

impl Scale {
    /// The scale bar of `map`; `None` when its unit is unknown.
    pub(super) fn new(map: &Map, frame: &Frame) -> Option<Self> {
        let metres_per_pixel = map.metres_per_unit? / frame.scale;
        (metres_per_pixel.is_finite() && metres_per_pixel > 0.0)
            .then(|| Self::round(metres_per_pixel))
    }

    /// The longest bar of 1, 2 or 5 × 10ᵏ metres that fits.
    fn round(metres_per_pixel: f64) -> Self {
        let room = LONGEST * metres_per_pixel;
        let power = 10f64.powf(room.log10().floor());
        let step = [5.0, 2.0].into_iter().find(|step| step * power <= room).unwrap_or(1.0);
        let metres = step * power;
        Self { metres, pixels: metres / metres_per_pixel }
    }

    /// Half and full length in words.
    fn labels(self) -> (String, String) {
        let (length, unit) =
            if self.metres >= 1000.0 { (self.metres / 1000.0, "km") } else { (self.metres, "m") };
        (plain(length / 2.0), format!("{} {unit}", plain(length)))
    }

    /// Draws the bar with its foot at `bottom` and the arrow at the right.
    pub(super) fn draw(self, canvas: &mut Canvas, left: f64, bottom: f64, width: f64) {
        let y = bottom - 20.0;
        let (half, full) = (left + self.pixels / 2.0, left + self.pixels);
        let (half_words, full_words) = self.labels();
        canvas.add(&format!(
            "<path d=\"M{0} {1}v5H{2}v-5M{3} {1}v5\" fill=\"none\" stroke=\"{FAINT}\" \
             stroke-width=\"1.2\"/>",
            px(left),
            px(y - 5.0),
            px(full),
            px(half)
        ));
        let style = Type::new(11.0, FAINT).anchor("middle");
        canvas.text(left, y + 14.0, style.anchor("start"), "0");
        canvas.text(half, y + 14.0, style, &half_words);
        canvas.text(full, y + 14.0, style, &full_words);

        let north = left + width - 12.0;
        canvas.text(north, y - 24.0, style.bold(), "N");
        canvas.add(&format!(
            "<path d=\"M{} {}l7 24l-7 -5l-7 5z\" fill=\"{FAINT}\"/>",
            px(north),
            px(y - 19.0)
        ));
    }
}

fn plain(length: f64) -> String {
    let text = format!("{length:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_has_a_round_length_and_fits() {
        for exponent in -60..60 {
            let metres_per_pixel = 10f64.powf(f64::from(exponent) / 10.0);
            let bar = Scale::round(metres_per_pixel);
            assert!(bar.pixels <= LONGEST * (1.0 + 1e-12) && bar.pixels >= LONGEST / 2.5 - 1e-9);
            let leading = format!("{:e}", bar.metres);
            assert!(["1e", "2e", "5e"].iter().any(|digit| leading.starts_with(digit)), "{leading}");
        }
    }

    #[test]
    fn long_bars_count_in_kilometres_and_short_ones_in_metres() {
        let words = |metres| Scale { metres, pixels: 1.0 }.labels();
        assert_eq!(words(500_000.0), ("250".into(), "500 km".into()));
        assert_eq!(words(5000.0), ("2.5".into(), "5 km".into()));
        assert_eq!(words(50.0), ("25".into(), "50 m".into()));
    }
}
