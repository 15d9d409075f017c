//! Showing: a value as text, and as HTML, SVG or LaTeX where that says more.

pub mod last;
mod plain;

use std::collections::BTreeMap;

use crate::cell;

/// What shows itself in a notebook.
///
/// The last expression of a cell does so where it can; [`show()`] does it in the middle of one. To implement it for a type of
/// your own, give a [`Bundle`]: `Bundle::text("seven").html("<b>7</b>")`.
pub trait Show {
    /// The representations of the value.
    fn bundle(&self) -> Bundle;

    /// Puts the value out as the result of a cell; evcxr calls it by this name.
    fn evcxr_display(&self) {
        cell::result(&self.bundle());
    }
}

/// Shows a value in the middle of a cell, as an output of its own.
pub fn show<T: Show + ?Sized>(value: &T) {
    cell::display(&value.bundle());
}

/// One value in several representations, of which a front end takes the best that it knows; or several values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bundle {
    data: BTreeMap<&'static str, String>,
    several: Vec<Self>,
}

impl Bundle {
    /// As text, which every value has.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { data: BTreeMap::from([("text/plain", text.into())]), several: Vec::new() }
    }

    /// Also as HTML. Styles and scripts are not seen everywhere: plain elements are.
    #[must_use]
    pub fn html(self, html: impl Into<String>) -> Self {
        self.with("text/html", html.into())
    }

    /// Also as SVG.
    #[must_use]
    pub fn svg(self, svg: impl Into<String>) -> Self {
        self.with("image/svg+xml", svg.into())
    }

    /// Also as LaTeX; mathematics stands between dollar signs.
    #[must_use]
    pub fn latex(self, latex: impl Into<String>) -> Self {
        self.with("text/latex", latex.into())
    }

    /// Several values, each shown for itself.
    #[must_use]
    pub fn several(bundles: impl IntoIterator<Item = Self>) -> Self {
        Self { data: BTreeMap::new(), several: bundles.into_iter().collect() }
    }

    /// The representations by their MIME types.
    #[must_use]
    pub fn data(&self) -> &BTreeMap<&'static str, String> {
        &self.data
    }

    /// The values that are shown, each of them one.
    #[must_use]
    pub fn single_ones(&self) -> Vec<&Self> {
        let own = (!self.data.is_empty()).then_some(self);
        own.into_iter().chain(self.several.iter().flat_map(Self::single_ones)).collect()
    }

    /// The text, if that is all there is, and no more than a line.
    fn word(&self) -> Option<&str> {
        let text = self.data.get("text/plain").filter(|text| self.data.len() == 1 && !text.contains('\n'))?;
        self.several.is_empty().then_some(text)
    }

    fn with(mut self, mime: &'static str, text: String) -> Self {
        self.data.insert(mime, text);
        self
    }
}

/// Text for HTML, in elements and in attributes in double quotes; SVG has the same marks, and leaves apostrophes, as committed outputs have them.
pub(crate) fn escape(text: &str) -> String {
    restudy::escape::svg(text)
}

#[cfg(test)]
mod tests;
