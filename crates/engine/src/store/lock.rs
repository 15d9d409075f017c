use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use super::StoreError;

/// How long another process may hold the exclusive lock: cleaning takes less.
const PATIENCE: Duration = Duration::from_secs(2);

/// The lock must be held in this number of consecutive checks.
const CHECKS: usize = 8;

/// A lock that ends with the process, or why the file system has none.
#[derive(Debug)]
pub(super) enum Lock {
    Held(File),
    None(String),
}

/// Takes a shared lock on the folder. If no other process works there, cleans up first under an exclusive lock.
pub(super) fn share(folder: &Path, clean: impl FnOnce()) -> Result<Lock, StoreError> {
    let file = open(&path(folder, "lock"))?;
    match file.try_lock() {
        Ok(()) => {
            clean();
            // Not every system can convert one kind of lock into the other.
            let _ = file.unlock();
        }
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Ok(Lock::None(error.to_string())),
    }
    let began = Instant::now();
    loop {
        match file.try_lock_shared() {
            Ok(()) => return Ok(Lock::Held(file)),
            Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(5)),
            Err(TryLockError::WouldBlock) => return Err(StoreError::Busy { folder: folder.into() }),
            Err(TryLockError::Error(error)) => return Ok(Lock::None(error.to_string())),
        }
    }
}

/// Whether a process works in a folder; `false` if the file system has no locks. Does not block a process that starts
/// meanwhile.
pub(super) fn is_held(folder: &Path) -> bool {
    let Ok(file) = File::open(path(folder, "lock")) else { return false };
    // Another check holds the lock for a moment, too.
    (0..CHECKS).all(|check| match file.try_lock() {
        Ok(()) => {
            let _ = file.unlock();
            false
        }
        Err(TryLockError::WouldBlock) => {
            if check + 1 < CHECKS {
                std::thread::sleep(Duration::from_millis(2));
            }
            true
        }
        Err(TryLockError::Error(_)) => false,
    })
}

/// Releases a shared lock; the last process cleans up.
pub(super) fn leave(lock: &Lock, clean: impl FnOnce()) {
    if let Lock::Held(file) = lock
        && file.unlock().is_ok()
        && file.try_lock().is_ok()
    {
        clean();
    }
}

/// Waits for the lock for finishing; `None` if `stop` became true before.
pub(super) fn finish(folder: &Path, stop: &AtomicBool, notice: &dyn Fn(&str)) -> Result<Option<Lock>, StoreError> {
    let file = open(&path(folder, "finishing"))?;
    let mut remind = Some(Instant::now() + PATIENCE);
    loop {
        if remind.is_some_and(|moment| moment < Instant::now()) {
            remind = None;
            notice(&format!(
                "waiting for another restudy that is finishing {}; if it hangs, stop it: all runs are committed, and this process finishes",
                folder.display()
            ));
        }
        match file.try_lock() {
            Ok(()) => return Ok(Some(Lock::Held(file))),
            Err(TryLockError::WouldBlock) if stop.load(Ordering::Relaxed) => return Ok(None),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
            Err(TryLockError::Error(error)) => return Ok(Some(Lock::None(error.to_string()))),
        }
    }
}

/// Creates the files that are locked, so that the folder has the same files without locks.
pub(super) fn prepare(folder: &Path) -> Result<(), StoreError> {
    ["lock", "finishing"].iter().try_for_each(|name| open(&path(folder, name)).map(drop))
}

fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join("segments").join(name)
}

fn open(path: &Path) -> Result<File, StoreError> {
    let file = File::options().create(true).truncate(false).read(true).write(true).open(path);
    file.map_err(|error| StoreError::io("write to", path, error))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn a_check_sees_working_processes_and_no_other_checks() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_held(folder.path()), "no process has worked here");
        let store = Store::open(folder.path()).unwrap();
        assert!(is_held(folder.path()));
        drop(store);
        // A check holds the lock for less than a millisecond; on a busy machine longer, but not every time.
        let checker = open(&path(folder.path(), "lock")).unwrap();
        let is_ignored = |_| {
            checker.try_lock().unwrap();
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    std::thread::sleep(Duration::from_millis(1));
                    checker.unlock().unwrap();
                });
                !is_held(folder.path())
            })
        };
        assert!((0..50).any(is_ignored));
    }
}
