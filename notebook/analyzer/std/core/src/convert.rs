//! Conversions.
pub trait From<T>: Sized {
    fn from(value: T) -> Self;
}

pub trait Into<T>: Sized {
    fn into(self) -> T;
}

impl<T, U: From<T>> Into<U> for T {}
impl<T> From<T> for T {}

pub trait TryFrom<T>: Sized {
    type Error;
    fn try_from(value: T) -> Result<Self, Self::Error>;
}

pub trait TryInto<T>: Sized {
    type Error;
    fn try_into(self) -> Result<T, Self::Error>;
}

impl<T, U: TryFrom<T>> TryInto<U> for T {
    type Error = U::Error;
}

impl<T, U: Into<T>> TryFrom<U> for T {
    type Error = Infallible;
}

pub trait AsRef<T: ?Sized> {
    fn as_ref(&self) -> &T;
}

pub trait AsMut<T: ?Sized> {
    fn as_mut(&mut self) -> &mut T;
}

impl<T: ?Sized + AsRef<U>, U: ?Sized> AsRef<U> for &T {}
impl<T: ?Sized + AsRef<U>, U: ?Sized> AsRef<U> for &mut T {}
impl<T: ?Sized + AsMut<U>, U: ?Sized> AsMut<U> for &mut T {}
impl<T> AsRef<[T]> for [T] {}
impl<T> AsMut<[T]> for [T] {}
impl<T, const N: usize> AsRef<[T]> for [T; N] {}
impl<T, const N: usize> AsMut<[T]> for [T; N] {}
impl AsRef<str> for str {}
impl AsRef<[u8]> for str {}

pub enum Infallible {}

pub fn identity<T>(value: T) -> T;
