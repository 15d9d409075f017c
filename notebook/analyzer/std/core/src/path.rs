//! Paths. `OsStr` and `OsString` are paths here: a notebook only converts them to text.
use crate::borrow::{Borrow, Cow};
use crate::io;
use crate::iter::iterators;
use crate::ops::Deref;
use crate::string::String;

pub struct Path(str);
impl Path {
    pub fn new<S: AsRef<Path> + ?Sized>(text: &S) -> &Path;
    pub fn to_str(&self) -> Option<&str>;
    pub fn to_string_lossy(&self) -> Cow<'_, str>;
    pub fn to_path_buf(&self) -> PathBuf;
    pub fn is_absolute(&self) -> bool;
    pub fn is_relative(&self) -> bool;
    pub fn parent(&self) -> Option<&Path>;
    pub fn ancestors(&self) -> Ancestors<'_>;
    pub fn file_name(&self) -> Option<&Path>;
    pub fn file_stem(&self) -> Option<&Path>;
    pub fn extension(&self) -> Option<&Path>;
    pub fn strip_prefix<P: AsRef<Path>>(&self, base: P) -> Result<&Path, StripPrefixError>;
    pub fn starts_with<P: AsRef<Path>>(&self, base: P) -> bool;
    pub fn ends_with<P: AsRef<Path>>(&self, child: P) -> bool;
    pub fn join<P: AsRef<Path>>(&self, path: P) -> PathBuf;
    pub fn with_file_name<S: AsRef<Path>>(&self, name: S) -> PathBuf;
    pub fn with_extension<S: AsRef<Path>>(&self, extension: S) -> PathBuf;
    pub fn display(&self) -> Display<'_>;
    pub fn exists(&self) -> bool;
    pub fn is_file(&self) -> bool;
    pub fn is_dir(&self) -> bool;
    pub fn canonicalize(&self) -> io::Result<PathBuf>;
    pub fn metadata(&self) -> io::Result<crate::fs::Metadata>;
    pub fn read_dir(&self) -> io::Result<crate::fs::ReadDir>;
}

pub struct PathBuf(String);
impl PathBuf {
    pub fn new() -> PathBuf;
    pub fn as_path(&self) -> &Path;
    pub fn push<P: AsRef<Path>>(&mut self, path: P);
    pub fn pop(&mut self) -> bool;
    pub fn set_file_name<S: AsRef<Path>>(&mut self, name: S);
    pub fn set_extension<S: AsRef<Path>>(&mut self, extension: S) -> bool;
}

impl Clone for PathBuf {}
impl Default for PathBuf {}
impl Deref for PathBuf {
    type Target = Path;
}
impl Borrow<Path> for PathBuf {}
impl From<&str> for PathBuf {}
impl From<String> for PathBuf {}
impl From<&Path> for PathBuf {}
impl<P: AsRef<Path>> FromIterator<P> for PathBuf {}
impl AsRef<Path> for Path {}
impl AsRef<Path> for PathBuf {}
impl AsRef<Path> for str {}
impl AsRef<Path> for String {}

pub struct Display<'a>(&'a Path);
pub struct Ancestors<'a>(&'a Path);
iterators! { ['a] Ancestors<'a> => &'a Path; }

pub struct StripPrefixError(());
impl crate::fmt::Debug for StripPrefixError {}
impl crate::fmt::Display for StripPrefixError {}
impl crate::error::Error for StripPrefixError {}

pub const MAIN_SEPARATOR: char = '/';
