//! The types that methods of text return.
use super::Pattern;
use crate::iter::iterators;

pub struct Chars<'a>(&'a str);
pub struct CharIndices<'a>(&'a str);
pub struct Bytes<'a>(&'a str);
pub struct SplitWhitespace<'a>(&'a str);
pub struct SplitAsciiWhitespace<'a>(&'a str);
pub struct Lines<'a>(&'a str);
pub struct Split<'a, P>(&'a str, P);
pub struct SplitInclusive<'a, P>(&'a str, P);
pub struct RSplit<'a, P>(&'a str, P);
pub struct SplitTerminator<'a, P>(&'a str, P);
pub struct SplitN<'a, P>(&'a str, P);
pub struct RSplitN<'a, P>(&'a str, P);
pub struct Matches<'a, P>(&'a str, P);
pub struct MatchIndices<'a, P>(&'a str, P);

iterators! {
    ['a] Chars<'a> => char;
    ['a] CharIndices<'a> => (usize, char);
    ['a] Bytes<'a> => u8;
    ['a] SplitWhitespace<'a> => &'a str;
    ['a] SplitAsciiWhitespace<'a> => &'a str;
    ['a] Lines<'a> => &'a str;
    ['a, P: Pattern] Split<'a, P> => &'a str;
    ['a, P: Pattern] SplitInclusive<'a, P> => &'a str;
    ['a, P: Pattern] RSplit<'a, P> => &'a str;
    ['a, P: Pattern] SplitTerminator<'a, P> => &'a str;
    ['a, P: Pattern] SplitN<'a, P> => &'a str;
    ['a, P: Pattern] RSplitN<'a, P> => &'a str;
    ['a, P: Pattern] Matches<'a, P> => &'a str;
    ['a, P: Pattern] MatchIndices<'a, P> => (usize, &'a str);
}
impl<'a> Clone for Chars<'a> {}
impl<'a> Clone for Lines<'a> {}
impl<'a> Chars<'a> {
    pub fn as_str(&self) -> &'a str;
}
