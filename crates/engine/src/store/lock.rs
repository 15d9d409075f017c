use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use super::StoreError;

/// How long somebody may hold the lock of those who work for himself alone: cleaning takes no longer.
const PATIENCE: Duration = Duration::from_secs(2);

/// So many looks in a row must find the lock held.
const LOOKS: usize = 8;

/// A lock that goes with the process; or why the file system has none to give.
#[derive(Debug)]
pub(super) enum Lock {
    Held(File),
    None(String),
}

/// Takes a share in the lock of those who work in a folder. Whoever finds nobody else there cleans up first, alone.
pub(super) fn share(folder: &Path, clean: impl FnOnce()) -> Result<Lock, StoreError> {
    let file = open(&path(folder, "lock"))?;
    match file.try_lock() {
        Ok(()) => {
            clean();
            // Not every system can turn one kind of lock into the other.
            let _ = file.unlock();
        }
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Ok(Lock::None(error.to_string())),
    }
    let asked = Instant::now();
    loop {
        match file.try_lock_shared() {
            Ok(()) => return Ok(Lock::Held(file)),
            Err(TryLockError::WouldBlock) if asked.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(5)),
            Err(TryLockError::WouldBlock) => return Err(StoreError::Busy { folder: folder.into() }),
            Err(TryLockError::Error(error)) => return Ok(Lock::None(error.to_string())),
        }
    }
}

/// Whether somebody works in a folder: whoever looks must not be let in. Where there are no locks, nobody knows.
pub(super) fn is_held(folder: &Path) -> bool {
    let Ok(file) = File::open(path(folder, "lock")) else { return false };
    // Somebody else who looks holds it too, for a moment.
    (0..LOOKS).all(|look| match file.try_lock() {
        Ok(()) => {
            let _ = file.unlock();
            false
        }
        Err(TryLockError::WouldBlock) => {
            if look + 1 < LOOKS {
                std::thread::sleep(Duration::from_millis(2));
            }
            true
        }
        Err(TryLockError::Error(_)) => false,
    })
}

/// Gives up a share; whoever is the last one cleans up behind himself and those who were killed meanwhile.
pub(super) fn leave(lock: &Lock, clean: impl FnOnce()) {
    if let Lock::Held(file) = lock
        && file.unlock().is_ok()
        && file.try_lock().is_ok()
    {
        clean();
    }
}

/// Waits for the lock of the one who finishes; nothing if `stop` became true before.
pub(super) fn finish(folder: &Path, stop: &AtomicBool, notice: &dyn Fn(&str)) -> Result<Option<Lock>, StoreError> {
    let file = open(&path(folder, "finishing"))?;
    let mut remind = Some(Instant::now() + PATIENCE);
    loop {
        if remind.is_some_and(|moment| moment < Instant::now()) {
            remind = None;
            notice(&format!(
                "waiting for another restudy that is finishing {}; should it hang, end it: every run is committed, and this one finishes",
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

/// Makes the files that are locked, so that they are there whoever has worked.
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
    fn who_looks_sees_those_who_work_and_not_those_who_look() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_held(folder.path()), "nobody has ever worked here");
        let store = Store::open(folder.path()).unwrap();
        assert!(is_held(folder.path()));
        drop(store);
        // Somebody who looks holds the lock for less than a millisecond; a busy machine may make that long, but not every time.
        let looker = open(&path(folder.path(), "lock")).unwrap();
        let passed_over = |_| {
            looker.try_lock().unwrap();
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    std::thread::sleep(Duration::from_millis(1));
                    looker.unlock().unwrap();
                });
                !is_held(folder.path())
            })
        };
        assert!((0..50).any(passed_over));
    }
}
