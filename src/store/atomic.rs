use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

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
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder).map_err(fault)?;
    file.write_all(bytes).map_err(fault)?;
    share(file.as_file()).map_err(fault)?;
    file.as_file().sync_all().map_err(fault)?;
    file.persist(path).map_err(|error| fault(error.error))?;
    sync_folder(folder).map_err(fault)
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

/// Temporary files are private; results are for everyone who may read the folder.
#[cfg(unix)]
fn share(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn share(_: &File) -> std::io::Result<()> {
    Ok(())
}

/// Makes a rename durable. Only Unix can, and only Unix needs to.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}
