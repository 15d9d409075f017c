//! Borrowed text.
mod iter;
mod pattern;

pub use iter::*;
pub use pattern::Pattern;

use crate::boxed::Box;
use crate::slice::SliceIndex;
use crate::string::String;

impl str {
    pub const fn len(&self) -> usize;
    pub const fn is_empty(&self) -> bool;
    pub const fn is_char_boundary(&self, index: usize) -> bool;
    pub const fn as_bytes(&self) -> &[u8];
    pub fn get<I: SliceIndex<str>>(&self, index: I) -> Option<&I::Output>;
    pub const fn split_at(&self, middle: usize) -> (&str, &str);
    pub const fn split_at_checked(&self, middle: usize) -> Option<(&str, &str)>;
    pub fn chars(&self) -> Chars<'_>;
    pub fn char_indices(&self) -> CharIndices<'_>;
    pub fn bytes(&self) -> Bytes<'_>;
    pub fn split_whitespace(&self) -> SplitWhitespace<'_>;
    pub fn split_ascii_whitespace(&self) -> SplitAsciiWhitespace<'_>;
    pub fn lines(&self) -> Lines<'_>;
    pub fn contains<P: Pattern>(&self, pattern: P) -> bool;
    pub fn starts_with<P: Pattern>(&self, pattern: P) -> bool;
    pub fn ends_with<P: Pattern>(&self, pattern: P) -> bool;
    pub fn find<P: Pattern>(&self, pattern: P) -> Option<usize>;
    pub fn rfind<P: Pattern>(&self, pattern: P) -> Option<usize>;
    pub fn split<P: Pattern>(&self, pattern: P) -> Split<'_, P>;
    pub fn split_inclusive<P: Pattern>(&self, pattern: P) -> SplitInclusive<'_, P>;
    pub fn rsplit<P: Pattern>(&self, pattern: P) -> RSplit<'_, P>;
    pub fn split_terminator<P: Pattern>(&self, pattern: P) -> SplitTerminator<'_, P>;
    pub fn splitn<P: Pattern>(&self, n: usize, pattern: P) -> SplitN<'_, P>;
    pub fn rsplitn<P: Pattern>(&self, n: usize, pattern: P) -> RSplitN<'_, P>;
    pub fn split_once<P: Pattern>(&self, delimiter: P) -> Option<(&str, &str)>;
    pub fn rsplit_once<P: Pattern>(&self, delimiter: P) -> Option<(&str, &str)>;
    pub fn matches<P: Pattern>(&self, pattern: P) -> Matches<'_, P>;
    pub fn match_indices<P: Pattern>(&self, pattern: P) -> MatchIndices<'_, P>;
    pub fn trim(&self) -> &str;
    pub fn trim_start(&self) -> &str;
    pub fn trim_end(&self) -> &str;
    pub fn trim_matches<P: Pattern>(&self, pattern: P) -> &str;
    pub fn trim_start_matches<P: Pattern>(&self, pattern: P) -> &str;
    pub fn trim_end_matches<P: Pattern>(&self, pattern: P) -> &str;
    pub fn strip_prefix<P: Pattern>(&self, prefix: P) -> Option<&str>;
    pub fn strip_suffix<P: Pattern>(&self, suffix: P) -> Option<&str>;
    pub fn parse<F: FromStr>(&self) -> Result<F, F::Err>;
    pub const fn is_ascii(&self) -> bool;
    pub const fn eq_ignore_ascii_case(&self, other: &str) -> bool;
    pub fn make_ascii_lowercase(&mut self);
    pub fn into_boxed_bytes(self: Box<str>) -> Box<[u8]>;
    pub fn replace<P: Pattern>(&self, from: P, to: &str) -> String;
    pub fn replacen<P: Pattern>(&self, from: P, to: &str, count: usize) -> String;
    pub fn to_lowercase(&self) -> String;
    pub fn to_uppercase(&self) -> String;
    pub fn into_string(self: Box<str>) -> String;
    pub fn repeat(&self, n: usize) -> String;
    pub fn to_ascii_lowercase(&self) -> String;
    pub fn to_ascii_uppercase(&self) -> String;
}

pub trait FromStr: Sized {
    type Err;
    fn from_str(text: &str) -> Result<Self, Self::Err>;
}

pub struct ParseBoolError(());
pub struct Utf8Error(());
impl crate::fmt::Debug for ParseBoolError {}
impl crate::fmt::Debug for Utf8Error {}
impl crate::fmt::Display for ParseBoolError {}
impl crate::fmt::Display for Utf8Error {}
impl crate::error::Error for ParseBoolError {}
impl crate::error::Error for Utf8Error {}

impl FromStr for bool {
    type Err = ParseBoolError;
}
impl FromStr for String {
    type Err = crate::convert::Infallible;
}

pub const fn from_utf8(bytes: &[u8]) -> Result<&str, Utf8Error>;
