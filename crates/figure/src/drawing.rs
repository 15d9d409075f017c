//! A figure that is drawn, and the formats it can be written in.

use restudy_core::digest::Digest;

use super::{Figure, FigureError, Tables, Theme, bitmap, canvas::Sheet, pdf, svg as vectors};

/// The figure as SVG text in the study's own theme, headed by `title`.
///
/// # Errors
/// Tables without a column that the figure needs.
pub fn svg(figure: &Figure, title: &str, tables: &Tables<'_>) -> Result<String, FigureError> {
    Ok(figure.draw(title, tables, Theme::STUDY)?.svg())
}

/// The figure as PNG bytes in the study's own theme, two pixels for one of the SVG, headed by `title`.
///
/// # Errors
/// Tables without a column that the figure needs.
pub fn png(figure: &Figure, title: &str, tables: &Tables<'_>) -> Result<Vec<u8>, FigureError> {
    figure.draw(title, tables, Theme::STUDY)?.png()
}

/// A figure that is drawn, to be written in any format.
#[derive(Clone)]
pub struct Drawing(pub(super) Sheet);

impl Drawing {
    /// As SVG text.
    #[must_use]
    pub fn svg(&self) -> String {
        vectors::write(&self.0)
    }

    /// As PNG bytes.
    ///
    /// # Errors
    /// The encoder refuses.
    pub fn png(&self) -> Result<Vec<u8>, FigureError> {
        bitmap::write(&self.0)
    }

    /// As PDF bytes: one page of the size of the figure, without fonts, dates or names of programs.
    #[must_use]
    pub fn pdf(&self) -> Vec<u8> {
        pdf::write(&self.0)
    }

    /// The caption: what the figure shows, of how many runs, and what its bands and intervals are.
    #[must_use]
    pub fn caption(&self) -> String {
        self.0.caption()
    }

    /// The [digest of the rows](super::rows) that it was drawn from.
    #[must_use]
    pub fn rows(&self) -> Option<Digest> {
        self.0.rows
    }
}
