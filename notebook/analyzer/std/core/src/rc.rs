//! Reference-counted values of one thread.
use crate::borrow::Borrow;
use crate::boxed::Box;
use crate::marker::Unsize;
use crate::ops::{CoerceUnsized, Deref};
use crate::string::String;
use crate::vec::Vec;

/// Both kinds of reference-counted pointer have the same methods.
macro_rules! counted {
    ($pointer:ident $weak:ident) => {
        pub struct $pointer<T: ?Sized>(*const T);
        pub struct $weak<T: ?Sized>(*const T);

        impl<T> $pointer<T> {
            pub fn new(value: T) -> $pointer<T>;
            pub fn try_unwrap(this: Self) -> Result<T, Self>;
            pub fn into_inner(this: Self) -> Option<T>;
            pub fn unwrap_or_clone(this: Self) -> T where T: Clone;
        }
        impl<T: ?Sized> $pointer<T> {
            pub fn downgrade(this: &Self) -> $weak<T>;
            pub fn strong_count(this: &Self) -> usize;
            pub fn weak_count(this: &Self) -> usize;
            pub fn ptr_eq(this: &Self, other: &Self) -> bool;
            pub fn get_mut(this: &mut Self) -> Option<&mut T>;
            pub fn make_mut(this: &mut Self) -> &mut T where T: Clone;
        }
        impl<T> $weak<T> {
            pub const fn new() -> $weak<T>;
        }
        impl<T: ?Sized> $weak<T> {
            pub fn upgrade(&self) -> Option<$pointer<T>>;
        }

        impl<T: ?Sized> Deref for $pointer<T> {
            type Target = T;
        }
        impl<T: ?Sized + Unsize<U>, U: ?Sized> CoerceUnsized<$pointer<U>> for $pointer<T> {}
        impl<T: ?Sized> Clone for $pointer<T> {}
        impl<T: ?Sized> Clone for $weak<T> {}
        impl<T: Default> Default for $pointer<T> {}
        impl<T: ?Sized + PartialEq> PartialEq for $pointer<T> {}
        impl<T: ?Sized + Eq> Eq for $pointer<T> {}
        impl<T: ?Sized + PartialOrd> PartialOrd for $pointer<T> {}
        impl<T: ?Sized + Ord> Ord for $pointer<T> {}
        impl<T: ?Sized> AsRef<T> for $pointer<T> {}
        impl<T: ?Sized> Borrow<T> for $pointer<T> {}
        impl<T> From<T> for $pointer<T> {}
        impl From<&str> for $pointer<str> {}
        impl From<String> for $pointer<str> {}
        impl<T: Clone> From<&[T]> for $pointer<[T]> {}
        impl<T> From<Vec<T>> for $pointer<[T]> {}
        impl<T: ?Sized> From<Box<T>> for $pointer<T> {}
    };
}
pub(crate) use counted;

counted! { Rc Weak }
