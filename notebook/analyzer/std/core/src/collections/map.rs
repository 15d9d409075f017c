//! Maps, without the bounds of their keys, on which no type depends. Both kinds have the same methods; only one is
//! ordered.
pub use btree::BTreeMap;
pub use hash::HashMap;

macro_rules! maps {
    ($module:ident $map:ident) => {
        pub mod $module {
            use crate::borrow::Borrow;
            use crate::hash::Hash;
            use crate::iter::iterators;
            use crate::ops::Index;

            pub struct $map<K, V>(K, V);

            impl<K, V> $map<K, V> {
                pub fn new() -> $map<K, V>;
                pub fn clear(&mut self);
                pub fn len(&self) -> usize;
                pub fn is_empty(&self) -> bool;
                pub fn get<Q: ?Sized>(&self, key: &Q) -> Option<&V> where K: Borrow<Q>;
                pub fn get_key_value<Q: ?Sized>(&self, key: &Q) -> Option<(&K, &V)> where K: Borrow<Q>;
                pub fn contains_key<Q: ?Sized>(&self, key: &Q) -> bool where K: Borrow<Q>;
                pub fn get_mut<Q: ?Sized>(&mut self, key: &Q) -> Option<&mut V> where K: Borrow<Q>;
                pub fn insert(&mut self, key: K, value: V) -> Option<V>;
                pub fn remove<Q: ?Sized>(&mut self, key: &Q) -> Option<V> where K: Borrow<Q>;
                pub fn remove_entry<Q: ?Sized>(&mut self, key: &Q) -> Option<(K, V)> where K: Borrow<Q>;
                pub fn retain<F: FnMut(&K, &mut V) -> bool>(&mut self, f: F);
                pub fn entry(&mut self, key: K) -> Entry<'_, K, V>;
                pub fn iter(&self) -> Iter<'_, K, V>;
                pub fn iter_mut(&mut self) -> IterMut<'_, K, V>;
                pub fn keys(&self) -> Keys<'_, K, V>;
                pub fn values(&self) -> Values<'_, K, V>;
                pub fn values_mut(&mut self) -> ValuesMut<'_, K, V>;
                pub fn into_keys(self) -> IntoKeys<K, V>;
                pub fn into_values(self) -> IntoValues<K, V>;
            }

            pub enum Entry<'a, K, V> {
                Vacant(VacantEntry<'a, K, V>),
                Occupied(OccupiedEntry<'a, K, V>),
            }
            impl<'a, K, V> Entry<'a, K, V> {
                pub fn or_insert(self, default: V) -> &'a mut V;
                pub fn or_insert_with<F: FnOnce() -> V>(self, f: F) -> &'a mut V;
                pub fn or_insert_with_key<F: FnOnce(&K) -> V>(self, f: F) -> &'a mut V;
                pub fn or_default(self) -> &'a mut V where V: Default;
                pub fn key(&self) -> &K;
                pub fn and_modify<F: FnOnce(&mut V)>(self, f: F) -> Self;
            }
            pub struct VacantEntry<'a, K, V>(&'a K, V);
            impl<'a, K, V> VacantEntry<'a, K, V> {
                pub fn insert(self, value: V) -> &'a mut V;
                pub fn key(&self) -> &K;
            }
            pub struct OccupiedEntry<'a, K, V>(&'a K, V);
            impl<'a, K, V> OccupiedEntry<'a, K, V> {
                pub fn get(&self) -> &V;
                pub fn get_mut(&mut self) -> &mut V;
                pub fn into_mut(self) -> &'a mut V;
                pub fn insert(&mut self, value: V) -> V;
                pub fn remove(self) -> V;
                pub fn key(&self) -> &K;
            }

            pub struct Iter<'a, K, V>(&'a K, V);
            pub struct IterMut<'a, K, V>(&'a K, V);
            pub struct IntoIter<K, V>(K, V);
            pub struct Keys<'a, K, V>(&'a K, V);
            pub struct Values<'a, K, V>(&'a K, V);
            pub struct ValuesMut<'a, K, V>(&'a K, V);
            pub struct IntoKeys<K, V>(K, V);
            pub struct IntoValues<K, V>(K, V);
            iterators! {
                ['a, K, V] Iter<'a, K, V> => (&'a K, &'a V);
                ['a, K, V] IterMut<'a, K, V> => (&'a K, &'a mut V);
                [K, V] IntoIter<K, V> => (K, V);
                ['a, K, V] Keys<'a, K, V> => &'a K;
                ['a, K, V] Values<'a, K, V> => &'a V;
                ['a, K, V] ValuesMut<'a, K, V> => &'a mut V;
                [K, V] IntoKeys<K, V> => K;
                [K, V] IntoValues<K, V> => V;
            }

            impl<K, V> IntoIterator for $map<K, V> {
                type Item = (K, V);
                type IntoIter = IntoIter<K, V>;
            }
            impl<'a, K, V> IntoIterator for &'a $map<K, V> {
                type Item = (&'a K, &'a V);
                type IntoIter = Iter<'a, K, V>;
            }
            impl<'a, K, V> IntoIterator for &'a mut $map<K, V> {
                type Item = (&'a K, &'a mut V);
                type IntoIter = IterMut<'a, K, V>;
            }

            impl<K, V> FromIterator<(K, V)> for $map<K, V> {}
            impl<K, V> Extend<(K, V)> for $map<K, V> {}
            impl<K, V, const N: usize> From<[(K, V); N]> for $map<K, V> {}
            impl<K, V> Default for $map<K, V> {}
            impl<K: Clone, V: Clone> Clone for $map<K, V> {}
            impl<K: PartialEq, V: PartialEq> PartialEq for $map<K, V> {}
            impl<K: Eq, V: Eq> Eq for $map<K, V> {}
            impl<K: crate::fmt::Debug, V: crate::fmt::Debug> crate::fmt::Debug for $map<K, V> {}
            impl<K: Borrow<Q>, Q: ?Sized, V> Index<&Q> for $map<K, V> {
                type Output = V;
            }
        }
    };
}
maps! { btree BTreeMap }
maps! { hash HashMap }

impl<K, V> BTreeMap<K, V> {
    pub fn first_key_value(&self) -> Option<(&K, &V)>;
    pub fn last_key_value(&self) -> Option<(&K, &V)>;
    pub fn pop_first(&mut self) -> Option<(K, V)>;
    pub fn pop_last(&mut self) -> Option<(K, V)>;
    pub fn range<T: ?Sized, R: crate::ops::RangeBounds<T>>(&self, range: R) -> btree::Iter<'_, K, V> where K: crate::borrow::Borrow<T>;
}
impl<K, V> HashMap<K, V> {
    pub fn with_capacity(capacity: usize) -> HashMap<K, V>;
    pub fn drain(&mut self) -> hash::IntoIter<K, V>;
}
