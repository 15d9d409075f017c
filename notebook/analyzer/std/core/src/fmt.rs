//! Formatting.
use crate::string::String;

pub struct Error;
impl Clone for Error {}
impl Copy for Error {}
impl Debug for Error {}
impl Display for Error {}
impl crate::error::Error for Error {}

pub type Result = crate::result::Result<(), Error>;

pub struct Formatter<'a>(&'a ());
impl<'a> Formatter<'a> {
    pub fn pad(&mut self, text: &str) -> Result;
    pub fn pad_integral(&mut self, is_nonnegative: bool, prefix: &str, digits: &str) -> Result;
    pub fn write_str(&mut self, text: &str) -> Result;
    pub fn write_fmt(&mut self, arguments: Arguments<'_>) -> Result;
    pub const fn width(&self) -> Option<usize>;
    pub const fn precision(&self) -> Option<usize>;
    pub const fn alternate(&self) -> bool;
    pub const fn sign_plus(&self) -> bool;
    pub fn debug_struct<'b>(&'b mut self, name: &str) -> DebugStruct<'b, 'a>;
    pub fn debug_tuple<'b>(&'b mut self, name: &str) -> DebugTuple<'b, 'a>;
    pub fn debug_list<'b>(&'b mut self) -> DebugList<'b, 'a>;
    pub fn debug_map<'b>(&'b mut self) -> DebugMap<'b, 'a>;
}

pub struct DebugStruct<'a, 'b>(&'a mut Formatter<'b>);
impl<'a, 'b> DebugStruct<'a, 'b> {
    pub fn field(&mut self, name: &str, value: &dyn Debug) -> &mut Self;
    pub fn finish(&mut self) -> Result;
    pub fn finish_non_exhaustive(&mut self) -> Result;
}
pub struct DebugTuple<'a, 'b>(&'a mut Formatter<'b>);
impl<'a, 'b> DebugTuple<'a, 'b> {
    pub fn field(&mut self, value: &dyn Debug) -> &mut Self;
    pub fn finish(&mut self) -> Result;
}
pub struct DebugList<'a, 'b>(&'a mut Formatter<'b>);
impl<'a, 'b> DebugList<'a, 'b> {
    pub fn entry(&mut self, value: &dyn Debug) -> &mut Self;
    pub fn entries<D: Debug, I: IntoIterator<Item = D>>(&mut self, entries: I) -> &mut Self;
    pub fn finish(&mut self) -> Result;
}
pub struct DebugMap<'a, 'b>(&'a mut Formatter<'b>);
impl<'a, 'b> DebugMap<'a, 'b> {
    pub fn entry(&mut self, key: &dyn Debug, value: &dyn Debug) -> &mut Self;
    pub fn entries<K: Debug, V: Debug, I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) -> &mut Self;
    pub fn finish(&mut self) -> Result;
}

