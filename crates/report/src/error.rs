//! What can go wrong when a picture is drawn.

/// A picture that could not be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No font at all is installed, so that a map would lose its words.
    #[error(
        "no font is installed, so the words of a picture cannot be drawn; \
         install one (Debian and Ubuntu: fonts-dejavu-core; with Chinese names: fonts-noto-cjk)"
    )]
    NoFont,
    /// The text is not SVG.
    #[error("cannot read the picture as SVG: {source}")]
    Svg {
        /// What the parser met.
        #[from]
        source: resvg::usvg::Error,
    },
    /// The picture would have no pixels or more than memory can hold.
    #[error("a picture of {width} × {height} pixels cannot be drawn")]
    Size {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// The pixels could not be written as PNG, or the table as a document.
    #[error("cannot encode the file: {reason}")]
    Encode {
        /// What the encoder met.
        reason: String,
    },
}
