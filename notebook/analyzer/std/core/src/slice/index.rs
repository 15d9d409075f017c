//! Indices and ranges of slices.
use crate::ops::{Index, IndexMut, Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

pub trait SliceIndex<T: ?Sized> {
    type Output: ?Sized;
}

impl<T> SliceIndex<[T]> for usize {
    type Output = T;
}

macro_rules! parts {
    ($($range:ty)*) => { $(
        impl<T> SliceIndex<[T]> for $range { type Output = [T]; }
        impl SliceIndex<str> for $range { type Output = str; }
    )* };
}
parts! { Range<usize> RangeFrom<usize> RangeFull RangeInclusive<usize> RangeTo<usize> RangeToInclusive<usize> }

impl<T, I: SliceIndex<[T]>> Index<I> for [T] {
    type Output = I::Output;
}
impl<T, I: SliceIndex<[T]>> IndexMut<I> for [T] {}

impl<T, I: SliceIndex<[T]>, const N: usize> Index<I> for [T; N] {
    type Output = I::Output;
}
impl<T, I: SliceIndex<[T]>, const N: usize> IndexMut<I> for [T; N] {}

impl<T, I: SliceIndex<[T]>> Index<I> for crate::vec::Vec<T> {
    type Output = I::Output;
}
impl<T, I: SliceIndex<[T]>> IndexMut<I> for crate::vec::Vec<T> {}

impl<I: SliceIndex<str>> Index<I> for str {
    type Output = I::Output;
}
impl<I: SliceIndex<str>> Index<I> for crate::string::String {
    type Output = I::Output;
}
