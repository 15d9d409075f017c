//! The last value of a cell, where evcxr asks for its text: as [`Show`] has it, else as `Debug`.
//!
//! The compiler chooses: [`Last`] itself is what `Show` needs, and comes before the reference to it, which `Debug` is content with.

use std::fmt;

use super::Show;
use crate::cell;

/// A value, for one of the two traits of this module.
pub struct Last<'a, T: ?Sized>(pub &'a T);

/// What shows itself.
pub trait ByShow {
    /// Puts out all representations but the text, which is left to evcxr.
    fn text(&self) -> String;
}

impl<T: Show + ?Sized> ByShow for Last<'_, T> {
    fn text(&self) -> String {
        let bundle = self.0.bundle();
        cell::result(&bundle);
        // evcxr keeps one text a cell, and this one comes last.
        match bundle.single_ones()[..] {
            [one] => one.data().get("text/plain").cloned().unwrap_or_default(),
            _ => String::new(),
        }
    }
}

/// What has only a `Debug`.
pub trait ByDebug {
    /// It as text.
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
    fn what_shows_itself_does_and_the_rest_is_debug() {
        let moved = String::from("moved");
        let shown = crate::cell::format!("{:\u{3f}}", &(Some(moved)));
        assert_eq!([shown, crate::cell::format!("{:\u{3f}}", &(Plain))], ["moved", "Plain"]);
        assert_eq!(crate::cell::format!("{:?} {}", Some("x"), 7), "Some(\"x\") 7");
    }
}
