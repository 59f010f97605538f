//! Colours that people with colour-blindness can tell apart.

use std::str::FromStr;

use serde::Serialize;

use crate::Rgb;

/// A ramp or a set of colours.
///
/// Ramps are ColorBrewer's of its colour-blind-safe schemes (Brewer, C. A., Harrower, M. 2003, *The
/// Cartographic Journal* 40, 27–37) and Cividis (Nuñez, J. R. et al. 2018, *PLoS ONE* 13, e0199239); the set is
/// Okabe & Ito's (2008, *Color Universal Design*).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Palette {
    /// Pale yellow to dark green.
    YellowGreen,
    /// Pale to dark blue.
    Blues,
    /// Pale yellow over orange to dark brown.
    Oranges,
    /// Pale to dark purple.
    Purples,
    /// Pale to dark grey.
    Greys,
    /// Dark blue over grey to yellow; even when printed in grey.
    Cividis,
    /// Blue below, red above.
    BlueRed,
    /// Purple below, green above.
    PurpleGreen,
    /// Brown below, teal above.
    BrownTeal,
    /// Eight distinct colours without order.
    Okabe,
}

/// A word that names no [`Palette`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}`: one of {}", Palette::ALL.map(Palette::name).join(", "))]
pub struct UnknownPalette {
    /// The word.
    pub word: String,
}

impl Palette {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::YellowGreen,
        Self::Blues,
        Self::Oranges,
        Self::Purples,
        Self::Greys,
        Self::Cividis,
        Self::BlueRed,
        Self::PurpleGreen,
        Self::BrownTeal,
        Self::Okabe,
    ];

    /// Its word on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::YellowGreen => "yellow-green",
            Self::Blues => "blues",
            Self::Oranges => "oranges",
            Self::Purples => "purples",
            Self::Greys => "greys",
            Self::Cividis => "cividis",
            Self::BlueRed => "blue-red",
            Self::PurpleGreen => "purple-green",
            Self::BrownTeal => "brown-teal",
            Self::Okabe => "okabe-ito",
        }
    }

    /// Whether it has two sides.
    pub fn is_diverging(self) -> bool {
        matches!(self, Self::BlueRed | Self::PurpleGreen | Self::BrownTeal)
    }

    /// The colour at `share` (0 to 1) of the ramp.
    pub fn at(self, share: f64) -> Rgb {
        let stops = self.stops();
        let last = stops.len() - 1;
        let along = share.clamp(0.0, 1.0) * last as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "within the stops"
        )]
        let before = (along.floor() as usize).min(last.saturating_sub(1));
        let (from, to) = (stops[before], stops[(before + 1).min(last)]);
        let part = along - before as f64;
        let mix = |shift: u32| {
            let channel = |colour: u32| f64::from((colour >> shift) & 0xff);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
            let mixed = (channel(from) + part * (channel(to) - channel(from))).round() as u8;
            mixed
        };
        Rgb(mix(16), mix(8), mix(0))
    }

    /// The colour of category `at`; they repeat after the last.
    pub fn category(self, at: usize) -> Rgb {
        let stops = self.stops();
        let colour = stops[at % stops.len()].to_be_bytes();
        Rgb(colour[1], colour[2], colour[3])
    }

    /// How many categories it tells apart.
    pub fn categories(self) -> usize {
        self.stops().len()
    }

    fn stops(self) -> &'static [u32] {
        match self {
            Self::YellowGreen => &[
                0x00ff_ffcc,
                0x00d9_f0a3,
                0x00ad_dd8e,
                0x0078_c679,
                0x0041_ab5d,
                0x0023_8443,
                0x0000_5a32,
            ],
            Self::Blues => &[0x00ef_f3ff, 0x00bd_d7e7, 0x006b_aed6, 0x0031_82bd, 0x0008_519c],
            Self::Oranges => &[0x00ff_ffd4, 0x00fe_d98e, 0x00fe_9929, 0x00d9_5f0e, 0x0099_3404],
            Self::Purples => &[0x00f2_f0f7, 0x00cb_c9e2, 0x009e_9ac8, 0x0075_6bb1, 0x0054_278f],
            Self::Greys => &[0x00f7_f7f7, 0x00cc_cccc, 0x0096_9696, 0x0063_6363, 0x0025_2525],
            Self::Cividis => &[
                0x0000_224e,
                0x002a_3f6d,
                0x0057_5d6d,
                0x007d_7c78,
                0x00a5_9c74,
                0x00d2_c060,
                0x00fe_e838,
            ],
            Self::BlueRed => &[
                0x0021_66ac,
                0x0043_93c3,
                0x0092_c5de,
                0x00d1_e5f0,
                0x00f7_f7f7,
                0x00fd_dbc7,
                0x00f4_a582,
                0x00d6_604d,
                0x00b2_182b,
            ],
            Self::PurpleGreen => &[
                0x0076_2a83,
                0x0099_70ab,
                0x00c2_a5cf,
                0x00e7_d4e8,
                0x00f7_f7f7,
                0x00d9_f0d3,
                0x00a6_dba0,
                0x005a_ae61,
                0x001b_7837,
            ],
            Self::BrownTeal => &[
                0x008c_510a,
                0x00bf_812d,
                0x00df_c27d,
                0x00f6_e8c3,
                0x00f5_f5f5,
                0x00c7_eae5,
                0x0080_cdc1,
                0x0035_978f,
                0x0001_665e,
            ],
            Self::Okabe => &[
                0x0056_b4e9,
                0x00e6_9f00,
                0x0000_9e73,
                0x00f0_e442,
                0x0000_72b2,
                0x00d5_5e00,
                0x00cc_79a7,
                0x0099_9999,
            ],
        }
    }
}

impl FromStr for Palette {
    type Err = UnknownPalette;

    fn from_str(word: &str) -> Result<Self, UnknownPalette> {
        Self::ALL
            .into_iter()
            .find(|palette| palette.name() == word)
            .ok_or_else(|| UnknownPalette { word: word.to_owned() })
    }
}

impl Serialize for Palette {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance as WCAG 2 has it.
    fn luminance(colour: Rgb) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2)
    }

    #[test]
    fn a_ramp_grows_darker_or_lighter_all_the_way_so_that_grey_shows_its_order() {
        for palette in
            Palette::ALL.into_iter().filter(|p| !p.is_diverging() && *p != Palette::Okabe)
        {
            let steps: Vec<f64> =
                (0..=20).map(|i| luminance(palette.at(f64::from(i) / 20.0))).collect();
            let falls = steps.windows(2).all(|pair| pair[0] > pair[1]);
            let rises = steps.windows(2).all(|pair| pair[0] < pair[1]);
            assert!(falls || rises, "{palette:?}");
        }
    }

    #[test]
    fn every_palette_is_found_by_its_name() {
        for palette in Palette::ALL {
            assert_eq!(palette.name().parse(), Ok(palette));
        }
        let error = "rainbow".parse::<Palette>().unwrap_err().to_string();
        assert!(error.contains("yellow-green"), "{error}");
    }
}
