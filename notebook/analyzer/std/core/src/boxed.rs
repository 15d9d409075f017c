//! Boxes.
use crate::any::Any;
use crate::borrow::Borrow;
use crate::error::Error;
use crate::marker::{Tuple, Unsize};
use crate::ops::{CoerceUnsized, Deref, DerefMut};
use crate::string::String;
use crate::vec::Vec;

#[lang = "owned_box"]
#[fundamental]
pub struct Box<T: ?Sized>(*const T);

impl<T> Box<T> {
    pub fn new(value: T) -> Box<T>;
}
impl<T: ?Sized> Box<T> {
    pub fn leak<'a>(value: Box<T>) -> &'a mut T where T: 'a;
}
impl Box<dyn Any> {
    pub fn downcast<T: Any>(self) -> Result<Box<T>, Self>;
}

impl<T: ?Sized> Deref for Box<T> {
    type Target = T;
}
impl<T: ?Sized> DerefMut for Box<T> {}
impl<T: ?Sized + Unsize<U>, U: ?Sized> CoerceUnsized<Box<U>> for Box<T> {}
impl<T: Clone> Clone for Box<T> {}
impl<T: Clone> Clone for Box<[T]> {}
impl Clone for Box<str> {}
impl<T: Default> Default for Box<T> {}
impl<T: ?Sized + PartialEq> PartialEq for Box<T> {}
impl<T: ?Sized + Eq> Eq for Box<T> {}
impl<T: ?Sized + PartialOrd> PartialOrd for Box<T> {}
impl<T: ?Sized + Ord> Ord for Box<T> {}
impl<T: ?Sized> AsRef<T> for Box<T> {}
impl<T: ?Sized> AsMut<T> for Box<T> {}
impl<T: ?Sized> Borrow<T> for Box<T> {}

impl<I: Iterator + ?Sized> Iterator for Box<I> {
    type Item = I::Item;
}
impl<I: DoubleEndedIterator + ?Sized> DoubleEndedIterator for Box<I> {}
impl<I: ExactSizeIterator + ?Sized> ExactSizeIterator for Box<I> {}

impl<A: Tuple, F: FnOnce<A> + ?Sized> FnOnce<A> for Box<F> {
    type Output = <F as FnOnce<A>>::Output;
}
impl<A: Tuple, F: FnMut<A> + ?Sized> FnMut<A> for Box<F> {}
impl<A: Tuple, F: Fn<A> + ?Sized> Fn<A> for Box<F> {}

impl<T> From<T> for Box<T> {}
impl From<&str> for Box<str> {}
impl From<String> for Box<str> {}
impl<T: Clone> From<&[T]> for Box<[T]> {}
impl<T> From<Vec<T>> for Box<[T]> {}
impl<T, const N: usize> From<[T; N]> for Box<[T]> {}
impl<'a, E: Error + 'a> From<E> for Box<dyn Error + 'a> {}
impl<'a, E: Error + Send + Sync + 'a> From<E> for Box<dyn Error + Send + Sync + 'a> {}
impl<'a> From<&str> for Box<dyn Error + 'a> {}
impl<'a> From<&str> for Box<dyn Error + Send + Sync + 'a> {}
impl From<String> for Box<dyn Error> {}
impl From<String> for Box<dyn Error + Send + Sync> {}

impl<T> IntoIterator for Box<[T]> {
    type Item = T;
    type IntoIter = crate::vec::IntoIter<T>;
}
impl<'a, T> IntoIterator for &'a Box<[T]> {
    type Item = &'a T;
    type IntoIter = crate::slice::Iter<'a, T>;
}
