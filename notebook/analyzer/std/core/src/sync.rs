//! Reference-counted and locked values of several threads.
use crate::borrow::Borrow;
use crate::boxed::Box;
use crate::marker::Unsize;
use crate::ops::{CoerceUnsized, Deref, DerefMut};
use crate::string::String;
use crate::vec::Vec;

crate::rc::counted! { Arc Weak }

pub struct PoisonError<T>(T);
impl<T> PoisonError<T> {
    pub fn into_inner(self) -> T;
}
impl<T> crate::fmt::Debug for PoisonError<T> {}
impl<T> crate::fmt::Display for PoisonError<T> {}
pub type LockResult<T> = Result<T, PoisonError<T>>;

pub struct Mutex<T: ?Sized>(T);
impl<T> Mutex<T> {
    pub const fn new(value: T) -> Mutex<T>;
    pub fn into_inner(self) -> LockResult<T>;
}
impl<T: ?Sized> Mutex<T> {
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>>;
}
impl<T: Default> Default for Mutex<T> {}

pub struct MutexGuard<'a, T: ?Sized + 'a>(&'a T);
impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;
}
impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {}

pub struct RwLock<T: ?Sized>(T);
impl<T> RwLock<T> {
    pub const fn new(value: T) -> RwLock<T>;
    pub fn into_inner(self) -> LockResult<T>;
}
impl<T: ?Sized> RwLock<T> {
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>>;
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>>;
}
pub struct RwLockReadGuard<'a, T: ?Sized + 'a>(&'a T);
impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;
}
pub struct RwLockWriteGuard<'a, T: ?Sized + 'a>(&'a T);
impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;
}
impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {}

pub struct OnceLock<T>(T);
impl<T> OnceLock<T> {
    pub const fn new() -> OnceLock<T>;
    pub fn get(&self) -> Option<&T>;
    pub fn set(&self, value: T) -> Result<(), T>;
    pub fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> &T;
}

pub struct LazyLock<T, F = fn() -> T>(T, F);
impl<T, F: FnOnce() -> T> LazyLock<T, F> {
    pub const fn new(f: F) -> LazyLock<T, F>;
}
impl<T, F: FnOnce() -> T> Deref for LazyLock<T, F> {
    type Target = T;
}

pub mod atomic {
    pub enum Ordering {
        Relaxed,
        Release,
        Acquire,
        AcqRel,
        SeqCst,
    }

    macro_rules! atomics {
        ($($name:ident $type:ty;)*) => { $(
            pub struct $name($type);
            impl $name {
                pub const fn new(value: $type) -> $name;
                pub fn load(&self, order: Ordering) -> $type;
                pub fn store(&self, value: $type, order: Ordering);
                pub fn swap(&self, value: $type, order: Ordering) -> $type;
                pub fn fetch_add(&self, value: $type, order: Ordering) -> $type;
                pub fn fetch_sub(&self, value: $type, order: Ordering) -> $type;
                pub fn into_inner(self) -> $type;
            }
        )* };
    }
    atomics! { AtomicBool bool; AtomicU32 u32; AtomicU64 u64; AtomicUsize usize; AtomicI32 i32; AtomicI64 i64; }
}

pub mod mpsc {
    pub struct Sender<T>(T);
    pub struct Receiver<T>(T);
    pub struct SendError<T>(pub T);
    pub struct RecvError;
    impl<T> crate::fmt::Debug for SendError<T> {}
    impl crate::fmt::Debug for RecvError {}
    pub fn channel<T>() -> (Sender<T>, Receiver<T>);
    impl<T> Clone for Sender<T> {}
    impl<T> Sender<T> {
        pub fn send(&self, value: T) -> Result<(), SendError<T>>;
    }
    impl<T> Receiver<T> {
        pub fn recv(&self) -> Result<T, RecvError>;
        pub fn iter(&self) -> IntoIter<T>;
    }
    pub struct IntoIter<T>(T);
    crate::iter::iterators! { [T] IntoIter<T> => T; }
    impl<T> IntoIterator for Receiver<T> {
        type Item = T;
        type IntoIter = IntoIter<T>;
    }
}
