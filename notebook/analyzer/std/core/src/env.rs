//! The environment of the process.
use crate::io;
use crate::iter::iterators;
use crate::path::{Path, PathBuf};
use crate::string::String;

pub fn var<K: AsRef<Path>>(key: K) -> Result<String, VarError>;
pub fn vars() -> Vars;
pub fn args() -> Args;
pub fn current_dir() -> io::Result<PathBuf>;
pub fn set_current_dir<P: AsRef<Path>>(path: P) -> io::Result<()>;
pub fn temp_dir() -> PathBuf;
pub fn home_dir() -> Option<PathBuf>;
pub fn current_exe() -> io::Result<PathBuf>;

pub enum VarError {
    NotPresent,
    NotUnicode(PathBuf),
}
impl crate::fmt::Debug for VarError {}
impl crate::fmt::Display for VarError {}
impl crate::error::Error for VarError {}

pub struct Vars(());
pub struct Args(());
iterators! {
    [] Vars => (String, String);
    [] Args => String;
}
