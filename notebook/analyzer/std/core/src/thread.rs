//! Threads.
use crate::any::Any;
use crate::boxed::Box;
use crate::time::Duration;

pub type Result<T> = crate::result::Result<T, Box<dyn Any + Send + 'static>>;

pub fn spawn<F: FnOnce() -> T + Send + 'static, T: Send + 'static>(f: F) -> JoinHandle<T>;
pub fn sleep(duration: Duration);
pub fn yield_now();
pub fn current() -> Thread;
pub fn available_parallelism() -> crate::io::Result<crate::num::NonZero<usize>>;
pub fn scope<'env, F, T>(f: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T;

pub struct JoinHandle<T>(T);
impl<T> JoinHandle<T> {
    pub fn join(self) -> Result<T>;
    pub fn is_finished(&self) -> bool;
    pub fn thread(&self) -> &Thread;
}

pub struct Scope<'scope, 'env: 'scope>(&'scope &'env ());
impl<'scope, 'env> Scope<'scope, 'env> {
    pub fn spawn<F: FnOnce() -> T + Send + 'scope, T: Send + 'scope>(&'scope self, f: F) -> ScopedJoinHandle<'scope, T>;
}

pub struct ScopedJoinHandle<'scope, T>(&'scope T);
impl<'scope, T> ScopedJoinHandle<'scope, T> {
    pub fn join(self) -> Result<T>;
}

pub struct ThreadId(u64);
pub struct Thread(());
impl Thread {
    pub fn id(&self) -> ThreadId;
    pub fn name(&self) -> Option<&str>;
}

pub struct LocalKey<T: 'static>(T);
pub const fn local<T: 'static, F: FnOnce() -> T>(f: F) -> LocalKey<T>;
impl<T: 'static> LocalKey<T> {
    pub fn with<F: FnOnce(&T) -> R, R>(&'static self, f: F) -> R;
    pub fn set(&'static self, value: T);
    pub fn take(&'static self) -> T;
}
