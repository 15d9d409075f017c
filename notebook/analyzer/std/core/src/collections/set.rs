//! Sets.
pub use btree::BTreeSet;
pub use hash::HashSet;

macro_rules! sets {
    ($module:ident $set:ident) => {
        pub mod $module {
            use crate::borrow::Borrow;
            use crate::hash::Hash;
            use crate::iter::iterators;
            use crate::ops::{BitAnd, BitOr, BitXor, Sub};

            pub struct $set<T>(T);

            impl<T> $set<T> {
                pub fn new() -> $set<T>;
                pub fn clear(&mut self);
                pub fn len(&self) -> usize;
                pub fn is_empty(&self) -> bool;
                pub fn contains<Q: ?Sized>(&self, value: &Q) -> bool where T: Borrow<Q>;
                pub fn get<Q: ?Sized>(&self, value: &Q) -> Option<&T> where T: Borrow<Q>;
                pub fn insert(&mut self, value: T) -> bool;
                pub fn replace(&mut self, value: T) -> Option<T>;
                pub fn remove<Q: ?Sized>(&mut self, value: &Q) -> bool where T: Borrow<Q>;
                pub fn take<Q: ?Sized>(&mut self, value: &Q) -> Option<T> where T: Borrow<Q>;
                pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F);
                pub fn iter(&self) -> Iter<'_, T>;
                pub fn union<'a>(&'a self, other: &'a $set<T>) -> Union<'a, T>;
                pub fn intersection<'a>(&'a self, other: &'a $set<T>) -> Intersection<'a, T>;
                pub fn difference<'a>(&'a self, other: &'a $set<T>) -> Difference<'a, T>;
                pub fn symmetric_difference<'a>(&'a self, other: &'a $set<T>) -> SymmetricDifference<'a, T>;
                pub fn is_subset(&self, other: &$set<T>) -> bool;
                pub fn is_superset(&self, other: &$set<T>) -> bool;
                pub fn is_disjoint(&self, other: &$set<T>) -> bool;
            }

            pub struct Iter<'a, T>(&'a T);
            pub struct IntoIter<T>(T);
            pub struct Union<'a, T>(&'a T);
            pub struct Intersection<'a, T>(&'a T);
            pub struct Difference<'a, T>(&'a T);
            pub struct SymmetricDifference<'a, T>(&'a T);
            iterators! {
                ['a, T] Iter<'a, T> => &'a T;
                [T] IntoIter<T> => T;
                ['a, T] Union<'a, T> => &'a T;
                ['a, T] Intersection<'a, T> => &'a T;
                ['a, T] Difference<'a, T> => &'a T;
                ['a, T] SymmetricDifference<'a, T> => &'a T;
            }

            impl<T> IntoIterator for $set<T> {
                type Item = T;
                type IntoIter = IntoIter<T>;
            }
            impl<'a, T> IntoIterator for &'a $set<T> {
                type Item = &'a T;
                type IntoIter = Iter<'a, T>;
            }

            impl<T> FromIterator<T> for $set<T> {}
            impl<T> Extend<T> for $set<T> {}
            impl<T, const N: usize> From<[T; N]> for $set<T> {}
            impl<T> Default for $set<T> {}
            impl<T: Clone> Clone for $set<T> {}
            impl<T: PartialEq> PartialEq for $set<T> {}
            impl<T: Eq> Eq for $set<T> {}
            impl<T: crate::fmt::Debug> crate::fmt::Debug for $set<T> {}
            impl<T: Clone> BitOr<&$set<T>> for &$set<T> { type Output = $set<T>; }
            impl<T: Clone> BitAnd<&$set<T>> for &$set<T> { type Output = $set<T>; }
            impl<T: Clone> BitXor<&$set<T>> for &$set<T> { type Output = $set<T>; }
            impl<T: Clone> Sub<&$set<T>> for &$set<T> { type Output = $set<T>; }
        }
    };
}
sets! { btree BTreeSet }
sets! { hash HashSet }

impl<T> BTreeSet<T> {
    pub fn first(&self) -> Option<&T>;
    pub fn last(&self) -> Option<&T>;
    pub fn pop_first(&mut self) -> Option<T>;
    pub fn pop_last(&mut self) -> Option<T>;
    pub fn range<K: ?Sized, R: crate::ops::RangeBounds<K>>(&self, range: R) -> btree::Iter<'_, T> where T: crate::borrow::Borrow<K>;
}
impl<T> HashSet<T> {
    pub fn with_capacity(capacity: usize) -> HashSet<T>;
    pub fn drain(&mut self) -> hash::IntoIter<T>;
}
