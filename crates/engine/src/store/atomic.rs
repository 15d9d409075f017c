use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use rayon::prelude::*;
use tempfile::Builder;

use super::StoreError;

/// The prefix of files that are still being written.
pub(super) const UNFINISHED: &str = ".writing-";

/// Writes a file atomically and durably: it is complete or absent, and survives a power loss once this returns.
///
/// # Errors
/// The folder is missing or cannot be written to, or the disk is full; an existing file of that name stays unchanged.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write_unsynced(path, bytes)?;
    sync_folder(folder_of(path)).map_err(|error| StoreError::io("write", path, error))
}

/// Writes a file that the user named. A path that exists and is no regular file (a device, a pipe, or a link such as
/// `/dev/stdout`) is written through; any other is written as [`write()`] does. Returns whether it was written through.
/// Not for results folders, where a link is refused.
///
/// # Errors
/// The path cannot be written to.
pub fn write_out(path: &Path, bytes: &[u8]) -> Result<bool, StoreError> {
    let through = fs::symlink_metadata(path).is_ok_and(|about| !about.is_file() && !about.is_dir());
    if !through {
        return write(path, bytes).map(|()| false);
    }
    let mut options = File::options();
    let opened = options.write(true).create(true).truncate(true).open(path);
    let written = opened.and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| StoreError::io("write", path, error)).map(|()| true)
}

/// Writes files as [`write()`] does, in parallel, and syncs each folder once. If several files fail, the error is that
/// of the first in order.
///
/// # Errors
/// As [`write()`]; files that were written before the error stay.
pub fn write_all<'a>(files: impl IntoParallelIterator<Item = (PathBuf, &'a [u8])>) -> Result<(), StoreError> {
    let one = |(path, bytes): (PathBuf, &[u8])| write_unsynced(&path, bytes).map(|()| path);
    let written: Vec<_> = files.into_par_iter().map(one).collect();
    let written = written.into_iter().collect::<Result<Vec<_>, _>>()?;
    let folders: BTreeMap<_, _> = written.iter().map(|path| (folder_of(path), path)).collect();
    let sync =
        |(folder, path): (&Path, &PathBuf)| sync_folder(folder).map_err(|error| StoreError::io("write", path, error));
    folders.into_iter().try_for_each(sync)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Does not sync the folder: the name is durable only after [`sync_folder`].
fn write_unsynced(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = folder_of(path);
    let io_error = |error| StoreError::io("write", path, error);
    // The error of the system, without the temporary name that tempfile adds.
    let mut cause = None;
    let new = |path: &Path| open(path).inspect_err(|error| cause = error.raw_os_error());
    let made = Builder::new().prefix(UNFINISHED).make_in(folder, new);
    let mut file = made.map_err(|error| io_error(cause.map_or(error, io::Error::from_raw_os_error)))?;
    // Written through the plain file: the wrapper would add the temporary name to the error.
    file.as_file_mut().write_all(bytes).map_err(io_error)?;
    file.as_file().sync_all().map_err(io_error)?;
    file.persist(path).map_err(|error| io_error(error.error))?;
    Ok(())
}

/// Creates a folder if it is missing. Its parent must exist: a study folder that was removed meanwhile is not made
/// again. A link at this path is an error, as for [`no_link`].
pub(super) fn folder(path: &Path) -> io::Result<()> {
    if path.is_symlink() {
        return Err(io::Error::new(io::ErrorKind::NotADirectory, "it is a symbolic link"));
    }
    fs::create_dir(path).or_else(|error| if path.is_dir() { Ok(()) } else { Err(error) })
}

/// Refuses a link: results are treated as untrusted input, and must not redirect writes.
pub(super) fn no_link(path: &Path) -> Result<(), StoreError> {
    if path.is_symlink() { Err(StoreError::Link { path: path.into() }) } else { Ok(()) }
}

/// Creates a folder inside that of a study if it is missing.
///
/// # Errors
/// The study folder is missing or cannot be written to, or the disk is full.
pub fn create_folder(path: &Path) -> Result<(), StoreError> {
    no_link(path)?;
    folder(path).map_err(|error| StoreError::io("create", path, error))
}

/// Writes a new file as [`write()`] does, and leaves an existing one unchanged.
pub(super) fn create(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let make = || {
        let mut file = Builder::new().prefix(UNFINISHED).make_in(folder_of(path), open)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(path) {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            // The file system can neither rename without replacing nor link; then the last of several concurrent
            // writers wins.
            Err(error) => error.file.persist(path).map(drop).map_err(|error| error.error),
        }?;
        sync_folder(folder_of(path))
    };
    make().map_err(|error| StoreError::io("write", path, error))
}

/// Creates a file that this process keeps locked while it is open, where the file system has locks. It is locked before
/// its name appears.
pub(super) fn create_locked(path: &Path) -> io::Result<File> {
    let file = Builder::new().prefix(UNFINISHED).make_in(path.parent().unwrap_or(Path::new(".")), open)?;
    let _ = file.as_file().try_lock();
    match file.persist_noclobber(path) {
        Ok(file) => Ok(file),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(error.error),
        // The file system can neither rename without replacing nor link; then the name appears a moment before the
        // lock.
        Err(_) => open(path).inspect(|file| drop(file.try_lock())),
    }
}

/// Removes unfinished files of killed processes. Only safe while no other process works in the folder.
pub(super) fn remove_unfinished(folder: &Path) {
    for path in unfinished(folder) {
        let _ = fs::remove_file(path);
    }
}

pub(super) fn unfinished(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(UNFINISHED)).map(|entry| entry.path())
}

