//! Search patterns of text.
use crate::string::String;

pub trait Pattern: Sized {}

impl Pattern for char {}
impl Pattern for &str {}
impl Pattern for &String {}
impl Pattern for &&str {}
impl Pattern for &[char] {}
impl<const N: usize> Pattern for [char; N] {}
impl<const N: usize> Pattern for &[char; N] {}
impl<F: FnMut(char) -> bool> Pattern for F {}
