//! Characters.
use crate::iter::iterators;

impl char {
    pub const MAX: char = 'a';
    pub const REPLACEMENT_CHARACTER: char = 'a';
    pub const fn from_u32(code: u32) -> Option<char>;
    pub const fn from_digit(digit: u32, radix: u32) -> Option<char>;
    pub const fn is_digit(self, radix: u32) -> bool;
    pub const fn to_digit(self, radix: u32) -> Option<u32>;
    pub fn escape_debug(self) -> EscapeDebug;
    pub const fn len_utf8(self) -> usize;
    pub fn is_alphabetic(self) -> bool;
    pub fn is_lowercase(self) -> bool;
    pub fn is_uppercase(self) -> bool;
    pub fn is_whitespace(self) -> bool;
    pub fn is_alphanumeric(self) -> bool;
    pub fn is_control(self) -> bool;
    pub fn is_numeric(self) -> bool;
    pub fn to_lowercase(self) -> ToLowercase;
    pub fn to_uppercase(self) -> ToUppercase;
    pub const fn is_ascii(&self) -> bool;
    pub const fn to_ascii_uppercase(&self) -> char;
    pub const fn to_ascii_lowercase(&self) -> char;
    pub const fn eq_ignore_ascii_case(&self, other: &char) -> bool;
    pub const fn is_ascii_alphabetic(&self) -> bool;
    pub const fn is_ascii_uppercase(&self) -> bool;
    pub const fn is_ascii_lowercase(&self) -> bool;
    pub const fn is_ascii_alphanumeric(&self) -> bool;
    pub const fn is_ascii_digit(&self) -> bool;
    pub const fn is_ascii_punctuation(&self) -> bool;
    pub const fn is_ascii_whitespace(&self) -> bool;
}

impl bool {
    pub fn then_some<T>(self, value: T) -> Option<T>;
    pub fn then<T, F: FnOnce() -> T>(self, f: F) -> Option<T>;
}

pub struct EscapeDebug(char);
pub struct ToLowercase(char);
pub struct ToUppercase(char);
iterators! {
    [] EscapeDebug => char;
    [] ToLowercase => char;
    [] ToUppercase => char;
}
impl crate::fmt::Display for EscapeDebug {}
impl crate::fmt::Display for ToLowercase {}
impl crate::fmt::Display for ToUppercase {}

pub struct ParseCharError(());
pub struct CharTryFromError(());
impl crate::fmt::Debug for ParseCharError {}
impl crate::fmt::Debug for CharTryFromError {}
impl crate::fmt::Display for ParseCharError {}
impl crate::fmt::Display for CharTryFromError {}
impl crate::str::FromStr for char {
    type Err = ParseCharError;
}
impl TryFrom<u32> for char {
    type Error = CharTryFromError;
}

pub const fn from_u32(code: u32) -> Option<char>;
pub const fn from_digit(digit: u32, radix: u32) -> Option<char>;