/// Temporary files are private by default; results get the permissions that the umask allows.
pub(super) fn open(path: &Path) -> io::Result<File> {
    File::options().read(true).write(true).create_new(true).open(path)
}

/// Makes a rename durable. Only Unix can and needs to.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_error_names_the_target_and_not_the_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        for place in ["nowhere/x.json", "file/x.json"] {
            let path = folder.path().join(place);
            let StoreError::Io { action, path: named, source, .. } = write(&path, b"text").unwrap_err() else {
                panic!()
            };
            assert_eq!((action, named), ("write", path));
            assert!(source.raw_os_error().is_some() && !source.to_string().contains(UNFINISHED), "{source}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn write_out_writes_through_devices_and_links() {
        use std::os::unix::fs::FileTypeExt;
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        if !std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
            let _ = io::stderr().write_all(b"NOT TESTED: mkfifo cannot make a pipe here\n");
            return;
        }
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).unwrap()
        });
        write_out(&pipe, b"text").unwrap();
        // First: a reader of a pipe that was replaced would wait forever.
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
        assert_eq!(reader.join().unwrap(), b"text");
        // A link is followed and stays a link.
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        std::os::unix::fs::symlink(&file, &link).unwrap();
        for text in [&b"long text"[..], b"text"] {
            assert!(write_out(&link, text).unwrap());
            assert_eq!(fs::read(&file).unwrap(), text);
        }
        assert!(link.is_symlink());
        assert!(!write_out(&file, b"text").unwrap());
        assert_eq!(fs::read(folder.path().join("file")).unwrap(), b"text");
    }

    #[test]
    fn write_all_reports_the_first_failure_in_order_and_writes_the_other_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("inside")).unwrap();
        let names = ["a.txt", "nowhere/b.txt", "inside/c.txt", "elsewhere/d.txt", "e.txt"];
        let files = names.map(|name| (folder.path().join(name), name.as_bytes()));
        for _ in 0..20 {
            let Err(StoreError::Io { path, .. }) = write_all(files.clone()) else { panic!() };
            assert_eq!(path, folder.path().join("nowhere/b.txt"), "independent of the threads");
        }
        for name in ["a.txt", "inside/c.txt", "e.txt"] {
            assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), name);
        }
        write_all([files[0].clone(), files[2].clone()]).unwrap();
        assert_eq!(unfinished(folder.path()).count(), 0);
    }
}
