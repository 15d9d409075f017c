//! Files and folders.
use crate::io::{self, Read, Seek, Write};
use crate::iter::iterators;
use crate::path::{Path, PathBuf};
use crate::string::String;
use crate::vec::Vec;

pub fn read<P: AsRef<Path>>(path: P) -> io::Result<Vec<u8>>;
pub fn read_to_string<P: AsRef<Path>>(path: P) -> io::Result<String>;
pub fn write<P: AsRef<Path>, C: AsRef<[u8]>>(path: P, contents: C) -> io::Result<()>;
pub fn create_dir<P: AsRef<Path>>(path: P) -> io::Result<()>;
pub fn create_dir_all<P: AsRef<Path>>(path: P) -> io::Result<()>;
pub fn remove_file<P: AsRef<Path>>(path: P) -> io::Result<()>;
pub fn remove_dir<P: AsRef<Path>>(path: P) -> io::Result<()>;
pub fn remove_dir_all<P: AsRef<Path>>(path: P) -> io::Result<()>;
pub fn rename<P: AsRef<Path>, Q: AsRef<Path>>(from: P, to: Q) -> io::Result<()>;
pub fn copy<P: AsRef<Path>, Q: AsRef<Path>>(from: P, to: Q) -> io::Result<u64>;
pub fn read_dir<P: AsRef<Path>>(path: P) -> io::Result<ReadDir>;
pub fn metadata<P: AsRef<Path>>(path: P) -> io::Result<Metadata>;
pub fn canonicalize<P: AsRef<Path>>(path: P) -> io::Result<PathBuf>;
pub fn exists<P: AsRef<Path>>(path: P) -> io::Result<bool>;

pub struct File(());
impl File {
    pub fn open<P: AsRef<Path>>(path: P) -> io::Result<File>;
    pub fn create<P: AsRef<Path>>(path: P) -> io::Result<File>;
    pub fn metadata(&self) -> io::Result<Metadata>;
    pub fn sync_all(&self) -> io::Result<()>;
}
impl Read for File {}
impl Read for &File {}
impl Write for File {}
impl Seek for File {}

pub struct Metadata(());
impl Metadata {
    pub fn is_dir(&self) -> bool;
    pub fn is_file(&self) -> bool;
    pub fn len(&self) -> u64;
    pub fn modified(&self) -> io::Result<crate::time::SystemTime>;
}

pub struct ReadDir(());
iterators! { [] ReadDir => io::Result<DirEntry>; }

pub struct DirEntry(());
impl DirEntry {
    pub fn path(&self) -> PathBuf;
    pub fn file_name(&self) -> PathBuf;
    pub fn metadata(&self) -> io::Result<Metadata>;
}
