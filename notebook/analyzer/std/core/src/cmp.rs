//! Equality and order.
#[lang = "eq"]
pub trait PartialEq<Rhs: ?Sized = Self> {
    fn eq(&self, other: &Rhs) -> bool;
    fn ne(&self, other: &Rhs) -> bool {}
}

pub trait Eq: PartialEq<Self> {}

#[lang = "partial_ord"]
pub trait PartialOrd<Rhs: ?Sized = Self>: PartialEq<Rhs> {
    fn partial_cmp(&self, other: &Rhs) -> Option<Ordering>;
    fn lt(&self, other: &Rhs) -> bool {}
    fn le(&self, other: &Rhs) -> bool {}
    fn gt(&self, other: &Rhs) -> bool {}
    fn ge(&self, other: &Rhs) -> bool {}
}

pub trait Ord: Eq + PartialOrd<Self> {
    fn cmp(&self, other: &Self) -> Ordering;
    fn max(self, other: Self) -> Self where Self: Sized {}
    fn min(self, other: Self) -> Self where Self: Sized {}
    fn clamp(self, min: Self, max: Self) -> Self where Self: Sized {}
}

pub(crate) mod derive {
    #[rustc_builtin_macro]
    pub macro PartialEq($item:item) {}
    #[rustc_builtin_macro]
    pub macro Eq($item:item) {}
    #[rustc_builtin_macro]
    pub macro PartialOrd($item:item) {}
    #[rustc_builtin_macro]
    pub macro Ord($item:item) {}
}
pub use derive::{Eq, Ord, PartialEq, PartialOrd};

#[lang = "Ordering"]
pub enum Ordering {
    Less = -1,
    Equal = 0,
    Greater = 1,
}

impl Clone for Ordering {}
impl Copy for Ordering {}
impl Ordering {
    pub fn is_eq(self) -> bool;
    pub fn is_ne(self) -> bool;
    pub fn is_lt(self) -> bool;
    pub fn is_gt(self) -> bool;
    pub fn is_le(self) -> bool;
    pub fn is_ge(self) -> bool;
    pub fn reverse(self) -> Ordering;
    pub fn then(self, other: Ordering) -> Ordering;
    pub fn then_with<F: FnOnce() -> Ordering>(self, other: F) -> Ordering;
}

pub struct Reverse<T>(pub T);
impl<T: Clone> Clone for Reverse<T> {}
impl<T: Copy> Copy for Reverse<T> {}
impl<T: PartialEq> PartialEq for Reverse<T> {}
impl<T: Eq> Eq for Reverse<T> {}
impl<T: PartialOrd> PartialOrd for Reverse<T> {}
impl<T: Ord> Ord for Reverse<T> {}

pub fn max<T: Ord>(a: T, b: T) -> T;
pub fn min<T: Ord>(a: T, b: T) -> T;
pub fn max_by<T, F: FnOnce(&T, &T) -> Ordering>(a: T, b: T, compare: F) -> T;
pub fn min_by<T, F: FnOnce(&T, &T) -> Ordering>(a: T, b: T, compare: F) -> T;
pub fn max_by_key<T, K: Ord, F: FnMut(&T) -> K>(a: T, b: T, key: F) -> T;
pub fn min_by_key<T, K: Ord, F: FnMut(&T) -> K>(a: T, b: T, key: F) -> T;

macro_rules! ordered {
    ($($type:ty)*) => { $( impl PartialEq for $type {} impl Eq for $type {} impl PartialOrd for $type {} impl Ord for $type {} )* };
}
ordered! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize bool char str () ! Ordering crate::string::String
    crate::path::Path crate::path::PathBuf crate::time::Duration crate::time::Instant crate::time::SystemTime }

impl PartialEq for f32 {}
impl PartialOrd for f32 {}
impl PartialEq for f64 {}
impl PartialOrd for f64 {}

impl<A: ?Sized + PartialEq<B>, B: ?Sized> PartialEq<&B> for &A {}
impl<A: ?Sized + PartialEq<B>, B: ?Sized> PartialEq<&mut B> for &mut A {}
impl<A: ?Sized + Eq> Eq for &A {}
impl<A: ?Sized + PartialOrd<B>, B: ?Sized> PartialOrd<&B> for &A {}
impl<A: ?Sized + Ord> Ord for &A {}

// All slice-like types compare with each other.
macro_rules! rows {
    ($([$($generic:tt)*] $left:ty, $right:ty;)*) => { $( impl<T: PartialEq<U>, U, $($generic)*> PartialEq<$right> for $left {} )* };
}
rows! {
    [] [T], [U];
    [const N: usize] [T; N], [U; N];
    [const N: usize] [T; N], [U];
    [const N: usize] [T], [U; N];
    [const N: usize] &[T], [U; N];
    [const N: usize] [T; N], &[U];
    [] crate::vec::Vec<T>, crate::vec::Vec<U>;
    [] crate::vec::Vec<T>, [U];
    [] crate::vec::Vec<T>, &[U];
    [const N: usize] crate::vec::Vec<T>, [U; N];
    [const N: usize] crate::vec::Vec<T>, &[U; N];
    [] [T], crate::vec::Vec<U>;
    [] &[T], crate::vec::Vec<U>;
}
impl<T: Eq> Eq for [T] {}
impl<T: Eq, const N: usize> Eq for [T; N] {}
impl<T: Eq> Eq for crate::vec::Vec<T> {}
impl<T: PartialOrd> PartialOrd for [T] {}
impl<T: PartialOrd, const N: usize> PartialOrd for [T; N] {}
impl<T: PartialOrd> PartialOrd for crate::vec::Vec<T> {}
impl<T: Ord> Ord for [T] {}
impl<T: Ord, const N: usize> Ord for [T; N] {}
impl<T: Ord> Ord for crate::vec::Vec<T> {}

macro_rules! texts {
    ($($left:ty, $right:ty;)*) => { $( impl PartialEq<$right> for $left {} )* };
}
texts! {
    crate::string::String, str;
    crate::string::String, &str;
    str, crate::string::String;
    &str, crate::string::String;
}
