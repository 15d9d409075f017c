use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use tempfile::Builder;

use super::StoreError;

/// How the names of files begin that are not yet whole.
pub(super) const UNFINISHED: &str = ".writing-";

/// Writes a file so that it is there whole or not at all, and survives a loss of power once this returns.
///
/// # Errors
/// The folder is missing or cannot be written to, or the disk is full; an old file of that name stays as it was.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let fault = |error| StoreError::io("write", path, error);
    let mut builder = Builder::new();
    let mut file = share(builder.prefix(UNFINISHED)).tempfile_in(folder).map_err(|error| fault(plain(error)))?;
    file.write_all(bytes).map_err(fault)?;
    file.as_file().sync_all().map_err(fault)?;
    file.persist(path).map_err(|error| fault(error.error))?;
    sync_folder(folder).map_err(fault)
}

/// What the system said, without the temporary name, which tells nobody anything.
fn plain(error: io::Error) -> io::Error {
    match error.to_string().split_once(" at path ") {
        Some((said, _)) => io::Error::new(error.kind(), said),
        None => error,
    }
}

/// Makes a file that this process holds locked as long as it has it open, where the file system has locks: nobody sees it before that.
pub(super) fn create_locked(path: &Path) -> io::Result<File> {
    let mut builder = Builder::new();
    let file = share(builder.prefix(UNFINISHED)).tempfile_in(path.parent().unwrap_or(Path::new(".")))?;
    let _ = file.as_file().try_lock();
    file.persist_noclobber(path).map_err(|error| error.error)
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

/// Temporary files are private; results are for whom files are that people make here: the system takes off what the umask says.
#[cfg(unix)]
fn share<'a, 'b, 'c>(builder: &'c mut Builder<'a, 'b>) -> &'c mut Builder<'a, 'b> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn share<'a, 'b, 'c>(builder: &'c mut Builder<'a, 'b>) -> &'c mut Builder<'a, 'b> {
    builder
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
            let said = source.to_string();
            assert!(said.contains("(os error ") && !said.contains(UNFINISHED), "{said}");
            assert_ne!(source.kind(), io::ErrorKind::Other);
        }
    }
}
