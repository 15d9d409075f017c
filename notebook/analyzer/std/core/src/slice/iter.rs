//! The types that methods of slices return.
use crate::iter::iterators;

pub struct Iter<'a, T>(&'a T);
pub struct IterMut<'a, T>(&'a mut T);
pub struct Windows<'a, T>(&'a T);
pub struct Chunks<'a, T>(&'a T);
pub struct ChunksMut<'a, T>(&'a mut T);
pub struct ChunksExact<'a, T>(&'a T);
pub struct ChunksExactMut<'a, T>(&'a mut T);
pub struct RChunks<'a, T>(&'a T);
pub struct ChunkBy<'a, T, P>(&'a T, P);
pub struct Split<'a, T, P>(&'a T, P);

iterators! {
    ['a, T] Iter<'a, T> => &'a T;
    ['a, T] IterMut<'a, T> => &'a mut T;
    ['a, T] Windows<'a, T> => &'a [T];
    ['a, T] Chunks<'a, T> => &'a [T];
    ['a, T] ChunksMut<'a, T> => &'a mut [T];
    ['a, T] ChunksExact<'a, T> => &'a [T];
    ['a, T] ChunksExactMut<'a, T> => &'a mut [T];
    ['a, T] RChunks<'a, T> => &'a [T];
    ['a, T, P: FnMut(&T, &T) -> bool] ChunkBy<'a, T, P> => &'a [T];
    ['a, T, P: FnMut(&T) -> bool] Split<'a, T, P> => &'a [T];
}

impl<'a, T> Clone for Iter<'a, T> {}
impl<'a, T> Clone for Windows<'a, T> {}
impl<'a, T> Clone for Chunks<'a, T> {}

impl<'a, T> Iter<'a, T> {
    pub fn as_slice(&self) -> &'a [T];
}
impl<'a, T> ChunksExact<'a, T> {
    pub fn remainder(&self) -> &'a [T];
}
