//! Panics.
use crate::any::Any;
use crate::boxed::Box;

pub auto trait UnwindSafe {}
pub auto trait RefUnwindSafe {}

pub struct AssertUnwindSafe<T>(pub T);
impl<T> crate::ops::Deref for AssertUnwindSafe<T> {
    type Target = T;
}
impl<R, F: FnOnce() -> R> FnOnce<()> for AssertUnwindSafe<F> {
    type Output = R;
}

pub fn catch_unwind<F: FnOnce() -> R + UnwindSafe, R>(f: F) -> Result<R, Box<dyn Any + Send + 'static>>;
pub fn resume_unwind(payload: Box<dyn Any + Send>) -> !;
pub fn panic_any<M: 'static + Any + Send>(message: M) -> !;
pub fn set_hook(hook: Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send + 'static>);
pub fn take_hook() -> Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send + 'static>;

pub struct PanicHookInfo<'a>(&'a ());
impl<'a> PanicHookInfo<'a> {
    pub fn payload(&self) -> &(dyn Any + Send);
    pub fn payload_as_str(&self) -> Option<&str>;
    pub fn location(&self) -> Option<&Location<'_>>;
}

#[lang = "panic_location"]
pub struct Location<'a>(&'a str);
impl<'a> Location<'a> {
    pub const fn caller() -> &'static Location<'static>;
    pub const fn file(&self) -> &str;
    pub const fn line(&self) -> u32;
    pub const fn column(&self) -> u32;
}
