//! Tuples.
macro_rules! tuples {
    ($($name:ident $($rest:ident)*;)*) => { $(
        impl<$name: PartialEq, $($rest: PartialEq),*> PartialEq for ($name, $($rest,)*) {}
        impl<$name: Eq, $($rest: Eq),*> Eq for ($name, $($rest,)*) {}
        impl<$name: PartialOrd, $($rest: PartialOrd),*> PartialOrd for ($name, $($rest,)*) {}
        impl<$name: Ord, $($rest: Ord),*> Ord for ($name, $($rest,)*) {}
        impl<$name: Default, $($rest: Default),*> Default for ($name, $($rest,)*) {}
        impl<$name: crate::hash::Hash, $($rest: crate::hash::Hash),*> crate::hash::Hash for ($name, $($rest,)*) {}
        impl<$name: crate::fmt::Debug, $($rest: crate::fmt::Debug),*> crate::fmt::Debug for ($name, $($rest,)*) {}
    )* };
}
tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
}
