use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use super::StoreError;

/// How long somebody may hold the lock of those who work for himself alone: cleaning takes no longer.
const PATIENCE: Duration = Duration::from_secs(2);

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
    match file.try_lock() {
        Ok(()) => {
            let _ = file.unlock();
            false
        }
        Err(error) => matches!(error, TryLockError::WouldBlock),
    }
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
            notice(&format!("waiting for another restudy that is finishing {}", folder.display()));
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
