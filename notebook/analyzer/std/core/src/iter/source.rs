//! Sources of iterators, and ranges as iterators.
use super::*;
use crate::ops::{Range, RangeFrom, RangeInclusive};

pub trait Step: Clone + PartialOrd {}

macro_rules! steps {
    ($($type:ty)*) => { $( impl Step for $type {} )* };
}
steps! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize char }

impl<A: Step> Iterator for Range<A> {
    type Item = A;
}
impl<A: Step> DoubleEndedIterator for Range<A> {}
impl<A: Step> ExactSizeIterator for Range<A> {}

impl<A: Step> Iterator for RangeInclusive<A> {
    type Item = A;
}
impl<A: Step> DoubleEndedIterator for RangeInclusive<A> {}
impl<A: Step> ExactSizeIterator for RangeInclusive<A> {}

impl<A: Step> Iterator for RangeFrom<A> {
    type Item = A;
}

pub struct Repeat<A>(A);
pub struct RepeatN<A>(A);
pub struct RepeatWith<F>(F);
pub struct Empty<T>(T);
pub struct Once<T>(T);
pub struct OnceWith<F>(F);
pub struct FromFn<F>(F);
pub struct Successors<T, F>(T, F);

pub fn repeat<T: Clone>(value: T) -> Repeat<T>;
pub fn repeat_n<T: Clone>(value: T, count: usize) -> RepeatN<T>;
pub fn repeat_with<A, F: FnMut() -> A>(f: F) -> RepeatWith<F>;
pub const fn empty<T>() -> Empty<T>;
pub fn once<T>(value: T) -> Once<T>;
pub fn once_with<A, F: FnOnce() -> A>(f: F) -> OnceWith<F>;
pub fn from_fn<T, F: FnMut() -> Option<T>>(f: F) -> FromFn<F>;
pub fn successors<T, F: FnMut(&T) -> Option<T>>(first: Option<T>, f: F) -> Successors<T, F>;
pub fn zip<A: IntoIterator, B: IntoIterator>(a: A, b: B) -> Zip<A::IntoIter, B::IntoIter>;

iterators! {
    [A: Clone] Repeat<A> => A;
    [A: Clone] RepeatN<A> => A;
    [T] Empty<T> => T;
    [T] Once<T> => T;
}
impl<A, F: FnMut() -> A> Iterator for RepeatWith<F> {
    type Item = A;
}
impl<A, F: FnOnce() -> A> Iterator for OnceWith<F> {
    type Item = A;
}
impl<T, F: FnMut() -> Option<T>> Iterator for FromFn<F> {
    type Item = T;
}
impl<T, F: FnMut(&T) -> Option<T>> Iterator for Successors<T, F> {
    type Item = T;
}
