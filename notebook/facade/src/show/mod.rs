//! Shows a value as text, and as HTML, SVG or LaTeX if these are better.

pub mod last;
mod plain;

use std::collections::BTreeMap;

use crate::cell;

/// A value that can be shown in a notebook.
///
/// The last expression of a cell is shown if it can be; [`show()`] shows a value anywhere in a cell. To implement the
/// trait for your own type, return a [`Bundle`]: `Bundle::text("seven").html("<b>7</b>")`.
pub trait Show {
    /// Returns the representations of the value.
    fn bundle(&self) -> Bundle;

    /// Shows the value as the result of a cell; evcxr calls the method by this name.
    fn evcxr_display(&self) {
        cell::result(&self.bundle());
    }
}

/// Shows a value in the middle of a cell, as an output of its own.
pub fn show<T: Show + ?Sized>(value: &T) {
    cell::display(&value.bundle());
}

/// One value in several representations, of which a front end shows the best that it supports; or several values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bundle {
    data: BTreeMap<&'static str, String>,
    several: Vec<Self>,
}

impl Bundle {
    /// Makes a bundle from text, which every value has.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { data: BTreeMap::from([("text/plain", text.into())]), several: Vec::new() }
    }

    /// Adds HTML. Some front ends remove styles and scripts: use plain elements.
    #[must_use]
    pub fn html(self, html: impl Into<String>) -> Self {
        self.with("text/html", html.into())
    }

    /// Adds SVG.
    #[must_use]
    pub fn svg(self, svg: impl Into<String>) -> Self {
        self.with("image/svg+xml", svg.into())
    }

    /// Adds LaTeX; mathematics is between dollar signs.
    #[must_use]
    pub fn latex(self, latex: impl Into<String>) -> Self {
        self.with("text/latex", latex.into())
    }

    /// Makes a bundle of several values, each shown separately.
    #[must_use]
    pub fn several(bundles: impl IntoIterator<Item = Self>) -> Self {
        Self { data: BTreeMap::new(), several: bundles.into_iter().collect() }
    }

    /// Returns the representations by MIME type.
    #[must_use]
    pub fn data(&self) -> &BTreeMap<&'static str, String> {
        &self.data
    }

    /// Returns the single values in the bundle.
    #[must_use]
    pub fn single_ones(&self) -> Vec<&Self> {
        let own = (!self.data.is_empty()).then_some(self);
        own.into_iter().chain(self.several.iter().flat_map(Self::single_ones)).collect()
    }

    /// The text, if it is the only representation and a single line.
    fn word(&self) -> Option<&str> {
        let text = self.data.get("text/plain").filter(|text| self.data.len() == 1 && !text.contains('\n'))?;
        self.several.is_empty().then_some(text)
    }

    fn with(mut self, mime: &'static str, text: String) -> Self {
        self.data.insert(mime, text);
        self
    }
}

/// Escapes text for HTML elements and double-quoted attributes, and for SVG. Apostrophes stay: committed outputs
/// contain them.
pub(crate) fn escape(text: &str) -> String {
    restudy::escape::svg(text)
}

#[cfg(test)]
mod tests;
