//! Owned text.
use crate::borrow::{Borrow, Cow};
use crate::boxed::Box;
use crate::fmt::Display;
use crate::iter::iterators;
use crate::ops::{Add, AddAssign, Deref, DerefMut, RangeBounds};
use crate::str::Utf8Error;
use crate::vec::Vec;

#[lang = "String"]
pub struct String(Vec<u8>);

impl String {
    pub const fn new() -> String;
    pub fn with_capacity(capacity: usize) -> String;
    pub fn from_utf8(bytes: Vec<u8>) -> Result<String, FromUtf8Error>;
    pub fn from_utf8_lossy(bytes: &[u8]) -> Cow<'_, str>;
    pub fn into_bytes(self) -> Vec<u8>;
    pub const fn as_str(&self) -> &str;
    pub const fn as_mut_str(&mut self) -> &mut str;
    pub fn push_str(&mut self, text: &str);
    pub const fn capacity(&self) -> usize;
    pub fn reserve(&mut self, additional: usize);
    pub fn push(&mut self, c: char);
    pub const fn as_bytes(&self) -> &[u8];
    pub fn truncate(&mut self, length: usize);
    pub fn pop(&mut self) -> Option<char>;
    pub fn remove(&mut self, index: usize) -> char;
    pub fn retain<F: FnMut(char) -> bool>(&mut self, f: F);
    pub fn insert(&mut self, index: usize, c: char);
    pub fn insert_str(&mut self, index: usize, text: &str);
    pub const fn len(&self) -> usize;
    pub const fn is_empty(&self) -> bool;
    pub fn split_off(&mut self, at: usize) -> String;
    pub fn clear(&mut self);
    pub fn drain<R: RangeBounds<usize>>(&mut self, range: R) -> Drain<'_>;
    pub fn replace_range<R: RangeBounds<usize>>(&mut self, range: R, with: &str);
    pub fn into_boxed_str(self) -> Box<str>;
}

pub struct Drain<'a>(&'a str);
iterators! { ['a] Drain<'a> => char; }

pub struct FromUtf8Error(());
impl FromUtf8Error {
    pub fn utf8_error(&self) -> Utf8Error;
}
impl crate::fmt::Debug for FromUtf8Error {}
impl Display for FromUtf8Error {}
impl crate::error::Error for FromUtf8Error {}

pub trait ToString {
    fn to_string(&self) -> String;
}
impl<T: Display + ?Sized> ToString for T {}

impl Clone for String {}
impl Deref for String {
    type Target = str;
}
impl DerefMut for String {}
impl Borrow<str> for String {}
impl AsRef<str> for String {}
impl AsRef<[u8]> for String {}
impl Add<&str> for String {
    type Output = String;
}
impl AddAssign<&str> for String {}

impl From<&str> for String {}
impl From<&mut str> for String {}
impl From<&String> for String {}
impl From<char> for String {}
impl From<Box<str>> for String {}
impl From<Cow<'_, str>> for String {}
