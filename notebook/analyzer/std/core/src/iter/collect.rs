//! The targets of `collect`, `sum`, `product` and `unzip`.
use super::*;
use crate::borrow::Cow;
use crate::boxed::Box;
use crate::string::String;
use crate::vec::Vec;

macro_rules! adds {
    ($($type:ty)*) => { $(
        impl Sum for $type {}
        impl<'a> Sum<&'a $type> for $type {}
        impl Product for $type {}
        impl<'a> Product<&'a $type> for $type {}
    )* };
}
adds! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 }

impl Sum for crate::time::Duration {}
impl<'a> Sum<&'a crate::time::Duration> for crate::time::Duration {}

impl<T: Sum<U>, U> Sum<Option<U>> for Option<T> {}
impl<T: Product<U>, U> Product<Option<U>> for Option<T> {}
impl<T: Sum<U>, U, E> Sum<Result<U, E>> for Result<T, E> {}
impl<T: Product<U>, U, E> Product<Result<U, E>> for Result<T, E> {}

impl<A, V: FromIterator<A>> FromIterator<Option<A>> for Option<V> {}
impl<A, E, V: FromIterator<A>> FromIterator<Result<A, E>> for Result<V, E> {}
impl FromIterator<()> for () {}

impl<T> FromIterator<T> for Vec<T> {}
impl<T> FromIterator<T> for Box<[T]> {}
impl<T> FromIterator<T> for crate::rc::Rc<[T]> {}
impl<T> FromIterator<T> for crate::sync::Arc<[T]> {}
impl<'a, T: Clone> FromIterator<T> for Cow<'a, [T]> {}
impl<T> Extend<T> for Vec<T> {}
impl<'a, T: Copy + 'a> Extend<&'a T> for Vec<T> {}

macro_rules! strings {
    ($($type:ty)*) => { $(
        impl<'a> FromIterator<$type> for String {}
        impl<'a> Extend<$type> for String {}
    )* };
}
strings! { char &'a char &'a str String Box<str> Cow<'a, str> }

impl<A, B, ExtendA: Extend<A>, ExtendB: Extend<B>> Extend<(A, B)> for (ExtendA, ExtendB) {}
impl<A, B, FromA: Default + Extend<A>, FromB: Default + Extend<B>> FromIterator<(A, B)> for (FromA, FromB) {}
