//! Iterators.
mod adapters;
mod collect;
mod source;
mod traits;

pub use adapters::*;
pub use collect::*;
pub use source::*;
pub use traits::*;

/// Double-ended iterators of known length.
macro_rules! iterators {
    ($([$($generic:tt)*] $type:ty => $item:ty;)*) => { $(
        impl<$($generic)*> $crate::iter::Iterator for $type { type Item = $item; }
        impl<$($generic)*> $crate::iter::DoubleEndedIterator for $type {}
        impl<$($generic)*> $crate::iter::ExactSizeIterator for $type {}
    )* };
}
pub(crate) use iterators;
