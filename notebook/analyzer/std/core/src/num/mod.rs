//! Numbers.
pub(crate) mod consts;
mod convert;
mod float;
mod integer;

macro_rules! errors {
    ($($name:ident)*) => { $(
        pub struct $name(());
        impl Clone for $name {}
        impl PartialEq for $name {}
        impl Eq for $name {}
        impl crate::fmt::Debug for $name {}
        impl crate::fmt::Display for $name {}
        impl crate::error::Error for $name {}
    )* };
}
errors! { ParseIntError ParseFloatError TryFromIntError }

pub enum FpCategory {
    Nan,
    Infinite,
    Zero,
    Subnormal,
    Normal,
}

pub struct NonZero<T>(T);
impl<T: Copy> Clone for NonZero<T> {}
impl<T: Copy> Copy for NonZero<T> {}
impl<T: Copy> NonZero<T> {
    pub const fn new(value: T) -> Option<Self>;
    pub const fn get(self) -> T;
}
pub type NonZeroU8 = NonZero<u8>;
pub type NonZeroU16 = NonZero<u16>;
pub type NonZeroU32 = NonZero<u32>;
pub type NonZeroU64 = NonZero<u64>;
pub type NonZeroUsize = NonZero<usize>;

pub struct Wrapping<T>(pub T);
impl<T: Clone> Clone for Wrapping<T> {}
impl<T: Copy> Copy for Wrapping<T> {}
