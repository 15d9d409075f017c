//! The types that methods of iterators return.
use super::*;

macro_rules! adapters {
    ($([$($generic:ident),*] $name:ident ($($field:ty),*) where [$($bound:tt)*] => $item:ty;)*) => { $(
        pub struct $name<$($generic),*>($($field),*);
        impl<$($generic: Clone),*> Clone for $name<$($generic),*> {}
        impl<$($generic),*> Iterator for $name<$($generic),*> where $($bound)* {
            type Item = $item;
        }
    )* };
}
adapters! {
    [I] StepBy(I) where [I: Iterator] => I::Item;
    [A, B] Chain(A, B) where [A: Iterator, B: Iterator<Item = A::Item>] => A::Item;
    [A, B] Zip(A, B) where [A: Iterator, B: Iterator] => (A::Item, B::Item);
    [I, P] Filter(I, P) where [I: Iterator, P: FnMut(&I::Item) -> bool] => I::Item;
    [I] Enumerate(I) where [I: Iterator] => (usize, I::Item);
    [I, P] SkipWhile(I, P) where [I: Iterator, P: FnMut(&I::Item) -> bool] => I::Item;
    [I, P] TakeWhile(I, P) where [I: Iterator, P: FnMut(&I::Item) -> bool] => I::Item;
    [I] Skip(I) where [I: Iterator] => I::Item;
    [I] Take(I) where [I: Iterator] => I::Item;
    [I] Flatten(I) where [I: Iterator, I::Item: IntoIterator] => <I::Item as IntoIterator>::Item;
    [I] Fuse(I) where [I: Iterator] => I::Item;
    [I, F] Inspect(I, F) where [I: Iterator, F: FnMut(&I::Item)] => I::Item;
    [I] Cycle(I) where [I: Iterator + Clone] => I::Item;
    [I] Rev(I) where [I: DoubleEndedIterator] => I::Item;
}

pub struct Map<I, F>(I, F);
impl<I: Clone, F: Clone> Clone for Map<I, F> {}
impl<B, I: Iterator, F: FnMut(I::Item) -> B> Iterator for Map<I, F> {
    type Item = B;
}
impl<B, I: DoubleEndedIterator, F: FnMut(I::Item) -> B> DoubleEndedIterator for Map<I, F> {}
impl<B, I: ExactSizeIterator, F: FnMut(I::Item) -> B> ExactSizeIterator for Map<I, F> {}

pub struct FilterMap<I, F>(I, F);
impl<I: Clone, F: Clone> Clone for FilterMap<I, F> {}
impl<B, I: Iterator, F: FnMut(I::Item) -> Option<B>> Iterator for FilterMap<I, F> {
    type Item = B;
}
impl<B, I: DoubleEndedIterator, F: FnMut(I::Item) -> Option<B>> DoubleEndedIterator for FilterMap<I, F> {}

pub struct MapWhile<I, F>(I, F);
impl<B, I: Iterator, F: FnMut(I::Item) -> Option<B>> Iterator for MapWhile<I, F> {
    type Item = B;
}

pub struct Scan<I, St, F>(I, St, F);
impl<B, I: Iterator, St, F: FnMut(&mut St, I::Item) -> Option<B>> Iterator for Scan<I, St, F> {
    type Item = B;
}

pub struct FlatMap<I, U, F>(I, U, F);
impl<I: Iterator, U: IntoIterator, F: FnMut(I::Item) -> U> Iterator for FlatMap<I, U, F> {
    type Item = U::Item;
}
impl<I: DoubleEndedIterator, U: IntoIterator, F: FnMut(I::Item) -> U> DoubleEndedIterator for FlatMap<I, U, F> {}

pub struct Copied<I>(I);
impl<I: Clone> Clone for Copied<I> {}
impl<'a, I: Iterator<Item = &'a T>, T: Copy + 'a> Iterator for Copied<I> {
    type Item = T;
}
impl<'a, I: DoubleEndedIterator<Item = &'a T>, T: Copy + 'a> DoubleEndedIterator for Copied<I> {}
impl<'a, I: ExactSizeIterator<Item = &'a T>, T: Copy + 'a> ExactSizeIterator for Copied<I> {}

pub struct Cloned<I>(I);
impl<I: Clone> Clone for Cloned<I> {}
impl<'a, I: Iterator<Item = &'a T>, T: Clone + 'a> Iterator for Cloned<I> {
    type Item = T;
}
impl<'a, I: DoubleEndedIterator<Item = &'a T>, T: Clone + 'a> DoubleEndedIterator for Cloned<I> {}
impl<'a, I: ExactSizeIterator<Item = &'a T>, T: Clone + 'a> ExactSizeIterator for Cloned<I> {}

pub struct Peekable<I: Iterator>(I, Option<I::Item>);
impl<I: Iterator> Iterator for Peekable<I> {
    type Item = I::Item;
}
impl<I: ExactSizeIterator> ExactSizeIterator for Peekable<I> {}
impl<I: Iterator> Peekable<I> {
    pub fn peek(&mut self) -> Option<&I::Item>;
    pub fn peek_mut(&mut self) -> Option<&mut I::Item>;
    pub fn next_if(&mut self, f: impl FnOnce(&I::Item) -> bool) -> Option<I::Item>;
    pub fn next_if_eq<T: ?Sized>(&mut self, expected: &T) -> Option<I::Item> where I::Item: PartialEq<T>;
}

impl<I: DoubleEndedIterator + ExactSizeIterator> DoubleEndedIterator for StepBy<I> {}
impl<I: ExactSizeIterator> ExactSizeIterator for StepBy<I> {}
impl<A: DoubleEndedIterator, B: DoubleEndedIterator<Item = A::Item>> DoubleEndedIterator for Chain<A, B> {}
impl<A: DoubleEndedIterator + ExactSizeIterator, B: DoubleEndedIterator + ExactSizeIterator> DoubleEndedIterator for Zip<A, B> {}
impl<A: ExactSizeIterator, B: ExactSizeIterator> ExactSizeIterator for Zip<A, B> {}
impl<I: DoubleEndedIterator, P: FnMut(&I::Item) -> bool> DoubleEndedIterator for Filter<I, P> {}
impl<I: DoubleEndedIterator + ExactSizeIterator> DoubleEndedIterator for Enumerate<I> {}
impl<I: ExactSizeIterator> ExactSizeIterator for Enumerate<I> {}
impl<I: DoubleEndedIterator + ExactSizeIterator> DoubleEndedIterator for Skip<I> {}
impl<I: ExactSizeIterator> ExactSizeIterator for Skip<I> {}
impl<I: DoubleEndedIterator + ExactSizeIterator> DoubleEndedIterator for Take<I> {}
impl<I: ExactSizeIterator> ExactSizeIterator for Take<I> {}
impl<I: DoubleEndedIterator> DoubleEndedIterator for Flatten<I> where I::Item: IntoIterator {}
impl<I: DoubleEndedIterator, F: FnMut(&I::Item)> DoubleEndedIterator for Inspect<I, F> {}
impl<I: ExactSizeIterator, F: FnMut(&I::Item)> ExactSizeIterator for Inspect<I, F> {}
impl<I: DoubleEndedIterator> DoubleEndedIterator for Rev<I> {}
impl<I: ExactSizeIterator + DoubleEndedIterator> ExactSizeIterator for Rev<I> {}
