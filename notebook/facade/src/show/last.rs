//! The text of the last value of a cell, which evcxr formats: from [`Show`] if implemented, else from `Debug`.
//!
//! Method resolution chooses: [`ByShow`] is implemented for [`Last`], and [`ByDebug`] for a reference to it, which is
//! tried second.

use std::fmt;

use super::Show;
use crate::cell;

/// A value, for one of the two traits of this module.
pub struct Last<'a, T: ?Sized>(pub &'a T);

/// Values with [`Show`].
pub trait ByShow {
    /// Shows all representations except the text, which is returned for evcxr.
    fn text(&self) -> String;
}

impl<T: Show + ?Sized> ByShow for Last<'_, T> {
    fn text(&self) -> String {
        let bundle = self.0.bundle();
        cell::result(&bundle);
        // evcxr keeps one text a cell, the last one.
        match bundle.single_ones()[..] {
            [one] => one.data().get("text/plain").cloned().unwrap_or_default(),
            _ => String::new(),
        }
    }
}

/// Values with `Debug` only.
pub trait ByDebug {
    /// Returns the value as text.
    fn text(&self) -> String;
}

impl<T: fmt::Debug + ?Sized> ByDebug for &Last<'_, T> {
    fn text(&self) -> String {
        format!("{:?}", self.0)
    }
}

#[cfg(test)]
mod tests {

    #[derive(Debug)]
    struct Plain;

    #[test]
    fn show_is_preferred_to_debug() {
        let moved = String::from("moved");
        let shown = crate::cell::format!("{:\u{3f}}", &(Some(moved)));
        assert_eq!([shown, crate::cell::format!("{:\u{3f}}", &(Plain))], ["moved", "Plain"]);
        assert_eq!(crate::cell::format!("{:?} {}", Some("x"), 7), "Some(\"x\") 7");
    }
}
