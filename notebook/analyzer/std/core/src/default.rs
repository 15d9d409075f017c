//! Default values.
pub trait Default: Sized {
    fn default() -> Self;
}

pub(crate) mod derive {
    #[rustc_builtin_macro(Default, attributes(default))]
    pub macro Default($item:item) {}
}
pub use derive::Default;

macro_rules! defaults {
    ($($type:ty)*) => { $( impl Default for $type {} )* };
}
defaults! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char () &str crate::string::String }

impl<T> Default for &[T] {}
impl<T: Default, const N: usize> Default for [T; N] {}
