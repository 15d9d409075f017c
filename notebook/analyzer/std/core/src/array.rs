//! Arrays.
use crate::borrow::{Borrow, BorrowMut};
use crate::iter::iterators;

impl<T: Clone, const N: usize> Clone for [T; N] {}
impl<T: Copy, const N: usize> Copy for [T; N] {}

impl<T, const N: usize> [T; N] {
    pub fn map<F: FnMut(T) -> U, U>(self, f: F) -> [U; N];
    pub const fn as_slice(&self) -> &[T];
    pub const fn as_mut_slice(&mut self) -> &mut [T];
    pub const fn each_ref(&self) -> [&T; N];
    pub const fn each_mut(&mut self) -> [&mut T; N];
}

impl<T, const N: usize> Borrow<[T]> for [T; N] {}
impl<T, const N: usize> BorrowMut<[T]> for [T; N] {}

pub struct IntoIter<T, const N: usize>([T; N]);
iterators! { [T, const N: usize] IntoIter<T, N> => T; }

impl<T, const N: usize> IntoIterator for [T; N] {
    type Item = T;
    type IntoIter = IntoIter<T, N>;
}
impl<'a, T, const N: usize> IntoIterator for &'a [T; N] {
    type Item = &'a T;
    type IntoIter = crate::slice::Iter<'a, T>;
}
impl<'a, T, const N: usize> IntoIterator for &'a mut [T; N] {
    type Item = &'a mut T;
    type IntoIter = crate::slice::IterMut<'a, T>;
}

pub struct TryFromSliceError(());
impl crate::fmt::Debug for TryFromSliceError {}
impl crate::fmt::Display for TryFromSliceError {}
impl crate::error::Error for TryFromSliceError {}
impl<T: Copy, const N: usize> TryFrom<&[T]> for [T; N] {
    type Error = TryFromSliceError;
}
impl<'a, T, const N: usize> TryFrom<&'a [T]> for &'a [T; N] {
    type Error = TryFromSliceError;
}
impl<T, const N: usize> TryFrom<crate::vec::Vec<T>> for [T; N] {
    type Error = crate::vec::Vec<T>;
}

pub fn from_fn<T, const N: usize, F: FnMut(usize) -> T>(f: F) -> [T; N];
pub const fn from_ref<T>(s: &T) -> &[T; 1];
