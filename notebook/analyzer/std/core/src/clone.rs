//! Copies.
#[lang = "clone"]
pub trait Clone: Sized {
    fn clone(&self) -> Self;
    fn clone_from(&mut self, source: &Self) {}
}

pub(crate) mod derive {
    #[rustc_builtin_macro]
    pub macro Clone($item:item) {}
}
pub use derive::Clone;
