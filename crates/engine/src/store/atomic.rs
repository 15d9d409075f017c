use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use rayon::prelude::*;
use tempfile::Builder;

use super::StoreError;

/// How the names of files begin that are not yet whole.
pub(super) const UNFINISHED: &str = ".writing-";

/// Writes a file so that it is there whole or not at all, and survives a loss of power once this returns.
///
/// # Errors
/// The folder is missing or cannot be written to, or the disk is full; an old file of that name stays as it was.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    place(path, bytes)?;
    sync_folder(folder_of(path)).map_err(|error| StoreError::io("write", path, error))
}

/// Writes what somebody asked for, to where he said: to a file as [`write()`] does, or through what is there and is no file itself: a device, a pipe, or a link,
/// such as `/dev/stdout`. Says whether it was written through.
/// In a results folder neither has a place, and a file takes it.
///
/// # Errors
/// It cannot be written to.
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

/// Writes files as [`write()`] does, several at a time, and waits for the disk to take in the names once a folder. The first file in order that
/// cannot be written is the one that is complained of.
///
/// # Errors
/// As [`write()`]; what was written before stays.
pub fn write_all<'a>(files: impl IntoParallelIterator<Item = (PathBuf, &'a [u8])>) -> Result<(), StoreError> {
    let one = |(path, bytes): (PathBuf, &[u8])| place(&path, bytes).map(|()| path);
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

/// Writes a file that is there whole or not at all; the disk may not have its name yet.
fn place(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = folder_of(path);
    let fault = |error| StoreError::io("write", path, error);
    // What the system says, without the temporary name that comes with it, which tells nobody anything.
    let mut said = None;
    let new = |path: &Path| open(path).inspect_err(|error| said = error.raw_os_error());
    let made = Builder::new().prefix(UNFINISHED).make_in(folder, new);
    let mut file = made.map_err(|error| fault(said.map_or(error, io::Error::from_raw_os_error)))?;
    // Written through the plain file: the wrapper would put the temporary name into what the system says.
    file.as_file_mut().write_all(bytes).map_err(fault)?;
    file.as_file().sync_all().map_err(fault)?;
    file.persist(path).map_err(|error| fault(error.error))?;
    Ok(())
}

/// Makes a folder where there is none. The one above it must be there: if that of a study was taken away, nothing is put in its place.
/// A link that stands in its place is no folder, as for [`no_link`].
pub(super) fn folder(path: &Path) -> io::Result<()> {
    if path.is_symlink() {
        return Err(io::Error::new(io::ErrorKind::NotADirectory, "it is a link to somewhere else"));
    }
    fs::create_dir(path).or_else(|error| if path.is_dir() { Ok(()) } else { Err(error) })
}

/// Refuses a link: results may come from anyone, and must not lead writes elsewhere.
///
/// # Errors
/// It is one.
pub(super) fn no_link(path: &Path) -> Result<(), StoreError> {
    if path.is_symlink() { Err(StoreError::Link { path: path.into() }) } else { Ok(()) }
}

/// Makes a folder inside that of a study where there is none.
///
/// # Errors
/// That of the study is missing or cannot be written to, or the disk is full.
pub fn create_folder(path: &Path) -> Result<(), StoreError> {
    no_link(path)?;
    folder(path).map_err(|error| StoreError::io("create", path, error))
}

/// Writes a new file as [`write()`] does, and leaves one that is there already as it is.
///
/// # Errors
/// As [`write()`].
pub(super) fn create(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let make = || {
        let mut file = Builder::new().prefix(UNFINISHED).make_in(folder_of(path), open)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(path) {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            // The file system can neither rename without replacing nor link; then the last of several that come at once has it.
            Err(error) => error.file.persist(path).map(drop).map_err(|error| error.error),
        }?;
        sync_folder(folder_of(path))
    };
    make().map_err(|error| StoreError::io("write", path, error))
}

/// Makes a file that this process holds locked as long as it has it open, where the file system has locks: nobody sees it before that.
pub(super) fn create_locked(path: &Path) -> io::Result<File> {
    let file = Builder::new().prefix(UNFINISHED).make_in(path.parent().unwrap_or(Path::new(".")), open)?;
    let _ = file.as_file().try_lock();
    match file.persist_noclobber(path) {
        Ok(file) => Ok(file),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(error.error),
        // The file system can neither rename without replacing nor link; then it is seen a moment before it is locked.
        Err(_) => open(path).inspect(|file| drop(file.try_lock())),
    }
}

/// Removes what writes that were killed left behind in a folder; only for whoever is alone there. What cannot be removed stays.
pub(super) fn remove_unfinished(folder: &Path) {
    for path in unfinished(folder) {
        let _ = fs::remove_file(path);
    }
}

/// The files in a folder that are not whole: being written, or left behind.
pub(super) fn unfinished(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(UNFINISHED)).map(|entry| entry.path())
}

/// Opens a new file. Temporary files are private elsewhere; results are for whom files are that people make here, as the umask says.
pub(super) fn open(path: &Path) -> io::Result<File> {
    File::options().read(true).write(true).create_new(true).open(path)
}

/// Makes a rename durable. Only Unix can, and only Unix needs to.
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
    fn a_fault_names_what_was_to_be_written_and_no_temporary_file() {
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
    fn a_device_is_written_to_and_never_replaced() {
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
        // First: whoever reads from a pipe that was replaced waits for ever.
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
        assert_eq!(reader.join().unwrap(), b"text");
        // What a link leads to is written, and the link stays.
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
    fn of_many_files_the_first_that_fails_is_named_and_the_others_are_there() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("inside")).unwrap();
        let names = ["a.txt", "nowhere/b.txt", "inside/c.txt", "elsewhere/d.txt", "e.txt"];
        let files = names.map(|name| (folder.path().join(name), name.as_bytes()));
        for _ in 0..20 {
            let Err(StoreError::Io { path, .. }) = write_all(files.clone()) else { panic!() };
            assert_eq!(path, folder.path().join("nowhere/b.txt"), "whatever threads do");
        }
        for name in ["a.txt", "inside/c.txt", "e.txt"] {
            assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), name);
        }
        write_all([files[0].clone(), files[2].clone()]).unwrap();
        assert_eq!(unfinished(folder.path()).count(), 0);
    }
}
