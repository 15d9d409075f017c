//! Input and output.
use crate::iter::iterators;
use crate::string::String;
use crate::vec::Vec;

pub fn print(arguments: crate::fmt::Arguments<'_>);

pub type Result<T> = crate::result::Result<T, Error>;

pub struct Error(());
impl Error {
    pub fn new<E: Into<crate::boxed::Box<dyn crate::error::Error + Send + Sync>>>(kind: ErrorKind, error: E) -> Error;
    pub fn other<E: Into<crate::boxed::Box<dyn crate::error::Error + Send + Sync>>>(error: E) -> Error;
    pub fn kind(&self) -> ErrorKind;
    pub fn raw_os_error(&self) -> Option<i32>;
}
impl crate::fmt::Debug for Error {}
impl crate::fmt::Display for Error {}
impl crate::error::Error for Error {}
impl From<ErrorKind> for Error {}

pub enum ErrorKind {
    NotFound,
    PermissionDenied,
    AlreadyExists,
    InvalidInput,
    InvalidData,
    TimedOut,
    Interrupted,
    UnexpectedEof,
    WriteZero,
    BrokenPipe,
    Unsupported,
    Other,
}
impl Clone for ErrorKind {}
impl Copy for ErrorKind {}
impl PartialEq for ErrorKind {}
impl Eq for ErrorKind {}
impl crate::fmt::Debug for ErrorKind {}
impl crate::fmt::Display for ErrorKind {}

pub trait Read {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize>;
    fn read_to_end(&mut self, buffer: &mut Vec<u8>) -> Result<usize> {}
    fn read_to_string(&mut self, buffer: &mut String) -> Result<usize> {}
    fn read_exact(&mut self, buffer: &mut [u8]) -> Result<()> {}
    fn bytes(self) -> Bytes<Self> where Self: Sized {}
}

pub trait BufRead: Read {
    fn read_line(&mut self, buffer: &mut String) -> Result<usize> {}
    fn lines(self) -> Lines<Self> where Self: Sized {}
}

pub trait Write {
    fn write(&mut self, buffer: &[u8]) -> Result<usize>;
    fn flush(&mut self) -> Result<()>;
    fn write_all(&mut self, buffer: &[u8]) -> Result<()> {}
    fn write_fmt(&mut self, arguments: crate::fmt::Arguments<'_>) -> Result<()> {}
}

pub trait Seek {
    fn seek(&mut self, to: SeekFrom) -> Result<u64>;
    fn rewind(&mut self) -> Result<()> {}
}

pub enum SeekFrom {
    Start(u64),
    End(i64),
    Current(i64),
}

impl Read for &[u8] {}
impl BufRead for &[u8] {}
impl Write for Vec<u8> {}
impl<R: Read + ?Sized> Read for &mut R {}
impl<W: Write + ?Sized> Write for &mut W {}
impl<W: Write + ?Sized> Write for crate::boxed::Box<W> {}

pub struct Bytes<R>(R);
pub struct Lines<B>(B);
iterators! {
    [R: Read] Bytes<R> => Result<u8>;
    [B: BufRead] Lines<B> => Result<String>;
}

pub struct BufReader<R>(R);
impl<R: Read> BufReader<R> {
    pub fn new(inner: R) -> BufReader<R>;
}
impl<R: Read> Read for BufReader<R> {}
impl<R: Read> BufRead for BufReader<R> {}

pub struct BufWriter<W>(W);
impl<W: Write> BufWriter<W> {
    pub fn new(inner: W) -> BufWriter<W>;
}
impl<W: Write> Write for BufWriter<W> {}

pub struct Cursor<T>(T);
impl<T> Cursor<T> {
    pub const fn new(inner: T) -> Cursor<T>;
    pub fn into_inner(self) -> T;
    pub const fn get_ref(&self) -> &T;
}
impl<T: AsRef<[u8]>> Read for Cursor<T> {}
impl<T: AsRef<[u8]>> BufRead for Cursor<T> {}
impl Write for Cursor<Vec<u8>> {}
impl<T: AsRef<[u8]>> Seek for Cursor<T> {}

pub struct Stdin(());
pub struct Stdout(());
pub struct Stderr(());
pub fn stdin() -> Stdin;
pub fn stdout() -> Stdout;
pub fn stderr() -> Stderr;
pub fn read_to_string<R: Read>(reader: R) -> Result<String>;
impl Stdin {
    pub fn read_line(&self, buffer: &mut String) -> Result<usize>;
    pub fn lines(self) -> Lines<Stdin>;
}
impl Read for Stdin {}
impl BufRead for Stdin {}
impl Write for Stdout {}
impl Write for Stderr {}

pub mod prelude {
    pub use super::{BufRead, Read, Seek, Write};
}
