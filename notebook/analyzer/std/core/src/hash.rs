//! Hashes.
pub trait Hash {
    fn hash<H: Hasher>(&self, state: &mut H);
}

pub(crate) mod derive {
    #[rustc_builtin_macro]
    pub macro Hash($item:item) {}
}
pub use derive::Hash;

pub trait Hasher {
    fn finish(&self) -> u64;
    fn write(&mut self, bytes: &[u8]);
    fn write_u64(&mut self, value: u64) {}
}

pub struct DefaultHasher(());
impl DefaultHasher {
    pub fn new() -> DefaultHasher;
}
impl Hasher for DefaultHasher {}

macro_rules! hashes {
    ($($type:ty)*) => { $( impl Hash for $type {} )* };
}
hashes! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize bool char str crate::string::String () crate::cmp::Ordering
    crate::path::Path crate::path::PathBuf crate::time::Duration }
impl<T: ?Sized + Hash> Hash for &T {}
impl<T: Hash> Hash for [T] {}
impl<T: Hash, const N: usize> Hash for [T; N] {}
impl<T: Hash> Hash for crate::vec::Vec<T> {}
impl<T: Hash> Hash for Option<T> {}
impl<T: ?Sized + Hash> Hash for crate::boxed::Box<T> {}