macro_rules! formats {
    ($($trait:ident)*) => { $(
        pub trait $trait {
            fn fmt(&self, f: &mut Formatter<'_>) -> Result;
        }
        impl<T: ?Sized + $trait> $trait for &T {}
        impl<T: ?Sized + $trait> $trait for &mut T {}
    )* };
}
formats! { Debug Display LowerExp UpperExp LowerHex UpperHex Binary Octal Pointer }

pub(crate) mod derive {
    #[rustc_builtin_macro]
    pub macro Debug($item:item) {}
}
pub use derive::Debug;

macro_rules! shows {
    ($($trait:ident: $($type:ty)*;)*) => { $( $( impl $trait for $type {} )* )* };
}
shows! {
    Debug: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char str String () ! Arguments<'_>
        crate::cmp::Ordering crate::path::Path crate::path::PathBuf crate::time::Duration crate::time::Instant
        crate::time::SystemTime crate::convert::Infallible crate::thread::ThreadId;
    Display: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char str String ! Arguments<'_>
        crate::path::Display<'_> crate::convert::Infallible;
    LowerExp: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    UpperExp: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    LowerHex: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize;
    UpperHex: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize;
    Binary: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize;
    Octal: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize;
}

impl<T: Debug> Debug for [T] {}
impl<T: Debug, const N: usize> Debug for [T; N] {}
impl<T: Debug> Debug for crate::vec::Vec<T> {}
impl<T: Debug> Debug for Option<T> {}
impl<T: Debug, E: Debug> Debug for crate::result::Result<T, E> {}
impl<T: ?Sized + Debug> Debug for crate::boxed::Box<T> {}
impl<T: ?Sized + Display> Display for crate::boxed::Box<T> {}
impl<T: ?Sized + Debug> Debug for crate::rc::Rc<T> {}
impl<T: ?Sized + Display> Display for crate::rc::Rc<T> {}
impl<T: ?Sized + Debug> Debug for crate::sync::Arc<T> {}
impl<T: ?Sized + Display> Display for crate::sync::Arc<T> {}
impl<T: ?Sized + Debug> Debug for crate::cell::RefCell<T> {}
impl<T: Copy + Debug> Debug for crate::cell::Cell<T> {}
impl<T: ?Sized + Debug> Debug for crate::sync::Mutex<T> {}
impl<T: Debug> Debug for crate::cmp::Reverse<T> {}
impl<B: ?Sized + crate::borrow::ToOwned + Debug> Debug for crate::borrow::Cow<'_, B> {}
impl<B: ?Sized + crate::borrow::ToOwned + Display> Display for crate::borrow::Cow<'_, B> {}
impl<T: ?Sized> Debug for crate::marker::PhantomData<T> {}
impl<Idx: Debug> Debug for crate::ops::Range<Idx> {}
impl<Idx: Debug> Debug for crate::ops::RangeInclusive<Idx> {}
impl<'a> Debug for dyn crate::any::Any + 'a {}
impl<'a> Debug for dyn crate::any::Any + Send + 'a {}

pub trait Write {
    fn write_str(&mut self, text: &str) -> Result;
    fn write_char(&mut self, c: char) -> Result {}
    fn write_fmt(&mut self, arguments: Arguments<'_>) -> Result {}
}
impl Write for String {}
impl<W: Write + ?Sized> Write for &mut W {}
impl Write for Formatter<'_> {}

#[lang = "format_arguments"]
pub struct Arguments<'a>(&'a ());
impl<'a> Clone for Arguments<'a> {}
impl<'a> Copy for Arguments<'a> {}
impl<'a> Arguments<'a> {
    pub unsafe fn new<const N: usize, const M: usize>(template: &'a [u8; N], arguments: &'a [Argument<'a>; M]) -> Arguments<'a>;
    pub const fn from_str(text: &'static str) -> Arguments<'a>;
    pub fn from_str_nonconst(text: &'static str) -> Arguments<'a>;
    pub const fn as_str(&self) -> Option<&'static str>;
}

#[lang = "format_argument"]
pub struct Argument<'a>(&'a ());
impl<'a> Argument<'a> {
    pub fn new_display<'b, T: Display>(value: &'b T) -> Argument<'b>;
    pub fn new_debug<'b, T: Debug>(value: &'b T) -> Argument<'b>;
    pub fn new_lower_exp<'b, T: LowerExp>(value: &'b T) -> Argument<'b>;
    pub fn new_upper_exp<'b, T: UpperExp>(value: &'b T) -> Argument<'b>;
    pub fn new_lower_hex<'b, T: LowerHex>(value: &'b T) -> Argument<'b>;
    pub fn new_upper_hex<'b, T: UpperHex>(value: &'b T) -> Argument<'b>;
    pub fn new_binary<'b, T: Binary>(value: &'b T) -> Argument<'b>;
    pub fn new_octal<'b, T: Octal>(value: &'b T) -> Argument<'b>;
    pub fn from_usize(value: &usize) -> Argument<'_>;
}

pub fn format(arguments: Arguments<'_>) -> String;
