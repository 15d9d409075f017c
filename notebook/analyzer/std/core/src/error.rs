//! Errors.
use crate::fmt::{Debug, Display};

pub trait Error: Debug + Display {
    fn source(&self) -> Option<&(dyn Error + 'static)> {}
}
impl<'a, T: Error + ?Sized> Error for &'a T {}
impl<T: Error> Error for crate::boxed::Box<T> {}
