//! The rows of a table that is written by hand.

use crate::tex::digits;

/// A value that can be a cell.
pub trait Cell {
    /// Returns the text of the cell.
    fn cell(&self) -> String;
}

impl Cell for f64 {
    fn cell(&self) -> String {
        digits(*self, 6)
    }
}

impl<T: Cell + ?Sized> Cell for &T {
    fn cell(&self) -> String {
        (**self).cell()
    }
}

macro_rules! as_display {
    ($($type:ty)+) => {
        $(impl Cell for $type {
            fn cell(&self) -> String {
                self.to_string()
            }
        })+
    };
}

as_display!(str String char bool i32 i64 isize u8 u16 u32 u64 usize restudy::digest::Digest restudy::sweep::AxisValue);

/// A value that can be a row.
pub trait Row {
    /// Returns the texts of the cells.
    fn cells(&self) -> Vec<String>;
}

impl<T: Cell, const N: usize> Row for [T; N] {
    fn cells(&self) -> Vec<String> {
        self.iter().map(Cell::cell).collect()
    }
}

impl<T: Cell> Row for Vec<T> {
    fn cells(&self) -> Vec<String> {
        self.iter().map(Cell::cell).collect()
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt)+))+) => {
        $(impl<$($name: Cell),+> Row for ($($name,)+) {
            fn cells(&self) -> Vec<String> {
                vec![$(self.$index.cell()),+]
            }
        })+
    };
}

tuples! {
    (A 0)
    (A 0 B 1)
    (A 0 B 1 C 2)
    (A 0 B 1 C 2 D 3)
    (A 0 B 1 C 2 D 3 E 4)
    (A 0 B 1 C 2 D 3 E 4 F 5)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7)
}
